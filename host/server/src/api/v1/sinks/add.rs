use axum::Extension;
use axum::extract::State;
use yardstick_client::api::{SecretSinkDocument, SinkRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::keyed::Confidential;
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::outbox;

/// Add a sink
///
/// A maintainer a web hook for their team, an operator any. The secret that signs a web hook's messages is in this
/// answer and nowhere else.
#[utoipa::path(
    post, path = "/sinks", tag = "sinks", operation_id = "add_sink",
    request_body = SinkRequest,
    responses(
        (status = 200, body = SecretSinkDocument, description = "The sink, with its secret."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn add(
    State(service): State<Shared>,
    Who(caller): Who,
    _: NoQuery,
    Json(request): Json<SinkRequest>,
) -> Result<(Extension<Confidential>, Json<SecretSinkDocument>), Refused> {
    Ok((Extension(Confidential), Json(outbox::add(&service.app, &caller, &request).await?)))
}
