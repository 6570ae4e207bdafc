use axum::extract::State;
use yardstick_client::api::WhoDocument;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::who::Who;
use crate::operations::access;

/// Show who asks
#[utoipa::path(
    get, path = "/whoami", tag = "access", operation_id = "whoami",
    responses(
        (status = 200, body = WhoDocument, description = "Whoever asks, and what they may do."),
    )
)]
pub(super) async fn whoami(
    State(service): State<Shared>,
    Who(caller): Who,
    _: NoQuery,
) -> Result<Json<WhoDocument>, Refused> {
    Ok(Json(access::whoami(&service.app, &caller).await?))
}
