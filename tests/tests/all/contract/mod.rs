//! The contract carries judges of many kinds, and what was built for its first version runs on every later host.
//!
//! The sketches (`tests/sketches`) are run as they are built today and as they were built when the contract became
//! 1.0, which is kept in `tests/fixtures/contract-1.0` and never built again.

mod evolution;

use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use yardstick_domain::frame::{Column, Frame, Shape};
use yardstick_domain::manifest::{self, Profile};
use yardstick_domain::question::{AskedMetric, Question};
use yardstick_domain::time::Window;
use yardstick_engine::{Compiler, Config, Engine, Trust};
use yardstick_tests::guests;

use crate::engine::support::question;

/// A sketch, what it is asked, what it is given, and what it must find.
struct Case {
    sketch: &'static str,
    question: Question,
    /// Frames by the keys of the plan, in its order.
    frames: Vec<(&'static str, Frame)>,
    outcome: &'static str,
    headline: &'static str,
}

impl Case {
    fn new(sketch: &'static str, params: serde_json::Value) -> Self {
        Self { sketch, question: question(params), frames: Vec::new(), outcome: "pass", headline: "" }
    }

    /// About these metrics, all of one kind.
    fn of(mut self, kind: &str, unit: &str, names: &[&str]) -> Self {
        let like = self.question.metrics[0].clone();
        self.question.metrics = names
            .iter()
            .map(|name| AskedMetric {
                name: (*name).to_owned(),
                kind: kind.to_owned(),
                unit: unit.to_owned(),
                ..like.clone()
            })
            .collect();
        self
    }

    fn frame(mut self, key: &'static str, shape: Shape, columns: Vec<(&str, Column)>) -> Self {
        let columns = columns.into_iter().map(|(name, column)| (name.to_owned(), column)).collect();
        self.frames.push((key, Frame::new(shape, columns, Vec::new()).unwrap()));
        self
    }

    fn totals(self, key: &'static str, n: &[f64], sum: &[f64]) -> Self {
        self.frame(key, Shape::Totals, vec![("n", numbers(n)), ("sum", numbers(sum))])
    }

