//! Who asks: tokens and service accounts.

use super::{Client, Endpoint, Error};
use crate::api::{
    MadeTokenDocument, Page, PageRequest, ServiceAccountDocument, ServiceAccountRequest, TokenDocument,
    TokenRequest, WhoDocument,
};

static WHO: Endpoint = Endpoint::get("/api/v1/whoami");
static TOKENS: Endpoint = Endpoint::get("/api/v1/tokens");
static MAKE: Endpoint = Endpoint::post("/api/v1/tokens");
static REVOKE: Endpoint = Endpoint::post("/api/v1/tokens/{id}/revoke");
static ACCOUNTS: Endpoint = Endpoint::get("/api/v1/service-accounts");
static MAKE_ACCOUNT: Endpoint = Endpoint::post("/api/v1/service-accounts");
static RETIRE: Endpoint = Endpoint::post("/api/v1/service-accounts/{account}/retire");

pub(super) static ENDPOINTS: &[&Endpoint] =
    &[&WHO, &TOKENS, &MAKE, &REVOKE, &ACCOUNTS, &MAKE_ACCOUNT, &RETIRE];

/// Every method fails as [`Error`] says.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// Whoever asks, as the service sees them.
    pub async fn whoami(&self) -> Result<WhoDocument, Error> {
        self.ask(&WHO, &[])?.document().await
    }

    /// A page of the tokens that concern whoever asks, the newest first.
    pub async fn tokens(&self, request: &PageRequest) -> Result<Page<TokenDocument>, Error> {
        self.ask(&TOKENS, &[])?.query(request)?.document().await
    }

    /// Makes a token. Its secret is in this answer and nowhere else.
    pub async fn make_token(&self, request: &TokenRequest) -> Result<MadeTokenDocument, Error> {
        self.ask(&MAKE, &[])?.json(request)?.document().await
    }

    /// Revokes a token for good.
    pub async fn revoke_token(&self, id: i64) -> Result<TokenDocument, Error> {
        self.ask(&REVOKE, &[&id.to_string()])?.document().await
    }

    /// All service accounts, by key.
    pub async fn service_accounts(&self) -> Result<Page<ServiceAccountDocument>, Error> {
        self.ask(&ACCOUNTS, &[])?.document().await
    }

    /// Makes a service account.
    pub async fn make_service_account(
        &self,
        request: &ServiceAccountRequest,
    ) -> Result<ServiceAccountDocument, Error> {
        self.ask(&MAKE_ACCOUNT, &[])?.json(request)?.document().await
    }

    /// Retires a service account: its tokens are refused from then on.
    pub async fn retire_service_account(&self, account: &str) -> Result<ServiceAccountDocument, Error> {
        self.ask(&RETIRE, &[account])?.document().await
    }
}
