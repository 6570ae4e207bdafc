//! Changing what was agreed.

use super::{SMALL, World, both, march};

both! {
    async fn before_the_launch_a_change_takes_a_new_seal(database: Database) {
        let world = World::new(&database);
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
        let world = World::new(&database);
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
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(SMALL).await.unwrap();
        world.seal("quick-start").await.unwrap();
        let slug = "quick-start".parse().unwrap();
        let before = world.app.release_detail(&world.caller(), &slug).await.unwrap();
        // Formatting is no change.
        world.apply(&SMALL.replace("checkpoints: [d2, d7]", "checkpoints:\n  - d2\n  - d7")).await.unwrap();
        assert_eq!(world.app.release_detail(&world.caller(), &slug).await.unwrap(), before);
    }

    async fn a_metric_that_changes_its_meaning_needs_a_new_version(database: Database) {
        let world = World::new(&database);
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

    async fn what_is_changed_and_changed_back_launches_as_it_was_sealed(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(SMALL).await.unwrap();
        world.seal("quick-start").await.unwrap();
        world.apply(&SMALL.replace("at_least: 60", "at_least: 70")).await.unwrap();
        world.apply(SMALL).await.unwrap();
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let seal = world.document("quick-start/d7").await.seal;
        assert_eq!((seal.state.as_str(), seal.at.as_deref()), ("sealed", Some("2026-03-01T09:00:00Z")));
    }

    async fn an_amendment_back_to_what_was_sealed_is_what_was_sealed(database: Database) {
        let world = World::launched(&database).await;
        world.apply_amended(&SMALL.replace("at_least: 60", "at_least: 70"), Some("higher")).await.unwrap();
        world.apply_amended(SMALL, Some("back")).await.unwrap();
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        assert_eq!(world.document("quick-start/d7").await.seal.state, "sealed-by-launch");
    }

    async fn an_amendment_may_name_what_is_declared_beside_it(database: Database) {
        let world = World::launched(&database).await;
        world.at("2026-03-03T09:00:00Z");
        let metric = &SMALL[SMALL.find("metric:").unwrap()..SMALL.find("release:").unwrap()];
        let metric = metric.replace("metric: app.uses", "metric: app.opens").replace("fresh_within: 24h", "fresh_within: 36h");
        let release = &SMALL[SMALL.find("release:").unwrap()..].replace("metric: app.uses", "metric: app.opens");
        world.apply_amended(&format!("{metric}{release}"), Some("uses were miscounted")).await.unwrap();
    }

    async fn a_metric_that_changed_its_meaning_since_the_seal_decides_nothing(database: Database) {
        let world = World::launched(&database).await;
        let other = SMALL.replace("Uses of the app.", "Uses by people.").replace("definition_version: 1", "definition_version: 2");
        let metric = &other[other.find("metric:").unwrap()..other.find("---\nrelease:").unwrap()];
        let notes = world.apply(metric).await.unwrap();
        assert_eq!(notes, ["criteria sealed with its earlier meaning are undecided until they are amended"]);
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let document = world.document("quick-start/d7").await;
        assert_eq!((document.reason.as_deref(), document.code.as_deref()), (Some("untrusted-data"), Some("metric-changed")));
        let moved = metric.replace("time_zone: UTC", "time_zone: Europe/Berlin").replace("definition_version: 2", "definition_version: 3");
        let refused = world.apply(&moved).await.unwrap_err();
        assert_eq!(refused, ["time_zone: app.uses has values already, which a new time_zone would misread; define another metric"]);
        let lower = metric.replace("Uses by people.", "Uses.").replace("definition_version: 2", "definition_version: 1");
        let refused = world.apply(&lower).await.unwrap_err();
        assert_eq!(refused, ["definition_version: definition changes what app.uses means; raise definition_version from 2 to 3"]);
    }
}
