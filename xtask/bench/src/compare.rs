//! Two variants compared from their totals: our judge beside a statistics package.

use std::cell::RefCell;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde_json::json;
use tokio::runtime::Runtime;
use yardstick_engine::Trust;

use crate::asked::Asked;
use crate::inputs::{self, Group};
use crate::peer::Peer;
use crate::report::{Figure, Section};
use crate::rounds::{self, Candidate};
use crate::{Places, Setting};

const OURS: &str = "**Yardstick, the judge `experiment` in a fresh instance**";
const AWAITED: &str = "Yardstick, from asking the engine to holding its answer";
const GBSTATS: &str = "gbstats, in a running Python";

/// Day 7 of the published gate test that examples/cookie-cats tells of.
const CONTROL: Group = (44_700.0, 8_502.0);
const TREATED: Group = (45_489.0, 8_279.0);

/// What gbstats answers.
#[derive(Debug, Deserialize)]
struct Answer {
    difference: f64,
    low: f64,
    high: f64,
    p: f64,
}

/// Measures everything.
pub(crate) fn measure(places: &Places, setting: &Setting, runtime: &Runtime) -> Result<Section> {
    let judge = inputs::read(&places.judges.join("experiment.wasm"))?;
    let asked = Asked::new(1, &[judge], Trust::BuiltIn, inputs::variants(CONTROL, TREATED)?)?;
    let mut notes = Vec::new();
    let gbstats = gbstats(places, &asked, runtime, &mut notes)?.map(RefCell::new);
    let scale = |count: usize| if setting.quick { count / 10 } else { count };
    let mut candidates = vec![
        Candidate::new(OURS, scale(500), |count| asked.lives(count)),
        Candidate::new(AWAITED, scale(500), |count| asked.waits(runtime, count)),
    ];
    if let Some(peer) = &gbstats {
        let take = |count: usize| peer.borrow_mut().ask(&format!("time {count}"));
        candidates.push(Candidate::new(GBSTATS, scale(100), take));
    }
    let rows = rounds::run(candidates, setting.rounds)?;
    let mut section = Section {
        title: "Two variants compared from their totals",
        about: ABOUT.to_owned(),
        rows,
        figures: Vec::new(),
        notes,
    };
    let ratio = section.median(OURS).zip(section.median(GBSTATS)).map(|(ours, theirs)| theirs / ours);
    section.figures.push(Figure {
        what: "two variants from totals, faster than gbstats",
        wanted: "≥ 5 ×",
        measured: ratio.map(|ratio| format!("{ratio:.1} ×")),
        reached: ratio.is_some_and(|ratio| ratio >= 5.0),
    });
    Ok(section)
}

const ABOUT: &str = "\
Two counts of units and hits in, the difference with its interval and p-value out. Ours also checks the sample \
ratio and the days, adjusts for several variants and writes the sentences of a finding. gbstats makes its \
statistics from the counts, runs its two-sided test and hands over four numbers; Python runs already.";

/// Starts gbstats and compares its difference with ours; none: it is not installed, and a note says why.
fn gbstats(
    places: &Places,
    asked: &Asked,
    runtime: &Runtime,
    notes: &mut Vec<String>,
) -> Result<Option<Peer>> {
    let (python, script) = match &places.gbstats {
        Ok(found) => found,
        Err(why) => {
            notes.push(format!("gbstats was left out: {why}"));
            return Ok(None);
        }
    };
    let task = json!({ "control": CONTROL, "treated": TREATED }).to_string();
    let mut peer = Peer::start(Command::new(python).arg(script), &task)?;
    let theirs: Answer = peer.ask("answer")?;
    let finding = asked.evaluate(runtime, 0).result?;
    let ours = finding.primary.context("the finding has a number")?;
    let (low, high) = ours.low.zip(ours.high).context("the finding has an interval")?;
    ensure!(
        (ours.value - theirs.difference).abs() < 1e-12,
        "Yardstick finds a difference of {}, gbstats {}",
        ours.value,
        theirs.difference
    );
    let p = ours.log10_p.map_or("none".to_owned(), |p| format!("10^{p:.4}"));
    notes.push(format!(
        "Both find {:.6}; Yardstick says [{low:.6}, {high:.6}] by Newcombe, p {p} by z; gbstats says \
         [{:.6}, {:.6}], p 10^{:.4} by t.",
        ours.value,
        theirs.low,
        theirs.high,
        libm::log10(theirs.p),
    ));
    notes.push(peer.ask("versions")?);
    Ok(Some(peer))
}
