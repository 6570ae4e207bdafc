use axum::extract::State;
use yardstick_client::api::PersonDocument;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, PersonPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::operations::people;

/// Show a person and their teams
#[utoipa::path(
    get, path = "/persons/{person}", tag = "people", operation_id = "show_person",
    params(
        PersonPath,
    ),
    responses(
        (status = 200, body = PersonDocument, description = "The person."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    Path(person): Path<String>,
    _: NoQuery,
) -> Result<Json<PersonDocument>, Refused> {
    Ok(Json(people::person(&service.app, &person).await?))
}
