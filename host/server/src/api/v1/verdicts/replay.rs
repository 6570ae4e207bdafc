use axum::extract::State;
use yardstick_client::api::ReplayDocument;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, VerdictPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::verdicts;

/// Compute a verdict again from what was recorded, and name what differs
#[utoipa::path(
    get, path = "/verdicts/{release}/{checkpoint}/replay", tag = "verdicts", operation_id = "replay_verdict",
    params(
        VerdictPath,
    ),
    responses(
        (status = 200, body = ReplayDocument, description = "What it came to."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn replay(
    State(service): State<Shared>,
    Who(caller): Who,
    Path((release, checkpoint)): Path<(String, String)>,
    _: NoQuery,
) -> Result<Json<ReplayDocument>, Refused> {
    let at = format!("{release}/{checkpoint}");
    Ok(Json(verdicts::replay(&service.app, &caller, &at).await?))
}
