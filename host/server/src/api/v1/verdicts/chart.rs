use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use yardstick_client::api::ChartsRequest;

use crate::api::Shared;
use crate::api::path::Path;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::operations::verdicts;

/// Draw the days around the launch, with target, baseline and checkpoints
#[utoipa::path(
    get, path = "/verdicts/{release}/{checkpoint}/chart.svg", tag = "verdicts", operation_id = "draw_chart",
    params(
        ("release" = String, Path, description = "The release's slug.", example = "batch-changes-ga"),
        ("checkpoint" = String, Path, description = "The checkpoint, as for a verdict.", example = "d28"),
        ChartsRequest,
    ),
    responses(
        (status = 200, body = String, content_type = "image/svg+xml", description = "The chart."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn chart(
    State(service): State<Shared>,
    Path((release, checkpoint)): Path<(String, String)>,
    Query(request): Query<ChartsRequest>,
) -> Result<impl IntoResponse, Refused> {
    let at = format!("{release}/{checkpoint}");
    let svg = verdicts::chart_svg(&service.app, &at, request.criterion.as_deref()).await?;
    Ok(([(CONTENT_TYPE, "image/svg+xml")], svg))
}
