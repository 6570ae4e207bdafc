use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::IntoResponse;
use yardstick_client::api::PortfolioRequest;
use yardstick_report::html;

use crate::api::Shared;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::portfolio;

/// The portfolio as a page of its own, to be sent to anybody
#[utoipa::path(
    get, path = "/portfolio.html", tag = "portfolio", operation_id = "portfolio_html",
    params(
        PortfolioRequest,
    ),
    responses(
        (status = 200, body = String, content_type = "text/html", description = "The page."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn page(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<PortfolioRequest>,
) -> Result<impl IntoResponse, Refused> {
    let page = portfolio::page(&service.app, &caller, &request).await?;
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CONTENT_SECURITY_POLICY, format!("{}; frame-ancestors 'none'", html::policy())),
    ];
    Ok((headers, page))
}
