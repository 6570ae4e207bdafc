//! Importing values: a file in, one transaction, or everything that is wrong with it.

use std::io::{self, Read};

use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::MetricKey;
use yardstick_domain::point::{Batch, Point};
use yardstick_domain::problem::Problem;
use yardstick_domain::time::{Window, day_of, plus_days, start_of_day, zone};
use yardstick_metrics::import::csv::Rows;
use yardstick_metrics::import::{Mapping, RowProblem};
use yardstick_store::{Import, NewBatch, StoreError};

use crate::error::{AppError, Result};
use crate::{App, Caller, crash};

/// Rows written at once.
const CHUNK: usize = 2_000;
/// Most bad rows that are listed.
const MOST_PROBLEMS: usize = 100;

/// A file to import.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    /// The metric.
    pub metric: MetricKey,
    /// Where the values come from, such as a file name.
    pub origin: String,
    /// How its columns are read; empty ones are as the metric says.
    pub mapping: Mapping,
    /// Values are complete up to the end of this day; `None`: the day before the newest row.
    pub complete_through: Option<Date>,
    /// Known values of these days that the file no longer has are withdrawn.
    pub replace: Option<(Date, Date)>,
}

/// An import that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// What came of it.
    pub batch: Batch,
    /// The first and the last day it had values for; `None`: it had none.
    pub days: Option<(Date, Date)>,
}

/// A file of which nothing was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRefused {
    /// Bad rows, the first hundred.
    pub rows: Vec<RowProblem>,
    /// How many there are.
    pub count: u64,
}

/// Counts and hashes what is read, and says how far it is.
struct Counted<'a, R> {
    inner: R,
    hash: Sha256,
    read: u64,
    progress: &'a mut (dyn FnMut(u64) + Send),
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.update(&buffer[..count]);
        self.read += count as u64;
        (self.progress)(self.read);
        Ok(count)
    }
}

impl App {
    /// Imports a CSV file: all of it, or nothing. `progress` is told the bytes read so far.
    ///
    /// # Errors
    /// The outer error is about the request; the inner one lists rows that cannot be imported.
    pub async fn import<R: Read + Send>(
        &self,
        caller: &Caller,
        request: &ImportRequest,
        file: R,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<std::result::Result<Imported, FileRefused>> {
        let metric = self.metric_named(&request.metric).await?;
        let zone = zone(&metric.time_zone);
        let complete = request.complete_through.map(|day| (day, start_of_day(plus_days(day, 1), &zone)));
        if let Some((day, _)) = complete.filter(|(_, end)| *end > caller.now) {
            let message = format!("{day} has not ended yet in {}; name a day that has", metric.time_zone);
            return Err(AppError::Refused(vec![Problem::new("complete-through", message)]));
        }
        if let Some((from, to)) = request.replace.filter(|(from, to)| from > to) {
            return Err(AppError::Refused(vec![Problem::new("replace", format!("{from} comes after {to}"))]));
        }
        let mut mapping = request.mapping.clone();
        fill(&mut mapping, &metric.import);
        let mut source = Counted { inner: file, hash: Sha256::new(), read: 0, progress };
        let mut rows = match Rows::open(&mut source, &metric, &zone, &mapping, caller.now) {
            Ok(rows) => rows,
            Err(rows) => return Ok(Err(FileRefused { count: rows.len() as u64, rows })),
        };
        let batch = NewBatch {
            metric: metric.key.clone(),
            origin: request.origin.clone(),
            by: caller.actor.clone(),
            received_at: caller.now,
        };
        let mut import = self.store.begin_import(batch).await?;
        crash::point("import-begun");
        let span = match write(&mut import, &mut rows).await? {
            Ok(span) => span,
            Err(refused) => {
                import.abandon().await?;
                return Ok(Err(refused));
            }
        };
        drop(rows);
        // The parser stops reading at the end of the file; whatever a reader still holds belongs to the hash.
        io::copy(&mut source, &mut io::sink()).map_err(AppError::fault)?;
        if let Some((from, to)) = request.replace {
            import.replace(Window {
                start: start_of_day(from, &zone),
                end: start_of_day(plus_days(to, 1), &zone),
            });
        }
        let hash = Digest::from_bytes(source.hash.finalize().into());
        let complete = complete.map(|(_, end)| end).or(span.map(|(_, newest)| newest));
        crash::point("import-written");
        let batch = import.finish(hash, complete).await?;
        crash::point("import-committed");
        let days = span.map(|(oldest, newest)| (day_of(oldest, &zone), day_of(newest, &zone)));
        Ok(Ok(Imported { batch, days }))
    }

    /// Imports, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn imports(&self, metric: Option<&MetricKey>, limit: u32) -> Result<Vec<Batch>> {
        if let Some(key) = metric {
            self.metric_named(key).await?;
        }
        Ok(self.store.imports(metric, limit).await?)
    }

