use axum::extract::State;
use yardstick_client::api::DecisionDocument;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{DecisionPath, Path};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::decisions;

/// Show a decision
#[utoipa::path(
    get, path = "/decisions/{id}", tag = "decisions", operation_id = "decision",
    params(
        DecisionPath,
    ),
    responses(
        (status = 200, body = DecisionDocument, description = "The decision."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(id): Path<String>,
    _: NoQuery,
) -> Result<Json<DecisionDocument>, Refused> {
    Ok(Json(decisions::show(&service.app, &caller, &id).await?))
}
