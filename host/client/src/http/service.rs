//! The service itself: whether it works, and what it offers.

use reqwest::StatusCode;
use serde_json::Value;

use super::{Client, Endpoint, Error};
use crate::api::Health;

static LIVE: Endpoint = Endpoint::get("/health/live");
static READY: Endpoint = Endpoint::get("/health/ready");
static OPENAPI: Endpoint = Endpoint::get("/api/v1/openapi.json");

pub(super) static ENDPOINTS: &[&Endpoint] = &[&LIVE, &READY, &OPENAPI];

/// Every method fails as [`Error`] says.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// Whether the process answers at all.
    pub async fn live(&self) -> Result<Health, Error> {
        self.ask(&LIVE, &[])?.document().await
    }

    /// Whether the service can do its work, and what is wrong if not. One that cannot is an answer, no error.
    pub async fn ready(&self) -> Result<Health, Error> {
        self.ask(&READY, &[])?.document_also(StatusCode::SERVICE_UNAVAILABLE).await
    }

    /// The OpenAPI document of the service.
    pub async fn openapi(&self) -> Result<Value, Error> {
        self.ask(&OPENAPI, &[])?.document().await
    }
}
