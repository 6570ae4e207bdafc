//! The portfolio as people ask for it: by fiscal quarter, each team by its own, the same for everybody; and what waits for
//! whom.

use yardstick_app::{AppError, DecideRequest, PortfolioRequest};
use yardstick_domain::decision::ActionKind;
use yardstick_domain::level::Level;
use yardstick_domain::release::Lifecycle;
use yardstick_domain::standing::WaitsFor;
use yardstick_store::ReleaseFilter;

use super::{SMALL, World, both, march};

const COMPANY: &str = "
organisation: Example Inc
time_zone: Europe/Berlin
fiscal_year_starts: 02-01
on_time_tolerance: 0d
---";

impl World {
    /// What the small release waits for, with whom it waits for.
    async fn waiting(&self) -> Vec<String> {
        let slug = "quick-start".parse().unwrap();
        let waits = self.app.waits_of(&self.caller(), std::slice::from_ref(&slug)).await.unwrap();
        let told = |wait: &yardstick_app::Wait| {
            let whom: Vec<&str> = wait.whom.iter().map(String::as_str).collect();
            format!("{} {}", wait.what, whom.join(", ")).trim().to_owned()
        };
        waits.get(&slug).into_iter().flatten().map(told).collect()
    }

    /// Slugs of releases that wait for something.
    async fn that_wait_for(&self, who: &str, what: WaitsFor) -> Vec<String> {
        let filter = ReleaseFilter { waits_for: Some((what, self.clock.now())), ..ReleaseFilter::default() };
        let page = self.app.releases(&self.caller_of(who), &filter, None, 10).await.unwrap();
        page.items.iter().map(|facts| facts.release.slug.to_string()).collect()
    }

    async fn headline(&self, who: &str, request: &PortfolioRequest) -> (u64, u64, u64) {
        let portfolio = self.app.portfolio(&self.caller_of(who), request).await.unwrap();
        portfolio.teams.values().fold((0, 0, 0), |sum, team| {
            (sum.0 + team.figures.measured(), sum.1 + team.figures.due, sum.2 + team.figures.pending)
        })
    }
}

