use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use yardstick_client::api::Health;

use crate::api::Shared;
use crate::api::answers::SaysItself;
use crate::api::body::Json;
use crate::operations::health;

/// Whether the service can do its work, and what is wrong if not
#[utoipa::path(
    get, path = "/health/ready", tag = "health", operation_id = "ready",
    responses(
        (status = 200, body = Health, description = "It can."),
        (status = 503, body = Health, description = "It cannot; the checks say why."),
    )
)]
pub(in crate::api) async fn ready(State(service): State<Shared>) -> Response {
    let health = health::ready(&service.app).await;
    match health.ok {
        true => Json(health).into_response(),
        false => (StatusCode::SERVICE_UNAVAILABLE, Extension(SaysItself), Json(health)).into_response(),
    }
}
