use axum::extract::State;
use yardstick_client::api::{DecisionDocument, ReasonRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{DecisionPath, Path};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::decisions;

/// Take a decision back
///
/// It stays on record. A checkpoint that it added is no longer judged.
#[utoipa::path(
    post, path = "/decisions/{id}/withdraw", tag = "decisions", operation_id = "withdraw_decision",
    params(
        DecisionPath,
    ),
    request_body = ReasonRequest,
    responses(
        (status = 200, body = DecisionDocument, description = "The decision."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn withdraw(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(id): Path<String>,
    _: NoQuery,
    Json(request): Json<ReasonRequest>,
) -> Result<Json<DecisionDocument>, Refused> {
    Ok(Json(decisions::withdraw(&service.app, &caller, &id, &request).await?))
}
