use axum::extract::State;
use yardstick_client::api::StatusDocument;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::who::Who;
use crate::operations::status;

/// Show how the service fares
///
/// Jobs, verdicts that are overdue, metrics that are late, plugins that are suspended: what needs somebody.
#[utoipa::path(
    get, path = "/status", tag = "jobs", operation_id = "status",
    responses(
        (status = 200, body = StatusDocument, description = "How it fares."),
    )
)]
pub(super) async fn status(
    State(service): State<Shared>,
    Who(caller): Who,
    _: NoQuery,
) -> Result<Json<StatusDocument>, Refused> {
    Ok(Json(status::status(&service.app, &caller).await?))
}
