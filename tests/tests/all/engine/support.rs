//! An engine, questions and frames for these tests.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};
use yardstick_domain::frame::{Column, Frame, Shape};
use yardstick_domain::metric::Better;
use yardstick_domain::question::{AskedMetric, Question, Role};
use yardstick_domain::time::Window;
use yardstick_engine::{Cache, Compiler, Config, Engine, Plugin, Refusal, Run, Trust};
use yardstick_tests::guests;

/// An engine with one thread, so that each call runs where the one before did.
pub(super) fn engine() -> Engine {
    configured(1, None, Compiler::InProcess)
}

pub(super) fn configured(threads: usize, cache: Option<Cache>, compiler: Compiler) -> Engine {
    Engine::new(Config { threads, queue: 8, cache, compiler }).unwrap()
}

pub(super) fn cache(folder: &Path, key: u8) -> Cache {
    let dir = open(folder);
    Cache { dir, key: [key; 32] }
}

fn open(folder: &Path) -> cap_std::fs::Dir {
    cap_std::fs::Dir::open_ambient_dir(folder, cap_std::ambient_authority()).unwrap()
}

/// The guest of this name, loaded as somebody's upload.
pub(super) fn load(engine: &Engine, name: &str) -> Arc<Plugin> {
    upload(engine, &guests::load(name)).unwrap_or_else(|refusal| panic!("{name}: {refusal}"))
}

pub(super) fn upload(engine: &Engine, wasm: &[u8]) -> Result<Arc<Plugin>, Refusal> {
    engine.load(wasm, Trust::Uploaded)
}

/// What the parameter `do` tells the guest to do.
pub(super) fn told(what: &str) -> Question {
    question(json!({ "do": what }))
}

pub(crate) fn question(params: Value) -> Question {
    let instant = |text: &str| text.parse::<Timestamp>().unwrap();
    Question {
        id: "adoption".into(),
        role: Role::Goal,
        params,
        metrics: vec![AskedMetric {
            name: "metric".into(),
            key: "batch_changes.mau".into(),
            kind: "gauge".into(),
            unit: "users".into(),
            better: Better::Higher,
            complete_through: Some(instant("2026-03-30T00:00:00Z")),
            more: Vec::new(),
        }],
        launch: instant("2026-03-02T09:00:00Z"),
        checkpoint: 28,
        is_final: true,
        looks: vec![28],
        window: Window { start: instant("2026-03-03T00:00:00Z"), end: instant("2026-03-31T00:00:00Z") },
        baseline: None,
        as_of: instant("2026-03-31T06:00:00Z"),
        state: None,
        time_zone: "Etc/UTC".into(),
        more: Vec::new(),
    }
}

/// Frames as a plan with one query gets them.
pub(super) fn frames(values: &[f64]) -> Vec<(String, Arc<Frame>)> {
    vec![("totals".into(), Arc::new(frame(values)))]
}

/// A frame with a column of instants, one of numbers and one of texts.
pub(super) fn frame(values: &[f64]) -> Frame {
    let columns = vec![
        ("time".into(), Column::S64((0..values.len() as i64).collect())),
        ("value".into(), Column::F64(values.to_vec())),
        ("region".into(), Column::Codes { codes: vec![0; values.len()], labels: vec!["emea".into()] }),
    ];
    Frame::new(Shape::Series, columns, Vec::new()).unwrap()
}

/// The failure's code, which must come with a sentence.
pub(super) fn code<T: std::fmt::Debug>(run: &Run<T>) -> &'static str {
    let failure = run.result.as_ref().expect_err("a failure");
    assert!(!failure.message.is_empty(), "{failure:?}");
    failure.code
}

/// Asserts that this thread still serves the next call as if nothing had been.
pub(super) async fn assert_unaffected(engine: &Engine, benign: &Arc<Plugin>) {
    let run = engine.evaluate(benign, &told(""), frames(&[1.0, 2.0, 3.0])).await;
    let finding = run.result.expect("the next call works");
    assert_eq!(finding.headline, "The mean of totals is 2.");
}
