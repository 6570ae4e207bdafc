//! JSON Schemas of files and documents.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Client, Endpoint, Error};

static ALL: Endpoint = Endpoint::get("/api/v1/schemas");
static ONE: Endpoint = Endpoint::get("/api/v1/schemas/{kind}");

pub(super) static ENDPOINTS: &[&Endpoint] = &[&ALL, &ONE];

/// Every method fails as [`Error`] says.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// The JSON Schemas of files and documents, by kind.
    pub async fn schemas(&self) -> Result<BTreeMap<String, Value>, Error> {
        self.ask(&ALL, &[])?.document().await
    }

    /// The JSON Schema of one kind: `organisation`, `team`, `person`, `metric`, `release` or `verdict`.
    pub async fn schema(&self, kind: &str) -> Result<Value, Error> {
        self.ask(&ONE, &[kind])?.document().await
    }
}
