//! Can it be decided? What the values from before a launch say of each criterion, what is probably not meant in them, and
//! what whoever seals them hears.

use jiff::civil::Date;
use yardstick_app::{Check, CheckGrade, Prospect};
use yardstick_client::files::{self, Declaration};
use yardstick_domain::lint::{Code, Lint};

use super::{World, both};

const COMPANY: &str = "
team: growth
name: Growth
time_zone: UTC
members: { ana.lopez@example.com: maintainer }
---
team: sales
name: Sales
time_zone: UTC
members: { omar.said@example.com: maintainer }
---
";

/// A metric of growth.
fn metric(key: &str, kind: &str, unit: &str, more: &str) -> String {
    format!(
        "metric: {key}\ntitle: {key}\nowner: grace.kim@example.com\nteam: growth\ndefinition: What it is.\n\
         definition_version: 1\nkind: {kind}\nunit: {unit}\nbetter: higher\ngrain: day\ntime_zone: UTC\nmissing: gap\n\
         fresh_within: 24h\nsource: points\n{more}---\n"
    )
}

/// A release of growth with these criteria, planned for 2 March 2026 and decided at d7 and d28.
fn release(criteria: &str) -> String {
    format!(
        "release: quick-start\nname: Quick start\nteam: growth\nowner: ana.lopez@example.com\nlevel: L2\n\
         planned: 2026-03-02\nconfidence: 75%\ncheckpoints: [d7, d28]\n{criteria}"
    )
}

/// Rows of days up to this one, by the number of the day; and one of the day after, which is not whole yet.
fn rows(header: &str, last: &str, days: i32, row: impl Fn(i32) -> String) -> String {
    let last: Date = last.parse().unwrap();
    let rows = (0..=days).map(|day| {
        let date = yardstick_domain::time::plus_days(last, day - days + 1);
        format!("{date},{}\n", row(day))
    });
    format!("{header}\n{}", rows.collect::<String>())
}

/// A number between 0 and 1 that differs from day to day and has no pattern.
fn noise(day: i32) -> f64 {
    (f64::from(day + 1) * 0.618_033_988_749_894_9).fract()
}

/// 340 changesets a day, of which about this share is merged.
fn merged(last: &str, days: i32, share: f64) -> String {
    rows("day,merged,published", last, days, |day| {
        format!("{:.0},340", 340.0 * share + 16.0 * (noise(day) - 0.5))
    })
}

const RATE: &str = "import: { time: day, numerator: merged, denominator: published }\n";

impl World {
    async fn checked(&self) -> Check {
        self.app.check(&self.caller(), &"quick-start".parse().unwrap()).await.unwrap()
    }

    /// What can be told of the criterion of this id.
    async fn prospect(&self, id: &str) -> Prospect {
        let mut check = self.checked().await;
        let index = check.criteria.iter().position(|criterion| criterion.criterion.as_str() == id).unwrap();
        check.criteria.remove(index)
    }

    async fn warnings(&self) -> Vec<String> {
        self.app.seal_warnings(&self.caller(), &"quick-start".parse().unwrap()).await.unwrap()
    }

    async fn linted(&self, text: &str, dry_run: bool) -> Vec<Lint> {
        let declared: Vec<Declaration> =
            files::read(text).unwrap().into_iter().map(|found| found.declaration).collect();
        let applied =
            self.app.apply(&self.caller_of("local"), &declared, None, dry_run).await.unwrap().unwrap();
        applied.changes.into_iter().flat_map(|change| change.lints).collect()
    }
}

fn codes(lints: &[Lint]) -> Vec<Code> {
    lints.iter().map(|lint| lint.code).collect()
}

const MERGE_RATE: &str = "goals:
  - id: merge-rate
    says: At least 60 % of changesets are merged, which is how adoption is told here.
    judge: threshold@1
    metric: app.merge_rate
    with: { at_least: 60% }
";

