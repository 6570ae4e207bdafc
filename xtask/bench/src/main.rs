//! Measures what Yardstick promises to be fast at, beside peers, in one run. `cargo xtask bench` builds it,
//! builds the peers, and runs it; its one argument names a file that says where everything is.
#![expect(clippy::print_stderr, clippy::print_stdout, reason = "a terminal program")]
#![expect(clippy::disallowed_methods, reason = "its business is to measure time")]

mod asked;
mod compare;
mod evaluate;
mod import;
mod inputs;
mod machine;
mod peer;
mod platform;
mod portfolio;
mod ready;
mod report;
mod rounds;
mod samples;
mod scale;
mod service;
mod watched;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use jiff::Zoned;
use serde::Deserialize;
use tokio::runtime::{Builder, Runtime};

use report::Section;

/// Two files that make a peer, or why it was left out.
type Peer = std::result::Result<(PathBuf, PathBuf), String>;

/// Where everything is that `cargo xtask bench` built, and what to do.
#[derive(Debug, Deserialize)]
pub(crate) struct Places {
    /// Measurements to take; empty: all of them, and the document is written.
    names: Vec<String>,
    quick: bool,
    /// `rustc --version`.
    rustc: String,
    /// `docs/benchmarks.md`.
    document: PathBuf,
    /// The bench's own judge, without a manifest.
    judge: PathBuf,
    /// The folder of the built-in judges.
    judges: PathBuf,
    /// The binary that ships.
    yardstick: PathBuf,
    /// The job as a program.
    subprocess: PathBuf,
    /// Extism's host and guest, or why there is none.
    extism: Peer,
    /// The interpreter and the script that runs gbstats, or why there is none.
    gbstats: Peer,
}

/// How much is measured.
#[derive(Debug)]
pub(crate) struct Setting {
    quick: bool,
    rounds: usize,
}

/// A measurement: its name on the command line, and the function that takes it.
struct Measurement {
    name: &'static str,
    run: fn(&Places, &Setting, &Runtime) -> Result<Section>,
}

/// All measurements. A new one is one line here and one file beside this one.
const MEASUREMENTS: &[Measurement] = &[
    Measurement { name: "evaluate", run: evaluate::measure },
    Measurement { name: "compare", run: compare::measure },
    Measurement { name: "ready", run: ready::measure },
    Measurement { name: "import", run: import::measure },
    Measurement { name: "platform", run: platform::measure },
    Measurement { name: "scale", run: scale::measure },
    Measurement { name: "portfolio", run: portfolio::measure },
];

fn main() -> Result<()> {
    let start = Instant::now();
    let places = std::env::args_os().nth(1).context("run it by `cargo xtask bench`")?;
    let places: Places = serde_json::from_slice(&inputs::read(places.as_ref())?)?;
    let known: Vec<&str> = MEASUREMENTS.iter().map(|measurement| measurement.name).collect();
    for name in &places.names {
        ensure!(known.contains(&name.as_str()), "there is no {name:?}; there are {}", known.join(", "));
    }
    let setting = Setting { quick: places.quick, rounds: if places.quick { 3 } else { 20 } };
    let machine = machine::describe(&places.rustc, &Zoned::now().date().to_string());
    let runtime = Builder::new_current_thread().enable_all().build()?;

    let mut sections = Vec::new();
    for Measurement { name, run } in MEASUREMENTS {
        if places.names.is_empty() || places.names.iter().any(|wanted| wanted == name) {
            eprintln!("{:>4} s  measuring {name}", start.elapsed().as_secs());
            sections.push(run(&places, &setting, &runtime).with_context(|| format!("measuring {name}"))?);
        }
    }
    let results = report::markdown(&machine, &sections);
    println!("{results}");
    let is_full = places.names.is_empty() && !places.quick;
    if is_full {
        report::write(&places.document, &results)?;
        eprintln!("written to {}", places.document.display());
    }
    eprintln!("{:>4} s", start.elapsed().as_secs());
    Ok(())
}
