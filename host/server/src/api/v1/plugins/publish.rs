use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use tokio::sync::Semaphore;
use yardstick_client::api::{PublishRequest, PublishedDocument};

use crate::api::Shared;
use crate::api::body::{Json, component};
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, PluginRefused};
use crate::api::who::Who;
use crate::operations::{codes, plugins};

/// Components that are received and checked at a time: each is held in memory.
static PLACES: Semaphore = Semaphore::const_new(4);

/// Publish a component under the name and version of its manifest
///
/// It is checked step by step: size, that it is a plain component, what it imports and exports, that it compiles,
/// its description, and the cases it carries. The same bytes again change nothing; other bytes under a published
/// version are refused.
#[utoipa::path(
    post, path = "/plugins", tag = "plugins", operation_id = "publish_plugin",
    params(
        PublishRequest,
    ),
    request_body(
        description = "The component as `yardstick plugin build` makes it; at most 32 MiB.",
        content((Vec<u8> = "application/wasm"), (Vec<u8> = "application/octet-stream")),
    ),
    responses(
        (status = 200, body = PublishedDocument, description = "The same bytes were published before."),
        (status = 201, body = PublishedDocument, description = "It is published."),
        (status = 403, response = Forbidden),
        (status = 409, response = Conflict),
        (status = 422, response = PluginRefused),
    )
)]
pub(super) async fn publish(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<PublishRequest>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<PublishedDocument>), Refused> {
    let _place = PLACES.acquire().await.map_err(|error| Refused::of(codes::INTERNAL, error.to_string()))?;
    let component = component(&headers, body).await?;
    let published = plugins::publish(&service.app, &caller, &request, component).await?;
    let status = if published.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(published)))
}