both! {
    async fn a_share_is_told_from_its_target_by_as_many_as_there_will_be(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-02T08:00:00Z");
        let files = format!("{COMPANY}{}{}", metric("app.merge_rate", "ratio", "share", RATE), release(MERGE_RATE));
        world.apply(&files).await.unwrap();
        let nothing = world.prospect("merge-rate").await;
        assert_eq!(nothing.says, "cannot be told: app.merge_rate has no value from before the launch that would show how it varies");
        assert_eq!((nothing.grade(), nothing.decided), (CheckGrade::Note, None));
        world.import("app.merge_rate", &merged("2026-02-28", 60, 0.595)).await.unwrap();
        let found = world.prospect("merge-rate").await;
        assert_eq!((found.past_days, found.n_per_day, found.target), (60, Some(340.0), Some(0.6)));
        assert!((found.baseline.unwrap() - 0.595).abs() < 0.002, "{found:?}");
        let [d7, d28] = found.looks.as_slice() else { panic!("{found:?}") };
        assert_eq!((d7.days, d7.n, d7.decides), (7, Some(2380.0), false));
        assert_eq!((d28.days, d28.n, d28.decides), (28, Some(9520.0), true));
        // By the formula with 9,520 independent changesets: 1.96 and 0.84 standard errors.
        let distance = d28.detectable.unwrap();
        assert!((distance - 2.8 * (0.24_f64 / 9520.0).sqrt()).abs() < 0.0005, "{distance}");
        assert!(d7.detectable.unwrap() > 1.9 * distance);
        assert_eq!((found.decided, found.grade()), (Some(false), CheckGrade::Warn));
        assert!(found.days_needed.is_some_and(|days| days > 150), "{found:?}");
        assert!(found.says.contains("At d28, from about 9,500 published, 60 % is told from 58.6 % or less and from 61.4 % or more."), "{}", found.says);
        let warnings = world.warnings().await;
        assert!(warnings.iter().any(|text| text.starts_with("merge-rate cannot be decided by d28, the final checkpoint, unless the true value lies 1.4")), "{warnings:?}");
        // What the team expects is far enough away.
        let surer = MERGE_RATE.replace("{ at_least: 60% }", "{ at_least: 60% }\n    expected: 65%");
        world.apply(&release(&surer)).await.unwrap();
        let found = world.prospect("merge-rate").await;
        assert_eq!((found.assumed, found.decided, found.grade()), (Some(0.65), Some(true), CheckGrade::Ok));
        assert!(found.days_needed.is_some_and(|days| days <= 7), "{found:?}");
        assert!(found.says.contains("It is decided unless the true value lies within 1.4"), "{}", found.says);
        assert!(!world.warnings().await.iter().any(|text| text.contains("cannot be decided")));
    }

    async fn what_happened_after_a_launch_says_nothing_of_it(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-02T08:00:00Z");
        let files = format!("{COMPANY}{}{}", metric("app.merge_rate", "ratio", "share", RATE), release(MERGE_RATE));
        world.apply(&files).await.unwrap();
        world.import("app.merge_rate", &merged("2026-03-01", 60, 0.595)).await.unwrap();
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        let before = world.prospect("merge-rate").await;
        world.at("2026-03-20T10:00:00Z");
        world.import("app.merge_rate", &merged("2026-03-19", 17, 0.9)).await.unwrap();
        assert_eq!(world.prospect("merge-rate").await, before);
    }

    async fn a_count_has_no_error_and_its_trend_judges_nothing(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-02T08:00:00Z");
        let goals = "goals:
  - id: people
    says: At least 4,000 people use it.
    judge: threshold@1
    metric: app.mau
    with: { at_least: 4000 }
  - id: uses
    says: It is used at least 30,000 times.
    judge: threshold@1
    metric: app.uses
    with: { at_least: 30000 }
";
        let (mau, uses) = (metric("app.mau", "gauge", "users", ""), metric("app.uses", "sum", "uses", ""));
        world.apply(&format!("{COMPANY}{mau}{uses}{}", release(goals))).await.unwrap();
        // 70 more each week, 3,000 on the last day; 1,000 uses a day.
        world.import("app.mau", &rows("day,value", "2026-03-01", 56, |day| (3000 - 10 * (55 - day)).to_string())).await.unwrap();
        world.import("app.uses", &rows("day,value", "2026-03-01", 56, |_| "1000".to_owned())).await.unwrap();
        let people = world.prospect("people").await;
        assert_eq!((people.way.as_str(), people.decided, people.grade()), ("counted", None, CheckGrade::Note));
        assert_eq!((people.baseline, people.target), (Some(3000.0), Some(4000.0)));
        assert!((people.trend_per_week.unwrap() - 70.0).abs() < 1e-6);
        // d28 ends on 30 March, 29 days later.
        assert!((people.looks[1].reaches.unwrap() - 3290.0).abs() < 1e-6, "{people:?}");
        assert_eq!(
            people.says,
            "counted, not sampled: 3,000 users on 2026-03-01, lately 70 users more each week. Were that to go on, it would \
             come to 3,300 users by d28 (target 4,000 users); no forecast, and nothing judges by it"
        );
        let uses = world.prospect("uses").await;
        assert_eq!((uses.baseline, uses.looks[1].reaches), (Some(28_000.0), Some(28_000.0)));
        assert!(uses.says.contains("28,000 uses over the 28 days to 2026-03-01"), "{}", uses.says);
    }

    async fn after_the_days_that_are_named_the_judge_decides(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-02T08:00:00Z");
        let goals = "goals:
  - id: speed
    says: Adoption makes it at least 1 % faster.
    judge: before-after@1
    metric: app.speed
    baseline: 28d
    with: { better_by_at_least: 1% }
    expected: 4%
";
        world.apply(&format!("{COMPANY}{}{}", metric("app.speed", "gauge", "points", ""), release(goals))).await.unwrap();
        let day = |day: i32| 1000.0 + 60.0 * (noise(day) - 0.5);
        let past = rows("day,value", "2026-03-01", 91, |at| day(at).to_string());
        world.import("app.speed", &past).await.unwrap();
        let found = world.prospect("speed").await;
        assert_eq!((found.way.as_str(), found.target, found.assumed), ("compared", Some(0.01), Some(0.04)));
        assert_eq!(found.target_unit, "relative");
        let needed = found.days_needed.unwrap();
        assert!((1..=28).contains(&needed) && found.decided == Some(true), "{found:?}");
        // The launch day, and as many days as were named, four per cent higher.
        world.at("2026-03-02T10:00:00Z");
        let needs = release(goals).replace("[d7, d28]", &format!("[d{needed}]"));
        world.apply(&needs).await.unwrap();
        world.launch("quick-start", None).await.unwrap();
        world.at("2026-04-10T12:00:00Z");
        let after = rows("day,value", "2026-04-01", 31, |at| (1.04 * day(91 + at)).to_string());
        world.import("app.speed", &after).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let document = world.document(&format!("quick-start/d{needed}")).await;
        assert_eq!(document.outcome, "pass", "{:?}", document.findings[0].headline);
    }

    async fn after_the_observations_that_are_named_the_judge_decides(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-02T08:00:00Z");
        let goals = MERGE_RATE.replace("{ at_least: 60% }", "{ at_least: 60% }\n    expected: 62%");
        let files = format!("{COMPANY}{}{}", metric("app.merge_rate", "ratio", "share", RATE), release(&goals));
        world.apply(&files).await.unwrap();
        world.import("app.merge_rate", &merged("2026-03-01", 60, 0.55)).await.unwrap();
        let needed = world.prospect("merge-rate").await.days_needed.unwrap();
        assert!((8..=28).contains(&needed), "{needed}");
        world.apply(&release(&goals).replace("[d7, d28]", &format!("[d{needed}]"))).await.unwrap();
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        world.at("2026-04-10T12:00:00Z");
        world.import("app.merge_rate", &merged("2026-04-01", 31, 0.62)).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let document = world.document(&format!("quick-start/d{needed}")).await;
        assert_eq!(document.outcome, "pass", "{:?}", document.findings[0].headline);
    }

    async fn what_only_a_team_reads_is_told_to_it_alone(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-02T08:00:00Z");
        let secret = metric("app.merge_rate", "ratio", "share", &format!("{RATE}visibility: team\n"))
            .replace("team: growth", "team: sales");
        world.apply(&format!("{COMPANY}{secret}{}", release(MERGE_RATE))).await.unwrap();
        world.import("app.merge_rate", &merged("2026-02-28", 60, 0.7)).await.unwrap();
        let hidden = world.prospect("merge-rate").await;
        assert_eq!(hidden.says, "cannot be told here: values of app.merge_rate are its team's alone");
        assert_eq!(hidden.baseline, None);
        assert_eq!(codes(&world.checked().await.lints), [Code::NoGuardrail]);
        let slug = "quick-start".parse().unwrap();
        let seen = world.app.check(&world.caller_of("omar"), &slug).await.unwrap();
        assert!(seen.criteria[0].baseline.is_some());
        assert_eq!(codes(&seen.lints), [Code::NoGuardrail, Code::MetAlready]);
    }

    async fn lints_are_shown_before_anything_is_written(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-02T08:00:00Z");
        let files = format!("{COMPANY}{}{}", metric("app.merge_rate", "ratio", "share", RATE), release(MERGE_RATE));
        assert_eq!(codes(&world.linted(&files, true).await), [Code::NoGuardrail]);
        world.apply(&files).await.unwrap();
        world.import("app.merge_rate", &merged("2026-02-28", 60, 0.7)).await.unwrap();
        // What needs values is looked at where nothing is written.
        assert_eq!(codes(&world.linted(&files, true).await), [Code::NoGuardrail, Code::MetAlready]);
        assert_eq!(codes(&world.linted(&files, false).await), [Code::NoGuardrail]);
        let check = world.checked().await;
        assert_eq!(codes(&check.lints), [Code::NoGuardrail, Code::MetAlready]);
        assert_eq!(check.worst(), CheckGrade::Warn);
        let warnings = world.warnings().await;
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].starts_with("goals[0].with.at_least: app.merge_rate is at 69.9 % before"), "{warnings:?}");
        assert!(warnings[0].ends_with("(met-already)"), "{warnings:?}");
        // A metric that is declared with it counts as it will be.
        let users = files.replace("definition_version: 1", "definition_version: 2").replace("unit: share", "unit: things").replace("at_least: 60%", "at_least: 60").replace("adoption", "something");
        assert_eq!(codes(&world.linted(&users, true).await)[..1], [Code::NoAdoptionOrLeads]);
    }

    async fn a_judge_of_a_team_is_told_of_by_the_kind_of_its_metric(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-02T08:00:00Z");
        let own = MERGE_RATE.replace("threshold@1", "growth/own@1");
        let two = own.replace("metric: app.merge_rate", "metrics: { a: app.merge_rate, b: app.uses }").replace("id: merge-rate", "id: both");
        let two = two.replace("goals:\n", "");
        let metrics = format!("{}{}", metric("app.merge_rate", "ratio", "share", RATE), metric("app.uses", "sum", "uses", ""));
        world.apply(&format!("{COMPANY}{metrics}{}", release(&format!("{own}{two}")))).await.unwrap();
        world.import("app.merge_rate", &merged("2026-02-28", 60, 0.595)).await.unwrap();
        world.import("app.uses", &rows("day,value", "2026-03-01", 56, |_| "1000".to_owned())).await.unwrap();
        let one = world.prospect("merge-rate").await;
        assert_eq!((one.way.as_str(), one.decided), ("sampled", Some(false)));
        let both = world.prospect("both").await;
        assert_eq!((both.way.as_str(), both.decided, both.grade()), ("unknown", None, CheckGrade::Note));
        assert!(both.says.starts_with("cannot be told for this judge: how growth/own@1 decides is its own"), "{}", both.says);
    }
}
