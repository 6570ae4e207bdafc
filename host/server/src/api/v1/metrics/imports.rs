use axum::extract::State;
use yardstick_client::api::{ImportDocument, Page, PageRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{MetricPath, Path};
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::operations::imports;

/// List the imports of a metric, the newest first
#[utoipa::path(
    get, path = "/metrics/{metric}/imports", tag = "metrics", operation_id = "list_imports_of_metric",
    params(
        MetricPath,
        PageRequest,
    ),
    responses(
        (status = 200, body = Page<ImportDocument>, description = "A page of imports."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn imports(
    State(service): State<Shared>,
    Path(metric): Path<String>,
    Query(request): Query<PageRequest>,
) -> Result<Json<Page<ImportDocument>>, Refused> {
    Ok(Json(imports::of_metric(&service.app, &metric, &request).await?))
}
