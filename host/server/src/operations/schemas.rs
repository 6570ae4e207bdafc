//! JSON Schemas of files and documents.

use std::collections::BTreeMap;

use serde_json::Value;
use yardstick_app::AppError;
use yardstick_client::{document, files};

use super::Result;

/// All of them, by name.
pub(crate) fn all() -> BTreeMap<String, Value> {
    let files = files::KINDS.iter().filter_map(|kind| Some(((*kind).to_owned(), files::schema(kind)?)));
    files
        .chain([("case".to_owned(), files::case::schema()), ("verdict".to_owned(), document::schema())])
        .collect()
}

/// The schema of this name.
pub(crate) fn one(kind: &str) -> Result<Value> {
    let mut all = all();
    match all.remove(kind) {
        Some(schema) => Ok(schema),
        None => Err(AppError::not_found("schema", kind, all.keys().map(String::as_str)).into()),
    }
}
