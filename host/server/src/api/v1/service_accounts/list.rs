use axum::extract::State;
use yardstick_client::api::{Page, ServiceAccountDocument};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::operations::access;

/// List service accounts, by key
#[utoipa::path(
    get, path = "/service-accounts", tag = "access", operation_id = "list_service_accounts",
    responses(
        (status = 200, body = Page<ServiceAccountDocument>, description = "All service accounts."),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    _: NoQuery,
) -> Result<Json<Page<ServiceAccountDocument>>, Refused> {
    Ok(Json(access::accounts(&service.app).await?))
}
