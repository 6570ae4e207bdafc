use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::IntoResponse;
use yardstick_client::api::ChartsRequest;

use crate::api::Shared;
use crate::api::path::{Path, VerdictPath};
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::verdicts;

/// Draw the days around the launch, with target, baseline and checkpoints
#[utoipa::path(
    get, path = "/verdicts/{release}/{checkpoint}/chart.svg", tag = "verdicts", operation_id = "draw_chart",
    params(
        VerdictPath,
        ChartsRequest,
    ),
    responses(
        (status = 200, body = String, content_type = "image/svg+xml", description = "The chart."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn chart(
    State(service): State<Shared>,
    Who(caller): Who,
    Path((release, checkpoint)): Path<(String, String)>,
    Query(request): Query<ChartsRequest>,
) -> Result<impl IntoResponse, Refused> {
    let at = format!("{release}/{checkpoint}");
    let svg = verdicts::chart_svg(&service.app, &caller, &at, request.criterion.as_deref()).await?;
    // A picture styles itself and may do nothing else.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    Ok(([(CONTENT_TYPE, "image/svg+xml"), (CONTENT_SECURITY_POLICY, policy)], svg))
}
