use axum::Extension;
use axum::extract::State;
use yardstick_client::api::SecretSinkDocument;

use crate::api::Shared;
use crate::api::body::{Json, NoBody};
use crate::api::keyed::Confidential;
use crate::api::path::{Path, SinkPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound};
use crate::api::who::Who;
use crate::operations::outbox;

/// Give a web hook another secret
///
/// It is in this answer and nowhere else. The one before signs beside it for 24 hours, so that receivers can change over.
#[utoipa::path(
    post, path = "/sinks/{sink}/secret", tag = "sinks", operation_id = "turn_secret",
    params(
        SinkPath,
    ),
    responses(
        (status = 200, body = SecretSinkDocument, description = "The sink, with its new secret."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
    )
)]
pub(super) async fn turn_secret(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(sink): Path<String>,
    _: NoQuery,
    _: NoBody,
) -> Result<(Extension<Confidential>, Json<SecretSinkDocument>), Refused> {
    Ok((Extension(Confidential), Json(outbox::turn_secret(&service.app, &caller, &sink).await?)))
}
