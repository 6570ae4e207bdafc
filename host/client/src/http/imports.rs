//! Imports of values.

use reqwest::header::CONTENT_ENCODING;

use super::ask::IDEMPOTENCY_KEY;
use super::{Client, Endpoint, Error, Upload};
use crate::api::{ImportDocument, ImportRequest, ImportedDocument, ImportsRequest, Page, PageRequest};

static LIST: Endpoint = Endpoint::get("/api/v1/imports");
static LIST_OF_METRIC: Endpoint = Endpoint::get("/api/v1/metrics/{metric}/imports");
static IMPORT: Endpoint = Endpoint::post("/api/v1/metrics/{metric}/imports");
static SHOW: Endpoint = Endpoint::get("/api/v1/imports/{id}");
static UNDO: Endpoint = Endpoint::post("/api/v1/imports/{id}/undo");

pub(super) static ENDPOINTS: &[&Endpoint] = &[&LIST, &LIST_OF_METRIC, &IMPORT, &SHOW, &UNDO];

/// Every method fails as [`Error`] says.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// A page of the imports, the newest first.
    pub async fn imports(&self, request: &ImportsRequest) -> Result<Page<ImportDocument>, Error> {
        self.ask(&LIST, &[])?.query(request)?.document().await
    }

    /// A page of the imports of one metric, the newest first.
    pub async fn imports_of(
        &self,
        metric: &str,
        request: &PageRequest,
    ) -> Result<Page<ImportDocument>, Error> {
        self.ask(&LIST_OF_METRIC, &[metric])?.query(request)?.document().await
    }

    /// Imports a file of values: all of it or nothing. It is read while it is sent.
    pub async fn import(
        &self,
        metric: &str,
        request: &ImportRequest,
        file: Upload,
    ) -> Result<ImportedDocument, Error> {
        let mut question = self.ask(&IMPORT, &[metric])?.query(request)?;
        if file.gzip {
            question = question.header(CONTENT_ENCODING, "gzip")?;
        }
        if let Some(key) = &file.key {
            question = question.header(IDEMPOTENCY_KEY, &quoted(key))?;
        }
        question.body(file.format.media(), file.body()).document().await
    }

    /// One import.
    pub async fn import_of(&self, id: i64) -> Result<ImportDocument, Error> {
        self.ask(&SHOW, &[&id.to_string()])?.document().await
    }

    /// Takes an import back: its rows stay on record and no longer count.
    pub async fn undo_import(&self, id: i64) -> Result<ImportDocument, Error> {
        self.ask(&UNDO, &[&id.to_string()])?.document().await
    }
}

/// The key as the header has it: a quoted string, so that quotes in it stay a part of it.
fn quoted(key: &str) -> String {
    format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""))
}
