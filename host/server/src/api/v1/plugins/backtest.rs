use axum::extract::State;
use yardstick_client::api::{BacktestDocument, BacktestRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, PluginVersionPath};
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, NotFound};
use crate::api::who::Who;
use crate::operations::plugins;

/// Try a version on verdicts that were given: what it would have found; nothing is stored
#[utoipa::path(
    get, path = "/plugins/{plugin}/versions/{version}/backtest", tag = "plugins", operation_id = "backtest_plugin",
    params(
        PluginVersionPath,
        BacktestRequest,
    ),
    responses(
        (status = 200, body = BacktestDocument, description = "What would differ."),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
    )
)]
pub(super) async fn backtest(
    State(service): State<Shared>,
    Who(caller): Who,
    Path((plugin, version)): Path<(String, String)>,
    Query(request): Query<BacktestRequest>,
) -> Result<Json<BacktestDocument>, Refused> {
    Ok(Json(plugins::backtest(&service.app, &caller, &plugin, &version, &request).await?))
}
