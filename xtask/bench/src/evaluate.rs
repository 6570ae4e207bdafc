//! One judgement over a thousand points: a fresh instance of ours beside everything one could do instead.

use std::cell::RefCell;
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use yardstick_bench_job::{Answer, Task, judge};
use yardstick_domain::finding::Finding;
use yardstick_domain::question::Question;
use yardstick_engine::{Compiler, Config, Engine, Plugin, Run, Trust};

use crate::inputs::{self, Frames};
use crate::peer::Peer;
use crate::report::{Figure, Section};
use crate::rounds::{self, Candidate};
use crate::samples::{nanos, shown};
use crate::{Places, Setting};

const NATIVE: &str = "the function, called natively";
const FRESH: &str = "**Yardstick, a fresh instance**";
const PLAN: &str = "Yardstick, a fresh instance that is only asked for its `plan`";
const TURNS: &str = "Yardstick, a fresh instance of ten judges in turn";
const AWAITED: &str = "Yardstick, from asking the engine to holding its answer";
const THRESHOLD: &str = "Yardstick, the judge `threshold` on two frames of 1,000 days";
const ONE: &str = "Yardstick, time per judgement, one thread kept busy";
const TWO: &str = "Yardstick, time per judgement, two threads kept busy";
const EXTISM_FRESH: &str = "Extism, a fresh plugin, numbers as bytes";
const EXTISM_FRESH_JSON: &str = "Extism, a fresh plugin, JSON";
const EXTISM_WARM: &str = "Extism, a warm plugin, numbers as bytes";
const EXTISM_WARM_JSON: &str = "Extism, a warm plugin, JSON";
const PROCESS: &str = "a process per judgement, JSON";

/// Judges that take turns.
const JUDGES: usize = 10;
/// Judgements in flight when threads are kept busy, and of one sample.
const IN_FLIGHT: usize = 16;
const BATCH: usize = 512;

/// Plugins, called in turn, with what they are asked.
struct Asked {
    engine: Engine,
    plugins: Vec<Arc<Plugin>>,
    question: Question,
    frames: Frames,
}

impl Asked {
    fn new(threads: usize, components: &[Vec<u8>], trust: Trust, input: (Question, Frames)) -> Result<Self> {
        let compiler = Compiler::InProcess;
        let engine = Engine::new(Config { threads, queue: 2 * IN_FLIGHT, cache: None, compiler })?;
        let load = |wasm: &Vec<u8>| engine.load(wasm, trust).map_err(|refusal| anyhow::anyhow!("{refusal}"));
        let plugins = components.iter().map(load).collect::<Result<_>>()?;
        let (question, frames) = input;
        Ok(Self { engine, plugins, question, frames })
    }

    fn plugin(&self, call: usize) -> &Arc<Plugin> {
        &self.plugins[call % self.plugins.len()]
    }

    fn evaluate(&self, runtime: &Runtime, call: usize) -> Run<Finding> {
        runtime.block_on(self.engine.evaluate(self.plugin(call), &self.question, self.frames.clone()))
    }

    /// Lives of instances, from their start to their end.
    fn lives(&self, runtime: &Runtime, count: usize) -> Result<Vec<u64>> {
        let life = |call| {
            let run = self.evaluate(runtime, call);
            run.result?;
            Ok(nanos(run.usage.wall))
        };
        (0..count).map(life).collect()
    }

    /// The same for `plan`, which computes next to nothing: what is left is the price of an instance.
    fn plans(&self, runtime: &Runtime, count: usize) -> Result<Vec<u64>> {
        let life = |call| {
            let run = runtime.block_on(self.engine.plan(self.plugin(call), &self.question));
            run.result?;
            Ok(nanos(run.usage.wall))
        };
        (0..count).map(life).collect()
    }

    /// What a caller waits for, one call after another: the life of the instance and two changes of threads.
    fn waits(&self, runtime: &Runtime, count: usize) -> Result<Vec<u64>> {
        let wait = |call| {
            let start = Instant::now();
            self.evaluate(runtime, call).result?;
            Ok(nanos(start.elapsed()))
        };
        (0..count).map(wait).collect()
    }

