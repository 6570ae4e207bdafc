//! The portfolio.

use yardstick_client::api::{PortfolioDocument, PortfolioRequest};

use super::{Backend, Result};
use crate::operations::portfolio;

impl Backend {
    pub(in crate::cli) async fn portfolio(&self, request: &PortfolioRequest) -> Result<PortfolioDocument> {
        match self {
            Self::Here(app, caller) => Ok(portfolio::show(app, caller, request).await?),
            Self::There(client) => Ok(client.portfolio(request).await?),
        }
    }
}
