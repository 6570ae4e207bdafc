use axum::extract::State;
use yardstick_client::document::VerdictDocument;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, VerdictPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::verdicts;

/// Show a verdict with its evidence
#[utoipa::path(
    get, path = "/verdicts/{release}/{checkpoint}", tag = "verdicts", operation_id = "show_verdict",
    params(
        VerdictPath,
    ),
    responses(
        (status = 200, body = VerdictDocument, description = "The verdict."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    Who(caller): Who,
    Path((release, checkpoint)): Path<(String, String)>,
    _: NoQuery,
) -> Result<Json<VerdictDocument>, Refused> {
    let at = format!("{release}/{checkpoint}");
    Ok(Json(verdicts::show(&service.app, &caller, &at).await?))
}
