//! Comma-separated files with a header. Streaming: a row at a time.

use std::io::Read;

use csv::{Reader, ReaderBuilder, StringRecord};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use yardstick_domain::metric::{ImportColumns, Kind, Metric};
use yardstick_domain::nearest;
use yardstick_domain::point::{Dimensions, Point};

use super::{Cells, Mapping, RowProblem, shown};

/// Most columns of a file that a message lists.
const MOST_NAMES: usize = 20;

/// A file being read.
pub struct Rows<'a, R> {
    reader: Reader<R>,
    record: StringRecord,
    cells: Cells<'a>,
    plan: Plan,
}

/// Where in a record everything is.
struct Plan {
    time: (String, usize),
    /// Sum, n, sum of squares; for a wide file one first column per dimension value.
    numbers: [Option<(String, usize)>; 3],
    wide: Vec<(String, usize)>,
    wide_dimension: Option<String>,
    /// The column that holds the total of the wide dimension.
    wide_total: Option<String>,
    dimensions: Vec<(String, String, usize, Option<String>)>,
    only: Vec<(usize, String)>,
}

impl<'a, R: Read> Rows<'a, R> {
    /// Reads the header and finds the columns.
    ///
    /// # Errors
    /// When there is no header or a column is missing: all of them at once, each with the nearest known name.
    pub fn open(
        file: R,
        metric: &'a Metric,
        zone: &'a TimeZone,
        mapping: &Mapping,
        now: Timestamp,
    ) -> Result<Self, Vec<RowProblem>> {
        let mut reader = ReaderBuilder::new().flexible(false).from_reader(file);
        let header = reader.headers().map_err(|error| vec![unreadable(&error)])?.clone();
        let names: Vec<String> =
            header.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_owned()).collect();
        if names.iter().all(String::is_empty) {
            let message = "the file is empty; expected a header with the names of the columns".to_owned();
            return Err(vec![RowProblem { line: 1, column: String::new(), message }]);
        }
        let plan = Plan::new(&names, metric, mapping)?;
        Ok(Self { reader, record: StringRecord::new(), cells: Cells::new(metric, zone, now), plan })
    }

    /// The points of the next row (none when it is empty or of another metric), or `None` at the end.
    ///
    /// # Errors
    /// When the row cannot be imported. Reading can go on with the next one.
    pub fn next_row(&mut self) -> Option<Result<Vec<Point>, RowProblem>> {
        match self.reader.read_record(&mut self.record) {
            Ok(false) => None,
            Ok(true) => {
                let line = self.line();
                if let Some(cell) = self.record.iter().find(|cell| cell.contains(['\n', '\r'])) {
                    // Most likely a quote that was never closed, and every row after it lost.
                    let message =
                        format!("{:?} goes over several lines; is a quote not closed?", shown(cell));
                    return Some(Err(RowProblem { line, column: String::new(), message }));
                }
                Some(self.row().map_err(|(column, message)| RowProblem { line, column, message }))
            }
            Err(error) => Some(Err(unreadable(&error))),
        }
    }

    /// The line of the row that was read last, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    /// Whether the file cannot be read on after this error.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.reader.is_done()
    }

    fn row(&mut self) -> Result<Vec<Point>, (String, String)> {
        let Self { record, cells, plan, .. } = self;
        let cell = |index: usize| record.get(index).unwrap_or_default();
        if plan.only.iter().any(|(index, text)| cell(*index).trim() != text) {
            return Ok(Vec::new());
        }
        let (name, index) = &plan.time;
        let bucket = cells.bucket(cell(*index).trim()).map_err(|message| (name.clone(), message))?;
        let mut dimensions = Dimensions::new();
        for (dimension, column, index, total) in &plan.dimensions {
            let value = cells.dimension(dimension, cell(*index), total.as_ref());
            if let Some(value) = value.map_err(|message| (column.clone(), message))? {
                dimensions.insert(dimension.clone(), value);
            }
        }
        let mut points = Vec::new();
        if let Some(wide) = &plan.wide_dimension {
            for column in &plan.wide {
                let measure = cells.measure([number(record, Some(column))?, ("", None), ("", None)])?;
                if let Some(measure) = measure {
                    let mut dimensions = dimensions.clone();
                    if plan.wide_total.as_ref() != Some(&column.0) {
                        dimensions.insert(wide.clone(), column.0.clone());
                    }
                    points.push(cells.point(bucket, dimensions, measure));
                }
            }
            return Ok(points);
        }
        let [first, second, third] = &plan.numbers;
        if let Some(measure) = cells.measure([
            number(record, first.as_ref())?,
            number(record, second.as_ref())?,
            number(record, third.as_ref())?,
        ])? {
            points.push(cells.point(bucket, dimensions, measure));
        }
        Ok(points)
    }
}

/// The number in a column, by the column's name; nothing where the metric has no such column.
fn number<'p>(
    record: &StringRecord,
    column: Option<&'p (String, usize)>,
) -> Result<(&'p str, Option<f64>), (String, String)> {
    let Some((name, index)) = column else { return Ok(("", None)) };
    let cell = record.get(*index).unwrap_or_default();
    Cells::number(cell).map(|number| (name.as_str(), number)).map_err(|message| (name.clone(), message))
}

