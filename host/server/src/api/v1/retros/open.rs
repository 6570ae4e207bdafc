use axum::extract::State;
use yardstick_client::api::{OpenRetroRequest, RetroDocument};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::edits::Versioned;
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::retros;

/// Open a retro
///
/// Of one or several releases, any time after their launch. What the host knows of them is in it, and stays up to date
/// until it is closed.
#[utoipa::path(
    post, path = "/retros", tag = "retros", operation_id = "open_retro",
    request_body = OpenRetroRequest,
    responses(
        (status = 200, body = RetroDocument, description = "The retro.",
            headers(("ETag" = String, description = "Its version."))),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn open(
    State(service): State<Shared>,
    Who(caller): Who,
    _: NoQuery,
    Json(request): Json<OpenRetroRequest>,
) -> Result<Versioned<RetroDocument>, Refused> {
    let retro = retros::open(&service.app, &caller, &request).await?;
    let version = retro.version;
    Ok(Versioned(retro, version))
}
