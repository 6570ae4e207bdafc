use axum::extract::State;
use yardstick_client::api::{ActionDocument, ActionRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::edits::{OfVersion, Versioned};
use crate::api::path::{ActionPath, Path};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{ChangedMeanwhile, Forbidden, NotFound, PreconditionRequired, Unprocessable};
use crate::api::who::Who;
use crate::operations::retros;

/// Change an action
///
/// Its team and whoever is to do it may, also when its retro is closed.
#[utoipa::path(
    put, path = "/actions/{action}", tag = "retros", operation_id = "edit_action",
    params(
        ActionPath,
        ("If-Match" = String, Header, description = "The version that was read, as its ETag was.", example = "\"1\""),
    ),
    request_body = ActionRequest,
    responses(
        (status = 200, body = ActionDocument, description = "The action.",
            headers(("ETag" = String, description = "Its version."))),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 412, response = ChangedMeanwhile),
        (status = 422, response = Unprocessable),
        (status = 428, response = PreconditionRequired),
    )
)]
pub(super) async fn edit(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(action): Path<String>,
    OfVersion(version): OfVersion,
    _: NoQuery,
    Json(request): Json<ActionRequest>,
) -> Result<Versioned<ActionDocument>, Refused> {
    let action = retros::edit_action(&service.app, &caller, &action, version, &request).await?;
    let version = action.version;
    Ok(Versioned(action, version))
}
