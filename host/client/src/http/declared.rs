//! Declaring one thing, by whoever has seen what it is.

use reqwest::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};
use serde_json::Value;

use super::{Client, Endpoint, Error};
use crate::api::{
    MetricDocument, OrganisationDocument, PersonDocument, PutReleaseRequest, ReleaseDocument, TeamDocument,
};

static ORGANISATION: Endpoint = Endpoint::put("/api/v1/organisation");
static TEAM: Endpoint = Endpoint::put("/api/v1/teams/{team}");
static PERSON: Endpoint = Endpoint::put("/api/v1/persons/{person}");
static METRIC: Endpoint = Endpoint::put("/api/v1/metrics/{metric}");
static RELEASE: Endpoint = Endpoint::put("/api/v1/releases/{release}");

static RELEASE_FILE: Endpoint = Endpoint::get("/api/v1/releases/{release}/file");

pub(super) static ENDPOINTS: &[&Endpoint] =
    &[&ORGANISATION, &TEAM, &PERSON, &METRIC, &RELEASE, &RELEASE_FILE];

/// A document with the ETag that it came with.
#[derive(Debug, Clone, PartialEq)]
pub struct Tagged<T> {
    /// The document.
    pub document: T,
    /// Names its state when it is changed; `None`: the service gave none.
    pub etag: Option<String>,
}

/// What is said of the state of a thing that is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect<'a> {
    /// It is not there yet.
    New,
    /// It has this ETag: what it was read with.
    Etag(&'a str),
}

impl Expect<'_> {
    fn header(&self) -> (HeaderName, &str) {
        match self {
            Self::New => (IF_NONE_MATCH, "*"),
            Self::Etag(etag) => (IF_MATCH, etag),
        }
    }
}

/// `content` is what a file of the kind holds. Every method fails as [`Error`] says: with `changed-meanwhile` when somebody
/// else was quicker.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// Declares the organisation.
    pub async fn put_organisation(
        &self,
        content: &Value,
        expect: Expect<'_>,
    ) -> Result<Tagged<OrganisationDocument>, Error> {
        let (name, value) = expect.header();
        self.ask(&ORGANISATION, &[])?.header(name, value)?.json(content)?.tagged().await
    }

    /// Declares a team.
    pub async fn put_team(
        &self,
        team: &str,
        content: &Value,
        expect: Expect<'_>,
    ) -> Result<Tagged<TeamDocument>, Error> {
        let (name, value) = expect.header();
        self.ask(&TEAM, &[team])?.header(name, value)?.json(content)?.tagged().await
    }

    /// Declares a person.
    pub async fn put_person(
        &self,
        person: &str,
        content: &Value,
        expect: Expect<'_>,
    ) -> Result<Tagged<PersonDocument>, Error> {
        let (name, value) = expect.header();
        self.ask(&PERSON, &[person])?.header(name, value)?.json(content)?.tagged().await
    }

    /// Declares a metric.
    pub async fn put_metric(
        &self,
        metric: &str,
        content: &Value,
        expect: Expect<'_>,
    ) -> Result<Tagged<MetricDocument>, Error> {
        let (name, value) = expect.header();
        self.ask(&METRIC, &[metric])?.header(name, value)?.json(content)?.tagged().await
    }

    /// A release as its file holds it: what [`put_release`](Self::put_release) takes, with the ETag that it names.
    pub async fn release_file(&self, release: &str) -> Result<Tagged<Value>, Error> {
        self.ask(&RELEASE_FILE, &[release])?.tagged().await
    }

    /// Declares a release; after the launch criteria change by an amendment only, with a reason.
    pub async fn put_release(
        &self,
        release: &str,
        content: &Value,
        request: &PutReleaseRequest,
        expect: Expect<'_>,
    ) -> Result<Tagged<ReleaseDocument>, Error> {
        let (name, value) = expect.header();
        self.ask(&RELEASE, &[release])?.query(request)?.header(name, value)?.json(content)?.tagged().await
    }
}
