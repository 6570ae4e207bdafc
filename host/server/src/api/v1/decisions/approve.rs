use axum::extract::State;
use yardstick_client::api::DecisionDocument;

use crate::api::Shared;
use crate::api::body::{Json, NoBody};
use crate::api::path::{DecisionPath, Path};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound};
use crate::api::who::Who;
use crate::operations::decisions;

/// Approve an override
///
/// As a second person of the team: whoever made it and programs cannot.
#[utoipa::path(
    post, path = "/decisions/{id}/approve", tag = "decisions", operation_id = "approve_decision",
    params(
        DecisionPath,
    ),
    responses(
        (status = 200, body = DecisionDocument, description = "The decision."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
    )
)]
pub(super) async fn approve(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(id): Path<String>,
    _: NoQuery,
    _: NoBody,
) -> Result<Json<DecisionDocument>, Refused> {
    Ok(Json(decisions::approve(&service.app, &caller, &id).await?))
}
