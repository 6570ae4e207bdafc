//! The portfolio.

use super::{Client, Endpoint, Error};
use crate::api::{PortfolioDocument, PortfolioRequest};

static PORTFOLIO: Endpoint = Endpoint::get("/api/v1/portfolio");
static PORTFOLIO_HTML: Endpoint = Endpoint::get("/api/v1/portfolio.html");

pub(super) static ENDPOINTS: &[&Endpoint] = &[&PORTFOLIO, &PORTFOLIO_HTML];

/// Every method fails as [`Error`] says.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// The portfolio of a fiscal quarter.
    pub async fn portfolio(&self, request: &PortfolioRequest) -> Result<PortfolioDocument, Error> {
        self.ask(&PORTFOLIO, &[])?.query(request)?.document().await
    }

    /// As [`Client::portfolio`], as a page of its own.
    pub async fn portfolio_html(&self, request: &PortfolioRequest) -> Result<String, Error> {
        self.ask(&PORTFOLIO_HTML, &[])?.query(request)?.text("text/html").await
    }
}
