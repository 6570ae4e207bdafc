//! A verdict as a terminal shows it: readable in ten seconds, without colours as well as with them.

use yardstick_client::chart::ChartPart;
use yardstick_client::document::VerdictDocument;

use crate::escape;
use crate::facts::Facts;
use crate::finding::FindingFacts;
use crate::layout::{Ink, Page, Piece, prose};
use crate::spark;

/// How to write for a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether outcome words and labels are coloured. The words are there either way.
    pub colour: bool,
    /// Cells of a line; only a single longer word exceeds it.
    pub width: usize,
}

impl Default for Style {
    /// 100 cells without colour.
    fn default() -> Self {
        Self { colour: false, width: 100 }
    }
}

const BLANKS: usize = 2;
/// Where the second line of the heading begins.
const BESIDE_OUTCOME: usize = 7;
/// Where ids of criteria and everything behind a label begin: after `guardrail`, the longest.
const BODY: usize = 13;
/// Cells up to which a column grows with its texts; a longer text shifts the rest of its own row only.
const WIDEST_ID: usize = 24;
const WIDEST_NUMBER: usize = 34;

/// The verdict as text, with a line of blocks for each chart and a final newline. Nothing that people or guests wrote can move the cursor, change
/// a colour or reorder what is read.
#[must_use]
pub fn verdict(document: &VerdictDocument, charts: &[ChartPart], style: Style) -> String {
    let facts = Facts::new(document);
    let mut page = Page::new(style.width, style.colour);
    heading(&mut page, &facts);
    if !document.findings.is_empty() {
        page.blank();
    }
    let columns = Columns::of(&facts);
    for finding in facts.findings() {
        let left_over = columns.row(&mut page, &finding);
        below(&mut page, &finding, &left_over);
        let own = charts.iter().filter(|chart| chart.criterion == finding.criterion());
        own.for_each(|chart| drawn(&mut page, chart));
    }
    page.blank();
    for (label, text) in [
        ("evidence", facts.evidence()),
        ("data", facts.data()),
        ("changed", facts.revises()),
        ("expected", facts.expected()),
        ("decided", facts.decided()),
        ("asked", facts.asked()),
        ("reviewed", facts.reviewed()),
        ("audit", facts.audited()),
        ("next", Some(facts.next())),
    ] {
        if let Some(text) = text {
            labelled(&mut page, label, Ink::Dim, &text);
        }
    }
    page.finish()
}

/// A text behind the start of its line, such as columns of its own, with a final newline. What does not fit
/// into `width` cells goes on under itself.
#[must_use]
pub fn hanging(start: &str, text: &str, width: usize) -> String {
    let mut page = Page::new(width, false);
    page.hanging(start, text);
    page.finish()
}

fn heading(page: &mut Page, facts: &Facts<'_>) {
    let document = facts.document;
    let outcome = facts.outcome();
    let mut pieces = vec![Piece::new(&outcome, Ink::of_outcome(&outcome))];
    pieces.extend(prose(&facts.reason(), Ink::Plain, 1));
    let name = format!("{} · {} · {}", document.release.name, document.release.level, facts.standing());
    pieces.extend(prose(&name, Ink::Plain, 3));
    page.line(0, BESIDE_OUTCOME, pieces);
    page.line(BESIDE_OUTCOME, BESIDE_OUTCOME, prose(&facts.background(), Ink::Plain, 1));
    if let Some(why) = facts.why() {
        page.line(BESIDE_OUTCOME, BESIDE_OUTCOME, prose(&why, Ink::Plain, 1));
    }
}

/// The lines under a finding's row.
fn below(page: &mut Page, finding: &FindingFacts<'_>, left_over: &[String]) {
    for text in [finding.why(), finding.evidence(left_over)].into_iter().flatten() {
        page.line(BODY, BODY, prose(&text, Ink::Plain, 1));
    }
    for warning in finding.warnings() {
        labelled(page, "warning", Ink::Middling, warning);
    }
}

