//! The built judge in its sandbox: the same numbers as natively to the bit, within its fuel for as many variants
//! as it takes.

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
use yardstick_experiment::Experiment;
use yardstick_sdk::testing::{Asked, evaluate};

use super::support::{DAY, FIRST, Table};

/// A variant with its units and those that did it.
type Arm = (String, f64, f64);

fn question() -> Question {
    let at = |millis: i64| Timestamp::from_millisecond(millis).unwrap();
    let window = Window { start: at(FIRST), end: at(FIRST + 28 * DAY) };
    let metric = AskedMetric {
        name: "metric".into(),
        key: "example.metric".into(),
        kind: "ratio".into(),
        unit: "share".into(),
        better: Better::Higher,
        complete_through: Some(window.end),
        more: Vec::new(),
    };
    Question {
        id: "retention".into(),
        role: Role::Goal,
        params: json!({ "control": "a" }),
        metrics: vec![metric],
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

fn numbers(arms: &[Arm]) -> Vec<(&'static str, Vec<f64>)> {
    let all = |value: f64| vec![value; arms.len()];
    vec![
        ("value", arms.iter().map(|arm| arm.2 / arm.1).collect()),
        ("n", arms.iter().map(|arm| arm.1).collect()),
        ("sum", arms.iter().map(|arm| arm.2).collect()),
        ("sum_sq", all(f64::NAN)),
        ("buckets", all(28.0)),
        ("expected", all(28.0)),
    ]
}

fn frame(arms: &[Arm]) -> Arc<Frame> {
    let columns = numbers(arms).into_iter().map(|(name, values)| (name.to_owned(), Column::F64(values)));
    let labels: Vec<String> = arms.iter().map(|arm| arm.0.clone()).collect();
    let codes = (0..arms.len() as u32).collect();
    let split = ("variant".to_owned(), Column::Codes { codes, labels });
    let about = vec![
        ("window-start".into(), Value::Integer(FIRST)),
        ("window-end".into(), Value::Integer(FIRST + 28 * DAY)),
    ];
    Arc::new(Frame::new(Shape::Totals, columns.chain([split]).collect(), about).unwrap())
}

#[tokio::test]
async fn the_sandboxed_judge_finds_what_the_native_one_finds() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins/built/experiment.wasm");
    let wasm = std::fs::read(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; run cargo xtask guests", path.display()));
    let engine =
        Engine::new(Config { threads: 1, queue: 8, cache: None, compiler: Compiler::InProcess }).unwrap();
    let plugin = engine.load(&wasm, Trust::BuiltIn).unwrap();
    let question = question();
    let plan = engine.plan(&plugin, &question).await.result.unwrap();
    assert_eq!((plan.len(), plan[0].splits.as_slice()), (1, &["variant".to_owned()][..]));

    let named = |index: u32, n: f64, sum: f64| (char::from(b'a' + index as u8).to_string(), n, sum);
    let gate = vec![named(0, 44_700.0, 8_502.0), named(1, 45_489.0, 8_279.0)];
    // As many variants as there may be, each with few enough events for exact limits in very many units.
    let many = (0..21).map(|index| named(index, 900_000.0, 380.0 + 7.0 * f64::from(index))).collect();
    for (arms, outcome) in [(gate, Outcome::Fail), (many, Outcome::Pass)] {
        let found = engine.evaluate(&plugin, &question, vec![("totals".into(), frame(&arms))]).await;
        let found = found.result.unwrap();
        let criterion = Asked::of("ratio", "share", yardstick_sdk::Better::Larger)
            .with(r#"{"control": "a"}"#)
            .criterion();
        let labels = arms.iter().map(|arm| arm.0.clone()).collect();
        let table = Table::totals(numbers(&arms), Some(("variant", labels))).frame(0, u32::MAX);
        let native = evaluate::<Experiment>(&criterion, vec![("totals", table)]).unwrap();
        assert_eq!(found.outcome, outcome, "{}", found.headline);
        assert_eq!((&found.headline, &found.flip), (&native.headline, &native.flip));
        let (primary, native) = (found.primary.unwrap(), native.primary.unwrap());
        let bits = |number: Option<f64>| number.map(f64::to_bits);
        assert_eq!(primary.value.to_bits(), native.value.to_bits());
        assert_eq!((bits(primary.low), bits(primary.high)), (bits(native.low), bits(native.high)));
        assert_eq!(bits(primary.log10_p), bits(native.log10_p));
    }
}
