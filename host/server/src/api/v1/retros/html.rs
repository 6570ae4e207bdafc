use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::IntoResponse;
use yardstick_client::api::RetroReportRequest;
use yardstick_report::html;

use crate::api::Shared;

use crate::api::path::{Path, RetroPath};
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::retros;

/// A retro as a page of its own
///
/// With `redact=true` people, names that are listed, and figures are replaced. Read the result before you send it out.
#[utoipa::path(
    get, path = "/retros/{retro}/report.html", tag = "retros", operation_id = "retro_html",
    params(
        RetroPath,
        RetroReportRequest,
    ),
    responses(
        (status = 200, body = String, content_type = "text/html", description = "The report."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn html(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(retro): Path<String>,
    Query(request): Query<RetroReportRequest>,
) -> Result<impl IntoResponse, Refused> {
    let report = retros::report_html(&service.app, &caller, &retro, &request).await?;
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CONTENT_SECURITY_POLICY, format!("{}; frame-ancestors 'none'", html::policy())),
    ];
    Ok((headers, report))
}
