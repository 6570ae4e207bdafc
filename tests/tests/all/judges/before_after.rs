//! The built judge in its sandbox: the same numbers as natively to the bit, within its fuel for as many days
//! as it takes.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;
use yardstick_before_after::BeforeAfter;
use yardstick_domain::finding::{Grade, Outcome};
use yardstick_domain::frame::{Column, Frame, Shape, Value};
use yardstick_domain::metric::Better;
use yardstick_domain::question::{AskedMetric, Question, Role};
use yardstick_domain::time::Window;
use yardstick_engine::{Compiler, Config, Engine, Trust};
use yardstick_sdk::testing::evaluate;

use super::support::{DAY, FIRST, Table, asked, metric};

fn question(days: i64) -> Question {
    let at = |millis: i64| Timestamp::from_millisecond(millis).unwrap();
    let window = Window { start: at(FIRST), end: at(FIRST + days * DAY) };
    let metric = AskedMetric {
        name: "metric".into(),
        key: "example.metric".into(),
        kind: "ratio".into(),
        unit: "share".into(),
        better: Better::Lower,
        complete_through: Some(window.end),
        more: Vec::new(),
    };
    Question {
        id: "search-errors".into(),
        role: Role::Guardrail,
        params: json!({ "worse_by_at_most": "5%" }),
        metrics: vec![metric],
        launch: at(FIRST - 8 * 3_600_000),
        checkpoint: days as u32,
        is_final: true,
        looks: vec![28],
        window,
        baseline: Some(Window { start: at(FIRST - (days + 1) * DAY), end: at(FIRST - DAY) }),
        as_of: window.end,
        state: None,
        time_zone: "Etc/UTC".into(),
        more: Vec::new(),
    }
}

/// Columns of so many days, the first of them so many after the launch day.
fn numbers(from: i64, days: i64) -> Vec<(&'static str, Vec<f64>)> {
    let n = |day: i64| 900.0 + ((day + 7_000) * 37 % 90) as f64 - 500.0 * f64::from((day + 7_000) % 7 > 4);
    let sum = |day: i64| (n(day) * (0.1 + ((day + 7_000) * 53 % 71) as f64 / 9_000.0)).floor();
    let all = |of: &dyn Fn(i64) -> f64| (from..from + days).map(of).collect::<Vec<f64>>();
    vec![
        ("value", all(&|day| sum(day) / n(day))),
        ("n", all(&n)),
        ("sum", all(&sum)),
        ("sum_sq", all(&|_| f64::NAN)),
    ]
}

fn frame(from: i64, days: i64) -> Arc<Frame> {
    let start = FIRST + (from - 1) * DAY;
    let times = ("time".to_owned(), Column::S64((0..days).map(|day| start + day * DAY).collect()));
    let numbers = numbers(from, days).into_iter();
    let columns = numbers.map(|(name, values)| (name.to_owned(), Column::F64(values)));
    let about = vec![
        ("window-start".into(), Value::Integer(start)),
        ("window-end".into(), Value::Integer(start + days * DAY)),
    ];
    Arc::new(Frame::new(Shape::Series, [times].into_iter().chain(columns).collect(), about).unwrap())
}

#[tokio::test]
async fn the_sandboxed_judge_finds_what_the_native_one_finds() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins/built/before-after.wasm");
    let wasm = std::fs::read(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; run cargo xtask guests", path.display()));
    let engine =
        Engine::new(Config { threads: 1, queue: 8, cache: None, compiler: Compiler::InProcess }).unwrap();
    let plugin = engine.load(&wasm, Trust::BuiltIn).unwrap();
    // Four weeks, and as many days as it takes.
    for days in [28, 364] {
        let question = question(days);
        let plan = engine.plan(&plugin, &question).await.result.unwrap();
        assert_eq!(plan.iter().map(|query| query.key.as_str()).collect::<Vec<_>>(), ["after", "before"]);
        let frames = vec![("after".to_owned(), frame(1, days)), ("before".to_owned(), frame(-days, days))];
        let found = engine.evaluate(&plugin, &question, frames).await.result.unwrap();

        let mut rate = metric("metric", "ratio", "share", true);
        rate.better = yardstick_sdk::Better::Smaller;
        rate.complete_through = Some(FIRST + days * DAY);
        let mut criterion = asked(vec![rate], r#"{"worse_by_at_most": "5%"}"#);
        let window = |from: i64| {
            let start = FIRST + (from - 1) * DAY;
            yardstick_sdk::Window { start, end: start + days * DAY }
        };
        (criterion.window, criterion.baseline) = (window(1), Some(window(-days)));
        let table = |from: i64| Table::days(window(from).start, numbers(from, days)).frame(0, u32::MAX);
        let native =
            evaluate::<BeforeAfter>(&criterion, vec![("after", table(1)), ("before", table(-days))]).unwrap();
        assert_eq!(found.outcome, Outcome::Pass, "{}", found.headline);
        assert_eq!(found.grade, Grade::BeforeAfter);
        assert_eq!((&found.headline, &found.flip), (&native.headline, &native.flip));
        assert_eq!(found.warnings, native.warnings);
        let (primary, native) = (found.primary.unwrap(), native.primary.unwrap());
        let bits = |number: Option<f64>| number.map(f64::to_bits);
        assert_eq!(primary.value.to_bits(), native.value.to_bits());
        assert_eq!((bits(primary.low), bits(primary.high)), (bits(native.low), bits(native.high)));
    }
}
