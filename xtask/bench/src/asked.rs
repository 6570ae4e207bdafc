//! Plugins of an engine, asked and timed.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, anyhow};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use yardstick_domain::finding::Finding;
use yardstick_domain::question::Question;
use yardstick_engine::{Compiler, Config, Engine, Plugin, Run, Trust};

use crate::inputs::Frames;
use crate::samples::nanos;

/// Judgements in flight when threads are kept busy, and of one sample.
const IN_FLIGHT: usize = 16;
const BATCH: usize = 512;

/// Plugins, called in turn, with what they are asked.
pub(crate) struct Asked {
    engine: Engine,
    plugins: Vec<Arc<Plugin>>,
    question: Question,
    frames: Frames,
}

impl Asked {
    /// Loads these components into an engine of so many threads.
    pub(crate) fn new(
        threads: usize,
        components: &[Vec<u8>],
        trust: Trust,
        input: (Question, Frames),
    ) -> Result<Self> {
        let compiler = Compiler::InProcess;
        let engine = Engine::new(Config { threads, queue: 2 * IN_FLIGHT, cache: None, compiler })?;
        let load = |wasm: &Vec<u8>| engine.load(wasm, trust).map_err(|refusal| anyhow!("{refusal}"));
        let plugins = components.iter().map(load).collect::<Result<_>>()?;
        let (question, frames) = input;
        Ok(Self { engine, plugins, question, frames })
    }

    fn plugin(&self, call: usize) -> &Arc<Plugin> {
        &self.plugins[call % self.plugins.len()]
    }

    /// One judgement, by way of the engine's threads.
    pub(crate) fn evaluate(&self, runtime: &Runtime, call: usize) -> Run<Finding> {
        runtime.block_on(self.engine.evaluate(self.plugin(call), &self.question, self.frames.clone()))
    }

    /// Instances one after another on this thread, each from its start to its end.
    pub(crate) fn lives(&self, count: usize) -> Result<Vec<u64>> {
        timed(count, |call| {
            Ok(self.plugin(call).evaluate_here(&self.question, self.frames.clone()).result.map(drop)?)
        })
    }

    /// The same for `plan`, which computes next to nothing: what is left is the price of an instance.
    pub(crate) fn plans(&self, count: usize) -> Result<Vec<u64>> {
        timed(count, |call| Ok(self.plugin(call).plan_here(&self.question).result.map(drop)?))
    }

    /// What a caller waits for, one call after another: the life of the instance and two changes of threads.
    pub(crate) fn waits(&self, runtime: &Runtime, count: usize) -> Result<Vec<u64>> {
        timed(count, |call| Ok(self.evaluate(runtime, call).result.map(drop)?))
    }

    /// Time per judgement when the engine never runs out of work; each sample is a batch's mean.
    pub(crate) fn busy(&self, runtime: &Runtime, batches: usize) -> Result<Vec<u64>> {
        let batch = |_| {
            let start = Instant::now();
            runtime.block_on(async {
                let mut callers = JoinSet::new();
                for _ in 0..IN_FLIGHT {
                    let (engine, plugin) = (self.engine.clone(), Arc::clone(self.plugin(0)));
                    let (question, frames) = (self.question.clone(), self.frames.clone());
                    callers.spawn(async move {
                        for _ in 0..BATCH / IN_FLIGHT {
                            engine.evaluate(&plugin, &question, frames.clone()).await.result?;
                        }
                        anyhow::Ok(())
                    });
                }
                callers.join_all().await.into_iter().collect::<Result<()>>()
            })?;
            Ok(nanos(start.elapsed()) / BATCH as u64)
        };
        (0..batches).map(batch).collect()
    }
}

/// Durations of calls, each told its number.
pub(crate) fn timed(count: usize, call: impl Fn(usize) -> Result<()>) -> Result<Vec<u64>> {
    let time = |number| {
        let start = Instant::now();
        call(number)?;
        Ok(nanos(start.elapsed()))
    };
    (0..count).map(time).collect()
}
