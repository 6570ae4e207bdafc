//! The built judge in its sandbox: the same numbers as natively, to the bit.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;
use yardstick_domain::finding::Outcome;
use yardstick_domain::frame::{Column, Frame, Shape, Value};
use yardstick_domain::metric::Better;
use yardstick_domain::question::{AskedMetric, Question, Role};
use yardstick_domain::time::Window;
use yardstick_engine::{Compiler, Config, Engine, Trust};
use yardstick_ratio::Ratio;
use yardstick_sdk::testing::evaluate;

use super::support::{DAY, FIRST, Table, asked, metric};

fn published() -> Vec<f64> {
    (0..28).map(|day| 300.0 + f64::from(day * 37 % 90)).collect()
}

fn merged() -> Vec<f64> {
    (0..28).map(|day| 190.0 + f64::from(day * 53 % 71)).collect()
}

fn question() -> Question {
    let at = |millis: i64| Timestamp::from_millisecond(millis).unwrap();
    let window = Window { start: at(FIRST), end: at(FIRST + 28 * DAY) };
    let metric = |name: &str| AskedMetric {
        name: name.into(),
        key: format!("example.{name}"),
        kind: "sum".into(),
        unit: "changesets".into(),
        better: Better::Neither,
        complete_through: Some(window.end),
        more: vec![("sampled".into(), Value::Boolean(true))],
    };
    Question {
        id: "merge-rate".into(),
        role: Role::Goal,
        params: json!({ "at_least": "60%" }),
        metrics: vec![metric("denominator"), metric("numerator")],
        launch: at(FIRST - 8 * 3_600_000),
        checkpoint: 28,
        is_final: true,
        looks: vec![28],
        window,
        baseline: None,
        as_of: window.end,
        state: None,
        time_zone: "Etc/UTC".into(),
        more: Vec::new(),
    }
}

fn series(values: &[f64]) -> Arc<Frame> {
    let columns = vec![
        ("time".into(), Column::S64((0..28).map(|day| FIRST + day * DAY).collect())),
        ("value".into(), Column::F64(values.to_vec())),
    ];
    let about = vec![
        ("window-start".into(), Value::Integer(FIRST)),
        ("window-end".into(), Value::Integer(FIRST + 28 * DAY)),
    ];
    Arc::new(Frame::new(Shape::Series, columns, about).unwrap())
}

#[tokio::test]
async fn the_sandboxed_judge_finds_what_the_native_one_finds() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins/built/ratio.wasm");
    let wasm = std::fs::read(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; run cargo xtask guests", path.display()));
    let engine =
        Engine::new(Config { threads: 1, queue: 8, cache: None, compiler: Compiler::InProcess }).unwrap();
    let plugin = engine.load(&wasm, Trust::BuiltIn).unwrap();
    let expected = plugin.description().metrics.iter().map(|metric| (metric.name.as_str(), metric.optional));
    let names = [("numerator", false), ("denominator", false), ("reporting", true), ("instances", true)];
    assert_eq!(expected.collect::<Vec<_>>(), names);

    let question = question();
    let plan = engine.plan(&plugin, &question).await.result.unwrap();
    assert_eq!(plan.iter().map(|query| query.key.as_str()).collect::<Vec<_>>(), ["numerator", "denominator"]);
    let frames =
        vec![("numerator".to_owned(), series(&merged())), ("denominator".to_owned(), series(&published()))];
    let found = engine.evaluate(&plugin, &question, frames).await.result.unwrap();

    let sum = |name: &str| metric(name, "sum", "changesets", true);
    let criterion = asked(vec![sum("numerator"), sum("denominator")], r#"{"at_least": "60%"}"#);
    let table = |values: Vec<f64>| Table::days(FIRST, vec![("value", values)]).frame(0, u32::MAX);
    let frames = vec![("numerator", table(merged())), ("denominator", table(published()))];
    let native = evaluate::<Ratio>(&criterion, frames).unwrap();
    let native_primary = native.primary.unwrap();
    let primary = found.primary.unwrap();
    assert_eq!(found.outcome, Outcome::Pass, "{}", found.headline);
    assert_eq!(found.headline, native.headline);
    let bits = |number: Option<f64>| number.map(f64::to_bits);
    assert_eq!(primary.value.to_bits(), native_primary.value.to_bits());
    assert_eq!(bits(primary.low), bits(native_primary.low));
    assert_eq!(bits(primary.high), bits(native_primary.high));
}
