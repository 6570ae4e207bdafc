use axum::extract::State;
use yardstick_client::api::PluginDocument;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, PluginPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::operations::plugins;

/// Show a plugin with its versions, grants and history
#[utoipa::path(
    get, path = "/plugins/{plugin}", tag = "plugins", operation_id = "show_plugin",
    params(
        PluginPath,
    ),
    responses(
        (status = 200, body = PluginDocument, description = "The plugin."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    Path(plugin): Path<String>,
    _: NoQuery,
) -> Result<Json<PluginDocument>, Refused> {
    Ok(Json(plugins::show(&service.app, &plugin).await?))
}
