use axum::extract::State;
use yardstick_client::api::ImportDocument;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{ImportPath, Path};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::operations::imports;

/// Show an import
#[utoipa::path(
    get, path = "/imports/{id}", tag = "imports", operation_id = "show_import",
    params(
        ImportPath,
    ),
    responses(
        (status = 200, body = ImportDocument, description = "The import."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    Path(id): Path<String>,
    _: NoQuery,
) -> Result<Json<ImportDocument>, Refused> {
    Ok(Json(imports::show(&service.app, imports::number(&id)?).await?))
}
