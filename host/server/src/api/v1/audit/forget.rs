use axum::extract::State;
use yardstick_client::api::{ForgetRequest, ForgottenDocument};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Forbidden, NotFound};
use crate::api::who::Who;
use crate::operations::audit;

/// Erase the name behind somebody's events
///
/// For operators. The events stay, and so does the chain.
#[utoipa::path(
    post, path = "/audit/forget", tag = "audit", operation_id = "forget_in_audit",
    request_body = ForgetRequest,
    responses(
        (status = 200, body = ForgottenDocument, description = "It is erased."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn forget(
    State(service): State<Shared>,
    Who(caller): Who,
    _: NoQuery,
    Json(request): Json<ForgetRequest>,
) -> Result<Json<ForgottenDocument>, Refused> {
    Ok(Json(audit::forget(&service.app, &caller, &request).await?))
}