both! {
    async fn an_extension_that_counts_is_waited_for_like_what_was_agreed(database: Database) {
        let world = World::launched(&database).await;
        world.at("2026-03-20T12:00:00Z");
        // Two days are missing, and the grace is over.
        world.import("app.uses", &march(1, 7, "9")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let request = PortfolioRequest::default();
        assert_eq!(world.headline("eve", &request).await, (0, 1, 0), "due, and undecided");
        let extend = DecideRequest {
            release: "quick-start".parse().unwrap(),
            about: None,
            stance: None,
            action: Some(ActionKind::Extend),
            extend_to: "d16".parse().ok(),
            reason: None,
        };
        let made = world.app.decide(&world.caller(), &extend).await.unwrap();
        let slug = "quick-start".parse().unwrap();
        let lifecycle = async || world.app.release_detail(&world.caller(), &slug).await.unwrap().facts.lifecycle();
        assert_eq!((world.headline("eve", &request).await, lifecycle().await), ((0, 0, 1), Lifecycle::Launched));
        // Its day comes and no verdict does: that is what it is, not what d7 came to.
        world.at("2026-03-24T12:00:00Z");
        let missing = world.app.portfolio(&world.caller(), &request).await.unwrap();
        let figures = &missing.teams.values().next().unwrap().figures;
        assert_eq!((figures.due, figures.missing, figures.undecided, figures.late_verdicts), (1, 1, 0, 1));
        assert_eq!(world.waiting().await, ["data grace.kim@example.com"]);
        // Taken back, the agreed one counts again.
        world.app.withdraw_decision(&world.caller(), made.id, "not needed").await.unwrap();
        assert_eq!((world.headline("eve", &request).await, lifecycle().await), ((0, 1, 0), Lifecycle::Judged));
        world.app.decide(&world.caller(), &extend).await.unwrap();
        world.import("app.uses", &march(8, 19, "9")).await.unwrap();
        world.work().await;
        assert_eq!((world.headline("eve", &request).await, lifecycle().await), ((1, 1, 0), Lifecycle::Judged));
    }

    async fn what_is_said_after_the_launch_makes_no_figure_better(database: Database) {
        let sure = |share: &str| SMALL.replace("planned:", &format!("confidence: {share}\nplanned:"));
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(&sure("60%")).await.unwrap();
        world.at("2026-03-05T10:00:00Z");
        world.launch("quick-start", Some("2026-03-03T10:00:00Z")).await.unwrap();
        world.at("2026-03-16T12:00:00Z");
        world.import("app.uses", &march(1, 12, "8")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let figures = async || {
            let portfolio = world.app.portfolio(&world.caller(), &PortfolioRequest::default()).await.unwrap();
            portfolio.teams.values().next().unwrap().figures.clone()
        };
        let before = figures().await;
        assert_eq!((before.failed, before.sure_sum, before.late_not), (1, 0.6, 1));
        // How sure the team says that it was, how big and when planned it calls the launch now.
        world.apply(&sure("0%")).await.unwrap();
        let smaller = sure("0%").replace("level: L2", "level: L3").replace("planned: 2026-03-02", "planned: 2026-03-03");
        world.apply_amended(&smaller, Some("it was a small one")).await.unwrap();
        assert_eq!(world.waiting().await, ["decision", "retro"]);
        let slug = "quick-start".parse().unwrap();
        world.app.approve_amendment(&world.caller_of("ben"), &slug, 2).await.unwrap();
        world.work().await;
        let after = figures().await;
        assert_eq!((after.failed, after.sure_sum, after.late_not, after.amended_counting), (1, 0.6, 1, 1));
        let detail = world.app.release_detail(&world.caller(), &slug).await.unwrap();
        assert_eq!((detail.facts.release.level, detail.facts.confidence), (Level::L3, Some(0.6)));
        assert_eq!(world.waiting().await, ["decision", "retro"]);
    }

    async fn what_waits_for_whom_follows_the_release_through_its_life(database: Database) {
        let world = World::new(&database);
        world.at("2026-02-20T09:00:00Z");
        let bare = SMALL.split("goals:").next().unwrap();
        world.apply(bare).await.unwrap();
        assert_eq!(world.waiting().await, ["criteria"]);
        world.apply(SMALL).await.unwrap();
        assert_eq!(world.waiting().await, ["seal"]);
        world.seal("quick-start").await.unwrap();
        assert_eq!(world.waiting().await, [""; 0], "its planned day is to come");
        world.at("2026-03-02T23:30:00Z");
        assert_eq!(world.waiting().await, ["launch"], "the planned day is over in Berlin");
        world.at("2026-03-03T10:00:00Z");
        world.launch("quick-start", Some("2026-03-02T10:00:00Z")).await.unwrap();
        assert_eq!(world.waiting().await, [""; 0]);
        world.at("2026-03-10T10:00:00Z");
        assert_eq!(world.waiting().await, ["data grace.kim@example.com"]);
        assert_eq!(world.that_wait_for("ana", WaitsFor::Data).await, ["quick-start"]);
        world.at("2026-03-12T12:00:00Z");
        world.import("app.uses", &march(1, 11, "9")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        assert_eq!(world.waiting().await, ["decision", "retro"]);
        world.app.waive_retro(&world.caller(), &"quick-start".parse().unwrap(), "small").await.unwrap();
        assert_eq!(world.waiting().await, ["decision"]);
        // Of what is private nobody else hears.
        world.apply(&SMALL.replace("level: L2", "level: L2\nvisibility: team")).await.unwrap();
        assert_eq!(world.that_wait_for("ana", WaitsFor::Decision).await, ["quick-start"]);
        assert_eq!(world.that_wait_for("eve", WaitsFor::Decision).await, [""; 0]);
    }

    async fn a_release_is_in_the_quarter_of_its_launch_and_figures_are_the_same_for_everybody(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(&format!("{COMPANY}{SMALL}")).await.unwrap();
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        let request = PortfolioRequest { history: 2, ..PortfolioRequest::default() };
        assert_eq!(world.headline("eve", &request).await, (0, 0, 1), "launched, and pending");
        world.at("2026-03-12T09:00:00Z");
        world.import("app.uses", &march(1, 11, "9")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        assert_eq!(world.headline("eve", &request).await, (0, 0, 1), "judged before its data had to be there");
        world.at("2026-03-14T09:00:00Z");
        assert_eq!(world.headline("eve", &request).await, (1, 1, 0));
        let before = PortfolioRequest { quarter: "FY26-Q4".parse().ok(), ..request.clone() };
        assert_eq!(world.headline("eve", &before).await, (0, 0, 0));
        // A quarter later it is history; a team with another fiscal year has it in another one.
        let later = PortfolioRequest { quarter: "FY27-Q2".parse().ok(), ..request.clone() };
        let portfolio = world.app.portfolio(&world.caller(), &later).await.unwrap();
        assert_eq!(portfolio.history.iter().map(|(quarter, figures)| format!("{quarter} {}", figures.passed)).collect::<Vec<_>>(), ["FY27-Q1 1", "FY26-Q4 0"]);
        let own_year = SMALL.replace("name: Growth", "name: Growth\nfiscal_year_starts: 01-01");
        world.apply(&own_year).await.unwrap();
        assert_eq!(world.headline("eve", &PortfolioRequest { quarter: "FY27-Q1".parse().ok(), ..request.clone() }).await, (0, 0, 0));
        assert_eq!(world.headline("eve", &PortfolioRequest { quarter: "FY26-Q1".parse().ok(), ..request.clone() }).await, (1, 1, 0));
        let team = PortfolioRequest { quarter: "FY26-Q1".parse().ok(), team: "growth".parse().ok(), ..request.clone() };
        assert_eq!(world.headline("eve", &team).await, (1, 1, 0));
        // The team's own quarter is the one that today is in, with the days of its own year.
        let now = PortfolioRequest { team: "growth".parse().ok(), ..request.clone() };
        let own = world.app.portfolio(&world.caller(), &now).await.unwrap();
        let days = format!("{} {} {}", own.quarter, own.days.0, own.days.1);
        assert_eq!((days.as_str(), own.teams.len()), ("FY26-Q1 2026-01-01 2026-04-01", 1));
        // What is private is in nobody's figure unless they ask for it and may see it.
        world.apply(&own_year.replace("level: L2", "level: L2\nvisibility: team")).await.unwrap();
        assert_eq!(world.headline("ana", &team).await, (0, 0, 0));
        let private = PortfolioRequest { private: true, ..team };
        assert_eq!(world.headline("ana", &private).await, (1, 1, 0));
        assert_eq!(world.headline("eve", &private).await, (0, 0, 0));
        let unknown = PortfolioRequest { team: "grwth".parse().ok(), ..PortfolioRequest::default() };
        let refused = world.app.portfolio(&world.caller(), &unknown).await;
        assert!(matches!(refused, Err(AppError::NotFound { .. })), "{refused:?}");
    }
}
