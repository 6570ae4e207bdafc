//! The organisation, its teams and its people.

use super::{Client, Endpoint, Error, Tagged};
use crate::api::{
    OrganisationDocument, Page, PageRequest, PersonDocument, PersonSummary, TeamDocument, TeamSummary,
};

static ORGANISATION: Endpoint = Endpoint::get("/api/v1/organisation");
static TEAMS: Endpoint = Endpoint::get("/api/v1/teams");
static TEAM: Endpoint = Endpoint::get("/api/v1/teams/{team}");
static PERSONS: Endpoint = Endpoint::get("/api/v1/persons");
static PERSON: Endpoint = Endpoint::get("/api/v1/persons/{person}");

pub(super) static ENDPOINTS: &[&Endpoint] = &[&ORGANISATION, &TEAMS, &TEAM, &PERSONS, &PERSON];

/// Every method fails as [`Error`] says.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// The organisation.
    pub async fn organisation(&self) -> Result<OrganisationDocument, Error> {
        self.ask(&ORGANISATION, &[])?.document().await
    }

    /// A page of the teams, by key.
    pub async fn teams(&self, request: &PageRequest) -> Result<Page<TeamSummary>, Error> {
        self.ask(&TEAMS, &[])?.query(request)?.document().await
    }

    /// A team and its people.
    pub async fn team(&self, team: &str) -> Result<TeamDocument, Error> {
        self.ask(&TEAM, &[team])?.document().await
    }

    /// A page of the persons, by mail address.
    pub async fn persons(&self, request: &PageRequest) -> Result<Page<PersonSummary>, Error> {
        self.ask(&PERSONS, &[])?.query(request)?.document().await
    }

    /// A person and their teams.
    pub async fn person(&self, person: &str) -> Result<PersonDocument, Error> {
        self.ask(&PERSON, &[person])?.document().await
    }

    /// As [`Client::organisation`], with the ETag that names its state when it is changed.
    pub async fn organisation_tagged(&self) -> Result<Tagged<OrganisationDocument>, Error> {
        self.ask(&ORGANISATION, &[])?.tagged().await
    }

    /// As [`Client::team`], with the ETag that names its state when it is changed.
    pub async fn team_tagged(&self, team: &str) -> Result<Tagged<TeamDocument>, Error> {
        self.ask(&TEAM, &[team])?.tagged().await
    }

    /// As [`Client::person`], with the ETag that names its state when it is changed.
    pub async fn person_tagged(&self, person: &str) -> Result<Tagged<PersonDocument>, Error> {
        self.ask(&PERSON, &[person])?.tagged().await
    }
}
