//! Guests that mean harm, run after run on the same threads.

use std::sync::Arc;

use anyhow::{Result, anyhow, ensure};
use serde_json::json;
use tokio::runtime::Runtime;
use yardstick_domain::frame::{Column, Frame, Shape};
use yardstick_engine::{Compiler, Config, Engine, Trust};

use crate::inputs;
use crate::{Places, machine};

/// What each is told, and the code it must end with. Those that burn all their fuel take a hundred times as long and
/// hold nothing; they are left to the tests.
const GUESTS: [(&str, &str, &str); 6] = [
    ("recursion", "", "plugin-stack"),
    ("memory_bomb", "", "plugin-memory"),
    ("host_call_flood", "", "plugin-host-calls"),
    ("panics", "evaluate", "plugin-trap"),
    ("unreachable", "", "plugin-trap"),
    ("exits", "", "plugin-trap"),
];

/// Runs them in turn; gives how many runs there were, and by how many bytes the process grew in them.
pub(super) fn measure(places: &Places, runtime: &Runtime, runs: usize) -> Result<(usize, u64)> {
    let engine = Engine::new(Config { threads: 2, queue: 8, cache: None, compiler: Compiler::InProcess })?;
    let frame = Frame::new(Shape::Samples, vec![("value".to_owned(), Column::F64(vec![1.0]))], Vec::new())?;
    let frame = Arc::new(frame);
    let mut guests = Vec::new();
    for (name, told, code) in GUESTS {
        let wasm = inputs::read(&places.judges.join("test").join(format!("{name}.wasm")))?;
        let component = inputs::component(&wasm, &name.replace('_', "-"))?;
        let plugin =
            engine.load(&component, Trust::Uploaded).map_err(|refusal| anyhow!("{name}: {refusal}"))?;
        guests.push((plugin, inputs::question("gauge", "users", json!({ "do": told }))?, code));
    }
    let run = |index: usize| {
        let (plugin, question, code) = &guests[index % guests.len()];
        let frames = vec![("totals".to_owned(), Arc::clone(&frame))];
        match runtime.block_on(engine.evaluate(plugin, question, frames)).result {
            Err(failure) if failure.code == *code => Ok(()),
            other => Err(anyhow!("a hostile guest ended with {other:?}, expected {code}")),
        }
    };
    (0..runs / 10).try_for_each(run)?;
    let before = machine::resident("self")?;
    (0..runs).try_for_each(run)?;
    let after = machine::resident("self")?;
    ensure!(runs >= guests.len(), "{runs} runs do not reach every guest");
    Ok((runs, after.saturating_sub(before)))
}
