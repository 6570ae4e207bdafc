use axum::extract::State;
use yardstick_client::api::{IntakeDocument, Page};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::who::Who;
use crate::operations::intake;

/// List intakes, by repository
///
/// An operator sees all, a maintainer their teams'. Secrets are shown nowhere.
#[utoipa::path(
    get, path = "/intakes", tag = "intake", operation_id = "list_intakes",
    responses(
        (status = 200, body = Page<IntakeDocument>, description = "All of them, on one page."),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Who(caller): Who,
    _: NoQuery,
) -> Result<Json<Page<IntakeDocument>>, Refused> {
    Ok(Json(intake::list(&service.app, &caller).await?))
}
