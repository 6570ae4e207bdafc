//! Formats that values are imported from, one file each, read a row at a time in bounded memory.

mod cells;
mod csv;
mod gzip;
mod lines;
mod ndjson;
mod plan;

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use yardstick_domain::metric::{ImportColumns, Metric};
use yardstick_domain::point::Point;

pub use gzip::{MOST_UNFOLDING, Unpacked};
pub use lines::LONGEST_LINE;

use cells::Cells;
use lines::Lines;
use plan::Plan;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Comma-separated values with a header.
    Csv,
    /// A JSON object a line.
    Ndjson,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Csv, Self::Ndjson];

    /// The word in requests.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }

    /// The format a file's name tells: `.csv`, `.ndjson` or `.jsonl`, in any case, also with `.gz` behind it.
    /// `None`: it tells none.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let (_, ending) = name.strip_suffix(".gz").unwrap_or(&name).rsplit_once('.')?;
        match ending {
            "csv" => Some(Self::Csv),
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            _ => None,
        }
    }
}

/// Whether a file's name says that it is gzipped.
#[must_use]
pub fn named_gzip(name: &str) -> bool {
    name.get(name.len().saturating_sub(3)..).is_some_and(|ending| ending.eq_ignore_ascii_case(".gz"))
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|format| format.as_str() == text);
        known.ok_or_else(|| format!("{text:?} is no format; expected csv or ndjson"))
    }
}

/// How a file's columns are read, from the metric's `import` block and whatever the caller names instead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// Names of columns.
    pub columns: ImportColumns,
    /// Only rows in which these columns hold these texts: a long file holds several metrics.
    pub only: BTreeMap<String, String>,
    /// A dimension whose values are columns of their own: a wide file.
    pub wide: Option<String>,
}

/// A row that cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RowProblem {
    /// Line in the file, from 1.
    pub line: u64,
    /// The column; empty for the whole row.
    pub column: String,
    /// What was found, what was expected.
    pub message: String,
}

impl RowProblem {
    /// A problem of the file rather than of a row; it is said of line 1.
    fn of_the_file(message: String) -> Self {
        Self { line: 1, column: String::new(), message }
    }
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.column.is_empty() {
            write!(f, "line {}: {}", self.line, self.message)
        } else {
            write!(f, "line {}, {}: {}", self.line, self.column, self.message)
        }
    }
}

/// A field or name as it is quoted in a message: cut short.
fn shown(text: &str) -> String {
    shown_to(text, 60)
}

/// A text in at most so many characters, and a sign that there are more.
fn shown_to(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// A file being read, row by row.
pub struct Rows<'a, R> {
    lines: Lines<R>,
    cells: Cells<'a>,
    plan: Plan,
    syntax: Syntax,
    /// What is wrong with the whole file was said.
    ended: bool,
    /// A row could not be imported.
    refused: bool,
    /// Still to be said.
    last: Vec<RowProblem>,
}

enum Syntax {
    Csv(Box<csv::Csv>),
    Ndjson(ndjson::Ndjson),
}

impl<'a, R: Read> Rows<'a, R> {
    /// Starts to read a file; `now` is when it is imported, because no value can be of a later day.
    ///
    /// # Errors
    /// When the mapping does not fit the metric, or the header is missing or lacks columns: all of it at once,
    /// each with the nearest known name.
    pub fn open(
        format: Format,
        file: R,
        metric: &'a Metric,
        zone: &'a TimeZone,
        mapping: &Mapping,
        now: Timestamp,
    ) -> Result<Self, Vec<RowProblem>> {
        let mut lines = Lines::new(file);
        let (plan, mut problems) = Plan::new(metric, mapping);
        let opened = match format {
            Format::Csv => csv::Csv::open(&mut lines, &plan).map(|csv| Syntax::Csv(Box::new(csv))),
            Format::Ndjson => Ok(Syntax::Ndjson(ndjson::Ndjson::new(&plan))),
        };
        match opened {
            Ok(syntax) if problems.is_empty() => {
                let cells = Cells::new(metric, zone, now);
                Ok(Self { lines, cells, plan, syntax, ended: false, refused: false, last: Vec::new() })
            }
            Ok(_) => Err(problems),
            Err(mut missing) => {
                missing.append(&mut problems);
                Err(missing)
            }
        }
    }

    /// The points of the next row (none when it is empty or of another metric), or `None` at the end.
    ///
    /// # Errors
    /// When the row cannot be imported. Reading can go on with the next one.
    pub fn next_row(&mut self) -> Option<Result<Vec<Point>, RowProblem>> {
        let row = match self.lines.advance() {
            Ok(Some(range)) => {
                let Self { lines, cells, plan, syntax, .. } = self;
                lines.text(range).map_err(|message| (String::new(), message)).and_then(|line| match syntax {
                    Syntax::Csv(csv) => csv.points(line, plan, cells),
                    Syntax::Ndjson(ndjson) => ndjson.points(line, plan, cells),
                })
            }
            Ok(None) => return self.end().map(Err),
            Err(message) => Err((String::new(), message)),
        };
        self.refused |= row.is_err();
        Some(row.map_err(|(column, message)| RowProblem { line: self.line(), column, message }))
    }

    /// The line of the row that was read last, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.lines.line()
    }

    /// What is wrong with the file as a whole, one after the other.
    fn end(&mut self) -> Option<RowProblem> {
        if let (Syntax::Ndjson(ndjson), false, false) = (&self.syntax, self.ended, self.refused) {
            self.last = ndjson.finish(&self.plan);
            self.last.reverse();
        }
        self.ended = true;
        self.last.pop()
    }
}

#[cfg(test)]
mod tests;