    /// One import.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none of this number.
    pub async fn import_of(&self, id: i64) -> Result<Batch> {
        self.store
            .import(id)
            .await?
            .ok_or_else(|| AppError::NotFound { what: format!("import {id}"), hint: String::new() })
    }

    /// Takes an import back. Its rows stay on record and no longer count.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it is undone already or later ones of its metric must be undone first.
    pub async fn undo_import(&self, caller: &Caller, id: i64) -> Result<Batch> {
        Ok(self.store.undo_import(id, &caller.actor, caller.now).await?)
    }
}

/// Columns the request does not name are as the metric says.
fn fill(mapping: &mut Mapping, metric: &yardstick_domain::metric::ImportColumns) {
    let columns = &mut mapping.columns;
    let pairs = [
        (&mut columns.time, &metric.time),
        (&mut columns.value, &metric.value),
        (&mut columns.numerator, &metric.numerator),
        (&mut columns.denominator, &metric.denominator),
        (&mut columns.n, &metric.n),
        (&mut columns.sum, &metric.sum),
        (&mut columns.sum_sq, &metric.sum_sq),
    ];
    for (named, fallback) in pairs {
        if named.is_none() {
            named.clone_from(fallback);
        }
    }
    for (named, fallback) in
        [(&mut columns.dimensions, &metric.dimensions), (&mut columns.total, &metric.total)]
    {
        for (dimension, column) in fallback {
            named.entry(dimension.clone()).or_insert_with(|| column.clone());
        }
    }
}

type Span = Option<(Timestamp, Timestamp)>;

/// Writes all rows; after the first bad one it only goes on reading, to list the others.
async fn write<R: Read>(
    import: &mut Import,
    rows: &mut Rows<'_, R>,
) -> Result<std::result::Result<Span, FileRefused>> {
    let mut refused = FileRefused { rows: Vec::new(), count: 0 };
    let mut chunk = Chunk::default();
    let mut span: Span = None;
    while let Some(row) = rows.next_row() {
        match row {
            Ok(points) => chunk.take(rows.line(), points),
            Err(problem) => {
                refused.add(problem);
                if rows.is_done() {
                    break;
                }
            }
        }
        if chunk.points.len() >= CHUNK {
            flush(import, &mut chunk, &mut span, &mut refused).await?;
        }
    }
    flush(import, &mut chunk, &mut span, &mut refused).await?;
    Ok(if refused.count > 0 { Err(refused) } else { Ok(span) })
}

/// Points to be written at once, and the line of each.
#[derive(Default)]
struct Chunk {
    points: Vec<Point>,
    lines: Vec<u64>,
}

impl Chunk {
    fn take(&mut self, line: u64, points: Vec<Point>) {
        self.lines.resize(self.lines.len() + points.len(), line);
        self.points.extend(points);
    }

    /// The line of the last point that a message of the store speaks of.
    fn line_of(&self, what: &str) -> u64 {
        let named = |point: &Point| {
            let parts = point.dimensions.iter().map(|(name, value)| format!("{name}={value}"));
            std::iter::once(point.bucket.to_string()).chain(parts).all(|part| what.contains(&part))
        };
        let found = self.points.iter().rposition(named);
        found
            .or(self.points.len().checked_sub(1))
            .and_then(|index| self.lines.get(index))
            .copied()
            .unwrap_or(0)
    }
}

impl FileRefused {
    fn add(&mut self, problem: RowProblem) {
        self.count += 1;
        if self.rows.len() < MOST_PROBLEMS {
            self.rows.push(problem);
        }
    }
}

/// Writes a chunk, unless there were bad rows before: then the file is only read on, to list the others.
async fn flush(
    import: &mut Import,
    chunk: &mut Chunk,
    span: &mut Span,
    refused: &mut FileRefused,
) -> Result<()> {
    for point in &chunk.points {
        let (oldest, newest) = span.unwrap_or((point.bucket, point.bucket));
        *span = Some((oldest.min(point.bucket), newest.max(point.bucket)));
    }
    if refused.count == 0 {
        match import.push(&chunk.points).await {
            Ok(()) => crash::point("import-chunk"),
            Err(StoreError::Conflict { what }) => {
                let line = chunk.line_of(&what);
                let message = what.trim_end_matches("; nothing was written").to_owned();
                refused.add(RowProblem { line, column: String::new(), message });
            }
            Err(error) => return Err(error.into()),
        }
    }
    chunk.points.clear();
    chunk.lines.clear();
    Ok(())
}
