use axum::extract::State;
use yardstick_client::api::ChangedPluginDocument;
use yardstick_store::VersionChange;

use crate::api::Shared;
use crate::api::body::{Json, NoBody};
use crate::api::path::{Path, PluginVersionPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound};
use crate::api::who::Who;
use crate::operations::plugins;

/// Make a shadow a version that new seals find
#[utoipa::path(
    post, path = "/plugins/{plugin}/versions/{version}/promote", tag = "plugins", operation_id = "promote_plugin",
    params(
        PluginVersionPath,
    ),
    responses(
        (status = 200, body = ChangedPluginDocument, description = "The version, and whom it concerns."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
    )
)]
pub(super) async fn promote(
    State(service): State<Shared>,
    Who(caller): Who,
    Path((plugin, version)): Path<(String, String)>,
    _: NoQuery,
    _: NoBody,
) -> Result<Json<ChangedPluginDocument>, Refused> {
    let change = VersionChange::Promote;
    Ok(Json(plugins::change(&service.app, &caller, &plugin, &version, &change).await?))
}
