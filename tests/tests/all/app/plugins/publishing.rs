//! What is published, and what is not.

use yardstick_domain::digest::Digest;
use yardstick_domain::manifest::{self, Profile};
use yardstick_tests::guests;

use super::super::both;
use super::{CASE, Outcome, World, component, with_cases};

fn refused(outcome: Outcome) -> (String, String, Vec<String>) {
    outcome.expect_err("a refusal")
}

both! {
    async fn a_version_is_published_once_and_never_changes(database: Database) {
        let world = World::with_teams(&database).await;
        let first = component("growth/steered", "1.0.0", "pass");
        let published = world.publish("ben", first.clone()).await.unwrap();
        assert!(published.is_new);
        assert_eq!((published.version.digest, published.cases), (Digest::of(&first), 1));
        // The same bytes again, by whomever of the team.
        let again = world.publish("ana", first.clone()).await.unwrap();
        assert!(!again.is_new);
        assert_eq!(again.version, published.version);
        let other = component("growth/steered", "1.0.0", "fail");
        let (_, sentence, _) = refused(world.publish("ana", other.clone()).await);
        for hash in [Digest::of(&first).to_string(), Digest::of(&other).to_string()] {
            assert!(sentence.contains(&hash), "{hash} in {sentence}");
        }
        assert!(sentence.ends_with("a published version never changes, so raise the version in plugin.toml"));
        let name = "growth/steered".parse().unwrap();
        assert_eq!(world.app.plugin(&name).await.unwrap().versions.len(), 1);
    }

    async fn only_a_team_publishes_for_itself(database: Database) {
        let world = World::with_teams(&database).await;
        let (code, sentence, _) = refused(world.publish("eve", component("growth/steered", "1.0.0", "pass")).await);
        assert_eq!(code, "");
        assert_eq!(
            sentence,
            "only members of growth may publish plugins of it, and eve.moss@example.com is not one; ask \
             ana.lopez@example.com"
        );
        let (_, sentence, _) = refused(world.publish("local", component("growht/steered", "1.0.0", "pass")).await);
        assert!(sentence.contains("there is no team growht. Did you mean \"growth\"?"), "{sentence}");
        // A user of the machine acts for every team.
        world.publish("local", component("rivals/steered", "1.0.0", "pass")).await.unwrap();
        let names = world.app.plugins().await.unwrap();
        let names: Vec<&str> = names.iter().map(|plugin| plugin.version.name().as_str()).collect();
        assert_eq!(names, ["before-after", "rivals/steered", "threshold"]);
    }

    async fn a_refusal_names_its_step_and_what_to_do(database: Database) {
        let world = World::with_teams(&database).await;
        let good = component("growth/steered", "1.0.0", "pass");
        let manifest = guests::manifest("growth", "steered", Profile::Lean);
        let imports = manifest::embed(&guests::component("reaches_out"), &manifest);
        let endless = manifest::embed(&guests::component("endless_describe"), &manifest);
        // What a precompiled component of the host's own compiler begins with.
        let native = [b"\x7fELF\x02\x01\x01".as_slice(), &[0; 4_000]].concat();
        let table: [(&str, Vec<u8>, &str, &str); 8] = [
            ("empty", Vec::new(), "plugin-not-plain", "yardstick plugin build"),
            ("native", native, "plugin-not-plain", ""),
            ("cut off", good[..good.len() - 9].to_vec(), "plugin-not-component", ""),
            ("no manifest", guests::component("benign"), "plugin-manifest", ""),
            ("imports", imports, "plugin-imports", "wasi:sockets/tcp"),
            ("endless", endless, "plugin-describe", ""),
            ("too large", vec![0; 33 << 20], "plugin-size", ""),
            ("no case", with_cases("growth/steered", "1.0.0", "pass", &[]), "plugin-cases", "yardstick plugin new"),
        ];
        for (what, bytes, code, says) in table {
            let (found, sentence, _) = refused(world.publish("ana", bytes).await);
            assert_eq!(found, code, "{what}: {sentence}");
            assert!(sentence.contains(says), "{what}: {sentence}");
        }
        assert_eq!(world.app.plugins().await.unwrap().len(), 2, "nothing was kept");
    }

    async fn its_own_cases_must_pass(database: Database) {
        let world = World::with_teams(&database).await;
        let sum = ("sum.csv", "sum\n63\n");
        let table: [(&str, String, &str); 7] = [
            ("outcome", CASE.replace("outcome: pass", "outcome: fail"), "outcome   expected fail, found pass: pass: 63"),
            ("headline", CASE.replace("'pass: 63'", "'pass: 64'"), "headline  expected a text with \"pass: 64\", found \"pass: 63\""),
            ("error", CASE.replace("do: pass", "do: refuse"), "error     plugin-refused: "),
            ("trap", CASE.replace("do: pass", "do: trap"), "error     plugin-trap: "),
            ("frame", CASE.replace("metric: { shape", "other: { shape"), "frames.metric: is missing; the plan asks for totals of \"metric\""),
            ("file", CASE.replace("sum.csv", "sums.csv"), "frames.metric.csv: there is no file \"sums.csv\" beside the case"),
            ("typing", CASE.replace("expect:", "expct:"), "expct: unknown field. Did you mean \"expect\"?"),
        ];
        for (what, case, says) in table {
            let files = [("good.yaml", CASE), ("bad.yaml", case.as_str()), sum];
            let refusal = world.publish("ana", with_cases("growth/steered", "1.0.0", "pass", &files)).await;
            let (code, sentence, problems) = refused(refusal);
            assert_eq!(code, "plugin-cases", "{what}");
            assert!(sentence.starts_with("1 of its 2 cases does not what"), "{sentence}");
            assert!(problems.iter().any(|line| line.starts_with("bad.yaml") && line.contains(says)), "{what}: {problems:#?}");
            assert!(!problems.iter().any(|line| line.starts_with("good.yaml")), "{problems:?}");
        }
    }

    async fn a_team_that_was_not_there_is_not_made(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        let (_, sentence, _) = refused(world.publish("ana", component("growth/steered", "1.0.0", "pass")).await);
        assert!(sentence.contains("there is no team growth"), "{sentence}");
    }
}
