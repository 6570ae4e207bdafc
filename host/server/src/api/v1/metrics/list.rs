use axum::extract::State;
use yardstick_client::api::{MetricSummary, MetricsRequest, Page};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::operations::metrics;

/// List metrics by key, and how far their data go
#[utoipa::path(
    get, path = "/metrics", tag = "metrics", operation_id = "list_metrics",
    params(
        MetricsRequest,
    ),
    responses(
        (status = 200, body = Page<MetricSummary>, description = "A page of metrics."),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Query(request): Query<MetricsRequest>,
) -> Result<Json<Page<MetricSummary>>, Refused> {
    Ok(Json(metrics::list(&service.app, &request).await?))
}
