use axum::extract::State;
use yardstick_client::api::{JobDocument, JobsRequest, Page};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::who::Who;
use crate::operations::jobs;

/// List jobs, the newest first
#[utoipa::path(
    get, path = "/jobs", tag = "jobs", operation_id = "list_jobs",
    params(
        JobsRequest,
    ),
    responses(
        (status = 200, body = Page<JobDocument>, description = "A page of jobs."),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<JobsRequest>,
) -> Result<Json<Page<JobDocument>>, Refused> {
    Ok(Json(jobs::list(&service.app, &caller, &request).await?))
}
