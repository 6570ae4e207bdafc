use axum::extract::State;
use yardstick_client::api::{CriteriaVersionDocument, Page, PageRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, ReleasePath};
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::criteria;

/// List the versions that a release's criteria have had, the newest first
#[utoipa::path(
    get, path = "/releases/{release}/criteria", tag = "releases", operation_id = "list_criteria_versions",
    params(
        ReleasePath,
        PageRequest,
    ),
    responses(
        (status = 200, body = Page<CriteriaVersionDocument>, description = "A page of versions."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn criteria(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(release): Path<String>,
    Query(request): Query<PageRequest>,
) -> Result<Json<Page<CriteriaVersionDocument>>, Refused> {
    Ok(Json(criteria::list(&service.app, &caller, &release, &request).await?))
}
