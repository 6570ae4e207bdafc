use axum::extract::State;
use axum::response::Response;
use yardstick_client::api::MetricDocument;

use crate::api::Shared;
use crate::api::path::{MetricPath, Path};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::tagged::{self, Known};
use crate::operations::declared;

/// Show a metric: its definition, its data, its newest imports
#[utoipa::path(
    get, path = "/metrics/{metric}", tag = "metrics", operation_id = "show_metric",
    params(
        MetricPath,
        ("If-None-Match" = Option<String>, Header, description = "ETags that are known already: what has one of them is not answered again."),
    ),
    responses(
        (status = 200, body = MetricDocument, description = "The metric.",
            headers(("ETag" = String, description = "Its state; `If-Match` of a change names it."))),
        (status = 304, description = "It is as `If-None-Match` says."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    Path(metric): Path<String>,
    known: Known,
    _: NoQuery,
) -> Result<Response, Refused> {
    tagged::answer(&declared::metric(&service.app, &metric).await?, &known)
}
