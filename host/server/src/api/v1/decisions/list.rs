use axum::extract::State;
use yardstick_client::api::{DecisionDocument, DecisionsRequest, Page};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::decisions;

/// List decisions, the newest first
#[utoipa::path(
    get, path = "/decisions", tag = "decisions", operation_id = "decisions",
    params(
        DecisionsRequest,
    ),
    responses(
        (status = 200, body = Page<DecisionDocument>, description = "A page of them."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<DecisionsRequest>,
) -> Result<Json<Page<DecisionDocument>>, Refused> {
    Ok(Json(decisions::list(&service.app, &caller, &request).await?))
}