    fn finds(mut self, outcome: &'static str, headline: &'static str) -> Self {
        (self.outcome, self.headline) = (outcome, headline);
        self
    }
}

fn numbers(values: &[f64]) -> Column {
    Column::F64(values.to_vec())
}

fn texts(values: &[&str]) -> Column {
    let mut labels: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
    labels.sort();
    labels.dedup();
    let code = |value: &&str| labels.iter().position(|label| label == value).unwrap() as u32;
    Column::Codes { codes: values.iter().map(code).collect(), labels: labels.clone() }
}

fn cases() -> Vec<Case> {
    let asked = json!({ "at_least": "60%", "planned_n": 1_000 });
    let at = |checkpoint, is_final, state: Option<&str>| {
        let mut case = Case::new("sequential", asked.clone()).of("ratio", "share", &["metric"]);
        case.question.checkpoint = checkpoint;
        case.question.is_final = is_final;
        case.question.looks = vec![7, 28];
        case.question.state = state.map(str::to_owned);
        case
    };
    let mut before_and_after =
        Case::new("difference_in_differences", json!({ "treated": "a", "control": "b" }))
            .of("sum", "runs", &["metric"])
            .frame("before", Shape::Series, days(&[(10.0, 20.0), (11.0, 21.0), (9.0, 19.0), (10.0, 20.0)]))
            .frame("after", Shape::Series, days(&[(14.0, 21.0), (15.0, 20.0), (13.0, 20.0), (14.0, 21.0)]))
            .finds("pass", "a changed by 4.00, b by 0.50: 3.50 more");
    let instant = |text: &str| text.parse().unwrap();
    let baseline = Window { start: instant("2026-02-02T00:00:00Z"), end: instant("2026-03-02T00:00:00Z") };
    before_and_after.question.baseline = Some(baseline);
    vec![
        at(7, false, None)
            .totals("totals", &[250.0], &[160.0])
            .finds("undecided", "64.00 % of 250; this look spends 0.0125 of 0.05"),
        at(28, true, Some("0.25"))
            .totals("totals", &[1_000.0], &[640.0])
            .finds("pass", "64.00 % of 1000; this look spends 0.0375 of 0.05"),
        Case::new("funnel", json!({ "at_least": "10%" }))
            .of("sum", "people", &["entered", "second", "done"])
            .totals("entered", &[28.0], &[1_000.0])
            .totals("second", &[28.0], &[400.0])
            .totals("done", &[28.0], &[150.0])
            .finds("pass", "150 of 1000 get through; most are lost before done"),
        Case::new("funnel", json!({ "at_least": 0.5 }))
            .of("sum", "people", &["entered", "done"])
            .totals("entered", &[28.0], &[100.0])
            .totals("done", &[28.0], &[110.0])
            .finds("undecided", "more people are at done than at entered"),
        Case::new("retention", json!({ "at_least": "15%", "at_age": "7" }))
            .of("ratio", "share", &["metric"])
            .frame(
                "ages",
                Shape::Totals,
                vec![
                    ("n", numbers(&[2_000.0, 1_800.0])),
                    ("sum", numbers(&[900.0, 350.0])),
                    ("age", texts(&["1", "7"])),
                ],
            )
            .finds("pass", "350 of 1800 are back after 7 days"),
        before_and_after,
        Case::new("quantile", json!({ "quantile": "90%", "at_most": 300 }))
            .of("mean", "ms", &["metric"])
            .frame(
                "values",
                Shape::Samples,
                vec![("value", numbers(&(0..1_000).map(f64::from).map(|i| 0.3 * i).collect::<Vec<_>>()))],
            )
            .finds("pass", "the quantile 0.9 is 269.7 ms"),
        Case::new("segments", json!({ "by": "plan", "at_least": "60%" }))
            .of("ratio", "share", &["metric"])
            .totals("all", &[2_000.0], &[1_400.0])
            .frame(
                "segments",
                Shape::Totals,
                vec![
                    ("n", numbers(&[500.0, 1_500.0])),
                    ("sum", numbers(&[200.0, 1_200.0])),
                    ("plan", texts(&["free", "paid"])),
                ],
            )
            .finds("fail", "free decides: fail"),
    ]
}

/// Days of two groups.
fn days(pairs: &[(f64, f64)]) -> Vec<(&'static str, Column)> {
    let values: Vec<f64> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let groups: Vec<&str> = pairs.iter().flat_map(|_| ["a", "b"]).collect();
    vec![("value", numbers(&values)), ("group", texts(&groups))]
}

/// Runs every case on the components in this folder.
async fn run(folder: &str) {
    let engine =
        Engine::new(Config { threads: 1, queue: 8, cache: None, compiler: Compiler::InProcess }).unwrap();
    for case in cases() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(format!("{}.wasm", case.sketch));
        let wasm = std::fs::read(&path)
            .unwrap_or_else(|error| panic!("{}: {error}; run cargo xtask guests", path.display()));
        let upload = manifest::embed(&wasm, &guests::manifest("sketches", case.sketch, Profile::Lean));
        let plugin =
            engine.load(&upload, Trust::Uploaded).unwrap_or_else(|why| panic!("{}: {why}", case.sketch));
        assert_eq!(plugin.check_params(&case.question.params), [], "{}", case.sketch);
        let plan = engine.plan(&plugin, &case.question).await.result.unwrap();
        let keys: Vec<&str> = plan.iter().map(|query| query.key.as_str()).collect();
        let given: Vec<&str> = case.frames.iter().map(|(key, _)| *key).collect();
        assert_eq!(keys, given, "{}", case.sketch);
        let frames = case.frames.into_iter().map(|(key, frame)| (key.to_owned(), Arc::new(frame))).collect();
        let finding = engine.evaluate(&plugin, &case.question, frames).await.result.unwrap();
        let found = (finding.outcome.as_str(), finding.headline.as_str());
        assert_eq!(found, (case.outcome, case.headline), "{}", case.sketch);
        let remembers = case.sketch == "sequential";
        assert_eq!(finding.state.is_some(), remembers, "{}", case.sketch);
    }
}

#[tokio::test]
async fn judges_of_many_kinds_fit_the_contract() {
    run("../plugins/built/sketches").await;
}

#[tokio::test]
async fn what_was_built_for_the_first_version_still_runs() {
    run("fixtures/contract-1.0").await;
}
