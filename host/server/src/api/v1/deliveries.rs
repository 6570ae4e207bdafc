use axum::extract::State;
use yardstick_client::api::{DeliveriesRequest, DeliveryDocument, Page};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::outbox;

/// List tries of deliveries, the newest first
///
/// To sinks that whoever asks looks after.
#[utoipa::path(
    get, path = "/deliveries", tag = "sinks", operation_id = "list_deliveries",
    params(
        DeliveriesRequest,
    ),
    responses(
        (status = 200, body = Page<DeliveryDocument>, description = "A page of deliveries."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn deliveries(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<DeliveriesRequest>,
) -> Result<Json<Page<DeliveryDocument>>, Refused> {
    Ok(Json(outbox::deliveries(&service.app, &caller, &request).await?))
}
