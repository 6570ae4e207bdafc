use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use yardstick_client::api::RetroReportRequest;

use crate::api::Shared;

use crate::api::path::{Path, RetroPath};
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::retros;

/// A retro as Markdown
///
/// With `redact=true` people, names that are listed, and figures are replaced. Read the result before you send it out.
#[utoipa::path(
    get, path = "/retros/{retro}/report.md", tag = "retros", operation_id = "retro_markdown",
    params(
        RetroPath,
        RetroReportRequest,
    ),
    responses(
        (status = 200, body = String, content_type = "text/markdown", description = "The report."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn markdown(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(retro): Path<String>,
    Query(request): Query<RetroReportRequest>,
) -> Result<impl IntoResponse, Refused> {
    let report = retros::report_markdown(&service.app, &caller, &retro, &request).await?;
    Ok(([(CONTENT_TYPE, "text/markdown; charset=utf-8")], report))
}
