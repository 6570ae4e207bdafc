//! A team's own judge: from a new project to a thousand published ones, the past judged again, and guests that mean
//! harm.

mod hostile;
mod past;
pub(crate) mod project;
mod registry;

use anyhow::Result;
use tokio::runtime::Runtime;

use crate::report::{Figure, Section};
use crate::samples::shown;
use crate::{Places, Setting};

pub(super) const TEST: &str = "`yardstick plugin test`, when it was built before";
pub(super) const PUBLISH: &str = "publishing over HTTP, from sending to the answer";
pub(super) const LOAD: &str = "loading a judge whose compiled code is in the cache";
pub(super) const PAST: &str = "back-test over HTTP";

/// Measures everything.
pub(crate) fn measure(places: &Places, setting: &Setting, runtime: &Runtime) -> Result<Section> {
    let project = project::Project::new(&places.yardstick)?;
    let mut rows = vec![project.tests(if setting.quick { 3 } else { 20 })?];
    let component = project.component()?;
    let size = component.len() as u64;

    let published = if setting.quick { 50 } else { 1_000 };
    let registry = registry::measure(&places.yardstick, runtime, &component, published)?;
    let loads = registry::loads(&component, if setting.quick { 20 } else { 200 })?;
    let past = past::measure(&places.yardstick, runtime, &component, setting.quick)?;
    let (runs, grown) = hostile::measure(places, runtime, if setting.quick { 500 } else { 10_000 })?;
    rows.extend([registry.row, loads, past.row]);

    let mut section = Section {
        title: "Judges of teams",
        about: ABOUT.to_owned(),
        rows,
        figures: Vec::new(),
        notes: vec![
            format!(
                "The service holds {} after {published} judges were published, each loaded once; it keeps the 256 \
                 that were used last.",
                mebibytes(registry.memory)
            ),
            format!(
                "The back-test looked at {} verdicts and judged {} findings again.",
                past.verdicts, past.findings
            ),
            format!("{runs} hostile runs left the process {} larger.", kibibytes(grown)),
        ],
    };
    let below = |row: &str, most: f64| section.median(row).is_some_and(|nanos| nanos < most);
    let median = |row: &str| section.median(row).map(shown);
    let figures = vec![
        Figure {
            what: "a new project's judge in Rust",
            wanted: "≤ 150 KiB",
            measured: Some(kibibytes(size)),
            reached: size <= 150 << 10,
        },
        Figure {
            what: "`plugin test`, built before",
            wanted: "< 1 s",
            measured: median(TEST),
            reached: below(TEST, 1e9),
        },
        Figure {
            what: "a judge published and ready",
            wanted: "< 200 ms",
            measured: median(PUBLISH),
            reached: below(PUBLISH, 200e6),
        },
        Figure {
            what: "a judge loaded from the cache",
            wanted: "≤ 0.5 ms",
            measured: median(LOAD),
            reached: below(LOAD, 0.5e6),
        },
        Figure {
            what: "memory of the service with 1,000 judges",
            wanted: "≤ 300 MiB",
            measured: (published == 1_000).then(|| mebibytes(registry.memory)),
            reached: registry.memory <= 300 << 20,
        },
        Figure {
            what: "back-test of 200 verdicts × 5 criteria",
            wanted: "< 1 s",
            measured: (past.findings == 1_000).then(|| median(PAST)).flatten(),
            reached: below(PAST, 1e9),
        },
        Figure {
            what: "growth in 10,000 hostile runs",
            wanted: "< 1 MiB",
            measured: (runs == 10_000).then(|| kibibytes(grown)),
            reached: grown < 1 << 20,
        },
    ];
    section.figures = figures;
    Ok(section)
}

const ABOUT: &str = "\
A project is made by `yardstick plugin new`, built as it is, and tested by its own two cases. Its component is then \
published under many names to a service that starts empty: sent, checked, compiled in a child process, asked what \
it is, run on its cases, stored. Compiled code is loaded by an engine that runs: read, its seal checked, its imports \
linked, the judge asked once what it is. For the back-test a service is given releases with five criteria each, \
judged once by version 0.1.0; version 0.2.0 is then tried on all of them. Hostile guests run out of memory, stack \
and host calls, panic, trap and leave; memory is what the process holds after them, beyond what it held after a \
tenth as many.";

fn mebibytes(bytes: u64) -> String {
    format!("{:.0} MiB", bytes as f64 / f64::from(1 << 20))
}

fn kibibytes(bytes: u64) -> String {
    format!("{:.0} KiB", bytes as f64 / f64::from(1 << 10))
}
