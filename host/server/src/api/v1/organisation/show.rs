use axum::extract::State;
use yardstick_client::api::OrganisationDocument;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::operations::people;

/// Show the organisation
#[utoipa::path(
    get, path = "/organisation", tag = "people", operation_id = "show_organisation",
    responses(
        (status = 200, body = OrganisationDocument, description = "The organisation."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    _: NoQuery,
) -> Result<Json<OrganisationDocument>, Refused> {
    Ok(Json(people::organisation(&service.app).await?))
}
