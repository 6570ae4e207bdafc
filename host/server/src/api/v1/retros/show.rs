use axum::extract::State;
use yardstick_client::api::RetroDocument;

use crate::api::Shared;
use crate::api::edits::Versioned;
use crate::api::path::{Path, RetroPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::retros;

/// Show a retro
#[utoipa::path(
    get, path = "/retros/{retro}", tag = "retros", operation_id = "retro",
    params(
        RetroPath,
    ),
    responses(
        (status = 200, body = RetroDocument, description = "The retro.",
            headers(("ETag" = String, description = "Its version."))),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(retro): Path<String>,
    _: NoQuery,
) -> Result<Versioned<RetroDocument>, Refused> {
    let retro = retros::show(&service.app, &caller, &retro).await?;
    let version = retro.version;
    Ok(Versioned(retro, version))
}
