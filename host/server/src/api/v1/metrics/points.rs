use axum::extract::State;
use yardstick_client::api::{Page, PointDocument, PointsRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{MetricPath, Path};
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::{Forbidden, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::points;

/// List the values of a metric by series and day, with what they were before
///
/// Values of a metric with `visibility: team`, and those of single units, are for its team.
#[utoipa::path(
    get, path = "/metrics/{metric}/points", tag = "metrics", operation_id = "list_points",
    params(
        MetricPath,
        PointsRequest,
    ),
    responses(
        (status = 200, body = Page<PointDocument>, description = "A page of days."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn points(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(metric): Path<String>,
    Query(request): Query<PointsRequest>,
) -> Result<Json<Page<PointDocument>>, Refused> {
    Ok(Json(points::list(&service.app, &caller, &metric, &request).await?))
}
