//! Results as text for a terminal and as the part of docs/benchmarks.md that is measured.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::samples::{Summary, shown};

/// Everything after this line of the document is measured.
const MARK: &str = "<!-- What follows is written by `cargo xtask bench`. -->";

/// One of those that were compared.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) summary: Summary,
}

/// A figure to reach.
#[derive(Debug)]
pub(crate) struct Figure {
    pub(crate) what: &'static str,
    pub(crate) wanted: &'static str,
    /// `None`: not measured; the section's notes say why.
    pub(crate) measured: Option<String>,
    pub(crate) reached: bool,
}

impl Figure {
    fn mark(&self) -> &'static str {
        match (&self.measured, self.reached) {
            (None, _) => "not measured",
            (_, true) => "reached",
            (_, false) => "missed",
        }
    }
}

/// What belongs to one job.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) title: &'static str,
    /// What is done and what is timed.
    pub(crate) about: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) figures: Vec<Figure>,
    /// What else was seen: fuel, memory, what could not be measured and why.
    pub(crate) notes: Vec<String>,
}

impl Section {
    /// The median of a row, in nanoseconds; `None`: it was not measured.
    pub(crate) fn median(&self, what: &str) -> Option<f64> {
        self.rows.iter().find(|row| row.what == what).map(|row| row.summary.median)
    }
}

/// The results in Markdown: figures first, then a table per job.
pub(crate) fn markdown(machine: &[(&str, String)], sections: &[Section]) -> String {
    let mut text = String::from("\n## Machine\n\n| | |\n|---|---|\n");
    for (what, found) in machine {
        line(&mut text, &[what, found]);
    }
    text.push_str("\n## Figures to reach\n\n| figure | wanted | measured | |\n|---|---|---|---|\n");
    for figure in sections.iter().flat_map(|section| &section.figures) {
        let measured = figure.measured.as_deref().unwrap_or("–");
        line(&mut text, &[figure.what, figure.wanted, measured, figure.mark()]);
    }
    for section in sections {
        let Section { title, about, rows, notes, .. } = section;
        let _ = write!(text, "\n## {title}\n\n{about}\n\n");
        text.push_str("| | median | middle half | p99 | samples |\n|---|---:|---:|---:|---:|\n");
        for Row { what, summary } in rows {
            let middle = format!("{} – {}", shown(summary.p25), shown(summary.p75));
            let count = summary.count.to_string();
            line(&mut text, &[what, &shown(summary.median), &middle, &shown(summary.p99), &count]);
        }
        if !notes.is_empty() {
            text.push('\n');
        }
        for note in notes {
            let _ = writeln!(text, "- {note}");
        }
    }
    text
}

fn line(text: &mut String, cells: &[&str]) {
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}

/// Puts the results in their place in the document, whose head people write.
pub(crate) fn write(document: &Path, results: &str) -> Result<()> {
    let path = document.display();
    let text = std::fs::read_to_string(document).with_context(|| format!("cannot read {path}"))?;
    let (head, _) = text.split_once(MARK).with_context(|| format!("{path} has no line {MARK:?}"))?;
    std::fs::write(document, format!("{head}{MARK}\n{results}"))
        .with_context(|| format!("cannot write {path}"))
}
