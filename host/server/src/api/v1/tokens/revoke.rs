use axum::extract::State;
use yardstick_client::api::TokenDocument;

use crate::api::Shared;
use crate::api::body::{Json, NoBody};
use crate::api::path::{Path, TokenPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::access;

/// Revoke a token for good
#[utoipa::path(
    post, path = "/tokens/{id}/revoke", tag = "access", operation_id = "revoke_token",
    params(
        TokenPath,
    ),
    responses(
        (status = 200, body = TokenDocument, description = "The token, revoked."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn revoke(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(id): Path<String>,
    _: NoQuery,
    _: NoBody,
) -> Result<Json<TokenDocument>, Refused> {
    Ok(Json(access::revoke_token(&service.app, &caller, access::number(&id)?).await?))
}
