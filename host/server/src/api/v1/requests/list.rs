use axum::extract::State;
use yardstick_client::api::{Page, RequestDocument, RequestsRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::who::Who;
use crate::operations::intake;

/// List requests, the newest first
#[utoipa::path(
    get, path = "/requests", tag = "intake", operation_id = "list_requests",
    params(
        RequestsRequest,
    ),
    responses(
        (status = 200, body = Page<RequestDocument>, description = "A page of them."),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<RequestsRequest>,
) -> Result<Json<Page<RequestDocument>>, Refused> {
    Ok(Json(intake::requests(&service.app, &caller, &request).await?))
}
