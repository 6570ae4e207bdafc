//! The audit.

use super::{Client, Endpoint, Error};
use crate::api::{
    AuditCheckDocument, AuditCheckRequest, AuditEventDocument, AuditRequest, ForgetRequest,
    ForgottenDocument, Page,
};

static LIST: Endpoint = Endpoint::get("/api/v1/audit");
static CHECK: Endpoint = Endpoint::get("/api/v1/audit/check");
static FORGET: Endpoint = Endpoint::post("/api/v1/audit/forget");

pub(super) static ENDPOINTS: &[&Endpoint] = &[&LIST, &CHECK, &FORGET];

/// Every method fails as [`Error`] says.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// A page of the audit's events, the newest first.
    pub async fn audit(&self, request: &AuditRequest) -> Result<Page<AuditEventDocument>, Error> {
        self.ask(&LIST, &[])?.query(request)?.document().await
    }

    /// Checks the audit's chain.
    pub async fn check_audit(&self, request: &AuditCheckRequest) -> Result<AuditCheckDocument, Error> {
        self.ask(&CHECK, &[])?.works().query(request)?.document().await
    }

    /// Erases the name behind somebody's events.
    pub async fn forget_in_audit(&self, request: &ForgetRequest) -> Result<ForgottenDocument, Error> {
        self.ask(&FORGET, &[])?.json(request)?.document().await
    }
}
