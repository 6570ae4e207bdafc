//! Another version on verdicts that were given.

use yardstick_app::{Backtest, BacktestRequest};

use super::super::both;
use super::{World, component};

async fn backtest(world: &World, who: &str, version: &str, since: Option<&str>) -> Backtest {
    let request = BacktestRequest {
        plugin: "growth/steered".parse().unwrap(),
        version: version.parse().unwrap(),
        since: since.map(|since| since.parse().unwrap()),
        limit: 100,
    };
    world.app.backtest(&world.caller_of(who), &request).await.unwrap()
}

both! {
    async fn what_would_differ_is_shown_and_nothing_is_stored(database: Database) {
        let world = World::with_plugin(&database, "pass").await;
        world.start("told", "growth/steered@1", "{ do: pass }").await;
        world.start("other-judge", "threshold@1", "{ at_least: 1 }").await;
        for release in ["quick-start", "told", "other-judge"] {
            world.found(release).await;
        }
        world.publish("ana", component("growth/steered", "1.1.0", "fail")).await.unwrap();
        world.publish("ana", component("growth/steered", "1.2.0", "trap")).await.unwrap();
        let runs = world.runs("ana").await.len();

        let same = backtest(&world, "ana", "1.0.0", None).await;
        assert_eq!((same.verdicts, same.findings, same.changed.len(), same.turned.len()), (2, 2, 0, 0));

        let found = backtest(&world, "ana", "1.1.0", None).await;
        assert_eq!((found.verdicts, found.findings), (2, 2));
        let [changed] = found.changed.as_slice() else { panic!("{found:#?}") };
        assert_eq!((changed.at.to_string().as_str(), changed.then.1.as_str(), changed.now.1.as_str()),
            ("quick-start/d7", "pass: 63", "fail: 63"));
        let [turned] = found.turned.as_slice() else { panic!("{found:#?}") };
        assert_eq!((turned.then.as_str(), turned.now.as_str()), ("pass", "fail"));

        let found = backtest(&world, "ana", "1.2.0", None).await;
        assert_eq!(found.changed[0].now.0.code(), Some("plugin-trap"));

        // A crash in a back-test is no crash of the plugin, and no run.
        assert_eq!(world.runs("ana").await.len(), runs);
        let detail = world.app.plugin(&"growth/steered".parse().unwrap()).await.unwrap();
        assert!(detail.versions.iter().all(|(_, health)| health.is_none()));
        assert_eq!(world.document("quick-start/d7").await.findings[0].headline, "pass: 63");

        assert_eq!(backtest(&world, "ana", "1.1.0", Some("2026-03-12T00:00:00Z")).await, Backtest::default());
        // Whoever may not read the release learns nothing of it.
        assert_eq!(backtest(&world, "eve", "1.1.0", None).await, Backtest::default());
    }

    async fn an_unknown_version_is_named_with_those_there_are(database: Database) {
        let world = World::with_plugin(&database, "pass").await;
        let request = BacktestRequest {
            plugin: "growth/steered".parse().unwrap(),
            version: "3.0.0".parse().unwrap(),
            since: None,
            limit: 100,
        };
        let error = world.app.backtest(&world.caller(), &request).await.unwrap_err();
        assert_eq!(error.to_string(), "there is no version 3.0.0 of plugin growth/steered; there are 1.0.0");
    }
}
