use axum::extract::State;
use yardstick_client::api::{ActionDocument, ActionsRequest, Page};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::who::Who;
use crate::operations::retros;

/// List actions, the newest first
#[utoipa::path(
    get, path = "/actions", tag = "retros", operation_id = "actions",
    params(
        ActionsRequest,
    ),
    responses(
        (status = 200, body = Page<ActionDocument>, description = "A page of them."),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<ActionsRequest>,
) -> Result<Json<Page<ActionDocument>>, Refused> {
    Ok(Json(retros::actions(&service.app, &caller, &request).await?))
}
