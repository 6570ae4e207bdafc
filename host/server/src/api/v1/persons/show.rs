use axum::extract::State;
use axum::response::Response;
use yardstick_client::api::PersonDocument;

use crate::api::Shared;
use crate::api::path::{Path, PersonPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::tagged::{self, Known};
use crate::operations::declared;

/// Show a person and their teams
#[utoipa::path(
    get, path = "/persons/{person}", tag = "people", operation_id = "show_person",
    params(
        PersonPath,
        ("If-None-Match" = Option<String>, Header, description = "ETags that are known already: what has one of them is not answered again."),
    ),
    responses(
        (status = 200, body = PersonDocument, description = "The person.",
            headers(("ETag" = String, description = "Its state; `If-Match` of a change names it."))),
        (status = 304, description = "It is as `If-None-Match` says."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    Path(person): Path<String>,
    known: Known,
    _: NoQuery,
) -> Result<Response, Refused> {
    tagged::answer(&declared::person(&service.app, &person).await?, &known)
}
