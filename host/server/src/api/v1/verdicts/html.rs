use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::IntoResponse;
use yardstick_report::html;

use crate::api::Shared;
use crate::api::path::{Path, VerdictPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::verdicts;

/// A verdict as a page of its own, to be sent to anybody
#[utoipa::path(
    get, path = "/verdicts/{release}/{checkpoint}/report.html", tag = "verdicts", operation_id = "report_html",
    params(
        VerdictPath,
    ),
    responses(
        (status = 200, body = String, content_type = "text/html", description = "The report."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn html(
    State(service): State<Shared>,
    Who(caller): Who,
    Path((release, checkpoint)): Path<(String, String)>,
    _: NoQuery,
) -> Result<impl IntoResponse, Refused> {
    let report = verdicts::report_html(&service.app, &caller, &format!("{release}/{checkpoint}")).await?;
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CONTENT_SECURITY_POLICY, format!("{}; frame-ancestors 'none'", html::policy())),
    ];
    Ok((headers, report))
}
