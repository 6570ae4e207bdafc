//! What the judges are asked, the same in every run.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};
use yardstick_bench_job::Task;
use yardstick_domain::frame::{Column, Frame, Shape, Value as Fact};
use yardstick_domain::manifest;
use yardstick_domain::metric::Better;
use yardstick_domain::question::{AskedMetric, Question, Role};
use yardstick_domain::time::Window;

/// Points of one judgement.
pub(crate) const POINTS: usize = 1_000;
const DAY: i64 = 86_400_000;
const START: &str = "2023-01-01T00:00:00Z";

/// Frames as the engine takes them.
pub(crate) type Frames = Vec<(String, Arc<Frame>)>;

/// A thousand points around 100 and a target somewhat lower, always the same.
pub(crate) fn task() -> Task {
    // Weyl's sequence: evenly spread, without chance.
    let spread = |index: usize| (index as f64 * 0.618_033_988_749_895).fract();
    Task { target: 95.0, points: (0..POINTS).map(|index| 50.0 + 100.0 * spread(index)).collect() }
}

/// This many different components of the guest, `bench/points-0` and so on: each is compiled for itself.
pub(crate) fn components(guest: &[u8], count: usize) -> Result<Vec<Vec<u8>>> {
    (0..count).map(|index| component(guest, &format!("points-{index}"))).collect()
}

/// The guest with a manifest inside: `bench/NAME`, lean.
pub(crate) fn component(guest: &[u8], name: &str) -> Result<Vec<u8>> {
    let manifest = json!({
        "plugin": {
            "name": format!("bench/{name}"),
            "version": "1.0.0",
            "summary": "The job of the benchmark",
            "contract": "1.0",
            "licence": "Apache-2.0"
        },
        "asks": { "metrics": ["*"], "shapes": ["samples"] },
        "build": { "language": "rust", "profile": "lean" }
    });
    Ok(manifest::embed(guest, &serde_json::from_value(manifest)?))
}

/// The same component under another name and version.
pub(crate) fn renamed(component: &[u8], name: &str, version: &str) -> Result<Vec<u8>> {
    let mut manifest = manifest::extract(component)?;
    // The build appends it last, and a component carries one.
    let own = manifest::embed(&[], &manifest);
    let component = component.strip_suffix(own.as_slice()).context("the manifest is not its last part")?;
    manifest.plugin.name = name.parse()?;
    manifest.plugin.version = version.parse()?;
    Ok(manifest::embed(component, &manifest))
}

/// A question about a window of as many days as there are points.
pub(crate) fn question(kind: &str, unit: &str, params: Value) -> Result<Question> {
    let start: Timestamp = START.parse()?;
    let end = start.checked_add((24 * POINTS as i64).hours())?;
    Ok(Question {
        id: "adoption".into(),
        role: Role::Goal,
        params,
        metrics: vec![AskedMetric {
            name: "metric".into(),
            key: "bench.points".into(),
            kind: kind.into(),
            unit: unit.into(),
            better: Better::Higher,
            complete_through: Some(end),
            more: Vec::new(),
        }],
        launch: start.checked_sub(9.hours())?,
        checkpoint: u32::try_from(POINTS)?,
        is_final: true,
        looks: vec![28],
        window: Window { start, end },
        baseline: None,
        as_of: end.checked_add(6.hours())?,
        state: None,
        time_zone: "Etc/UTC".into(),
        more: Vec::new(),
    })
}

/// The points as the one frame of the bench's own judge.
pub(crate) fn points(task: &Task) -> Result<(Question, Frames)> {
    let question = question("gauge", "users", json!({ "target": task.target }))?;
    let columns = vec![("value".to_owned(), Column::F64(task.points.clone()))];
    let frame = Frame::new(Shape::Samples, columns, Vec::new())?;
    Ok((question, vec![("points".to_owned(), Arc::new(frame))]))
}

/// A thousand days of a mean of 400 observations each, as the built-in judge `threshold` asks for them.
pub(crate) fn days(task: &Task) -> Result<(Question, Frames)> {
    let question = question("mean", "points", json!({ "at_least": task.target }))?;
    let each = 400.0;
    let start = question.window.start.as_millisecond();
    let column = |value: fn(f64) -> f64| Column::F64(task.points.iter().map(|&point| value(point)).collect());
    let spread = |point: f64| 400.0 * (point * point + 25.0);
    let about = vec![
        ("window-start".to_owned(), Fact::Integer(start)),
        ("window-end".to_owned(), Fact::Integer(question.window.end.as_millisecond())),
        ("buckets-expected".to_owned(), Fact::Integer(POINTS as i64)),
    ];
    let days = vec![
        ("time".to_owned(), Column::S64((0..POINTS as i64).map(|day| start + day * DAY).collect())),
        ("value".to_owned(), column(|point| point)),
        ("n".to_owned(), column(|_| 400.0)),
        ("sum".to_owned(), column(|point| 400.0 * point)),
        ("sum_sq".to_owned(), column(spread)),
    ];
    let sum = each * task.points.iter().sum::<f64>();
    let n = each * POINTS as f64;
    let one = |value: f64| Column::F64(vec![value]);
    let totals = vec![
        ("value".to_owned(), one(sum / n)),
        ("n".to_owned(), one(n)),
        ("sum".to_owned(), one(sum)),
        ("sum_sq".to_owned(), one(task.points.iter().copied().map(spread).sum())),
        ("buckets".to_owned(), one(POINTS as f64)),
        ("expected".to_owned(), one(POINTS as f64)),
    ];
    let totals = Frame::new(Shape::Totals, totals, about.clone())?;
    let days = Frame::new(Shape::Series, days, about)?;
    Ok((question, vec![("totals".to_owned(), Arc::new(totals)), ("days".to_owned(), Arc::new(days))]))
}

/// Units and hits of one variant.
pub(crate) type Group = (f64, f64);

/// The totals of two variants, `control` and `treated`, as the built-in judge `experiment` asks for them.
pub(crate) fn variants(control: Group, treated: Group) -> Result<(Question, Frames)> {
    let question = question("ratio", "share", json!({ "control": "control" }))?;
    let column = |value: fn(Group) -> f64| Column::F64(vec![value(control), value(treated)]);
    let labels = vec!["control".to_owned(), "treated".to_owned()];
    let columns = vec![
        ("value".to_owned(), column(|(n, hits)| hits / n)),
        ("n".to_owned(), column(|(n, _)| n)),
        ("sum".to_owned(), column(|(_, hits)| hits)),
        ("sum_sq".to_owned(), column(|_| f64::NAN)),
        ("buckets".to_owned(), column(|_| POINTS as f64)),
        ("expected".to_owned(), column(|_| POINTS as f64)),
        ("variant".to_owned(), Column::Codes { codes: vec![0, 1], labels }),
    ];
    let about = vec![
        ("window-start".to_owned(), Fact::Integer(question.window.start.as_millisecond())),
        ("window-end".to_owned(), Fact::Integer(question.window.end.as_millisecond())),
    ];
    let totals = Frame::new(Shape::Totals, columns, about)?;
    Ok((question, vec![("totals".to_owned(), Arc::new(totals))]))
}

/// A guest's bytes.
pub(crate) fn read(path: &std::path::Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
