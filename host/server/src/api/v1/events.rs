use axum::extract::State;
use yardstick_client::api::{EventDocument, EventsRequest, Page};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::who::Who;
use crate::operations::outbox;

/// List events, the newest first
///
/// What happened that somebody should hear of; of releases that whoever asks may see.
#[utoipa::path(
    get, path = "/events", tag = "sinks", operation_id = "list_events",
    params(
        EventsRequest,
    ),
    responses(
        (status = 200, body = Page<EventDocument>, description = "A page of events."),
    )
)]
pub(super) async fn events(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<EventsRequest>,
) -> Result<Json<Page<EventDocument>>, Refused> {
    Ok(Json(outbox::events(&service.app, &caller, &request).await?))
}
