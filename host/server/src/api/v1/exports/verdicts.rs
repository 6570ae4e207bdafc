use axum::extract::State;
use axum::response::Response;
use yardstick_client::api::{ExportRequest, Exported, VerdictRow};

use super::answer;
use crate::api::Shared;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::who::Who;

/// Export verdicts, the oldest first
///
/// Official ones, unless `looks` says otherwise.
#[utoipa::path(
    get, path = "/exports/verdicts", tag = "exports", operation_id = "export_verdicts",
    params(
        ExportRequest,
    ),
    responses(
        (
            status = 200, description = "A CSV file with a header, or a JSON object on each line.",
            content((String = "text/csv"), (VerdictRow = "application/x-ndjson"))
        ),
    )
)]
pub(super) async fn verdicts(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<ExportRequest>,
) -> Result<Response, Refused> {
    answer(service, caller, Exported::Verdicts, &request).await
}
