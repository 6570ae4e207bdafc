//! A hostile team beside others: what they get is what they get alone.

use yardstick_domain::manifest::{self, Profile};
use yardstick_tests::databases::Database;
use yardstick_tests::guests;

use super::super::both;
use super::{CASE, World, component};

/// Guests that crash, burn or flood, once they are asked at judge time.
const HOSTILE: [&str; 6] =
    ["endless_evaluate", "memory_bomb", "recursion", "host_call_flood", "log_flood", "canary"];

/// The bytes of both teams' verdicts, and what their plugins' runs left behind.
async fn judged(world: &World) -> (Vec<String>, String) {
    let mut documents = Vec::new();
    for release in ["quick-start", "their-start"] {
        let at = world.judge(release, Some("d7")).await.unwrap().at;
        documents.push(serde_json::to_string(&world.document(&at.to_string()).await).unwrap());
    }
    let mut left = String::new();
    for plugin in ["growth/steered", "bizops/steered"] {
        let name = plugin.parse().unwrap();
        let runs = world
            .app
            .plugin_runs(&world.caller_of("local"), &name, &Default::default(), None, 100)
            .await
            .unwrap();
        for (recorded, _) in runs.items {
            let run = recorded.run;
            left.push_str(&format!(
                "{plugin} {} {} {:?}\n",
                run.cost.plan_fuel, run.cost.evaluate_fuel, run.log
            ));
        }
    }
    (documents, left)
}

async fn two_teams(database: &Database) -> World {
    let world = World::with_plugin(database, "log").await;
    world.publish("grace", component("bizops/steered", "1.0.0", "log")).await.unwrap();
    world.start("their-start", "bizops/steered@1", "{}").await;
    world
}

/// Publishes the hostile guests and launches a release of theirs on each. They behave in the case they carry.
async fn let_in(world: &World) {
    for guest in HOSTILE {
        let mut files = yardstick_app::CaseFiles::default();
        // Whatever it does on the way, it is the outcome of the case that is looked at.
        let case = CASE.replace("outcome: pass", "error_has: ''").replace("headline_has: 'pass: 63'", "");
        let case =
            if matches!(guest, "log_flood" | "canary") { CASE.replace("'pass: 63'", "''") } else { case };
        files
            .add("case.yaml", case.replace("frames:\n  metric:", "frames:\n  totals:").into_bytes())
            .unwrap();
        files.add("sum.csv", b"sum\n63\n".to_vec()).unwrap();
        let manifest = guests::manifest("rivals", guest, Profile::Lean);
        let bytes = manifest::embed(&files.embed(&guests::component(guest)), &manifest);
        world.publish("eve", bytes).await.unwrap_or_else(|refused| panic!("{guest}: {refused:?}"));
        let judge = format!("rivals/{}@1", guest.replace('_', "-"));
        world.start(&format!("hostile-{}", guest.replace('_', "-")), &judge, "{ do: write }").await;
    }
}

async fn attack(world: &World) {
    for guest in HOSTILE {
        let release = format!("hostile-{}", guest.replace('_', "-"));
        world.judge(&release, Some("d7")).await.unwrap();
    }
}

both! {
    async fn two_teams_verdicts_are_the_same_with_a_hostile_third_one_running(database: Database) {
        let world = two_teams(&database).await;
        let alone = judged(&world).await;
        assert!(alone.1.contains("secret 63"), "{}", alone.1);
        let_in(&world).await;
        let (beside, ()) = tokio::join!(judged(&world), attack(&world));
        assert_eq!(beside.0, alone.0);
        // Their runs are there twice, each as it was alone: fuel to the unit, and nobody else's lines.
        let twice: String = alone.1.lines().flat_map(|line| [line, "\n", line, "\n"]).collect();
        assert_eq!(beside.1, twice);
    }
}
