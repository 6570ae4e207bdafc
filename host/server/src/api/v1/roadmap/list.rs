use axum::extract::State;
use yardstick_client::api::{ExpectedDocument, Page, RoadmapRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::who::Who;
use crate::operations::roadmap;

/// List expected releases, the earliest planned day first
///
/// What became a release that only its team sees is there only for those who see that.
#[utoipa::path(
    get, path = "/roadmap", tag = "roadmap", operation_id = "list_roadmap",
    params(
        RoadmapRequest,
    ),
    responses(
        (status = 200, body = Page<ExpectedDocument>, description = "A page of them."),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<RoadmapRequest>,
) -> Result<Json<Page<ExpectedDocument>>, Refused> {
    Ok(Json(roadmap::list(&service.app, &caller, &request).await?))
}
