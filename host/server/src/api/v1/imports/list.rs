use axum::extract::State;
use yardstick_client::api::{ImportDocument, ImportsRequest, Page};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::operations::imports;

/// List imports, the newest first
#[utoipa::path(
    get, path = "/imports", tag = "imports", operation_id = "list_imports",
    params(
        ImportsRequest,
    ),
    responses(
        (status = 200, body = Page<ImportDocument>, description = "A page of imports."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Query(request): Query<ImportsRequest>,
) -> Result<Json<Page<ImportDocument>>, Refused> {
    Ok(Json(imports::list(&service.app, &request).await?))
}
