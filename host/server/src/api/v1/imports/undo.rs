use axum::extract::State;
use yardstick_client::api::ImportDocument;

use crate::api::Shared;
use crate::api::body::{Json, NoBody};
use crate::api::path::{ImportPath, Path};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, NotFound};
use crate::api::who::Who;
use crate::operations::imports;

/// Take an import back
///
/// Its rows stay on record and no longer count. Later imports of its metric are undone first.
#[utoipa::path(
    post, path = "/imports/{id}/undo", tag = "imports", operation_id = "undo_import",
    params(
        ImportPath,
    ),
    responses(
        (status = 200, body = ImportDocument, description = "The import, undone."),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
    )
)]
pub(super) async fn undo(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(id): Path<String>,
    _: NoQuery,
    _: NoBody,
) -> Result<Json<ImportDocument>, Refused> {
    Ok(Json(imports::undo(&service.app, &caller, imports::number(&id)?).await?))
}
