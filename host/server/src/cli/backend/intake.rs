//! Intakes, and the requests they bring.

use yardstick_client::api::{
    IntakeDocument, IntakeRequest, Page, RegisterRequest, RequestDocument, RequestsRequest,
    SecretIntakeDocument,
};

use super::{Backend, Result};
use crate::operations::intake;

impl Backend {
    pub(in crate::cli) async fn intakes(&self) -> Result<Page<IntakeDocument>> {
        match self {
            Self::Here(app, caller) => Ok(intake::list(app, caller).await?),
            Self::There(client) => Ok(client.intakes().await?),
        }
    }

    pub(in crate::cli) async fn add_intake(&self, request: &IntakeRequest) -> Result<SecretIntakeDocument> {
        match self {
            Self::Here(app, caller) => Ok(intake::add(app, caller, request).await?),
            Self::There(client) => Ok(client.add_intake(request).await?),
        }
    }

    pub(in crate::cli) async fn remove_intake(&self, team: &str, repository: &str) -> Result<IntakeDocument> {
        match self {
            Self::Here(app, caller) => Ok(intake::remove(app, caller, team, repository).await?),
            Self::There(client) => Ok(client.remove_intake(team, repository).await?),
        }
    }

    pub(in crate::cli) async fn turn_intake_secret(
        &self,
        team: &str,
        repository: &str,
    ) -> Result<SecretIntakeDocument> {
        match self {
            Self::Here(app, caller) => Ok(intake::turn_secret(app, caller, team, repository).await?),
            Self::There(client) => Ok(client.turn_intake_secret(team, repository).await?),
        }
    }

    pub(in crate::cli) async fn requests(&self, request: &RequestsRequest) -> Result<Page<RequestDocument>> {
        match self {
            Self::Here(app, caller) => Ok(intake::requests(app, caller, request).await?),
            Self::There(client) => Ok(client.requests(request).await?),
        }
    }

    pub(in crate::cli) async fn request(&self, id: i64) -> Result<RequestDocument> {
        match self {
            Self::Here(app, caller) => Ok(intake::show(app, caller, id).await?),
            Self::There(client) => Ok(client.request(id).await?),
        }
    }

    pub(in crate::cli) async fn register_request(
        &self,
        id: i64,
        given: &RegisterRequest,
    ) -> Result<RequestDocument> {
        match self {
            Self::Here(app, caller) => Ok(intake::register(app, caller, id, given).await?),
            Self::There(client) => Ok(client.register_request(id, given).await?),
        }
    }
}
