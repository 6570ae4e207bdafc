use axum::extract::State;
use yardstick_client::api::{Page, PageRequest, TokenDocument};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::who::Who;
use crate::operations::access;

/// List tokens, the newest first
///
/// Of whoever asks and of the service accounts they answer for; an operator sees all. Secrets are shown nowhere.
#[utoipa::path(
    get, path = "/tokens", tag = "access", operation_id = "list_tokens",
    params(
        PageRequest,
    ),
    responses(
        (status = 200, body = Page<TokenDocument>, description = "A page of tokens."),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<PageRequest>,
) -> Result<Json<Page<TokenDocument>>, Refused> {
    Ok(Json(access::tokens(&service.app, &caller, &request).await?))
}
