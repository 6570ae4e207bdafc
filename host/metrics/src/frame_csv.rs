//! Frames as CSV, for the test cases of plugins: readable, and exact to the bit in both directions.
//!
//! The header names columns as frames have them (`time`, `value`, `n`, `sum`, `sum_sq`, `buckets`, `expected`, and one
//! column of texts per split). What a file leaves out is filled in as a source would: a sum's value, a rate from its
//! numerator and denominator, the days of the window. An empty cell is a null.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use yardstick_domain::frame::{Attrs, Column, Frame, Shape, Value};
use yardstick_domain::nearest;
use yardstick_domain::question::{AskedMetric, Query};
use yardstick_domain::time::{Window, day_of, days_between, start_of_day};

/// Most problems that are told of a file.
const MOST_PROBLEMS: usize = 20;
/// Columns of numbers, in the order of frames.
const NUMBERS: [&str; 6] = ["value", "n", "sum", "sum_sq", "buckets", "expected"];

/// What a file's rows stand for.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// What the frame holds.
    pub shape: Shape,
    /// The query it answers.
    pub query: &'a Query,
    /// Its metric.
    pub metric: &'a AskedMetric,
    /// Whose days `time` names.
    pub zone: &'a TimeZone,
    /// Facts of the frame; where they name `window-start` they are all there are.
    pub about: &'a Attrs,
}

