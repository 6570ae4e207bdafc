//! What a plugin may read.

use super::super::both;
use super::{CASE, TEAMS, World, component, release};
use crate::app::march;

/// Two goals on what only bizops sees, and one on what everybody sees.
const PRIVATE: &str = "
release: paid-start
name: Paid start
team: growth
owner: ana.lopez@example.com
level: L2
planned: 2026-03-02
checkpoints: [d7]
goals:
  - id: revenue
    says: It earns.
    judge: growth/steered@1
    metric: app.revenue
    with: {}
  - id: both
    says: It earns and is used.
    judge: growth/steered@1
    metrics: { metric: app.uses, second: app.revenue }
    with: {}
  - id: uses
    says: It is used.
    judge: growth/steered@1
    metric: app.uses
    with: {}
";

both! {
    async fn what_only_a_team_sees_needs_leave_and_all_requests_are_named_at_once(database: Database) {
        let world = World::with_teams(&database).await;
        world.publish("ana", component("growth/steered", "1.0.0", "pass")).await.unwrap();
        world.apply(PRIVATE).await.unwrap();
        let says = "growth/steered has no leave to read app.revenue, which only bizops sees; ask a maintainer of bizops \
                    for: yardstick plugin grant growth/steered --metric app.revenue";
        let error = world.seal("paid-start").await.unwrap_err();
        for field in ["goals[0]", "goals[1]"] {
            assert!(error.contains(&format!("{field}.judge: {says}")), "{field} in {error}");
        }
        assert!(!error.contains("goals[2]"), "{error}");
        let check = world.app.check(&world.caller(), &"paid-start".parse().unwrap()).await.unwrap();
        let lines = check.lines.iter().filter(|line| line.text.contains(says)).count();
        assert_eq!(lines, 2, "{:#?}", check.lines);

        let (plugin, metric) = ("growth/steered".parse().unwrap(), "app.revenue".parse().unwrap());
        for nobody in ["ana", "omar", "eve"] {
            let error = world.app.grant(&world.caller_of(nobody), &plugin, &metric, false).await.unwrap_err();
            assert!(error.to_string().starts_with("only maintainers of bizops may let others read app.revenue"), "{error}");
        }
        assert!(world.app.grant(&world.caller_of("grace"), &plugin, &metric, false).await.unwrap());
        assert!(!world.app.grant(&world.caller_of("grace"), &plugin, &metric, false).await.unwrap(), "it is there");
        world.seal("paid-start").await.unwrap();
    }

    async fn leave_that_is_taken_back_stops_the_next_run(database: Database) {
        let world = World::with_teams(&database).await;
        world.publish("ana", component("growth/steered", "1.0.0", "pass")).await.unwrap();
        let (plugin, metric) = ("growth/steered".parse().unwrap(), "app.revenue".parse().unwrap());
        world.app.grant(&world.caller_of("local"), &plugin, &metric, false).await.unwrap();
        world.at("2026-03-02T10:00:00Z");
        world.apply(PRIVATE).await.unwrap();
        world.launch("paid-start", None).await.unwrap();
        world.at("2026-03-11T12:00:00Z");
        for metric in ["app.uses", "app.revenue"] {
            world.import(metric, &march(1, 10, "9")).await.unwrap();
        }
        world.app.revoke(&world.caller_of("grace"), &plugin, &metric, false).await.unwrap();
        let error = world.app.revoke(&world.caller_of("grace"), &plugin, &metric, false).await.unwrap_err();
        assert!(error.to_string().contains("there is no grant of app.revenue to growth/steered"), "{error}");
        let at = world.judge("paid-start", None).await.unwrap().at;
        let document = world.document(&at.to_string()).await;
        let told: Vec<(String, Option<String>)> =
            document.findings.iter().map(|finding| (finding.outcome.clone(), finding.code.clone())).collect();
        let refused = ("undecided".to_owned(), Some("not-granted".to_owned()));
        assert_eq!(told, [refused.clone(), refused, ("pass".to_owned(), None)]);
        assert!(document.findings[0].headline.contains("app.revenue"), "{}", document.findings[0].headline);
    }

    async fn single_values_need_leave_of_their_own(database: Database) {
        let world = World::with_teams(&database).await;
        world.publish("ana", component("growth/steered", "1.0.0", "pass")).await.unwrap();
        world.apply(&release("quick-start", "growth/steered@1", "{ do: samples }")).await.unwrap();
        let error = world.seal("quick-start").await.unwrap_err();
        assert!(error.contains(
            "growth/steered has no leave to read single values of app.uses; ask a maintainer of bizops for: yardstick \
             plugin grant growth/steered --metric app.uses --samples"
        ), "{error}");
        let (plugin, metric) = ("growth/steered".parse().unwrap(), "app.uses".parse().unwrap());
        world.app.grant(&world.caller_of("grace"), &plugin, &metric, true).await.unwrap();
        // The metric has no units.
        let error = world.seal("quick-start").await.unwrap_err();
        assert!(error.contains("app.uses holds daily values, not units, so it has no samples"), "{error}");
        let units = "dimensions: { account: [] }\nunit_dimension: account\nimport: { dimensions: { account: who } }\nsource: points";
        let metrics = TEAMS.replacen("definition_version: 1", "definition_version: 2", 1);
        world.apply(&metrics.replacen("source: points", units, 1)).await.unwrap();
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        world.at("2026-03-11T12:00:00Z");
        let rows = ["03,zoe,5", "04,zoe,2", "04,adam,40", "05,mia,1", "10,zoe,100"].map(|row| format!("2026-03-{row}\n"));
        world.import("app.uses", &format!("day,who,value\n{}", rows.concat())).await.unwrap();
        let (told, headline) = world.found("quick-start").await;
        // By size and without names; what came after the window is not in it.
        assert_eq!((told.as_str(), headline.as_str()), ("pass", "pass: [1.0, 7.0, 40.0] of [\"value\"]"));
        // What identifies a unit is neither a filter nor a split, for aggregates too: the engine is not even asked.
        let document = world.document("quick-start/d7").await;
        assert!(!serde_json::to_string(&document).unwrap().contains("zoe"));
    }

    async fn only_what_the_manifest_asks_for_is_read(database: Database) {
        let world = World::with_teams(&database).await;
        let modest = {
            use yardstick_domain::manifest::{self, Profile};
            let mut manifest = yardstick_tests::guests::manifest("growth", "steered", Profile::Lean);
            manifest.asks.metrics = vec!["billing.*".to_owned()];
            let mut files = yardstick_app::CaseFiles::default();
            files.add("passes.yaml", CASE.as_bytes().to_vec()).unwrap();
            files.add("sum.csv", b"sum\n63\n".to_vec()).unwrap();
            manifest::embed(&files.embed(&yardstick_tests::guests::component("steered")), &manifest)
        };
        world.publish("ana", modest).await.unwrap();
        world.apply(&release("quick-start", "growth/steered@1", "{}")).await.unwrap();
        let error = world.seal("quick-start").await.unwrap_err();
        assert!(error.contains(
            "growth/steered asks for the metrics billing.* in its manifest, and not for app.uses; publish a version \
             that does"
        ), "{error}");
    }
}