impl Plan {
    fn new(names: &[String], metric: &Metric, mapping: &Mapping) -> Result<Self, Vec<RowProblem>> {
        let mut problems = Vec::new();
        let mut find = |wanted: &str, what: &str| -> (String, usize) {
            let mut places = names.iter().enumerate().filter(|(_, name)| *name == wanted);
            let place = places.next().map(|(index, _)| index);
            let message = match (place, places.next()) {
                (Some(index), None) => return (wanted.to_owned(), index),
                (Some(_), Some(_)) => format!("the file has two columns {wanted:?}"),
                (None, _) => format!(
                    "the file has no column {wanted:?} for {what}{}; it has {}",
                    nearest::hint(wanted, names.iter().map(String::as_str)),
                    names.iter().take(MOST_NAMES).map(|name| shown(name)).collect::<Vec<_>>().join(", ")
                ),
            };
            problems.push(RowProblem { line: 1, column: String::new(), message });
            (wanted.to_owned(), 0)
        };
        let columns = &mapping.columns;
        let time = find(columns.time.as_deref().unwrap_or("day"), "the day");
        let named =
            |column: &Option<String>, fallback: &str| column.clone().unwrap_or_else(|| fallback.to_owned());
        let wide_total = mapping.wide.as_ref().and_then(|dimension| columns.total.get(dimension).cloned());
        let wide_values = mapping.wide.as_ref().and_then(|dimension| metric.dimensions.get(dimension));
        let numbers = match metric.kind {
            _ if mapping.wide.is_some() => [None, None, None],
            Kind::Gauge | Kind::Sum => [Some(find(&named(&columns.value, "value"), "the value")), None, None],
            Kind::Ratio => [
                Some(find(&named(&columns.numerator, "numerator"), "the numerator")),
                Some(find(&named(&columns.denominator, "denominator"), "the denominator")),
                None,
            ],
            Kind::Mean => [
                Some(find(&named(&columns.sum, "sum"), "the sum")),
                Some(find(&named(&columns.n, "n"), "the units")),
                Some(find(&named(&columns.sum_sq, "sum_sq"), "the sum of squares")),
            ],
        };
        let wide = wide_values
            .into_iter()
            .flatten()
            .chain(wide_total.as_ref())
            .map(|value| find(value, "a value of the wide dimension"))
            .collect();
        let mut dimensions = Vec::new();
        for dimension in
            metric.dimensions.keys().filter(|dimension| Some(*dimension) != mapping.wide.as_ref())
        {
            let column = columns.dimensions.get(dimension).cloned().unwrap_or_else(|| dimension.clone());
            let total = columns.total.get(dimension).cloned();
            let (column, index) = find(&column, &format!("the dimension {dimension}"));
            dimensions.push((dimension.clone(), column, index, total));
        }
        let only = mapping
            .only
            .iter()
            .map(|(column, text)| (find(column, "choosing rows").1, text.clone()))
            .collect();
        if let Some(dimension) = &mapping.wide {
            let fault = match wide_values {
                None => Some(format!("the metric has no dimension {dimension:?}")),
                Some(values) if values.is_empty() => {
                    Some(format!("the dimension {dimension:?} lists no values"))
                }
                Some(_) if !matches!(metric.kind, Kind::Gauge | Kind::Sum) => {
                    Some(format!("a {} has several numbers a row; import it as a long file", metric.kind))
                }
                Some(_) => None,
            };
            problems.extend(fault.map(|message| RowProblem { line: 1, column: String::new(), message }));
        }
        problems.extend(misnamed(metric, columns));
        let wide_dimension = mapping.wide.clone();
        if problems.is_empty() {
            Ok(Self { time, numbers, wide, wide_dimension, wide_total, dimensions, only })
        } else {
            Err(problems)
        }
    }
}

/// Columns named for what the metric does not have.
fn misnamed(metric: &Metric, columns: &ImportColumns) -> Vec<RowProblem> {
    let problem = |message: String| RowProblem { line: 1, column: String::new(), message };
    let known = || metric.dimensions.keys().map(String::as_str);
    let named = columns.dimensions.keys().chain(columns.total.keys());
    let mut problems: Vec<RowProblem> = named
        .filter(|name| !metric.dimensions.contains_key(*name))
        .map(|name| problem(format!("the metric has no dimension {name:?}{}", nearest::hint(name, known()))))
        .collect();
    let foreign = columns.foreign(metric.kind);
    problems.extend(foreign.map(|name| problem(format!("a {} has no {name}", metric.kind))));
    problems
}

fn unreadable(error: &csv::Error) -> RowProblem {
    let line = error.position().map_or(1, csv::Position::line);
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} cells; the header has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "not UTF-8; save the file as UTF-8".to_owned(),
        csv::ErrorKind::Io(error) => format!("cannot be read: {error}"),
        _ => error.to_string(),
    };
    RowProblem { line, column: String::new(), message }
}
