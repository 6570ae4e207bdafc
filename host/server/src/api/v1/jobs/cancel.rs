use axum::extract::State;
use yardstick_client::api::JobDocument;

use crate::api::Shared;
use crate::api::body::{Json, NoBody};
use crate::api::path::{JobPath, Path};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, NotFound};
use crate::api::who::Who;
use crate::operations::jobs;

/// Take a job out of line
///
/// One that waits or was given up.
#[utoipa::path(
    post, path = "/jobs/{id}/cancel", tag = "jobs", operation_id = "cancel_job",
    params(
        JobPath,
    ),
    responses(
        (status = 200, body = JobDocument, description = "The job, cancelled."),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
    )
)]
pub(super) async fn cancel(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(id): Path<String>,
    _: NoQuery,
    _: NoBody,
) -> Result<Json<JobDocument>, Refused> {
    Ok(Json(jobs::cancel(&service.app, &caller, jobs::number(&id)?).await?))
}
