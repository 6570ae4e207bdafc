//! The organisation, its teams and its people; and what is read of metrics and releases in depth.

use yardstick_client::api::{
    CriteriaVersionDocument, OrganisationDocument, Page, PageRequest, PersonDocument, PersonSummary,
    PointDocument, PointsRequest, TeamDocument, TeamSummary,
};

use super::{Backend, Result};
use crate::operations::{criteria, people, points};

impl Backend {
    pub(in crate::cli) async fn organisation(&self) -> Result<OrganisationDocument> {
        match self {
            Self::Here(app, _) => Ok(people::organisation(app).await?),
            Self::There(client) => Ok(client.organisation().await?),
        }
    }

    pub(in crate::cli) async fn teams(&self, request: &PageRequest) -> Result<Page<TeamSummary>> {
        match self {
            Self::Here(app, _) => Ok(people::teams(app, request).await?),
            Self::There(client) => Ok(client.teams(request).await?),
        }
    }

    pub(in crate::cli) async fn team(&self, team: &str) -> Result<TeamDocument> {
        match self {
            Self::Here(app, _) => Ok(people::team(app, team).await?),
            Self::There(client) => Ok(client.team(team).await?),
        }
    }

    pub(in crate::cli) async fn persons(&self, request: &PageRequest) -> Result<Page<PersonSummary>> {
        match self {
            Self::Here(app, _) => Ok(people::persons(app, request).await?),
            Self::There(client) => Ok(client.persons(request).await?),
        }
    }

    pub(in crate::cli) async fn person(&self, person: &str) -> Result<PersonDocument> {
        match self {
            Self::Here(app, _) => Ok(people::person(app, person).await?),
            Self::There(client) => Ok(client.person(person).await?),
        }
    }

    pub(in crate::cli) async fn metric_points(
        &self,
        metric: &str,
        request: &PointsRequest,
    ) -> Result<Page<PointDocument>> {
        match self {
            Self::Here(app, caller) => Ok(points::list(app, caller, metric, request).await?),
            Self::There(client) => Ok(client.metric_points(metric, request).await?),
        }
    }

    pub(in crate::cli) async fn criteria(
        &self,
        release: &str,
        request: &PageRequest,
    ) -> Result<Page<CriteriaVersionDocument>> {
        match self {
            Self::Here(app, caller) => Ok(criteria::list(app, caller, release, request).await?),
            Self::There(client) => Ok(client.criteria(release, request).await?),
        }
    }

    pub(in crate::cli) async fn criteria_version(
        &self,
        release: &str,
        version: u32,
    ) -> Result<CriteriaVersionDocument> {
        match self {
            Self::Here(app, caller) => Ok(criteria::show(app, caller, release, &version.to_string()).await?),
            Self::There(client) => Ok(client.criteria_version(release, version).await?),
        }
    }
}
