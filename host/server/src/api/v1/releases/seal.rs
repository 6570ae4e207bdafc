use axum::extract::State;
use yardstick_client::api::ReleaseDocument;

use crate::api::Shared;
use crate::api::body::{Json, NoBody};
use crate::api::path::{Path, ReleasePath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::releases;

/// Seal what was agreed, before the launch
///
/// Sealing what is sealed already changes nothing. `warnings` says what is probably not meant in the criteria, and which
/// goals and guardrails cannot be decided by their checkpoint; neither stops the seal.
#[utoipa::path(
    post, path = "/releases/{release}/seal", tag = "releases", operation_id = "seal_release",
    params(
        ReleasePath,
    ),
    responses(
        (status = 200, body = ReleaseDocument, description = "The release, sealed."),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn seal(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(release): Path<String>,
    _: NoQuery,
    _: NoBody,
) -> Result<Json<ReleaseDocument>, Refused> {
    Ok(Json(releases::seal(&service.app, &caller, &release).await?))
}
