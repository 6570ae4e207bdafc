use axum::extract::State;
use yardstick_client::api::{Page, ReleaseSummary, ReleasesRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::who::Who;
use crate::operations::releases;

/// List releases, the latest planned day first
#[utoipa::path(
    get, path = "/releases", tag = "releases", operation_id = "list_releases",
    params(
        ReleasesRequest,
    ),
    responses(
        (status = 200, body = Page<ReleaseSummary>, description = "A page of releases."),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<ReleasesRequest>,
) -> Result<Json<Page<ReleaseSummary>>, Refused> {
    Ok(Json(releases::list(&service.app, &caller, &request).await?))
}
