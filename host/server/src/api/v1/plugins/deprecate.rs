use axum::extract::State;
use yardstick_client::api::{ChangedPluginDocument, ReasonRequest};
use yardstick_store::VersionChange;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, PluginVersionPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::plugins;

/// Warn seals that find a version
#[utoipa::path(
    post, path = "/plugins/{plugin}/versions/{version}/deprecate", tag = "plugins", operation_id = "deprecate_plugin",
    params(
        PluginVersionPath,
    ),
    request_body = ReasonRequest,
    responses(
        (status = 200, body = ChangedPluginDocument, description = "The version, and whom it concerns."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn deprecate(
    State(service): State<Shared>,
    Who(caller): Who,
    Path((plugin, version)): Path<(String, String)>,
    _: NoQuery,
    Json(request): Json<ReasonRequest>,
) -> Result<Json<ChangedPluginDocument>, Refused> {
    let change = VersionChange::Deprecate(request.reason);
    Ok(Json(plugins::change(&service.app, &caller, &plugin, &version, &change).await?))
}
