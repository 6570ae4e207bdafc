use axum::extract::State;
use yardstick_client::api::{RetroDocument, RetroRequest};

use crate::api::Shared;
use crate::api::body::{Json, WRITTEN};
use crate::api::edits::{OfVersion, Versioned};
use crate::api::path::{Path, RetroPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{
    ChangedMeanwhile, Conflict, Forbidden, NotFound, PreconditionRequired, Unprocessable,
};
use crate::api::who::Who;
use crate::operations::retros;

/// Replace what people write into a retro
///
/// All of it as it shall be: the document that was read, changed, may be sent back whole. `"status": "closed"` closes it:
/// what the host knows is kept as it is then, and only the actions go on.
#[utoipa::path(
    put, path = "/retros/{retro}", tag = "retros", operation_id = "edit_retro",
    params(
        RetroPath,
        ("If-Match" = String, Header, description = "The version that was read, as its ETag was.", example = "\"1\""),
    ),
    request_body = RetroRequest,
    responses(
        (status = 200, body = RetroDocument, description = "The retro.",
            headers(("ETag" = String, description = "Its version."))),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 412, response = ChangedMeanwhile),
        (status = 422, response = Unprocessable),
        (status = 428, response = PreconditionRequired),
    )
)]
pub(super) async fn edit(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(retro): Path<String>,
    OfVersion(version): OfVersion,
    _: NoQuery,
    Json(request): Json<RetroRequest, WRITTEN>,
) -> Result<Versioned<RetroDocument>, Refused> {
    let retro = retros::edit(&service.app, &caller, &retro, version, &request).await?;
    let version = retro.version;
    Ok(Versioned(retro, version))
}
