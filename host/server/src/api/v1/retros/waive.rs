use axum::extract::State;
use yardstick_client::api::{ReasonRequest, ReleaseDocument};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, ReleasePath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::retros;

/// Say that a release needs no retro
///
/// After its final verdict.
#[utoipa::path(
    post, path = "/releases/{release}/waive-retro", tag = "retros", operation_id = "waive_retro",
    params(
        ReleasePath,
    ),
    request_body = ReasonRequest,
    responses(
        (status = 200, body = ReleaseDocument, description = "The release."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn waive(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(release): Path<String>,
    _: NoQuery,
    Json(request): Json<ReasonRequest>,
) -> Result<Json<ReleaseDocument>, Refused> {
    Ok(Json(retros::waive(&service.app, &caller, &release, &request).await?))
}
