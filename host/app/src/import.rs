//! Importing values: a file in, one transaction, or everything that is wrong with it.

use std::io::{self, Read};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use yardstick_domain::criteria::metric_hash;
use yardstick_domain::ids::{IdempotencyKey, MetricKey};
use yardstick_domain::metric::{ImportColumns, Metric};
use yardstick_domain::point::{Batch, Point};
use yardstick_domain::problem::Problem;
use yardstick_domain::time::{Window, day_of, plus_days, start_of_day, zone};
use yardstick_metrics::import::{Format, Mapping, RowProblem, Rows, named_gzip};
use yardstick_store::{Import, NewBatch, Page, StoreError};

use crate::error::{AppError, Result};
use crate::{App, Caller, crash};

mod content;
mod keyed;

use content::Content;
use keyed::Keyed;

/// Rows read, and points written, at once.
const CHUNK: usize = 2_000;
/// The longest name of where values come from: what file systems allow.
const MOST_ORIGIN: usize = 255;
/// Most bad rows that are listed.
const MOST_PROBLEMS: usize = 100;

/// A file to import.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    /// The metric.
    pub metric: MetricKey,
    /// Where the values come from, such as a file name.
    pub origin: String,
    /// How rows are written; `None`: as the origin's ending tells (`.csv`, `.ndjson`, `.jsonl`, also `.gz`).
    pub format: Option<Format>,
    /// The file must be gzipped, as it must when its origin ends with `.gz`. `false`: its first bytes tell.
    pub gzip: bool,
    /// How its columns are read; empty ones are as the metric says.
    pub mapping: Mapping,
    /// Values are complete up to the end of this day; `None`: the day before the newest row.
    pub complete_through: Option<Date>,
    /// Known values of these days that the file no longer has are withdrawn.
    pub replace: Option<(Date, Date)>,
    /// Under which the same request is answered, not done, when it comes again. Of the caller's own choosing,
    /// per metric.
    pub idempotency_key: Option<IdempotencyKey>,
}

impl ImportRequest {
    /// A file of which nothing is said but its name.
    #[must_use]
    pub fn new(metric: MetricKey, origin: impl Into<String>) -> Self {
        Self {
            metric,
            origin: origin.into(),
            format: None,
            gzip: false,
            mapping: Mapping::default(),
            complete_through: None,
            replace: None,
            idempotency_key: None,
        }
    }
}

/// An import that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// What came of it.
    pub batch: Batch,
    /// The first and the last day it had values for; `None`: it had none.
    pub days: Option<(Date, Date)>,
    /// It was done before, under the same idempotency key, and now nothing was written. The batch is as it
    /// stands today: it may have been undone since.
    pub replayed: bool,
}

/// A file of which nothing was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRefused {
    /// Bad rows, the first hundred.
    pub rows: Vec<RowProblem>,
    /// How many there are.
    pub count: u64,
}

impl App {
    /// The metric whose values are to be imported; refuses whoever may not, also before a file is received.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an unknown metric, [`AppError::Forbidden`] for another team's.
    pub async fn may_import(&self, caller: &Caller, metric: &MetricKey) -> Result<Metric> {
        let metric = self.metric_named(metric).await?;
        self.require_importer(caller, &metric.team, "import values for").await?;
        Ok(metric)
    }

