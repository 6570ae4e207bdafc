use axum::extract::State;
use yardstick_client::api::{ServiceAccountDocument, ServiceAccountRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::access;

/// Make a service account
///
/// A maintainer makes them for their team, an operator for any and for none. A service account can approve nothing.
#[utoipa::path(
    post, path = "/service-accounts", tag = "access", operation_id = "make_service_account",
    request_body = ServiceAccountRequest,
    responses(
        (status = 200, body = ServiceAccountDocument, description = "The account; it has no token yet."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn make(
    State(service): State<Shared>,
    Who(caller): Who,
    _: NoQuery,
    Json(request): Json<ServiceAccountRequest>,
) -> Result<Json<ServiceAccountDocument>, Refused> {
    Ok(Json(access::make_account(&service.app, &caller, &request).await?))
}
