//! One judgement over a thousand points: a fresh instance of ours beside everything one could do instead.

use std::cell::RefCell;
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use tokio::runtime::Runtime;
use yardstick_bench_job::{Answer, Task, judge};
use yardstick_engine::Trust;

use crate::asked::{Asked, timed};
use crate::inputs;
use crate::peer::Peer;
use crate::report::{Figure, Section};
use crate::rounds::{self, Candidate};
use crate::samples::shown;
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
        Candidate::new(NATIVE, scale(2_000), |count| {
            timed(count, |_| {
                natively(&task);
                Ok(())
            })
        }),
        Candidate::new(FRESH, scale(2_000), |count| one.lives(count)),
        Candidate::new(PLAN, scale(1_000), |count| one.plans(count)),
        Candidate::new(TURNS, scale(1_000), |count| ten.lives(count)),
        Candidate::new(AWAITED, scale(1_000), |count| one.waits(runtime, count)),
        Candidate::new(THRESHOLD, scale(500), |count| threshold.lives(count)),
        Candidate::new(ONE, scale(20), |count| one.busy(runtime, count)),
        Candidate::new(TWO, scale(20), |count| two.busy(runtime, count)),
        Candidate::new(PROCESS, scale(20), |count| timed(count, |_| process(&places.subprocess, &json))),
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
z, a sentence and an interval out. All peers' answers were compared before they were timed. Ours is a judge on \
our SDK with every limit on (fuel, deadline, memory, handles, host calls, answer) and canonical NaN; its numbers \
come as a frame, its answer is a finding that was checked completely. Fresh instances are called one after \
another on one thread, each timed from before its store is made until after it is dropped. Extism does the same \
as it comes, compiled once, without WASI, fuel or timeout: a fresh plugin is made from the compiled one, called \
and dropped. Threads kept busy take their work from the engine's queue; each sample is the mean of 512 \
judgements. The process is started, given JSON and waited for.";

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

fn natively(task: &Task) {
    black_box(judge(black_box(task.target), black_box(&task.points)));
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

fn process(program: &Path, task: &str) -> Result<()> {
    let mut child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    child.stdin.take().context("a process has an input")?.write_all(task.as_bytes())?;
    let output = child.wait_with_output()?;
    black_box(serde_json::from_slice::<Answer>(&output.stdout)?);
    Ok(())
}
