use axum::extract::State;
use axum::response::Response;
use yardstick_client::api::TeamDocument;

use crate::api::Shared;
use crate::api::path::{Path, TeamPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::tagged::{self, Known};
use crate::operations::declared;

/// Show a team and its people
#[utoipa::path(
    get, path = "/teams/{team}", tag = "people", operation_id = "show_team",
    params(
        TeamPath,
        ("If-None-Match" = Option<String>, Header, description = "ETags that are known already: what has one of them is not answered again."),
    ),
    responses(
        (status = 200, body = TeamDocument, description = "The team.",
            headers(("ETag" = String, description = "Its state; `If-Match` of a change names it."))),
        (status = 304, description = "It is as `If-None-Match` says."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    Path(team): Path<String>,
    known: Known,
    _: NoQuery,
) -> Result<Response, Refused> {
    tagged::answer(&declared::team(&service.app, &team).await?, &known)
}
