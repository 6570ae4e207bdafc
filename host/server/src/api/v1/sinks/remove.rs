use axum::extract::State;
use yardstick_client::api::SinkDocument;

use crate::api::Shared;
use crate::api::body::{Json, NoBody};
use crate::api::path::{Path, SinkPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Forbidden, NotFound};
use crate::api::who::Who;
use crate::operations::outbox;

/// Remove a sink
///
/// What waits to be delivered to it is no longer; the log of what was stays.
#[utoipa::path(
    post, path = "/sinks/{sink}/remove", tag = "sinks", operation_id = "remove_sink",
    params(
        SinkPath,
    ),
    responses(
        (status = 200, body = SinkDocument, description = "The sink, as it was."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn remove(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(sink): Path<String>,
    _: NoQuery,
    _: NoBody,
) -> Result<Json<SinkDocument>, Refused> {
    Ok(Json(outbox::remove(&service.app, &caller, &sink).await?))
}
