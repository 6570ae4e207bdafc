//! Imports of values: bring in, list, show, take back.

use std::io::Read;

use yardstick_app::{App, Caller, ImportRequest};
use yardstick_client::api::{self, ImportDocument, ImportedDocument, ImportsRequest, Page, PageRequest};
use yardstick_domain::ids::MetricKey;
use yardstick_domain::metric::ImportColumns;
use yardstick_domain::point::Batch;
use yardstick_domain::problem::Problem;
use yardstick_metrics::import::{Format, Mapping};

use super::reading::{Reading, day, days};
use super::{Error, Result};

/// Imports, the newest first.
pub(crate) async fn list(app: &App, request: &ImportsRequest) -> Result<Page<ImportDocument>> {
    let mut reading = Reading::default();
    let metric = reading.maybe("metric", request.metric.as_ref());
    let before = reading.cursor(request.cursor.as_ref(), |text| text.parse().ok());
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.imports(metric.as_ref(), before, limit).await?;
    let items = page.items.into_iter().map(document).collect();
    Ok(Page { items, next: page.next.map(|id| id.to_string()) })
}

/// Imports of one metric, the newest first.
pub(crate) async fn of_metric(
    app: &App,
    metric: &str,
    request: &PageRequest,
) -> Result<Page<ImportDocument>> {
    let PageRequest { limit, cursor } = request.clone();
    list(app, &ImportsRequest { metric: Some(metric.to_owned()), limit, cursor }).await
}

/// The number of an import.
pub(crate) fn number(text: &str) -> Result<i64> {
    let bad = || Error::malformed("id", format!("{text:?} is no number of an import; expected such as 17"));
    text.parse().map_err(|_| bad())
}

/// One import.
pub(crate) async fn show(app: &App, id: i64) -> Result<ImportDocument> {
    Ok(document(app.import_of(id).await?))
}

/// Takes an import back.
pub(crate) async fn undo(app: &App, caller: &Caller, id: i64) -> Result<ImportDocument> {
    Ok(document(app.undo_import(caller, id).await?))
}

/// A file of values on its way in.
pub(crate) struct Upload<R> {
    /// Its bytes.
    pub(crate) file: R,
    /// How its rows are written; `None`: as the ending of its origin tells.
    pub(crate) format: Option<Format>,
    /// Whether it must be gzipped; `false`: its first bytes tell.
    pub(crate) gzip: bool,
    /// The key under which it is imported once, however often it comes.
    pub(crate) key: Option<String>,
}

/// Imports a file: all of it, or nothing. `progress` is told the bytes read so far.
pub(crate) async fn create<R: Read + Send>(
    app: &App,
    caller: &Caller,
    metric: &str,
    request: &api::ImportRequest,
    upload: Upload<R>,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<ImportedDocument> {
    let origin = request.origin.clone().unwrap_or_default();
    let mut request = read(Reading::default(), metric, request, upload.key.as_ref())?;
    (request.format, request.gzip) = (upload.format, upload.gzip);
    match app.import(caller, &request, upload.file, progress).await? {
        Ok(imported) => Ok(ImportedDocument {
            import: document(imported.batch),
            first_day: imported.days.map(|(first, _)| first),
            last_day: imported.days.map(|(_, last)| last),
            replayed: imported.replayed,
        }),
        Err(refused) => Err(Error::Rows { file: origin, refused }),
    }
}

/// Whether a request can be read, before its file is, and whether it is theirs to make: everything that is wrong with
/// it, `also` with what somebody else found.
pub(crate) async fn check(
    app: &App,
    caller: &Caller,
    metric: &str,
    request: &api::ImportRequest,
    also: Vec<Problem>,
) -> Result<()> {
    let mut reading = Reading::default();
    reading.also(also);
    let request = read(reading, metric, request, None)?;
    app.may_import(caller, &request.metric).await?;
    Ok(())
}

fn read(
    mut reading: Reading,
    metric: &str,
    request: &api::ImportRequest,
    key: Option<&String>,
) -> Result<ImportRequest> {
    let metric: Option<MetricKey> = reading.must("metric", metric);
    let mapping = Mapping {
        columns: ImportColumns {
            time: request.time.clone(),
            value: request.value.clone(),
            numerator: request.numerator.clone(),
            denominator: request.denominator.clone(),
            n: request.n.clone(),
            sum: request.sum.clone(),
            sum_sq: request.sum_sq.clone(),
            dimensions: reading.pairs("dimension", &request.dimension),
            total: reading.pairs("total", &request.total),
        },
        only: reading.pairs("only", &request.only),
        wide: request.wide.clone(),
    };
    let complete_through = reading.with("complete_through", request.complete_through.as_ref(), day);
    let replace = reading.with("replace", request.replace.as_ref(), days);
    let idempotency_key = reading.maybe("idempotency_key", key);
    let metric = reading.all(metric)?;
    let read = ImportRequest::new(metric, request.origin.clone().unwrap_or_default());
    Ok(ImportRequest { mapping, complete_through, replace, idempotency_key, ..read })
}

/// An import as a document.
pub(super) fn document(batch: Batch) -> ImportDocument {
    ImportDocument {
        id: batch.id,
        metric: batch.metric.to_string(),
        origin: batch.origin,
        hash: batch.hash.to_string(),
        by: batch.by.to_string(),
        received_at: batch.received_at,
        complete_through: batch.complete_through,
        new: batch.new,
        unchanged: batch.unchanged,
        corrected: batch.corrected,
        withdrawn: batch.withdrawn,
        undone_at: batch.undone_at,
        undone_by: batch.undone_by.map(|actor| actor.to_string()),
    }
}
