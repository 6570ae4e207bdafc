use axum::extract::State;
use yardstick_client::api::JobDocument;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{JobPath, Path};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::jobs;

/// Show a job
#[utoipa::path(
    get, path = "/jobs/{id}", tag = "jobs", operation_id = "show_job",
    params(
        JobPath,
    ),
    responses(
        (status = 200, body = JobDocument, description = "The job."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(id): Path<String>,
    _: NoQuery,
) -> Result<Json<JobDocument>, Refused> {
    Ok(Json(jobs::show(&service.app, &caller, jobs::number(&id)?).await?))
}
