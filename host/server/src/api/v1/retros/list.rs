use axum::extract::State;
use yardstick_client::api::{Page, RetroSummary, RetrosRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::retros;

/// List retros, the newest first
#[utoipa::path(
    get, path = "/retros", tag = "retros", operation_id = "retros",
    params(
        RetrosRequest,
    ),
    responses(
        (status = 200, body = Page<RetroSummary>, description = "A page of them."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<RetrosRequest>,
) -> Result<Json<Page<RetroSummary>>, Refused> {
    Ok(Json(retros::list(&service.app, &caller, &request).await?))
}
