use serde_json::Value;

use crate::api::body::Json;
use crate::api::path::Path;
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::operations::schemas;

/// Show the JSON Schema of a kind of file or document
#[utoipa::path(
    get, path = "/schemas/{kind}", tag = "files", operation_id = "show_schema",
    params(("kind" = String, Path, description = "Such as `release` or `verdict`.", example = "release")),
    responses(
        (status = 200, body = Object, description = "The schema."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(Path(kind): Path<String>, _: NoQuery) -> Result<Json<Value>, Refused> {
    Ok(Json(schemas::one(&kind)?))
}
