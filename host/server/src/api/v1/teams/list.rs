use axum::extract::State;
use yardstick_client::api::{Page, PageRequest, TeamSummary};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::operations::people;

/// List teams by key
#[utoipa::path(
    get, path = "/teams", tag = "people", operation_id = "list_teams",
    params(
        PageRequest,
    ),
    responses(
        (status = 200, body = Page<TeamSummary>, description = "A page of teams."),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Query(request): Query<PageRequest>,
) -> Result<Json<Page<TeamSummary>>, Refused> {
    Ok(Json(people::teams(&service.app, &request).await?))
}
