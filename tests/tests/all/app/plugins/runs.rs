//! What runs leave behind, who sees it, and what happens to a plugin that only crashes.

use yardstick_app::RunShown;
use yardstick_domain::plugin::RecordedRun;
use yardstick_store::RunFilter;

use super::super::both;
use super::{World, component};
use crate::app::march;

impl World {
    /// Runs of `growth/steered` as somebody sees them, the newest first.
    pub(super) async fn runs(&self, who: &str) -> Vec<RecordedRun> {
        self.runs_of(who, "growth/steered").await.into_iter().map(|(run, _)| run).collect()
    }

    async fn runs_of(&self, who: &str, plugin: &str) -> Vec<(RecordedRun, RunShown)> {
        let (caller, name) = (self.caller_of(who), plugin.parse().unwrap());
        self.app.plugin_runs(&caller, &name, &RunFilter::default(), None, 100).await.unwrap().items
    }
}

const SUSPENDED: &str = "undecided (error, plugin-suspended)";
const TRAPPED: &str = "undecided (error, plugin-trap)";

both! {
    async fn five_crashes_suspend_a_component_and_it_is_tried_once_an_hour(database: Database) {
        let world = World::with_plugin(&database, "trap").await;
        world.publish("ana", component("growth/steered", "2.0.0", "pass")).await.unwrap();
        world.start("healthy", "growth/steered@1", "{ do: pass }").await;
        world.start("elsewhere", "growth/steered@2", "{}").await;
        for crash in 1..=5 {
            assert_eq!(world.found("quick-start").await.0, TRAPPED, "crash {crash}");
        }
        let (told, headline) = world.found("quick-start").await;
        assert_eq!(told, SUSPENDED);
        let says = "The plugin is suspended after repeated crashes. growth/steered crashed 5 times in a row, at last \
                    with plugin-trap: ";
        assert!(headline.starts_with(says), "{headline}");
        assert!(headline.ends_with("It is tried again after 2026-03-11T13:00:00Z."), "{headline}");
        // The component is suspended, whatever asks it; another version is not.
        assert_eq!(world.found("healthy").await.0, SUSPENDED);
        assert_eq!(world.found("elsewhere").await.0, "pass");
        let detail = world.app.plugin(&"growth/steered".parse().unwrap()).await.unwrap();
        let kinds: Vec<&str> = detail.events.iter().map(|event| event.kind.as_str()).collect();
        assert!(kinds.contains(&"suspended"), "{kinds:?}");
        // One try an hour: it crashes again, and waits for another hour.
        world.at("2026-03-11T13:00:00Z");
        assert_eq!(world.found("quick-start").await.0, TRAPPED);
        assert_eq!(world.found("healthy").await.0, SUSPENDED);
        // The next try works, and all is well.
        world.at("2026-03-11T14:00:00Z");
        assert_eq!(world.found("healthy").await.0, "pass");
        assert_eq!(world.found("quick-start").await.0, TRAPPED);
        assert_eq!(world.found("healthy").await.0, "pass");
    }

    async fn crashes_that_are_not_in_a_row_do_not_suspend(database: Database) {
        let world = World::with_plugin(&database, "trap").await;
        world.start("healthy", "growth/steered@1", "{ do: pass }").await;
        for _ in 0..2 {
            for _ in 0..4 {
                assert_eq!(world.found("quick-start").await.0, TRAPPED);
            }
            assert_eq!(world.found("healthy").await.0, "pass");
        }
        // A judge that says it cannot judge has not crashed.
        world.start("unsure", "growth/steered@1", "{ do: refuse }").await;
        for _ in 0..7 {
            assert_eq!(world.found("unsure").await.0, "undecided (error, plugin-refused)");
        }
    }

    async fn what_a_run_wrote_belongs_to_the_team_of_the_release(database: Database) {
        let world = World::with_teams(&database).await;
        world.publish("eve", component("rivals/steered", "1.0.0", "log")).await.unwrap();
        world.start("quick-start", "rivals/steered@1", "{}").await;
        world.start("crashing", "rivals/steered@1", "{ do: trap }").await;
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        assert_eq!(world.found("quick-start").await.0, "pass");
        assert_eq!(world.found("crashing").await.0, TRAPPED);
        // Without how long they took: that is a number too, and another one each time.
        let told = |runs: &[(RecordedRun, RunShown)]| {
            let timeless = |(mut run, shown): (RecordedRun, RunShown)| {
                run.run.cost.micros = 0;
                (run, shown)
            };
            format!("{:?}", runs.iter().cloned().map(timeless).collect::<Vec<_>>())
        };
        // The team of the releases sees all of it.
        let own = world.runs_of("ben", "rivals/steered").await;
        assert!(told(&own).contains("secret 63") && told(&own).contains("it was 63 when it trapped"), "{own:#?}");
        assert!(own.iter().all(|(_, shown)| *shown == RunShown::Whole));
        // The plugin's team sees that and how, and what it cost.
        let theirs = world.runs_of("eve", "rivals/steered").await;
        assert_eq!(theirs.len(), 2);
        assert!(!told(&theirs).contains("63"), "{theirs:#?}");
        assert!(theirs.iter().all(|(run, shown)| *shown == RunShown::Cost && run.run.cost.evaluate_fuel > 0));
        let (trapped, _) = theirs.iter().find(|(run, _)| run.run.failure.is_some()).unwrap();
        let (code, message) = trapped.run.failure.as_ref().unwrap();
        assert_eq!((code.as_str(), message.as_str()), ("plugin-trap", "The plugin crashed."));
        // So with what they were judged from.
        let (at, criterion) = ("quick-start/d7".parse().unwrap(), "uses".parse().unwrap());
        world.app.verdict_inputs(&world.caller_of("ben"), &at, &criterion).await.unwrap();
        let error = world.app.verdict_inputs(&world.caller_of("eve"), &at, &criterion).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "what quick-start/d7 was judged from belongs to growth; ask them to save it as a case"
        );
        // Of a private release the plugin's team learns what it cost, and a third team nothing.
        let private = crate::app::plugins::release("quick-start", "rivals/steered@1", "{}")
            .replace("level: L2", "level: L2\nvisibility: team");
        world.apply(&private).await.unwrap();
        let shown = |runs: Vec<(RecordedRun, RunShown)>| runs.into_iter().map(|(_, shown)| shown).collect::<Vec<_>>();
        let (eve, grace, ben) = (
            world.runs_of("eve", "rivals/steered").await,
            world.runs_of("grace", "rivals/steered").await,
            world.runs_of("ben", "rivals/steered").await,
        );
        assert_eq!(shown(eve), [RunShown::Cost, RunShown::Unnamed], "the newest first");
        assert_eq!(shown(grace), [RunShown::Cost]);
        assert_eq!(shown(ben), [RunShown::Whole, RunShown::Whole]);
    }
}
