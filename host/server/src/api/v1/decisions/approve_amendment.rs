use axum::extract::State;
use yardstick_client::api::ReleaseDocument;

use crate::api::Shared;
use crate::api::body::{Json, NoBody};
use crate::api::path::{AmendmentPath, Path};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound};
use crate::api::who::Who;
use crate::operations::decisions;

/// Approve an amendment
///
/// As a second person of the team. From then on it counts, so labelled, and its checkpoints are judged anew under it.
#[utoipa::path(
    post, path = "/releases/{release}/amendments/{version}/approve", tag = "decisions", operation_id = "approve_amendment",
    params(
        AmendmentPath,
    ),
    responses(
        (status = 200, body = ReleaseDocument, description = "The release."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
    )
)]
pub(super) async fn approve_amendment(
    State(service): State<Shared>,
    Who(caller): Who,
    Path((release, version)): Path<(String, String)>,
    _: NoQuery,
    _: NoBody,
) -> Result<Json<ReleaseDocument>, Refused> {
    Ok(Json(decisions::approve_amendment(&service.app, &caller, &release, &version).await?))
}