/// Reads a frame.
///
/// # Errors
/// What is wrong, each with its line: at most twenty.
pub fn read(told: &Told<'_>, csv: &[u8]) -> Result<Frame, Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::Headers).from_reader(csv);
    let header =
        reader.headers().map_err(|error| vec![format!("the header cannot be read: {error}")])?.clone();
    let names: Vec<&str> = header.iter().collect();
    check_header(told, &names)?;
    let mut table = Table::new(told, &names);
    let mut problems = Vec::new();
    for record in reader.records() {
        let found = match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                table.add(&record, &names, told).map_err(|message| format!("line {line}: {message}"))
            }
            Err(error) => Err(error.to_string()),
        };
        if let Err(problem) = found {
            problems.push(problem);
            if problems.len() == MOST_PROBLEMS {
                break;
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    table.frame(told).map_err(|error| vec![error.to_string()])
}

/// Writes a frame so that [`read`] gives it back; its facts are not in the file.
#[must_use]
pub fn write(frame: &Frame) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let cell = |column: &Column, row: usize| match column {
        Column::F64(values) if values[row].is_nan() => String::new(),
        Column::F64(values) => values[row].to_string(),
        Column::S64(values) => match Timestamp::from_millisecond(values[row]) {
            Ok(instant) => instant.to_string(),
            Err(_) => String::new(),
        },
        Column::Codes { codes, labels } => labels[codes[row] as usize].clone(),
    };
    let columns = frame.columns();
    // Into memory, which does not fail.
    let _ = writer.write_record(columns.iter().map(|(name, _)| name));
    for row in 0..frame.rows() {
        let _ = writer.write_record(columns.iter().map(|(_, column)| cell(column, row)));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn check_header(told: &Told<'_>, names: &[&str]) -> Result<(), Vec<String>> {
    let splits = &told.query.splits;
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    let mut known: Vec<&str> = NUMBERS.to_vec();
    known.extend(splits.iter().map(String::as_str));
    if told.shape == Shape::Series {
        known.push("time");
    }
    for name in names {
        if !seen.insert(*name) {
            problems.push(format!("the column {name:?} is there twice"));
        } else if !known.contains(name) {
            let hint = nearest::hint(name, known.iter().copied());
            problems.push(format!(
                "the column {name:?} is none of a frame of {}: {}{hint}",
                told.shape.as_str(),
                known.join(", ")
            ));
        }
    }
    let time = (told.shape == Shape::Series).then_some("time");
    for name in splits.iter().map(String::as_str).chain(time).filter(|name| !names.contains(name)) {
        problems.push(format!("the column {name:?} is missing"));
    }
    if !NUMBERS.iter().any(|name| names.contains(name)) {
        problems.push(format!("there is no column of numbers; expected some of {}", NUMBERS.join(", ")));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Columns on their way.
struct Table {
    times: Vec<i64>,
    /// By the order of [`NUMBERS`]; `None`: the file has no such column.
    numbers: [Option<Vec<f64>>; NUMBERS.len()],
    splits: Vec<Vec<String>>,
    rows: usize,
}

impl Table {
    fn new(told: &Told<'_>, names: &[&str]) -> Self {
        Self {
            times: Vec::new(),
            numbers: NUMBERS.map(|name| names.contains(&name).then(Vec::new)),
            splits: told.query.splits.iter().map(|_| Vec::new()).collect(),
            rows: 0,
        }
    }

    fn add(&mut self, record: &csv::StringRecord, names: &[&str], told: &Told<'_>) -> Result<(), String> {
        for (name, cell) in names.iter().zip(record) {
            if *name == "time" {
                self.times.push(instant(cell.trim(), told.zone)?.as_millisecond());
            } else if let Some(at) = NUMBERS.iter().position(|known| known == name) {
                let number = match cell.trim() {
                    "" => f64::NAN,
                    text => text.parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(|| {
                        format!("{name}: {text:?} is no number; expected such as 0.25, or nothing for a null")
                    })?,
                };
                self.numbers[at].get_or_insert_default().push(number);
            } else if let Some(at) = told.query.splits.iter().position(|split| split == name) {
                self.splits[at].push(cell.to_owned());
            }
        }
        self.rows += 1;
        Ok(())
    }

    fn frame(self, told: &Told<'_>) -> Result<Frame, yardstick_domain::frame::FrameError> {
        let (rows, shape) = (self.rows, told.shape);
        let [value, n, sum, sum_sq, buckets, expected] = self.numbers;
        let null = || vec![f64::NAN; rows];
        let kind = told.metric.kind.as_str();
        // What a source of that kind says of each bucket.
        let sum = sum.or_else(|| (kind == "sum").then(|| value.clone()).flatten());
        let value = value.or_else(|| match (kind, &sum, &n) {
            ("sum", Some(sum), _) => Some(sum.clone()),
            ("mean" | "ratio", Some(sum), Some(n)) => {
                let rate = |(sum, n): (&f64, &f64)| if *n > 0.0 { sum / n } else { f64::NAN };
                Some(sum.iter().zip(n).map(rate).collect())
            }
            _ => None,
        });
        let days = f64::from(days_in(told.query.window, told.zone));
        let mut columns = Vec::new();
        if shape == Shape::Series {
            columns.push(("time".to_owned(), Column::S64(self.times)));
        }
        let filled = |numbers: Option<Vec<f64>>| Column::F64(numbers.unwrap_or_else(null));
        columns.push(("value".to_owned(), filled(value)));
        if shape != Shape::Samples {
            columns.push(("n".to_owned(), filled(n)));
            columns.push(("sum".to_owned(), filled(sum)));
            columns.push(("sum_sq".to_owned(), filled(sum_sq)));
        }
        if shape == Shape::Totals {
            let whole = || vec![days; rows];
            columns.push(("buckets".to_owned(), Column::F64(buckets.unwrap_or_else(whole))));
            columns.push(("expected".to_owned(), Column::F64(expected.unwrap_or_else(whole))));
        }
        for (name, texts) in told.query.splits.iter().zip(self.splits) {
            let labels: Vec<String> = texts.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
            let code = |text: &String| labels.binary_search(text).unwrap_or_default() as u32;
            columns.push((name.clone(), Column::Codes { codes: texts.iter().map(code).collect(), labels }));
        }
        let about = facts(told, &columns, days);
        Frame::new(shape, columns, about)
    }
}

/// Facts as a source gives them, with the case's own over them.
fn facts(told: &Told<'_>, columns: &[(String, Column)], days: f64) -> Attrs {
    if told.about.iter().any(|(name, _)| name == "window-start") {
        return told.about.clone();
    }
    let window = told.query.window;
    let present = columns.iter().find(|(name, _)| name == "value").map_or(0, |(_, column)| match column {
        Column::F64(values) => values.iter().filter(|value| value.is_finite()).count(),
        _ => 0,
    });
    let present = if told.shape == Shape::Series && told.query.splits.is_empty() {
        present as i64
    } else {
        days as i64
    };
    let mut about = vec![
        ("source".to_owned(), Value::Text("case".to_owned())),
        ("unit".to_owned(), Value::Text(told.metric.unit.clone())),
        ("grain".to_owned(), Value::Text("day".to_owned())),
        ("buckets-expected".to_owned(), Value::Integer(days as i64)),
        ("buckets-present".to_owned(), Value::Integer(present)),
        ("window-start".to_owned(), Value::Integer(window.start.as_millisecond())),
        ("window-end".to_owned(), Value::Integer(window.end.as_millisecond())),
        ("corrections".to_owned(), Value::Integer(0)),
        ("late".to_owned(), Value::Integer(0)),
    ];
    if let Some(complete) = told.metric.complete_through {
        let complete = complete.min(window.end);
        about.push(("complete-through".to_owned(), Value::Integer(complete.as_millisecond())));
    }
    for (name, value) in told.about {
        match about.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value.clone(),
            None => about.push((name.clone(), value.clone())),
        }
    }
    about
}

fn days_in(window: Window, zone: &TimeZone) -> i32 {
    days_between(day_of(window.start, zone), day_of(window.end, zone)).max(0)
}

/// A day, which is its start in the zone, or an instant.
fn instant(text: &str, zone: &TimeZone) -> Result<Timestamp, String> {
    let day = (text.len() == 10).then(|| text.parse::<Date>().ok()).flatten();
    match day {
        Some(day) => Ok(start_of_day(day, zone)),
        None => text
            .parse()
            .map_err(|_| format!("time: {text:?} is no day or instant; expected such as 2026-03-11")),
    }
}
