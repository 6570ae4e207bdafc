use axum::extract::State;
use yardstick_client::api::TriedSinkDocument;

use crate::api::Shared;
use crate::api::body::{Json, NoBody};
use crate::api::path::{Path, SinkPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound};
use crate::api::who::Who;
use crate::operations::outbox;

/// Try a sink
///
/// It is sent an event that says nothing but that it was sent; see its deliveries for how that went.
#[utoipa::path(
    post, path = "/sinks/{sink}/try", tag = "sinks", operation_id = "try_sink",
    params(
        SinkPath,
    ),
    responses(
        (status = 200, body = TriedSinkDocument, description = "The event that is sent."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
    )
)]
pub(super) async fn try_out(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(sink): Path<String>,
    _: NoQuery,
    _: NoBody,
) -> Result<Json<TriedSinkDocument>, Refused> {
    Ok(Json(outbox::try_out(&service.app, &caller, &sink).await?))
}
