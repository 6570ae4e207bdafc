use axum::extract::State;
use yardstick_client::api::{RetroDocument, RetroReportRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, RetroPath};
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::retros;

/// A retro as a document to be sent out
///
/// With `redact=true` people, names that are listed, and figures are replaced. Read the result before you send it out.
#[utoipa::path(
    get, path = "/retros/{retro}/report.json", tag = "retros", operation_id = "retro_json",
    params(
        RetroPath,
        RetroReportRequest,
    ),
    responses(
        (status = 200, body = RetroDocument, description = "The report."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn json(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(retro): Path<String>,
    Query(request): Query<RetroReportRequest>,
) -> Result<Json<RetroDocument>, Refused> {
    let report = retros::report(&service.app, &caller, &retro, &request).await?;
    Ok(Json(report))
}
