//! Changing what was agreed.

use super::{SMALL, World, both, march};

both! {
    async fn before_the_launch_a_change_takes_a_new_seal(database: Database) {
        let mut world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(SMALL).await.unwrap();
        world.seal("quick-start").await.unwrap();
        let lower = SMALL.replace("at_least: 60", "at_least: 70");
        let notes = world.apply(&lower).await.unwrap();
        assert_eq!(notes, ["the seal no longer covers its criteria; seal it again before the launch"]);
        world.seal("quick-start").await.unwrap();
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let document = world.document("quick-start/d7").await;
        assert_eq!((document.outcome.as_str(), document.seal.state.as_str()), ("fail", "sealed"));
    }

    async fn after_the_launch_a_change_is_an_amendment_that_does_not_count(database: Database) {
        let mut world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(SMALL).await.unwrap();
        world.seal("quick-start").await.unwrap();
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        let higher = SMALL.replace("at_least: 60", "at_least: 70");
        let refused = world.apply(&higher).await.unwrap_err();
        assert_eq!(refused.len(), 1);
        assert!(refused[0].starts_with("goals: it has launched: what was agreed before is sealed."), "{refused:?}");
        world.at("2026-03-04T10:00:00Z");
        world.apply_amended(&higher, Some("the target was meant per day")).await.unwrap();
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        let judged = world.judge("quick-start", None).await.unwrap();
        let counts = world.document("quick-start/d7").await;
        assert_eq!((counts.outcome.as_str(), counts.seal.state.as_str(), counts.seal.amendments), ("pass", "sealed", 1));
        let beside = world.document(&judged.amended.unwrap().to_string()).await;
        assert_eq!((beside.outcome.as_str(), beside.standing.as_str()), ("fail", "ad-hoc"));
        assert_eq!(beside.seal.state, "amended");
        assert_eq!(beside.seal.reason.as_deref(), Some("the target was meant per day"));
    }

    async fn applying_the_same_files_again_changes_nothing(database: Database) {
        let mut world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(SMALL).await.unwrap();
        world.seal("quick-start").await.unwrap();
        let slug = "quick-start".parse().unwrap();
        let before = world.app.release_detail(&slug).await.unwrap();
        // Formatting is no change.
        world.apply(&SMALL.replace("checkpoints: [d2, d7]", "checkpoints:\n  - d2\n  - d7")).await.unwrap();
        assert_eq!(world.app.release_detail(&slug).await.unwrap(), before);
    }

    async fn a_metric_that_changes_its_meaning_needs_a_new_version(database: Database) {
        let mut world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(SMALL).await.unwrap();
        let other = SMALL.replace("Uses of the app.", "Uses of the app by people.");
        let refused = world.apply(&other).await.unwrap_err();
        assert_eq!(
            refused,
            ["definition_version: definition changes what app.uses means; raise definition_version from 1 to 2"]
        );
        world.apply(&other.replace("definition_version: 1", "definition_version: 2")).await.unwrap();
    }
}
