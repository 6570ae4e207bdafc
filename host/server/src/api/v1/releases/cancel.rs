use axum::extract::State;
use yardstick_client::api::{CancelRequest, ReleaseDocument};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, ReleasePath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::releases;

/// End a release that will not be judged
#[utoipa::path(
    post, path = "/releases/{release}/cancel", tag = "releases", operation_id = "cancel_release",
    params(
        ReleasePath,
    ),
    request_body = CancelRequest,
    responses(
        (status = 200, body = ReleaseDocument, description = "The release, cancelled."),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn cancel(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(release): Path<String>,
    _: NoQuery,
    Json(request): Json<CancelRequest>,
) -> Result<Json<ReleaseDocument>, Refused> {
    Ok(Json(releases::cancel(&service.app, &caller, &release, &request).await?))
}
