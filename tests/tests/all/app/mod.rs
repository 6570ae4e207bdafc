//! The use cases: one body per test, run on SQLite and on PostgreSQL, with a clock of the test's own.

mod access;
mod amendments;
mod audit;
mod charts;
mod copied;
mod decisions;
mod imports;
mod jobs;
mod months;
mod nudges;
mod outbox;
pub(crate) mod plugins;
mod refusals;
mod retros;
mod sinks;
mod story;
pub(crate) mod tamper;

use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use yardstick_app::{App, BuiltIn, Caller, ImportRequest, Imported, JudgeRequest, Judged, SetClock};
use yardstick_client::document::VerdictDocument;
use yardstick_client::files::{self, Declaration};
use yardstick_domain::people::Actor;
use yardstick_engine::{Cache, Compiler, Config, Engine};

use yardstick_tests::both;
use yardstick_tests::databases::Database;

/// The use cases over a database, and a clock.
struct World {
    app: App,
    clock: SetClock,
}

/// An engine of one thread.
fn engine() -> Engine {
    let compiler = Compiler::Child(env!("CARGO_BIN_EXE_yardstick-under-test").into());
    // Compiling the judge in a test build takes two seconds; once for all tests is enough.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled");
    std::fs::create_dir_all(&folder).unwrap();
    let dir = Dir::open_ambient_dir(&folder, ambient_authority()).unwrap();
    let cache = Some(Cache { dir, key: [7; 32] });
    Engine::new(Config { threads: 1, queue: 8, cache, compiler }).unwrap()
}

/// Lines of what was refused, as people read them.
type Refused = Vec<String>;

impl World {
    fn new(database: &Database) -> Self {
        let judges = ["threshold", "before-after"].map(|name| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../plugins/built/{name}.wasm"));
            let wasm = std::fs::read(&path)
                .unwrap_or_else(|error| panic!("{}: {error}; run cargo xtask guests", path.display()));
            BuiltIn { wasm: Box::leak(wasm.into_boxed_slice()) }
        });
        let clock = SetClock::default();
        let app = App::new(database.store.clone(), engine(), &judges, clock.clock()).unwrap();
        Self { app, clock }
    }

    /// [`SMALL`] is registered on 1 March and launched, which seals it, on the 2nd at 10:00 UTC.
    async fn launched(database: &Database) -> Self {
        let world = Self::new(database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(SMALL).await.unwrap();
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        world
    }

    fn at(&self, instant: &str) {
        self.clock.set(instant.parse().unwrap());
    }

    fn caller(&self) -> Caller {
        self.caller_of("ana")
    }

    /// One of the people of these tests by their first name; `local`: a user of the machine.
    fn caller_of(&self, who: &str) -> Caller {
        let actor = match who {
            "local" => Actor::Local("operator".to_owned()),
            "ana" => Actor::Person("ana.lopez@example.com".parse().unwrap()),
            "ben" => Actor::Person("ben.okafor@example.com".parse().unwrap()),
            "grace" => Actor::Person("grace.kim@example.com".parse().unwrap()),
            "omar" => Actor::Person("omar.said@example.com".parse().unwrap()),
            other => Actor::Person(format!("{other}.moss@example.com").parse().unwrap()),
        };
        Caller::here(actor, self.clock.now())
    }

    async fn apply(&self, text: &str) -> Result<Vec<String>, Refused> {
        self.apply_amended(text, None).await
    }

    /// Applies a text; gives the notes of what was applied.
    async fn apply_amended(&self, text: &str, reason: Option<&str>) -> Result<Vec<String>, Refused> {
        let declared =
            files::read(text).map_err(|found| found.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        let declarations: Vec<Declaration> = declared.into_iter().map(|found| found.declaration).collect();
        // Teams are an operator's to register; what changes after a launch is the team's own.
        let who = if reason.is_some() { "ana" } else { "local" };
        let applied = self.app.apply(&self.caller_of(who), &declarations, reason, false).await.unwrap();
        let applied = applied
            .map_err(|found| found.iter().map(|(_, problem)| problem.to_string()).collect::<Vec<_>>())?;
        Ok(applied.changes.into_iter().flat_map(|change| change.notes).collect())
    }

    async fn import(&self, metric: &str, csv: &str) -> Result<Imported, Refused> {
        let request = ImportRequest::new(metric.parse().unwrap(), "test.csv");
        match self.app.import(&self.caller_of("local"), &request, csv.as_bytes(), &mut |_| {}).await {
            Ok(imported) => {
                imported.map_err(|refused| refused.rows.iter().map(ToString::to_string).collect())
            }
            Err(error) => Err(vec![error.to_string()]),
        }
    }

    async fn seal(&self, release: &str) -> Result<(), String> {
        let sealed = self.app.seal(&self.caller(), &release.parse().unwrap()).await;
        sealed.map(drop).map_err(|error| error.to_string())
    }

    async fn launch(&self, release: &str, at: Option<&str>) -> Result<(), String> {
        let at = at.map(|at| at.parse().unwrap());
        let launched = self.app.launch(&self.caller(), &release.parse().unwrap(), at).await;
        launched.map(drop).map_err(|error| error.to_string())
    }

    /// Does everything that is due now; gives what came of each job, in order.
    async fn work(&self) -> Vec<String> {
        let mut came = Vec::new();
        while let Some(job) = self.app.work("worker").await.unwrap() {
            let job = self.app.job(&self.caller(), job.id).await.unwrap();
            let text = job.error.or(job.waits_for).or(job.result).unwrap_or_default();
            came.push(format!("{} {}: {text}", job.kind.as_str(), job.key));
        }
        came
    }

    async fn judge(&self, release: &str, checkpoint: Option<&str>) -> Result<Judged, String> {
        let request = JudgeRequest {
            release: release.parse().unwrap(),
            checkpoint: checkpoint.map(|checkpoint| checkpoint.parse().unwrap()),
            as_of: None,
            known_at: None,
        };
        let judged = self.app.judge(&self.caller(), &request).await.map_err(|error| error.to_string())?;
        // Every verdict of these tests is computed again from its record.
        for at in [Some(&judged.at), judged.amended.as_ref()].into_iter().flatten() {
            let replay = self.app.replay(&self.caller(), at).await.unwrap();
            assert_eq!(replay.differences, [], "{at}");
        }
        Ok(judged)
    }

    async fn document(&self, at: &str) -> VerdictDocument {
        self.app.verdict_document(&self.caller(), &at.parse().unwrap()).await.unwrap()
    }
}

/// A team, a metric of each kind that is not sampled, and a release goaled on it.
pub(crate) const SMALL: &str = "
team: growth
name: Growth
time_zone: Europe/Berlin
members: { ana.lopez@example.com: maintainer, ben.okafor@example.com: member, ben@example.com: member }
---
metric: app.uses
title: Uses
owner: grace.kim@example.com
team: growth
definition: Uses of the app.
definition_version: 1
kind: sum
unit: uses
better: higher
grain: day
time_zone: UTC
missing: gap
fresh_within: 24h
source: points
---
release: quick-start
name: Quick start
team: growth
owner: ana.lopez@example.com
level: L2
planned: 2026-03-02
checkpoints: [d2, d7]
goals:
  - id: uses
    says: It is used at least 60 times in the first week.
    judge: threshold@1
    metric: app.uses
    with: { at_least: 60 }
";

/// `first..=last` days of March 2026, each with this value.
pub(crate) fn march(first: u8, last: u8, value: &str) -> String {
    let rows: String = (first..=last).map(|day| format!("2026-03-{day:02},{value}\n")).collect();
    format!("day,value\n{rows}")
}
