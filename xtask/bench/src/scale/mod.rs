//! A company of ten thousand releases: all of them judged again, and a service that has judged very often.

mod rejudge;
mod soak;
mod world;

use anyhow::{Context as _, Result};
use tokio::runtime::Runtime;
use yardstick_stats::format::count;
use yardstick_tests::postgres::postgres;

use crate::report::{Figure, Row, Section};
use crate::samples::{Summary, nanos, shown};
use crate::{Places, Setting};

use rejudge::{Again, Database};
use soak::Held;
use world::World;

/// The databases, as the tables call them.
const SQLITE: &str = "SQLite";
const POSTGRES: &str = "PostgreSQL";
/// Releases of the figure.
const ALL: usize = 10_000;

/// Measures both databases, then memory.
pub(crate) fn measure(places: &Places, setting: &Setting, runtime: &Runtime) -> Result<Section> {
    let world = World::new(setting.quick)?;
    let mut section = Section {
        title: "Ten thousand releases",
        about: ABOUT.to_owned(),
        rows: Vec::new(),
        figures: Vec::new(),
        notes: Vec::new(),
    };
    for name in [SQLITE, POSTGRES] {
        let url = match (name, postgres()) {
            (SQLITE, _) => None,
            (_, Some(server)) => Some(server.database()),
            (_, None) => {
                section.notes.push("PostgreSQL was left out: no server is installed.".to_owned());
                section.figures.extend(again_figures(name, &[]));
                continue;
            }
        };
        let runs = judged_again(places, runtime, world, url).with_context(|| name.to_owned())?;
        for run in &runs {
            let each = nanos(run.took.elapsed) / run.releases as u64;
            let what =
                format!("{name}, {} releases judged again, time per release", count(run.releases as u64));
            let summary = Summary::of(&[each]).context("it was taken")?;
            section.rows.push(Row { what, summary });
        }
        section.notes.extend(note(name, world, &runs));
        section.figures.extend(again_figures(name, &runs));
    }
    let held = soak::measure(&places.yardstick, runtime, if setting.quick { 100 } else { 20_000 })?;
    section.notes.push(format!(
        "The service held {} when it had started with the 50 judges in its cache, {} when it had loaded them all, {} \
         after a tenth of {} judgements, and {} after all of them.",
        mebibytes(held.started),
        mebibytes(held.loaded),
        mebibytes(held.early),
        count(held.judgements as u64),
        mebibytes(held.late)
    ));
    section.figures.extend(memory_figures(&held, setting.quick));
    Ok(section)
}

const ABOUT: &str = "\
2,000 metrics with five values a day for a year, 3.65 million points, and 10,000 releases of three levels against a \
target and two comparisons with the weeks before, each over another metric; every metric is named by 25 releases, no \
two releases name the same five. A service takes all that in over HTTP; each release is judged once, which is not \
timed. Then late values of one day arrive for all metrics of a quarter of the releases, of half of them, of all of \
them, and `yardstick work --once` works off what comes of it until nothing is due, its start and the audit's chain \
included: it finds the releases that each metric concerns, and judges each of them anew, ten queries, five findings, a \
new revision with its frames. The rows are one run each, divided by its releases. PostgreSQL runs on the same machine, \
without flushing to the disk; SQLite flushes. For the memory a service starts with 50 judges of a team in its cache, \
all a new project's judge under other names, is asked for verdicts of releases that use all of them until it \
has loaded each, and then goes on: over HTTP, one verdict of five judgements after another.";

/// A quarter of the releases judged again, half of them, all of them.
fn judged_again(places: &Places, runtime: &Runtime, world: World, url: Option<String>) -> Result<Vec<Again>> {
    let mut database = Database::new(&places.yardstick, runtime, world, url)?;
    let parts = [world.releases / 4, world.releases / 2, world.releases];
    parts.into_iter().zip(0..).map(|(releases, round)| database.again(releases, round)).collect()
}

fn note(name: &str, world: World, runs: &[Again]) -> Option<String> {
    let all = runs.last()?;
    Some(format!(
        "{name}: {} releases over {} points were judged again in {}; the process that did it had at most {}.",
        count(all.releases as u64),
        count(world.points() as u64),
        shown(nanos(all.took.elapsed) as f64),
        mebibytes(all.took.peak << 10)
    ))
}

fn again_figures(name: &str, runs: &[Again]) -> Vec<Figure> {
    let (whole, linear) = match name {
        SQLITE => (
            "10,000 releases × 5 criteria judged again, SQLite",
            "… time per release to that of 2,500, SQLite",
        ),
        _ => (
            "10,000 releases × 5 criteria judged again, PostgreSQL",
            "… time per release to that of 2,500, PostgreSQL",
        ),
    };
    let all = runs.last().filter(|all| all.releases == ALL);
    let taken = all.map(|all| nanos(all.took.elapsed) as f64);
    let each = |run: &Again| nanos(run.took.elapsed) as f64 / run.releases as f64;
    let ratio = all.zip(runs.first()).map(|(all, first)| each(all) / each(first));
    vec![
        Figure {
            what: whole,
            wanted: "≤ 60 s",
            measured: taken.map(shown),
            reached: taken.is_some_and(|nanos| nanos <= 60e9),
        },
        Figure {
            what: linear,
            wanted: "≤ 1.25 ×",
            measured: ratio.map(|ratio| format!("{ratio:.2} ×")),
            reached: ratio.is_some_and(|ratio| ratio <= 1.25),
        },
    ]
}

fn memory_figures(held: &Held, quick: bool) -> Vec<Figure> {
    let grown = held.late.saturating_sub(held.early);
    vec![
        Figure {
            what: "`serve` at rest with 50 judges cached, all of them loaded",
            wanted: "≤ 150 MiB",
            measured: Some(mebibytes(held.loaded)),
            reached: held.started.max(held.loaded) <= 150 << 20,
        },
        Figure {
            what: "growth from 10,000 to 100,000 judgements",
            wanted: "< 16 MiB",
            measured: (!quick).then(|| format!("{} KiB", grown >> 10)),
            reached: grown < 16 << 20,
        },
    ]
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.0} MiB", bytes as f64 / f64::from(1 << 20))
}
