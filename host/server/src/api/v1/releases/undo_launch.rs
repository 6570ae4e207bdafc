use axum::extract::State;
use yardstick_client::api::{ReleaseDocument, UndoLaunchRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, ReleasePath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::releases;

/// Take a wrong announcement back, until the first official verdict
#[utoipa::path(
    post, path = "/releases/{release}/undo-launch", tag = "releases", operation_id = "undo_launch",
    params(
        ReleasePath,
    ),
    request_body = UndoLaunchRequest,
    responses(
        (status = 200, body = ReleaseDocument, description = "The release, not launched."),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn undo_launch(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(release): Path<String>,
    _: NoQuery,
    Json(request): Json<UndoLaunchRequest>,
) -> Result<Json<ReleaseDocument>, Refused> {
    Ok(Json(releases::undo_launch(&service.app, &caller, &release, &request).await?))
}
