use axum::extract::State;
use yardstick_client::api::TeamDocument;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, TeamPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::operations::people;

/// Show a team and its people
#[utoipa::path(
    get, path = "/teams/{team}", tag = "people", operation_id = "show_team",
    params(
        TeamPath,
    ),
    responses(
        (status = 200, body = TeamDocument, description = "The team."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    Path(team): Path<String>,
    _: NoQuery,
) -> Result<Json<TeamDocument>, Refused> {
    Ok(Json(people::team(&service.app, &team).await?))
}
