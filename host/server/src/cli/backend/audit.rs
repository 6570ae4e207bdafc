//! The audit.

use yardstick_client::api::{
    AuditCheckDocument, AuditCheckRequest, AuditEventDocument, AuditRequest, ForgetRequest,
    ForgottenDocument, Page,
};

use super::{Backend, Result};
use crate::operations::audit;

impl Backend {
    pub(in crate::cli) async fn audit(&self, request: &AuditRequest) -> Result<Page<AuditEventDocument>> {
        match self {
            Self::Here(app, caller) => Ok(audit::list(app, caller, request).await?),
            Self::There(client) => Ok(client.audit(request).await?),
        }
    }

    pub(in crate::cli) async fn check_audit(
        &self,
        request: &AuditCheckRequest,
    ) -> Result<AuditCheckDocument> {
        match self {
            Self::Here(app, caller) => Ok(audit::check(app, caller, request).await?),
            Self::There(client) => Ok(client.check_audit(request).await?),
        }
    }

    pub(in crate::cli) async fn forget_in_audit(&self, request: &ForgetRequest) -> Result<ForgottenDocument> {
        match self {
            Self::Here(app, caller) => Ok(audit::forget(app, caller, request).await?),
            Self::There(client) => Ok(client.forget_in_audit(request).await?),
        }
    }
}
