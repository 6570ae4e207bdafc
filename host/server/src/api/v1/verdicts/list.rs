use axum::extract::State;
use yardstick_client::api::{Page, VerdictSummary, VerdictsRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::verdicts;

/// List verdicts, the newest first
#[utoipa::path(
    get, path = "/verdicts", tag = "verdicts", operation_id = "list_verdicts",
    params(
        VerdictsRequest,
    ),
    responses(
        (status = 200, body = Page<VerdictSummary>, description = "A page of verdicts."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<VerdictsRequest>,
) -> Result<Json<Page<VerdictSummary>>, Refused> {
    Ok(Json(verdicts::list(&service.app, &caller, &request).await?))
}