/// A chart in a line: the days in blocks, then what they are. Where there is no room for both, the words alone
/// would say nothing.
fn drawn(page: &mut Page, chart: &ChartPart) {
    for line in spark::lines(chart) {
        let cells = Piece::drawn(line.cells, Ink::Plain);
        let label = Piece::new("chart", Ink::Dim);
        let gap = (BODY - BLANKS).saturating_sub(label.width()).max(BLANKS);
        if BODY + cells.width() > page.width() {
            continue;
        }
        let pieces = [label, cells.after(gap)].into_iter().chain(prose(&line.words, Ink::Dim, BLANKS));
        page.line(BLANKS, BODY, pieces);
    }
}

fn labelled(page: &mut Page, label: &str, ink: Ink, text: &str) {
    let label = Piece::new(label, ink);
    let gap = (BODY - BLANKS).saturating_sub(label.width()).max(BLANKS);
    page.line(BLANKS, BODY, std::iter::once(label).chain(prose(text, Ink::Plain, gap)));
}

/// Cells that the columns of the findings take.
struct Columns {
    id: usize,
    outcome: usize,
    observed: usize,
    target: usize,
}

impl Columns {
    fn of(facts: &Facts<'_>) -> Self {
        let findings = || facts.findings();
        Self {
            id: widest(WIDEST_ID, findings().map(|finding| finding.criterion().to_owned())),
            outcome: widest(WIDEST_ID, findings().map(|finding| finding.outcome())),
            observed: widest(WIDEST_NUMBER, findings().filter_map(|finding| finding.observed())),
            target: widest(WIDEST_NUMBER, findings().filter_map(|finding| finding.target())),
        }
    }

    /// Writes the row of a finding and returns what there was no room for.
    fn row(&self, page: &mut Page, finding: &FindingFacts<'_>) -> Vec<String> {
        let outcome = finding.outcome();
        let mut row = Cells { pieces: Vec::new(), gap: 0 };
        row.cell(finding.role(), Ink::Plain, BODY - BLANKS - BLANKS);
        row.cell(finding.criterion(), Ink::Plain, self.id);
        row.cell(&outcome, Ink::of_outcome(&outcome), self.outcome);
        if let Some(text) = finding.instead() {
            row.pieces.extend(prose(&text, Ink::Plain, row.gap));
            let behind_outcome = BODY + self.id + BLANKS + self.outcome + BLANKS;
            let hang = if behind_outcome > page.width() / 2 { BODY } else { behind_outcome };
            page.line(BLANKS, hang, row.pieces);
            return Vec::new();
        }
        row.cell(&finding.observed().unwrap_or_default(), Ink::Plain, self.observed);
        row.cell(&finding.target().unwrap_or_default(), Ink::Plain, self.target);
        let further = [finding.p(), finding.n(), finding.comparison().map(str::to_owned)];
        let mut further = further.into_iter().flatten().peekable();
        while let Some(text) = further.next_if(|text| row.has_room(text, page.width())) {
            row.cell(&text, Ink::Plain, 0);
        }
        page.line(BLANKS, BODY, row.pieces);
        further.collect()
    }
}

/// Cells of the widest of these texts that is not wider than `most`.
fn widest(most: usize, texts: impl Iterator<Item = String>) -> usize {
    let widths = texts.map(|text| Piece::new(&text, Ink::Plain).width());
    widths.filter(|width| *width <= most).max().unwrap_or(0)
}

/// Pieces of a row, each as far from the one before as its column asks.
struct Cells {
    pieces: Vec<Piece>,
    gap: usize,
}

impl Cells {
    /// Whether the text fits on the row's first line.
    fn has_room(&self, text: &str, width: usize) -> bool {
        let used: usize = self.pieces.iter().map(Piece::span).sum();
        BLANKS + used + self.gap + Piece::new(text, Ink::Plain).width() <= width
    }

    /// A text that takes at least `column` cells; an empty one leaves them blank.
    fn cell(&mut self, text: &str, ink: Ink, column: usize) {
        let piece = Piece::new(text, ink);
        if piece.is_empty() && column == 0 {
            return;
        }
        let blank = column.saturating_sub(piece.width()) + BLANKS;
        if piece.is_empty() {
            self.gap += blank;
        } else {
            self.pieces.push(piece.after(self.gap));
            self.gap = blank;
        }
    }
}

/// A text of several lines with everything in it that could steer a terminal made visible.
#[must_use]
pub fn escaped(text: &str) -> String {
    escape::lines(text)
}
