use axum::extract::State;
use axum::response::Response;
use yardstick_client::api::{ExportRequest, Exported, ReleaseRow};

use super::answer;
use crate::api::Shared;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::who::Who;

/// Export releases, the latest planned day first
#[utoipa::path(
    get, path = "/exports/releases", tag = "exports", operation_id = "export_releases",
    params(
        ExportRequest,
    ),
    responses(
        (
            status = 200, description = "A CSV file with a header, or a JSON object on each line.",
            content((String = "text/csv"), (ReleaseRow = "application/x-ndjson"))
        ),
    )
)]
pub(super) async fn releases(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<ExportRequest>,
) -> Result<Response, Refused> {
    answer(service, caller, Exported::Releases, &request).await
}
