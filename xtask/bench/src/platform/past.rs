//! Another version of a judge, tried on verdicts that were given.

use std::fmt::Write as _;
use std::io::Cursor;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use tokio::runtime::Runtime;
use yardstick_client::api::{BacktestRequest, ImportRequest, JudgeRequest, LaunchRequest, PublishRequest};
use yardstick_client::http::{Client, Format, Upload};

use super::PAST;
use super::registry::TEAM;
use crate::inputs::renamed;
use crate::report::Row;
use crate::samples::{Summary, nanos};
use crate::service::{Service, apply};

const NAME: &str = "bench/finish-rate";
const CRITERIA: usize = 5;
const LAUNCH: &str = "2026-03-02T10:00:00Z";

/// What a back-test took and did.
pub(super) struct Past {
    pub(super) row: Row,
    pub(super) verdicts: u32,
    pub(super) findings: u32,
}

/// Judges releases with one version, then tries another on their verdicts.
pub(super) fn measure(yardstick: &Path, runtime: &Runtime, component: &[u8], quick: bool) -> Result<Past> {
    let (releases, count) = if quick { (10, 3) } else { (200, 10) };
    let home = tempfile::tempdir()?;
    let service = Service::start(yardstick, home.path())?;
    let client = Client::new(&format!("http://{}", service.address))?;
    runtime.block_on(judged(&client, component, releases))?;
    let request = BacktestRequest { limit: Some(releases), ..Default::default() };
    let mut tried = None;
    let mut samples = Vec::new();
    for _ in 0..count {
        let start = Instant::now();
        tried = Some(runtime.block_on(client.backtest(NAME, "0.2.0", &request))?);
        samples.push(nanos(start.elapsed()));
    }
    let tried = tried.context("it was tried")?;
    ensure!(tried.left_out.is_empty() && tried.changed.is_empty(), "the same judge differs: {tried:?}");
    let summary = Summary::of(&samples).context("it was tried")?;
    let row = Row { what: PAST.to_owned(), summary };
    Ok(Past { row, verdicts: tried.verdicts, findings: tried.findings })
}

async fn judged(client: &Client, component: &[u8], releases: u32) -> Result<()> {
    apply(client, TEAM).await?;
    apply(client, &METRICS.replace("NAME", "done")).await?;
    apply(client, &METRICS.replace("NAME", "all")).await?;
    for (metric, value) in [("bench.done", 72), ("bench.all", 100)] {
        let mut values = "day,value\n".to_owned();
        for day in 1..=10 {
            let _ = writeln!(values, "2026-03-{day:02},{value}");
        }
        let file = Upload::new(Format::Csv, Cursor::new(values.into_bytes()));
        client.import(metric, &ImportRequest::default(), file).await?;
    }
    let published = PublishRequest { shadow: false };
    client.publish_plugin(&published, renamed(component, NAME, "0.1.0")?).await?;
    let at = JudgeRequest { as_of: Some("2026-03-11T12:00:00Z".to_owned()), ..Default::default() };
    for index in 0..releases {
        let slug = format!("release-{index}");
        apply(client, &release(&slug)).await?;
        client.launch(&slug, &LaunchRequest { at: Some(LAUNCH.to_owned()) }).await?;
        client.judge(&slug, &at).await?;
    }
    client.publish_plugin(&published, renamed(component, NAME, "0.2.0")?).await?;
    Ok(())
}

/// A release with goals that look at different days.
fn release(slug: &str) -> String {
    let mut text = format!(
        "release: {slug}\nname: {slug}\nteam: bench\nowner: ana.lopez@example.com\nlevel: L2\nplanned: 2026-03-02\n\
         checkpoints: [d7]\ngoals:\n"
    );
    for index in 1..=CRITERIA {
        let _ = write!(
            text,
            "  - id: done-{index}\n    says: Enough is done.\n    judge: {NAME}@=0.1.0\n    \
             metrics: {{ done: bench.done, all: bench.all }}\n    with: {{ at_least: {}%, min_n: 10 }}\n",
            50 + index
        );
    }
    text
}

const METRICS: &str = "
metric: bench.NAME
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
