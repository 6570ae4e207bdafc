use axum::extract::State;
use yardstick_client::api::{DecisionDocument, DecisionRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, ReleasePath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::decisions;

/// Decide what is made of a verdict
///
/// A stance on the verdict, an action on the feature, or both. The verdict itself never changes. An override is shown
/// beside it once another person has approved it. Programs decide nothing.
#[utoipa::path(
    post, path = "/releases/{release}/decisions", tag = "decisions", operation_id = "decide",
    params(
        ReleasePath,
    ),
    request_body = DecisionRequest,
    responses(
        (status = 200, body = DecisionDocument, description = "The decision."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn make(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(release): Path<String>,
    _: NoQuery,
    Json(request): Json<DecisionRequest>,
) -> Result<Json<DecisionDocument>, Refused> {
    Ok(Json(decisions::decide(&service.app, &caller, &release, &request).await?))
}
