use axum::extract::State;
use yardstick_client::api::{Page, PageRequest, PersonSummary};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::operations::people;

/// List persons by mail address
#[utoipa::path(
    get, path = "/persons", tag = "people", operation_id = "list_persons",
    params(
        PageRequest,
    ),
    responses(
        (status = 200, body = Page<PersonSummary>, description = "A page of persons."),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Query(request): Query<PageRequest>,
) -> Result<Json<Page<PersonSummary>>, Refused> {
    Ok(Json(people::persons(&service.app, &request).await?))
}
