use axum::extract::State;
use yardstick_client::api::{Page, PluginSummary};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::operations::plugins;

/// List all plugins, by name
#[utoipa::path(
    get, path = "/plugins", tag = "plugins", operation_id = "list_plugins",
    responses(
        (status = 200, body = Page<PluginSummary>, description = "All of them, on one page."),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    _: NoQuery,
) -> Result<Json<Page<PluginSummary>>, Refused> {
    Ok(Json(plugins::list(&service.app).await?))
}
