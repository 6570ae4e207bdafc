use yardstick_client::api::Health;

use crate::api::body::Json;

/// Whether the process answers at all
#[utoipa::path(
    get, path = "/health/live", tag = "health", operation_id = "live",
    responses((status = 200, body = Health, description = "It does."))
)]
pub(in crate::api) async fn live() -> Json<Health> {
    Json(Health { ok: true, version: env!("CARGO_PKG_VERSION").to_owned(), checks: Vec::new() })
}
