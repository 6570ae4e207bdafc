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

/// Try a job again now
///
/// One that waits, was given up or was cancelled is put in line now.
#[utoipa::path(
    post, path = "/jobs/{id}/retry", tag = "jobs", operation_id = "retry_job",
    params(
        JobPath,
    ),
    responses(
        (status = 200, body = JobDocument, description = "The job, waiting."),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
    )
)]
pub(super) async fn retry(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(id): Path<String>,
    _: NoQuery,
    _: NoBody,
) -> Result<Json<JobDocument>, Refused> {
    Ok(Json(jobs::retry(&service.app, &caller, jobs::number(&id)?).await?))
}
