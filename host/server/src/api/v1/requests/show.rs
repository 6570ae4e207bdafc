use axum::extract::State;
use yardstick_client::api::RequestDocument;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, RequestPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::intake;

/// Show a request: what it says, what it asks for, what became of it
#[utoipa::path(
    get, path = "/requests/{id}", tag = "intake", operation_id = "show_request",
    params(
        RequestPath,
    ),
    responses(
        (status = 200, body = RequestDocument, description = "The request."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(id): Path<String>,
    _: NoQuery,
) -> Result<Json<RequestDocument>, Refused> {
    Ok(Json(intake::show(&service.app, &caller, intake::number(&id)?).await?))
}
