//! Comma-separated values with a header (RFC 4180), but no cell goes over several lines: what would need that
//! is no value of a metric, and a quote that was never closed would swallow every row after it.

use std::collections::HashMap;
use std::io::Read;

use csv_core::{ReadRecordResult, Reader};

use super::cells::Cells;
use super::lines::Lines;
use super::plan::{Plan, Row};
use super::{RowProblem, shown};

/// Most columns that are said to be missing.
const MOST_LACKING: usize = 100;

/// Rows of a file behind its header.
pub(super) struct Csv {
    splitter: Splitter,
    /// The column of each field of the plan.
    columns: Vec<usize>,
    /// Columns of the file.
    width: usize,
}

impl Csv {
    /// Reads the header and finds the columns, or says which are not there.
    pub(super) fn open(lines: &mut Lines<impl Read>, plan: &Plan) -> Result<Self, Vec<RowProblem>> {
        let whole = |message: String| vec![RowProblem::of_the_file(message)];
        let mut splitter = Splitter::new();
        let empty = "the file is empty; expected a header with the names of the columns";
        let range = lines.advance().map_err(whole)?.ok_or_else(|| whole(empty.to_owned()))?;
        let header = lines.text(range).and_then(|line| splitter.split(line)).map_err(whole)?;
        let names: Vec<String> = header.cells().map(|cell| cell.trim().to_owned()).collect();
        let mut places: HashMap<&str, (usize, bool)> = HashMap::with_capacity(names.len());
        for (place, name) in names.iter().enumerate() {
            places.entry(name).and_modify(|(_, twice)| *twice = true).or_insert((place, false));
        }
        let mut problems = Vec::new();
        let mut columns = Vec::with_capacity(plan.fields.len());
        for (index, field) in plan.fields.iter().enumerate() {
            match places.get(field.name.as_str()) {
                Some((place, false)) => columns.push(*place),
                Some((_, true)) => {
                    let message = format!("the file has two columns {:?}", field.name);
                    problems.push(RowProblem::of_the_file(message));
                }
                // Thousands may be missing where the values of a dimension are columns; nobody reads of them all.
                None if problems.len() < MOST_LACKING => problems.push(plan.lacks(index, "column", &names)),
                None => {}
            }
        }
        if problems.is_empty() { Ok(Self { splitter, columns, width: names.len() }) } else { Err(problems) }
    }

    /// Splits a line, checks its width, and gives it to the plan.
    pub(super) fn points(
        &mut self,
        line: &str,
        plan: &Plan,
        cells: &mut Cells<'_>,
    ) -> Result<Vec<yardstick_domain::point::Point>, (String, String)> {
        let record = self.splitter.split(line).map_err(|message| (String::new(), message))?;
        if record.ends.len() != self.width {
            let message = format!("{} cells; the header has {}", record.ends.len(), self.width);
            return Err((String::new(), message));
        }
        plan.points(&Cut { record, columns: &self.columns }, cells)
    }
}

/// The cells of a line, without their quotes.
struct Record<'l> {
    text: &'l str,
    /// Where each cell ends; it starts where the one before it ends.
    ends: &'l [usize],
}

impl<'l> Record<'l> {
    fn cell(&self, column: usize) -> &'l str {
        let start = column.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(column).copied().unwrap_or(start);
        self.text.get(start..end).unwrap_or_default()
    }

    fn cells(&self) -> impl Iterator<Item = &'l str> {
        (0..self.ends.len()).map(|column| self.cell(column))
    }
}

/// A record as the plan sees it.
struct Cut<'l> {
    record: Record<'l>,
    columns: &'l [usize],
}

impl Row for Cut<'_> {
    fn text(&self, field: usize) -> Result<&str, String> {
        Ok(self.record.cell(self.columns[field]))
    }

    fn number(&self, field: usize) -> Result<Option<f64>, String> {
        Cells::number(self.record.cell(self.columns[field]))
    }
}

/// Splits lines into cells, with room that is used again.
struct Splitter {
    reader: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Splitter {
    fn new() -> Self {
        Self { reader: Reader::new(), text: Vec::new(), ends: Vec::new() }
    }

    fn split(&mut self, line: &str) -> Result<Record<'_>, String> {
        // Cells are never longer than the line, nor more than its commas and one.
        let most = memchr::memchr_iter(b',', line.as_bytes()).count() + 2;
        self.text.resize(self.text.len().max(line.len() + 1), 0);
        self.ends.resize(self.ends.len().max(most), 0);
        let (_, _, length, count) = self.reader.read_record(line.as_bytes(), &mut self.text, &mut self.ends);
        let (text, ends) = (&mut self.text[length..], &mut self.ends[count..]);
        let (result, _, _, last) = self.reader.read_record(b"\n", text, ends);
        if result != ReadRecordResult::Record {
            // The line end was taken for a part of a quoted cell.
            self.reader.reset();
            let cell = self.text.get(self.ends[..count].last().copied().unwrap_or(0)..length);
            let cell = String::from_utf8_lossy(cell.unwrap_or_default());
            return Err(format!("{:?} goes over several lines; is a quote not closed?", shown(&cell)));
        }
        let text = std::str::from_utf8(&self.text[..length]).map_err(|error| error.to_string())?;
        Ok(Record { text, ends: &self.ends[..count + last] })
    }
}
