use axum::extract::State;
use yardstick_client::api::{GrantRequest, PluginDocument};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, PluginPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound};
use crate::api::who::Who;
use crate::operations::plugins;

/// Give a plugin leave to read a metric
#[utoipa::path(
    post, path = "/plugins/{plugin}/grants", tag = "plugins", operation_id = "grant_plugin",
    params(
        PluginPath,
    ),
    request_body = GrantRequest,
    responses(
        (status = 200, body = PluginDocument, description = "The plugin, with its grants."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
    )
)]
pub(super) async fn grant(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(plugin): Path<String>,
    _: NoQuery,
    Json(request): Json<GrantRequest>,
) -> Result<Json<PluginDocument>, Refused> {
    Ok(Json(plugins::grant(&service.app, &caller, &plugin, &request).await?))
}
