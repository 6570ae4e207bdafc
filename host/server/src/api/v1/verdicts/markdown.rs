use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use crate::api::Shared;
use crate::api::path::{Path, VerdictPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::verdicts;

/// A verdict as Markdown, for issues and documents
#[utoipa::path(
    get, path = "/verdicts/{release}/{checkpoint}/report.md", tag = "verdicts", operation_id = "report_markdown",
    params(
        VerdictPath,
    ),
    responses(
        (status = 200, body = String, content_type = "text/markdown", description = "The report."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn markdown(
    State(service): State<Shared>,
    Who(caller): Who,
    Path((release, checkpoint)): Path<(String, String)>,
    _: NoQuery,
) -> Result<impl IntoResponse, Refused> {
    let report = verdicts::report_markdown(&service.app, &caller, &format!("{release}/{checkpoint}")).await?;
    Ok(([(CONTENT_TYPE, "text/markdown; charset=utf-8")], report))
}
