//! The benchmark's job in Extism, driven over standard input: a line with the task, then lines with commands.
//!
//! `answer WAY` is answered by the answer as JSON, `time WAY COUNT` by as many durations in nanoseconds, a JSON
//! array. WAY is `fresh` or `warm`, a dash, and `bytes` or `json`. The plugin is compiled once; fresh means a
//! new `Plugin` from the compiled one for each call, dropped after it.

use std::error::Error;
use std::io::{self, BufRead, Write};
use std::time::Instant;

use extism::{CompiledPlugin, Plugin, PluginBuilder};
use yardstick_bench_job::{Answer, Task};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

struct Bench {
    compiled: CompiledPlugin,
    warm: Plugin,
    bytes: Vec<u8>,
    task: Task,
}

impl Bench {
    fn new(guest: Vec<u8>, task: Task) -> Result<Self> {
        let compiled = PluginBuilder::new(guest).with_wasi(false).with_cache_disabled().compile()?;
        let numbers = std::iter::once(&task.target).chain(&task.points);
        let bytes = numbers.flat_map(|number| number.to_le_bytes()).collect();
        Ok(Self { warm: Plugin::new_from_compiled(&compiled)?, compiled, bytes, task })
    }

    /// One call, what it brings over and back included.
    fn call(&mut self, way: &str) -> Result<Answer> {
        match way {
            "fresh-bytes" => by_bytes(&mut Plugin::new_from_compiled(&self.compiled)?, &self.bytes),
            "fresh-json" => by_json(&mut Plugin::new_from_compiled(&self.compiled)?, &self.task),
            "warm-bytes" => by_bytes(&mut self.warm, &self.bytes),
            "warm-json" => by_json(&mut self.warm, &self.task),
            other => Err(format!("there is no way {other:?}").into()),
        }
    }

    fn time(&mut self, way: &str, count: usize) -> Result<Vec<u64>> {
        let mut samples = Vec::with_capacity(count);
        for _ in 0..count {
            let start = Instant::now();
            self.call(way)?;
            samples.push(u64::try_from(start.elapsed().as_nanos())?);
        }
        Ok(samples)
    }
}

fn by_bytes(plugin: &mut Plugin, bytes: &[u8]) -> Result<Answer> {
    Ok(serde_json::from_slice(plugin.call::<_, &[u8]>("judge_bytes", bytes)?)?)
}

fn by_json(plugin: &mut Plugin, task: &Task) -> Result<Answer> {
    Ok(serde_json::from_slice(plugin.call::<_, &[u8]>("judge_json", serde_json::to_vec(task)?)?)?)
}

fn main() -> Result<()> {
    let guest = std::env::args_os().nth(1).ok_or("usage: bench-extism GUEST.wasm")?;
    let mut lines = io::stdin().lock().lines();
    let task = serde_json::from_str(&lines.next().ok_or("no task")??)?;
    let mut bench = Bench::new(std::fs::read(guest)?, task)?;
    let mut out = io::stdout().lock();
    for line in lines {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["answer", way] => serde_json::to_writer(&mut out, &bench.call(way)?)?,
            ["time", way, count] => serde_json::to_writer(&mut out, &bench.time(way, count.parse()?)?)?,
            _ => return Err(format!("there is no command {line:?}").into()),
        }
        writeln!(out)?;
        out.flush()?;
    }
    Ok(())
}
