//! Verdicts that come by themselves.

use yardstick_domain::job::JobState;
use yardstick_store::JobFilter;

use super::tamper::behind;
use super::{SMALL, World, both, march};

impl World {
    /// The open jobs about a release: key, when it is due, what it waits for.
    async fn open(&self, release: &str) -> Vec<String> {
        let release = Some(release.parse().unwrap());
        let filter = JobFilter { state: Some(JobState::Waiting), release, ..JobFilter::default() };
        let page = self.app.jobs(&self.caller(), &filter, None, 100).await.unwrap();
        let told = |job: &yardstick_domain::job::Job| match &job.waits_for {
            None => format!("{} at {}", job.key, job.due_at),
            Some(what) => format!("{} at {}: {what}", job.key, job.due_at),
        };
        page.items.iter().rev().map(told).collect()
    }
}

both! {
    async fn a_launch_makes_its_checkpoints_due_and_each_is_judged_once(database: Database) {
        let world = World::launched(&database).await;
        // d2 ends with 4 March, d7 with 9 March, in Berlin.
        let due = ["quick-start/d2 at 2026-03-04T23:00:00Z", "quick-start/d7 at 2026-03-09T23:00:00Z"];
        assert_eq!(world.open("quick-start").await, due);
        assert_eq!(world.work().await, Vec::<String>::new(), "nothing is due");

        world.at("2026-03-04T22:59:59Z");
        assert_eq!(world.work().await, Vec::<String>::new());
        world.at("2026-03-04T23:00:00Z");
        let judged = world.work().await;
        assert_eq!(judged, ["judge quick-start/d2: quick-start/d2: undecided"], "too early: the goal is due at d7");
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        let worked = world.work().await;
        assert_eq!(worked[0], "arrived app.uses: 0 verdicts waited for app.uses, 1 are looked at again, 0 releases are past revising");
        assert!(worked.contains(&"judge quick-start/d7: quick-start/d7: pass".to_owned()), "{worked:?}");
        let document = world.document("quick-start/d7").await;
        assert_eq!((document.outcome.as_str(), document.judged_by.as_str()), ("pass", "host"));
        assert_eq!(world.open("quick-start").await, Vec::<String>::new());
        assert_eq!(world.work().await, Vec::<String>::new());
    }

    async fn a_verdict_waits_for_its_data_until_the_grace_is_over(database: Database) {
        let world = World::launched(&database).await;
        world.at("2026-03-05T08:00:00Z");
        world.work().await;
        world.at("2026-03-10T08:00:00Z");
        world.import("app.uses", &march(1, 5, "9")).await.unwrap();
        let waits = "judge quick-start/d7: app.uses is not complete up to the end of d7; it is waited for until \
                     2026-03-13T00:00:00Z";
        let worked = world.work().await;
        assert!(worked.contains(&waits.to_owned()), "{worked:?}");
        // Whatever arrives, it looks at once, and goes on waiting while it is not enough.
        world.at("2026-03-11T08:00:00Z");
        world.import("app.uses", &march(6, 8, "9")).await.unwrap();
        let worked = world.work().await;
        assert!(worked[0].starts_with("arrived app.uses: 1 verdicts waited"), "{worked:?}");
        assert!(worked.contains(&waits.to_owned()), "{worked:?}");
        // The grace ends: the verdict says what is missing.
        world.at("2026-03-13T00:00:00Z");
        assert_eq!(world.work().await, ["judge quick-start/d7: quick-start/d7: undecided"]);
        let document = world.document("quick-start/d7").await;
        assert_eq!((document.code.as_deref(), document.is_final), (Some("stale"), true));
        // What is late all the same makes a revision.
        world.at("2026-03-14T08:00:00Z");
        world.import("app.uses", &march(9, 12, "9")).await.unwrap();
        let worked = world.work().await;
        assert!(worked.contains(&"judge quick-start/d7: quick-start/d7.2: pass".to_owned()), "{worked:?}");
        assert_eq!(world.document("quick-start/d7.1").await.outcome, "undecided", "earlier revisions are kept");
    }

    async fn late_values_revise_for_four_weeks_and_are_noted_after_that(database: Database) {
        let world = World::launched(&database).await;
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        world.work().await;
        assert_eq!(world.document("quick-start/d7").await.outcome, "pass");
        // The same values again: looked at, and nothing comes of it.
        world.at("2026-03-12T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        let worked = world.work().await;
        assert!(
            worked.contains(&"judge quick-start/d7: quick-start/d7 stands: nothing it rests on has changed".to_owned()),
            "{worked:?}"
        );
        // d7 ended on 9 March, so 6 April 23:00 UTC is the end of 28 days (Berlin is an hour further by then).
        world.at("2026-04-06T20:00:00Z");
        world.import("app.uses", "day,value\n2026-03-05,2\n").await.unwrap();
        world.work().await;
        let document = world.document("quick-start/d7").await;
        assert_eq!((document.outcome.as_str(), document.revision), ("fail", Some(2)));
        let changes = document.revises.unwrap();
        assert_eq!((changes.revision, changes.outcome.as_str()), (1, "pass"));
        assert_eq!(changes.changes, [
            "uses: pass → fail",
            "uses: app.uses of 2026-03-05 was 9 uses and is 2 uses (−77.8 %)",
        ]);
        // An undone import is news as well.
        let undone = world.app.imports(None, None, 1).await.unwrap().items.remove(0).id;
        world.app.undo_import(&world.caller(), undone).await.unwrap();
        world.work().await;
        assert_eq!(world.document("quick-start/d7").await.outcome, "pass");
        world.at("2026-04-08T12:00:00Z");
        world.import("app.uses", "day,value\n2026-03-05,3\n").await.unwrap();
        let worked = world.work().await;
        let noted = "arrived app.uses: 0 verdicts waited for app.uses, 0 are looked at again, 1 releases are past revising";
        assert_eq!(worked, [noted]);
        world.import("app.uses", "day,value\n2026-03-05,4\n").await.unwrap();
        world.work().await;
        let detail = world.app.release_detail(&world.caller(), &"quick-start".parse().unwrap()).await.unwrap();
        let notes = detail.events.iter().filter(|event| event.kind == "late-values").count();
        assert_eq!(notes, 1, "once");
        assert_eq!(world.document("quick-start/d7").await.revision, Some(3));
    }

    async fn what_no_longer_launches_is_no_longer_due(database: Database) {
        let world = World::launched(&database).await;
        let slug = "quick-start".parse().unwrap();
        world.app.undo_launch(&world.caller(), &slug, "it was another one").await.unwrap();
        assert_eq!(world.open("quick-start").await, Vec::<String>::new());
        // Launched again, its days count from there.
        world.at("2026-03-03T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        let due = ["quick-start/d2 at 2026-03-05T23:00:00Z", "quick-start/d7 at 2026-03-10T23:00:00Z"];
        assert_eq!(world.open("quick-start").await, due);
        world.app.cancel(&world.caller(), &slug, "not wanted").await.unwrap();
        assert_eq!(world.open("quick-start").await, Vec::<String>::new());
        world.at("2026-04-01T00:00:00Z");
        assert_eq!(world.work().await, Vec::<String>::new());
    }

    async fn after_weeks_of_downtime_everything_is_judged_as_it_was(database: Database) {
        let world = World::launched(&database).await;
        for index in 0..12 {
            let text = SMALL.replace("quick-start", &format!("start-{index}"));
            world.apply(text.split("---").last().unwrap()).await.unwrap();
            world.launch(&format!("start-{index}"), Some("2026-03-02T10:00:00Z")).await.unwrap();
        }
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        world.at("2026-06-01T12:00:00Z");
        let worked = world.work().await;
        assert_eq!(worked.len(), 27, "two checkpoints of thirteen releases, and the values: {worked:?}");
        for index in 0..12 {
            let document = world.document(&format!("start-{index}/d7")).await;
            assert_eq!((document.outcome.as_str(), document.revision), ("pass", Some(1)));
        }
    }

    async fn releases_that_launched_before_are_looked_after_too(database: Database) {
        let world = World::launched(&database).await;
        // As a database that was written before there were jobs.
        behind(&database, "DELETE FROM jobs").await;
        world.app.schedule_launched().await.unwrap();
        let due = ["quick-start/d2 at 2026-03-04T23:00:00Z", "quick-start/d7 at 2026-03-09T23:00:00Z"];
        assert_eq!(world.open("quick-start").await, due);
        world.app.schedule_launched().await.unwrap();
        assert_eq!(world.open("quick-start").await, due, "once");
    }
}
