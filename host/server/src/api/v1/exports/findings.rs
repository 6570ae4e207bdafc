use axum::extract::State;
use axum::response::Response;
use yardstick_client::api::{ExportRequest, Exported, FindingRow};

use super::answer;
use crate::api::Shared;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::who::Who;

/// Export findings, those of the oldest verdict first
///
/// Of official verdicts, unless `looks` says otherwise.
#[utoipa::path(
    get, path = "/exports/findings", tag = "exports", operation_id = "export_findings",
    params(
        ExportRequest,
    ),
    responses(
        (
            status = 200, description = "A CSV file with a header, or a JSON object on each line.",
            content((String = "text/csv"), (FindingRow = "application/x-ndjson"))
        ),
    )
)]
pub(super) async fn findings(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<ExportRequest>,
) -> Result<Response, Refused> {
    answer(service, caller, Exported::Findings, &request).await
}
