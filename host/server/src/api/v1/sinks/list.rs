use axum::extract::State;
use yardstick_client::api::{Page, SinkDocument};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::who::Who;
use crate::operations::outbox;

/// List sinks, by name
///
/// An operator sees all, a maintainer their teams'. Secrets are shown nowhere.
#[utoipa::path(
    get, path = "/sinks", tag = "sinks", operation_id = "list_sinks",
    responses(
        (status = 200, body = Page<SinkDocument>, description = "All of them, on one page."),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Who(caller): Who,
    _: NoQuery,
) -> Result<Json<Page<SinkDocument>>, Refused> {
    Ok(Json(outbox::sinks(&service.app, &caller).await?))
}
