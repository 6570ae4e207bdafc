use axum::extract::State;
use yardstick_client::api::ActionDocument;

use crate::api::Shared;
use crate::api::edits::Versioned;
use crate::api::path::{ActionPath, Path};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::retros;

/// Show an action
#[utoipa::path(
    get, path = "/actions/{action}", tag = "retros", operation_id = "action",
    params(
        ActionPath,
    ),
    responses(
        (status = 200, body = ActionDocument, description = "The action.",
            headers(("ETag" = String, description = "Its version."))),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(action): Path<String>,
    _: NoQuery,
) -> Result<Versioned<ActionDocument>, Refused> {
    let action = retros::action(&service.app, &caller, &action).await?;
    let version = action.version;
    Ok(Versioned(action, version))
}
