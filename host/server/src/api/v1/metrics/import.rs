use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use yardstick_client::api::{ImportRequest, ImportedDocument};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{MetricPath, Path};
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, NotFound, RowsRefused};
use crate::api::spool;
use crate::api::who::Who;
use crate::operations::{codes, imports};

/// Import values of a metric: the whole file, or nothing
///
/// The same value again changes nothing; another value is a correction, and the earlier one stays on record.
#[utoipa::path(
    post, path = "/metrics/{metric}/imports", tag = "imports", operation_id = "import",
    params(
        MetricPath,
        ImportRequest,
        (
            "Idempotency-Key" = Option<String>, Header, example = "nightly-2026-03-10",
            description = "With a key the import is done once, however often it is sent: sent again with the \
                           same file and options it is answered as before; with others it is refused."
        ),
        (
            "Content-Encoding" = Option<String>, Header, example = "gzip",
            description = "`gzip` for a gzipped file; none for a plain one."
        ),
    ),
    request_body(
        description = "A CSV file with a header, or a JSON object per line; at most 512 MiB as sent.",
        content((String = "text/csv"), (String = "application/x-ndjson")),
    ),
    responses(
        (status = 200, body = ImportedDocument, description = "It was imported before, under the same key."),
        (status = 201, body = ImportedDocument, description = "It was imported."),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = RowsRefused),
    )
)]
pub(super) async fn import(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(metric): Path<String>,
    Query(request): Query<ImportRequest>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<ImportedDocument>), Refused> {
    let (head, wrong) = spool::head(&headers)?;
    // Before megabytes are received that could not be imported.
    imports::check(&service.app, &caller, &metric, &request, wrong).await?;
    let upload = spool::received(&service.spool, head, body).await?;
    let (upload, _waiting) = spool::awaited(upload);
    let runtime = Handle::current();
    // Reading rows is work between the questions to the database; it would keep others waiting here.
    let importing = spawn_blocking(move || {
        let progress = &mut |_| {};
        runtime.block_on(imports::create(&service.app, &caller, &metric, &request, upload, progress))
    });
    let imported = importing.await.map_err(|error| Refused::of(codes::INTERNAL, error.to_string()))??;
    let status = if imported.replayed { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(imported)))
}
