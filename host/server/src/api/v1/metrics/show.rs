use axum::extract::State;
use yardstick_client::api::MetricDocument;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{MetricPath, Path};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::operations::metrics;

/// Show a metric: its definition, its data, its newest imports
#[utoipa::path(
    get, path = "/metrics/{metric}", tag = "metrics", operation_id = "show_metric",
    params(
        MetricPath,
    ),
    responses(
        (status = 200, body = MetricDocument, description = "The metric."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    Path(metric): Path<String>,
    _: NoQuery,
) -> Result<Json<MetricDocument>, Refused> {
    Ok(Json(metrics::show(&service.app, &metric).await?))
}
