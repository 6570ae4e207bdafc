use axum::extract::State;
use yardstick_client::api::{JudgeRequest, JudgedDocument};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, ReleasePath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::verdicts;

/// Judge a release at a checkpoint
///
/// Official when the checkpoint has ended and its data are complete or have been waited for long enough; a look
/// otherwise. Judging again from the same inputs gives the same official verdict.
#[utoipa::path(
    post, path = "/releases/{release}/judge", tag = "releases", operation_id = "judge_release",
    params(
        ReleasePath,
    ),
    request_body = JudgeRequest,
    responses(
        (status = 200, body = JudgedDocument, description = "The verdict, and what is beside it."),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn judge(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(release): Path<String>,
    _: NoQuery,
    Json(request): Json<JudgeRequest>,
) -> Result<Json<JudgedDocument>, Refused> {
    Ok(Json(verdicts::judge(&service.app, &caller, &release, &request).await?))
}
