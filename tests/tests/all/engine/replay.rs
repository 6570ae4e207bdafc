//! The same inputs give the same answer, bytes and fuel.

use std::sync::Arc;

use yardstick_domain::frame::Value;
use yardstick_engine::{Compiler, Engine, Plugin};

use super::support::{cache, configured, engine, frame, frames, load, told};

/// The finding as documents carry it, and its fuel.
async fn judge(engine: &Engine, plugin: &Arc<Plugin>) -> (String, u64) {
    let run = engine.evaluate(plugin, &told(""), frames(&[1.5, 0.1, 0.2])).await;
    (serde_json::to_string(&run.result.unwrap()).unwrap(), run.usage.fuel)
}

#[tokio::test]
async fn again_on_another_thread_and_out_of_the_cache_are_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let fresh = configured(2, Some(cache(folder.path(), 1)), Compiler::InProcess);
    let plugin = load(&fresh, "benign");
    let first = judge(&fresh, &plugin).await;
    for _ in 0..5 {
        assert_eq!(judge(&fresh, &plugin).await, first);
    }
    let restarted = configured(1, Some(cache(folder.path(), 1)), Compiler::InProcess);
    let plugin = load(&restarted, "benign");
    assert_eq!(judge(&restarted, &plugin).await, first);
    assert_eq!(fresh.hash(), restarted.hash());
}

#[tokio::test]
async fn host_and_guest_agree_to_the_bit() {
    let engine = engine();
    let plugin = load(&engine, "statistics");
    let mut values: Vec<f64> = (0..5_000).map(|index| f64::from(index * 7_919 % 4_999) * 0.1 + 1e9).collect();
    values[17] = f64::NAN;
    values[4_000] = -1e17;
    let run = engine.evaluate(&plugin, &told(""), frames(&values)).await;
    let finding = run.result.unwrap();
    assert_eq!(finding.tables[0].rows.len(), 12);
    for row in &finding.tables[0].rows {
        let (Value::Number(host), Value::Number(own)) = (&row[1], &row[2]) else { panic!("{row:?}") };
        assert_eq!(host.to_bits(), own.to_bits(), "{row:?}");
    }
}

#[tokio::test]
async fn statistics_of_a_large_frame_fit_the_budget_once() {
    let engine = engine();
    let plugin = load(&engine, "benign");
    let values: Vec<f64> = (0..1_000_000).map(f64::from).collect();
    let frames = vec![("totals".to_owned(), Arc::new(frame(&values)))];
    let run = engine.evaluate(&plugin, &told(""), frames).await;
    // The first 65,536 values make a table that is too large: what counts is that reading them was paid for.
    assert_eq!(run.result.unwrap_err().code, "plugin-output");
    assert!(run.usage.fuel > 2_000_000, "two passes over a million values");
}
