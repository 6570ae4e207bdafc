use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::body::Json;
use crate::api::query::NoQuery;
use crate::operations::schemas;

/// List the JSON Schemas of files and documents, by kind
#[utoipa::path(
    get, path = "/schemas", tag = "files", operation_id = "list_schemas",
    responses((status = 200, body = BTreeMap<String, Object>, description = "All of them."))
)]
pub(super) async fn list(_: NoQuery) -> Json<BTreeMap<String, Value>> {
    Json(schemas::all())
}
