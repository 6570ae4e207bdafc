use axum::extract::State;
use yardstick_client::api::{ReleaseDocument, RescheduleRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, ReleasePath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::releases;

/// Move the planned day, before the launch
///
/// It takes a new seal.
#[utoipa::path(
    post, path = "/releases/{release}/reschedule", tag = "releases", operation_id = "reschedule_release",
    params(
        ReleasePath,
    ),
    request_body = RescheduleRequest,
    responses(
        (status = 200, body = ReleaseDocument, description = "The release with its new day."),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn reschedule(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(release): Path<String>,
    _: NoQuery,
    Json(request): Json<RescheduleRequest>,
) -> Result<Json<ReleaseDocument>, Refused> {
    Ok(Json(releases::reschedule(&service.app, &caller, &release, &request).await?))
}
