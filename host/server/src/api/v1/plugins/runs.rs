use axum::extract::State;
use yardstick_client::api::{Page, RunDocument, RunsRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, PluginPath};
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::plugins;

/// List the runs of a plugin, the newest first: what they cost, how they ended, what they wrote
#[utoipa::path(
    get, path = "/plugins/{plugin}/runs", tag = "plugins", operation_id = "list_runs_of_plugin",
    params(
        PluginPath,
        RunsRequest,
    ),
    responses(
        (status = 200, body = Page<RunDocument>, description = "A page of runs."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn runs(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(plugin): Path<String>,
    Query(request): Query<RunsRequest>,
) -> Result<Json<Page<RunDocument>>, Refused> {
    Ok(Json(plugins::runs(&service.app, &caller, &plugin, &request).await?))
}
