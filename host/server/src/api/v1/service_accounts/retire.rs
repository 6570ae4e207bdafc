use axum::extract::State;
use yardstick_client::api::ServiceAccountDocument;

use crate::api::Shared;
use crate::api::body::{Json, NoBody};
use crate::api::path::{AccountPath, Path};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Forbidden, NotFound};
use crate::api::who::Who;
use crate::operations::access;

/// Retire a service account
///
/// Its tokens are refused from then on.
#[utoipa::path(
    post, path = "/service-accounts/{account}/retire", tag = "access", operation_id = "retire_service_account",
    params(
        AccountPath,
    ),
    responses(
        (status = 200, body = ServiceAccountDocument, description = "The account, retired."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn retire(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(account): Path<String>,
    _: NoQuery,
    _: NoBody,
) -> Result<Json<ServiceAccountDocument>, Refused> {
    Ok(Json(access::retire_account(&service.app, &caller, &account).await?))
}
