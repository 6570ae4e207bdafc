use axum::extract::State;
use yardstick_client::api::{LaunchRequest, ReleaseDocument};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, ReleasePath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::releases;

/// Announce a launch
///
/// What is not sealed is sealed by it.
#[utoipa::path(
    post, path = "/releases/{release}/launch", tag = "releases", operation_id = "launch_release",
    params(
        ReleasePath,
    ),
    request_body = LaunchRequest,
    responses(
        (status = 200, body = ReleaseDocument, description = "The release, launched."),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn launch(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(release): Path<String>,
    _: NoQuery,
    Json(request): Json<LaunchRequest>,
) -> Result<Json<ReleaseDocument>, Refused> {
    Ok(Json(releases::launch(&service.app, &caller, &release, &request).await?))
}
