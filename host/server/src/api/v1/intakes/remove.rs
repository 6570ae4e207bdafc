use axum::extract::State;
use yardstick_client::api::IntakeDocument;

use crate::api::Shared;
use crate::api::body::{Json, NoBody};
use crate::api::path::{IntakePath, Path};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Forbidden, NotFound};
use crate::api::who::Who;
use crate::operations::intake;

/// Remove an intake
///
/// Nothing is taken by its secret any more; its requests stay.
#[utoipa::path(
    post, path = "/intakes/{team}/{repository}/remove", tag = "intake", operation_id = "remove_intake",
    params(
        IntakePath,
    ),
    responses(
        (status = 200, body = IntakeDocument, description = "The intake, as it was."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn remove(
    State(service): State<Shared>,
    Who(caller): Who,
    Path((team, repository)): Path<(String, String)>,
    _: NoQuery,
    _: NoBody,
) -> Result<Json<IntakeDocument>, Refused> {
    Ok(Json(intake::remove(&service.app, &caller, &team, &repository).await?))
}
