//! The days around a launch, as they were known when it was judged.

use yardstick_client::chart::ChartPart;

use super::{SMALL, World, both, march};

impl World {
    async fn chart(&self, at: &str) -> ChartPart {
        self.app.verdict_chart(&self.caller(), &at.parse().unwrap(), None).await.unwrap().charts.remove(0)
    }
}

/// The values of a chart's only line, by day of the month.
fn days(chart: &ChartPart) -> Vec<(String, f64)> {
    let first: jiff::civil::Date = chart.first_day.parse().unwrap();
    let day = |index: usize| yardstick_domain::time::plus_days(first, index as i32).to_string();
    let values = chart.lines[0].values.iter().enumerate();
    values.filter_map(|(index, value)| Some((day(index), (*value)?))).collect()
}

both! {
    async fn a_chart_shows_what_the_judge_knew(database: Database) {
        let world = World::launched(&database).await;
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let first = world.chart("quick-start/d7").await;
        assert_eq!((first.first_day.as_str(), first.launch_day.as_str()), ("2026-02-02", "2026-03-02"));
        // d7 ends with 9 March; what came after is no part of the verdict.
        let known = days(&first);
        assert_eq!(known.first().unwrap(), &("2026-03-01".to_owned(), 9.0));
        assert_eq!(known.last().unwrap(), &("2026-03-09".to_owned(), 9.0));
        // A total lies at its pace per day: 60 in 7 days, and 63 over the 7 days that have values.
        let target = first.target.as_ref().unwrap();
        assert_eq!((target.value, target.over_days), (60.0, Some(7)));
        assert_eq!(first.observed.as_ref().unwrap().at, 9.0);
        assert_eq!(first.window.as_ref().unwrap().name, "d1..d7");

        world.at("2026-03-12T12:00:00Z");
        world.import("app.uses", "day,value\n2026-03-05,2\n").await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        assert_eq!(world.chart("quick-start/d7.1").await, first, "the first revision looks as it did");
        let second = world.chart("quick-start/d7.2").await;
        assert!(days(&second).contains(&("2026-03-05".to_owned(), 2.0)));
    }

    async fn a_count_that_is_not_due_is_shown_as_far_as_it_goes(database: Database) {
        let world = World::launched(&database).await;
        world.at("2026-03-06T12:00:00Z");
        world.import("app.uses", &march(1, 5, "9")).await.unwrap();
        let judged = world.judge("quick-start", None).await.unwrap();
        let chart = world.chart(&judged.at.to_string()).await;
        assert_eq!((chart.withheld.as_deref(), chart.last_day.as_str()), (None, "2026-03-09"));
        assert_eq!(days(&chart).last().unwrap().0, "2026-03-04", "d2 speaks of no later day");
        let observed = chart.observed.unwrap();
        assert_eq!((observed.said.value, observed.at, observed.so_far), (18.0, 9.0, true));
    }

    async fn a_comparison_that_is_not_due_shows_nothing_after_the_launch(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        let compared = SMALL
            .replace("judge: threshold@1", "judge: before-after@1\n    baseline: 14d")
            .replace("at_least: 60", "better_by_at_least: 5%");
        world.apply(&compared).await.unwrap();
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        world.at("2026-03-06T12:00:00Z");
        let february: String = (10..=28).map(|day| format!("2026-02-{day:02},{}\n", day % 5)).collect();
        let february = format!("day,value\n{february}");
        world.import("app.uses", &february).await.unwrap();
        world.import("app.uses", &march(1, 5, "9")).await.unwrap();
        let judged = world.judge("quick-start", None).await.unwrap();
        let chart = world.chart(&judged.at.to_string()).await;
        assert_eq!(days(&chart).last().unwrap().0, "2026-03-01");
        assert!(chart.observed.is_none() && chart.target.is_none());
        let withheld = chart.withheld.unwrap();
        assert!(withheld.ends_with("decided at d7; 2 of 7 days are there"), "{withheld}");
        let baseline = chart.baseline.unwrap();
        assert_eq!((baseline.first_day.as_str(), baseline.last_day.as_str()), ("2026-02-16", "2026-03-01"));
        assert!(baseline.mean.is_some());
    }

    async fn a_comparison_lies_on_the_level_it_was_made_with(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        let compared = SMALL
            .replace("judge: threshold@1", "judge: before-after@1\n    baseline: 18d")
            .replace("at_least: 60", "better_by_at_least: 5%");
        world.apply(&compared).await.unwrap();
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        world.at("2026-03-11T12:00:00Z");
        // Eighteen days hold the weekdays unequally often, so that their plain mean is no fair level.
        let february: String =
            (10..=28).map(|day| format!("2026-02-{day:02},{}\n", 20 + 9 * (day % 7) + day % 3)).collect();
        world.import("app.uses", &format!("day,value\n{february}")).await.unwrap();
        // Days that are all the same would say nothing of how they differ.
        let march: String = (1..=10).map(|day| format!("2026-03-{day:02},{}\n", 88 + day % 5)).collect();
        world.import("app.uses", &format!("day,value\n{march}")).await.unwrap();
        let at = world.judge("quick-start", None).await.unwrap().at.to_string();
        let chart = world.chart(&at).await;
        let finding = world.document(&at).await.findings.remove(0);
        let level = |name: &str| finding.others.iter().find(|other| other.name == name).unwrap().value;
        let (observed, target) = (chart.observed.unwrap(), chart.target.unwrap());
        assert!((observed.at - level("after")).abs() < 1e-9, "{observed:?}");
        assert!((target.at - 1.05 * level("before")).abs() < 1e-9, "{target:?}");
        assert!((chart.baseline.unwrap().mean.unwrap() - level("before")).abs() > 0.1);
    }

    async fn charts_are_asked_for_by_criterion(database: Database) {
        let world = World::launched(&database).await;
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        let at = world.judge("quick-start", None).await.unwrap().at;
        let one = world.app.verdict_chart(&world.caller(), &at, Some("uses")).await.unwrap();
        assert_eq!((one.charts.len(), one.at.as_str()), (1, "quick-start/d7"));
        let refused = world.app.verdict_chart(&world.caller(), &at, Some("user")).await.unwrap_err().to_string();
        assert_eq!(refused, "there is no criterion of quick-start/d7 user. Did you mean \"uses\"?");
    }
}
