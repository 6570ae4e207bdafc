//! Tokens and service accounts.

use yardstick_client::api::{
    MadeTokenDocument, Page, PageRequest, ServiceAccountDocument, ServiceAccountRequest, TokenDocument,
    TokenRequest, WhoDocument,
};

use super::{Backend, Result};
use crate::operations::access;

impl Backend {
    pub(in crate::cli) async fn whoami(&self) -> Result<WhoDocument> {
        match self {
            Self::Here(app, caller) => Ok(access::whoami(app, caller).await?),
            Self::There(client) => Ok(client.whoami().await?),
        }
    }

    pub(in crate::cli) async fn tokens(&self, request: &PageRequest) -> Result<Page<TokenDocument>> {
        match self {
            Self::Here(app, caller) => Ok(access::tokens(app, caller, request).await?),
            Self::There(client) => Ok(client.tokens(request).await?),
        }
    }

    pub(in crate::cli) async fn make_token(&self, request: &TokenRequest) -> Result<MadeTokenDocument> {
        match self {
            Self::Here(app, caller) => Ok(access::make_token(app, caller, request).await?),
            Self::There(client) => Ok(client.make_token(request).await?),
        }
    }

    pub(in crate::cli) async fn revoke_token(&self, id: i64) -> Result<TokenDocument> {
        match self {
            Self::Here(app, caller) => Ok(access::revoke_token(app, caller, id).await?),
            Self::There(client) => Ok(client.revoke_token(id).await?),
        }
    }

    pub(in crate::cli) async fn service_accounts(&self) -> Result<Page<ServiceAccountDocument>> {
        match self {
            Self::Here(app, _) => Ok(access::accounts(app).await?),
            Self::There(client) => Ok(client.service_accounts().await?),
        }
    }

    pub(in crate::cli) async fn make_service_account(
        &self,
        request: &ServiceAccountRequest,
    ) -> Result<ServiceAccountDocument> {
        match self {
            Self::Here(app, caller) => Ok(access::make_account(app, caller, request).await?),
            Self::There(client) => Ok(client.make_service_account(request).await?),
        }
    }

    pub(in crate::cli) async fn retire_service_account(&self, key: &str) -> Result<ServiceAccountDocument> {
        match self {
            Self::Here(app, caller) => Ok(access::retire_account(app, caller, key).await?),
            Self::There(client) => Ok(client.retire_service_account(key).await?),
        }
    }
}