    /// Imports a file: all of it, or nothing. `progress` is told the bytes read so far.
    ///
    /// The file is read once, and whoever else wants to write waits meanwhile: read it from a disk or from
    /// memory, not from somebody who is still sending.
    ///
    /// # Errors
    /// The outer error is about the request: [`AppError::Conflict`] when its idempotency key was used for
    /// another one. The inner one lists rows that cannot be imported. A key is used up by an import that was
    /// done, and by nothing else.
    pub async fn import<R: Read + Send>(
        &self,
        caller: &Caller,
        request: &ImportRequest,
        file: R,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<std::result::Result<Imported, FileRefused>> {
        let metric = self.may_import(caller, &request.metric).await?;
        let zone = zone(&metric.time_zone);
        let Checked { format, complete } = checked(caller, request, &metric, &zone)?;
        let keyed = Keyed::new(caller, request, format, &zone)?;
        let gzip = request.gzip || named_gzip(&request.origin);
        let mut content = match Content::open(file, gzip, progress) {
            Ok(content) => content,
            Err(error) => return Ok(Err(FileRefused::unreadable(&error))),
        };
        if let Some(keyed) = &keyed
            && let Some(earlier) = self.store.import_under(&metric.key, &caller.actor, keyed.key).await?
        {
            return keyed.answer(earlier, content.hash_to_end().await);
        }
        let mut mapping = request.mapping.clone();
        fill(&mut mapping, &metric.import);
        let mut rows = match Rows::open(format, &mut content, &metric, &zone, &mapping, caller.now) {
            Ok(rows) => rows,
            Err(rows) => return Ok(Err(FileRefused::of(rows))),
        };
        let batch = NewBatch {
            metric: metric.key.clone(),
            definition: metric_hash(&metric).map_err(AppError::fault)?,
            origin: request.origin.clone(),
            by: caller.actor.clone(),
        };
        // Imports wait here rather than each with a connection of the database in its hand.
        let _place = self.importing.acquire().await.map_err(AppError::fault)?;
        let mut import = self.store.begin_import(batch).await?;
        // Somebody may have used the key while this waited for its turn.
        if let Some(keyed) = &keyed
            && let Some(earlier) = import.made_under(&caller.actor, keyed.key).await?
        {
            import.abandon().await?;
            drop(rows);
            return keyed.answer(earlier, content.hash_to_end().await);
        }
        crash::point("import-begun");
        let (mut import, span) = match write(import, &mut rows).await? {
            Ok(written) => written,
            Err(refused) => return Ok(Err(refused)),
        };
        drop(rows);
        if let Some((from, to)) = request.replace {
            let end = start_of_day(plus_days(to, 1), &zone);
            import.replace(Window { start: start_of_day(from, &zone), end });
        }
        if let Some(Keyed { key, options, .. }) = keyed {
            import.keep_under(&caller.actor, key, options, span);
        }
        let complete = complete.or(span.map(|(_, newest)| newest));
        crash::point("import-written");
        let batch = import.finish(content.hash(), complete, (self.clock)()).await?;
        crash::point("import-committed");
        Ok(Ok(Imported { batch, days: days(span, &zone), replayed: false }))
    }

    /// Imports, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page
    /// before gave.
    ///
    /// # Errors
    /// When there is no such metric, or the database fails.
    pub async fn imports(
        &self,
        metric: Option<&MetricKey>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<Batch, i64>> {
        if let Some(key) = metric {
            self.metric_named(key).await?;
        }
        Ok(self.store.imports(metric, before, limit).await?)
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
        let metric = self.metric_named(&self.import_of(id).await?.metric).await?;
        self.require_importer(caller, &metric.team, "take imports back of").await?;
        Ok(self.store.undo_import(id, &caller.actor, caller.now).await?)
    }
}

/// What a request comes to, once it is known to be possible.
struct Checked {
    format: Format,
    /// The end of the day it says it is complete through.
    complete: Option<Timestamp>,
}

fn checked(caller: &Caller, request: &ImportRequest, metric: &Metric, zone: &TimeZone) -> Result<Checked> {
    let mut problems = Vec::new();
    let format = request.format.or_else(|| Format::of_name(&request.origin));
    if format.is_none() {
        let message = format!(
            "the name {:?} does not tell it; say csv or ndjson, or use a name that ends with .csv, .ndjson or \
             .jsonl, with .gz behind it when the file is gzipped",
            request.origin
        );
        problems.push(Problem::new("format", message));
    }
    let complete = request.complete_through.map(|day| (day, start_of_day(plus_days(day, 1), zone)));
    if let Some((day, _)) = complete.filter(|(_, end)| *end > caller.now) {
        let message = format!("{day} has not ended yet in {}; name a day that has", metric.time_zone);
        problems.push(Problem::new("complete_through", message));
    }
    if request.origin.chars().count() > MOST_ORIGIN || request.origin.chars().any(char::is_control) {
        let message = format!(
            "{:?} will not do; expected at most {MOST_ORIGIN} characters, none of them a control character",
            request.origin
        );
        problems.push(Problem::new("origin", message));
    }
    if let Some((from, to)) = request.replace.filter(|(from, to)| from > to) {
        problems.push(Problem::new("replace", format!("{from} comes after {to}")));
    }
    match format {
        Some(format) if problems.is_empty() => Ok(Checked { format, complete: complete.map(|(_, end)| end) }),
        _ => Err(AppError::Refused(problems)),
    }
}

fn days(span: Span, zone: &TimeZone) -> Option<(Date, Date)> {
    span.map(|(oldest, newest)| (day_of(oldest, zone), day_of(newest, zone)))
}

/// Columns the request does not name are as the metric says.
fn fill(mapping: &mut Mapping, metric: &ImportColumns) {
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

/// Writes all rows. With the first bad one the import is over, so that nobody waits for it any more, and the
/// file is only read on to list the others.
async fn write<R: Read + Send>(
    import: Import,
    rows: &mut Rows<'_, R>,
) -> Result<std::result::Result<(Import, Span), FileRefused>> {
    let mut import = Some(import);
    let mut refused = FileRefused { rows: Vec::new(), count: 0 };
    let mut chunk = Chunk::default();
    let mut span: Span = None;
    while let Some(row) = rows.next_row() {
        match row {
            Ok(points) => chunk.take(rows.line(), points),
            Err(problem) => refused.add(problem),
        }
        chunk.rows += 1;
        if chunk.points.len().max(chunk.rows) >= CHUNK {
            flush(&mut import, &mut chunk, &mut span, &mut refused).await?;
        }
    }
    flush(&mut import, &mut chunk, &mut span, &mut refused).await?;
    Ok(import.map(|import| (import, span)).ok_or(refused))
}

/// Points to be written at once, and the line of each.
#[derive(Default)]
struct Chunk {
    /// Rows read, whether there was a point in them or not.
    rows: usize,
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
    /// A file that cannot be read at all.
    fn unreadable(error: &io::Error) -> Self {
        let message = format!("cannot be read: {error}");
        Self { rows: vec![RowProblem { line: 1, column: String::new(), message }], count: 1 }
    }

    /// A file of which these are the problems.
    fn of(problems: Vec<RowProblem>) -> Self {
        let mut refused = Self { rows: Vec::new(), count: 0 };
        problems.into_iter().for_each(|problem| refused.add(problem));
        refused
    }

    fn add(&mut self, problem: RowProblem) {
        self.count += 1;
        if self.rows.len() < MOST_PROBLEMS {
            self.rows.push(problem);
        }
    }
}

/// Writes a chunk; gives the import up once there were bad rows.
async fn flush(
    import: &mut Option<Import>,
    chunk: &mut Chunk,
    span: &mut Span,
    refused: &mut FileRefused,
) -> Result<()> {
    for point in &chunk.points {
        let (oldest, newest) = span.unwrap_or((point.bucket, point.bucket));
        *span = Some((oldest.min(point.bucket), newest.max(point.bucket)));
    }
    // Whoever shares this thread gets a turn, even while rows are only read.
    tokio::task::yield_now().await;
    if refused.count == 0
        && !chunk.points.is_empty()
        && let Some(import) = import
    {
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
    if refused.count > 0
        && let Some(import) = import.take()
    {
        import.abandon().await?;
    }
    chunk.rows = 0;
    chunk.points.clear();
    chunk.lines.clear();
    Ok(())
}
