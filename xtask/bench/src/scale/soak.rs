//! A service with many judges, at rest and after very many judgements.

use std::fmt::Write as _;
use std::io::Cursor;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use jiff::ToSpan as _;
use jiff::civil::date;
use tokio::runtime::Runtime;
use yardstick_client::api::{ImportRequest, JudgeRequest, LaunchRequest, PublishRequest};
use yardstick_client::http::{Client, Format, Upload};

use super::world::CRITERIA;
use crate::inputs::renamed;
use crate::platform::project::Project;
use crate::service::{Service, apply};

/// Judges of the team.
const JUDGES: usize = 50;
/// Releases, five judges each.
const RELEASES: usize = JUDGES / CRITERIA;

/// What the service held, in bytes.
pub(super) struct Held {
    /// Started with all judges in its cache.
    pub(super) started: u64,
    /// With all judges loaded.
    pub(super) loaded: u64,
    /// Judgements of the soak.
    pub(super) judgements: usize,
    /// After a tenth of them.
    pub(super) early: u64,
    /// After all of them.
    pub(super) late: u64,
}

/// Publishes a new project's judge under many names, starts the service anew, and has it judge so often.
pub(super) fn measure(yardstick: &Path, runtime: &Runtime, verdicts: usize) -> Result<Held> {
    let judge = Project::new(yardstick)?.component()?;
    let home = tempfile::tempdir()?;
    let service = Service::start(yardstick, home.path())?;
    runtime.block_on(prepare(&Client::new(&format!("http://{}", service.address))?, &judge))?;
    drop(service);

    let service = Service::start(yardstick, home.path())?;
    let client = Client::new(&format!("http://{}", service.address))?;
    runtime.block_on(client.ready())?;
    // What it does at its start has been done.
    std::thread::sleep(Duration::from_secs(1));
    let started = service.memory()?;
    let judge = |from: usize, to: usize| {
        runtime.block_on(async {
            for index in from..to {
                let slug = format!("release-{}", index % RELEASES);
                let judged = client.judge(&slug, &JudgeRequest::default()).await?;
                ensure!(judged.look_because.is_none(), "{slug}: {judged:?}");
            }
            Ok(())
        })
    };
    judge(0, RELEASES)?;
    let loaded = service.memory()?;
    judge(0, verdicts / 10)?;
    let early = service.memory()?;
    judge(verdicts / 10, verdicts)?;
    Ok(Held { started, loaded, judgements: verdicts * CRITERIA, early, late: service.memory()? })
}

async fn prepare(client: &Client, judge: &[u8]) -> Result<()> {
    apply(client, COMPANY).await?;
    for (metric, value) in [("bench.done", 72), ("bench.all", 100)] {
        apply(client, &METRIC.replace("NAME", metric)).await?;
        let mut values = "day,value\n".to_owned();
        for day in date(2026, 3, 1).series(1.day()).take(10) {
            writeln!(values, "{day},{value}")?;
        }
        let file = Upload::new(Format::Csv, Cursor::new(values.into_bytes()));
        client.import(metric, &ImportRequest::default(), file).await?;
    }
    for index in 0..JUDGES {
        let judge = renamed(judge, &name(index), "1.0.0")?;
        client.publish_plugin(&PublishRequest { shadow: false }, judge).await?;
    }
    for index in 0..RELEASES {
        let slug = format!("release-{index}");
        apply(client, &release(&slug, index * CRITERIA)).await?;
        client.launch(&slug, &LaunchRequest { at: Some("2026-03-02T10:00:00Z".to_owned()) }).await?;
    }
    Ok(())
}

fn name(index: usize) -> String {
    format!("bench/judge-{index}")
}

/// A release with a judge of its own for each goal.
fn release(slug: &str, judge: usize) -> String {
    let mut text = format!(
        "release: {slug}\nname: {slug}\nteam: bench\nowner: ana.lopez@example.com\nlevel: L3\nplanned: 2026-03-02\n\
         checkpoints: [d7]\ngoals:\n"
    );
    for index in judge..judge + CRITERIA {
        let _ = write!(
            text,
            "  - id: done-{index}\n    says: Enough is done.\n    judge: {}@1\n    \
             metrics: {{ done: bench.done, all: bench.all }}\n    with: {{ at_least: 50%, min_n: 10 }}\n",
            name(index)
        );
    }
    text
}

const COMPANY: &str = "
team: bench
name: Bench
time_zone: UTC
members: { ana.lopez@example.com: maintainer }
";

const METRIC: &str = "
metric: NAME
title: NAME
owner: ana.lopez@example.com
team: bench
definition: How many.
definition_version: 1
kind: sum
unit: uses
better: higher
grain: day
time_zone: UTC
missing: gap
fresh_within: 24h
source: points
";
