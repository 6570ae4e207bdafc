use axum::extract::State;
use yardstick_client::api::ChartsRequest;
use yardstick_client::chart::ChartDocument;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, VerdictPath};
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::verdicts;

/// What the charts of a verdict are drawn from
#[utoipa::path(
    get, path = "/verdicts/{release}/{checkpoint}/charts", tag = "verdicts", operation_id = "show_charts",
    params(
        VerdictPath,
        ChartsRequest,
    ),
    responses(
        (status = 200, body = ChartDocument, description = "A chart per criterion."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn charts(
    State(service): State<Shared>,
    Who(caller): Who,
    Path((release, checkpoint)): Path<(String, String)>,
    Query(request): Query<ChartsRequest>,
) -> Result<Json<ChartDocument>, Refused> {
    let at = format!("{release}/{checkpoint}");
    Ok(Json(verdicts::charts(&service.app, &caller, &at, request.criterion.as_deref()).await?))
}