    /// Time per judgement when the engine never runs out of work; each sample is a batch's mean.
    fn busy(&self, runtime: &Runtime, batches: usize) -> Result<Vec<u64>> {
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

/// Measures everything.
pub(crate) fn measure(places: &Places, setting: &Setting, runtime: &Runtime) -> Result<Section> {
    let task = inputs::task();
    let expected = judge(task.target, &task.points).context("the job has an answer")?;
    let judges = inputs::components(&inputs::read(&places.judge)?, JUDGES)?;
    let ours = |threads, judges| Asked::new(threads, judges, Trust::Uploaded, inputs::points(&task)?);
    let (one, two, ten) = (ours(1, &judges[..1])?, ours(2, &judges[..1])?, ours(1, &judges)?);
    let threshold = inputs::read(&places.judges.join("threshold.wasm"))?;
    let threshold = Asked::new(1, &[threshold], Trust::BuiltIn, inputs::days(&task)?)?;
    let mut notes = vec![same_answer(&one, runtime, &expected)?];

    let json = serde_json::to_string(&task)?;
    let scale = |count: usize| if setting.quick { count / 10 } else { count };
    let extism = extism(places, &json, &expected, &mut notes)?.map(RefCell::new);
    let mut candidates = vec![
        Candidate::new(NATIVE, scale(2_000), |count| Ok(natively(&task, count))),
        Candidate::new(FRESH, scale(2_000), |count| one.lives(runtime, count)),
        Candidate::new(PLAN, scale(1_000), |count| one.plans(runtime, count)),
        Candidate::new(TURNS, scale(1_000), |count| ten.lives(runtime, count)),
        Candidate::new(AWAITED, scale(1_000), |count| one.waits(runtime, count)),
        Candidate::new(THRESHOLD, scale(500), |count| threshold.lives(runtime, count)),
        Candidate::new(ONE, scale(20), |count| one.busy(runtime, count)),
        Candidate::new(TWO, scale(20), |count| two.busy(runtime, count)),
        Candidate::new(PROCESS, scale(20), |count| processes(&places.subprocess, &json, count)),
    ];
    if let Some(peer) = &extism {
        for (what, way, each) in [
            (EXTISM_FRESH, "fresh-bytes", 300),
            (EXTISM_FRESH_JSON, "fresh-json", 200),
            (EXTISM_WARM, "warm-bytes", 1_000),
            (EXTISM_WARM_JSON, "warm-json", 300),
        ] {
            let take = move |count: usize| peer.borrow_mut().ask(&format!("time {way} {count}"));
            candidates.push(Candidate::new(what, scale(each), take));
        }
    }
    let rows = rounds::run(candidates, setting.rounds)?;
    let mut section = Section {
        title: "A judgement over 1,000 points",
        about: ABOUT.to_owned(),
        rows,
        figures: Vec::new(),
        notes,
    };
    let figures = figures(&section);
    section.notes.extend(split(&section));
    section.figures = figures;
    Ok(section)
}

const ABOUT: &str = "\
The same function in every row ([its source](../xtask/bench/job/src/lib.rs)): 1,000 numbers in; mean, variance, \
normal interval and a sentence out; all peers' answers were compared before they were timed. Ours is a judge on \
our SDK with every limit on (fuel, deadline, memory, handles, host calls, answer) and canonical NaN; its numbers \
come as a frame, its answer is a finding that was checked completely. A fresh instance is timed from before its \
store is made until after it is dropped. Extism runs as it comes, compiled once, without WASI, fuel or timeout; \
a fresh plugin is made from the compiled one and dropped. The process is started, given JSON and waited for.";

fn figures(section: &Section) -> Vec<Figure> {
    let fresh = section.median(FRESH);
    let extism = fresh.zip(section.median(EXTISM_FRESH)).map(|(ours, theirs)| theirs / ours);
    let threads = section.median(ONE).zip(section.median(TWO)).map(|(one, two)| one / two);
    let times = |ratio: f64| format!("{ratio:.2} ×");
    vec![
        Figure {
            what: "fresh instance, 1,000 points",
            wanted: "≤ 20 µs",
            measured: fresh.map(shown),
            reached: fresh.is_some_and(|nanos| nanos <= 20_000.0),
        },
        Figure {
            what: "… faster than a fresh Extism plugin",
            wanted: "≥ 8 ×",
            measured: extism.map(times),
            reached: extism.is_some_and(|ratio| ratio >= 8.0),
        },
        Figure {
            what: "… judgements a second, two threads to one",
            wanted: "> 1 ×",
            measured: threads.map(times),
            reached: threads.is_some_and(|ratio| ratio > 1.0),
        },
    ]
}

/// Where the time of a fresh instance goes, as far as rows of the same run tell.
fn split(section: &Section) -> Option<String> {
    let (fresh, plan) = (section.median(FRESH)?, section.median(PLAN)?);
    let (native, awaited) = (section.median(NATIVE)?, section.median(AWAITED)?);
    Some(format!(
        "Where the time goes: {} to make, enter and drop an instance (as `plan` shows), {} to bring the points \
         in, judge them and take the answer out ({} natively); a caller that asks for one judgement at a time \
         waits {} more for two changes of threads.",
        shown(plan),
        shown((fresh - plan).max(0.0)),
        shown(native),
        shown((awaited - fresh).max(0.0)),
    ))
}

fn natively(task: &Task, count: usize) -> Vec<u64> {
    let call = |_| {
        let start = Instant::now();
        black_box(judge(black_box(task.target), black_box(&task.points)));
        nanos(start.elapsed())
    };
    (0..count).map(call).collect()
}

/// Asks once and compares with the native answer.
fn same_answer(asked: &Asked, runtime: &Runtime, expected: &Answer) -> Result<String> {
    let run = asked.evaluate(runtime, 0);
    let finding = run.result?;
    let primary = finding.primary.context("the finding has a number")?;
    let found = (finding.headline.as_str(), primary.value, primary.low, primary.high);
    let wanted = (expected.headline.as_str(), expected.mean, Some(expected.low), Some(expected.high));
    ensure!(found == wanted, "Yardstick answers {found:?}, natively it is {wanted:?}");
    let usage = run.usage;
    Ok(format!(
        "A judgement uses {} of {} units of fuel, {} KiB of memory and {} host calls.",
        usage.fuel,
        usage.fuel_limit,
        usage.memory_peak >> 10,
        usage.host_calls
    ))
}

/// Starts Extism and compares its answers; none: it was not built, and a note says why.
fn extism(places: &Places, task: &str, expected: &Answer, notes: &mut Vec<String>) -> Result<Option<Peer>> {
    let (host, guest) = match &places.extism {
        Ok(found) => found,
        Err(why) => {
            notes.push(format!("Extism was left out: {why}"));
            return Ok(None);
        }
    };
    let mut peer = Peer::start(Command::new(host).arg(guest), task)?;
    for way in ["fresh-bytes", "fresh-json", "warm-bytes", "warm-json"] {
        let answer: Answer = peer.ask(&format!("answer {way}"))?;
        ensure!(answer == *expected, "Extism ({way}) answers {answer:?}, natively it is {expected:?}");
    }
    Ok(Some(peer))
}

fn processes(program: &Path, task: &str, count: usize) -> Result<Vec<u64>> {
    let process = |_| {
        let start = Instant::now();
        let mut child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        child.stdin.take().context("a process has an input")?.write_all(task.as_bytes())?;
        let output = child.wait_with_output()?;
        let answer: Answer = serde_json::from_slice(&output.stdout)?;
        let elapsed = nanos(start.elapsed());
        black_box(answer);
        Ok(elapsed)
    };
    (0..count).map(process).collect()
}
