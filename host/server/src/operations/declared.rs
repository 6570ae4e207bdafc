//! What is declared, with its state: read it, and change what was read.

use serde_json::Value;
use yardstick_app::{App, AppError, Caller, Precondition, Put};
use yardstick_client::api::{
    MetricDocument, OrganisationDocument, PersonDocument, ReleaseDocument, TeamDocument,
};
use yardstick_client::files::{self, Declaration};
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::problem::Problem;
use yardstick_store::Thing;

use super::reading::parse;
use super::{Error, Result, metrics, people, releases};

/// A document, and the state of what it shows: of when it was read, or of just before.
#[derive(Debug)]
pub(crate) struct Stated<T> {
    /// The state; `None`: it was not there just before.
    pub(crate) state: Option<Digest>,
    /// The document.
    pub(crate) document: T,
}

/// The organisation.
pub(crate) async fn organisation(app: &App) -> Result<Stated<OrganisationDocument>> {
    let state = app.state(&Thing::Organisation).await?;
    Ok(Stated { state, document: people::organisation(app).await? })
}

/// A team.
pub(crate) async fn team(app: &App, team: &str) -> Result<Stated<TeamDocument>> {
    let state = app.state(&Thing::Team(parse("team", team)?)).await?;
    Ok(Stated { state, document: people::team(app, team).await? })
}

/// A person.
pub(crate) async fn person(app: &App, person: &str) -> Result<Stated<PersonDocument>> {
    let state = app.state(&Thing::Person(parse("person", person)?)).await?;
    Ok(Stated { state, document: people::person(app, person).await? })
}

/// A metric.
pub(crate) async fn metric(app: &App, metric: &str) -> Result<Stated<MetricDocument>> {
    let state = app.state(&Thing::Metric(parse("metric", metric)?)).await?;
    Ok(Stated { state, document: metrics::show(app, metric).await? })
}

/// A release.
pub(crate) async fn release(app: &App, caller: &Caller, release: &str) -> Result<Stated<ReleaseDocument>> {
    let state = app.state(&Thing::Release(parse("release", release)?)).await?;
    Ok(Stated { state, document: releases::show(app, caller, release).await? })
}

/// A release as its file holds it.
pub(crate) async fn release_file(app: &App, caller: &Caller, release: &str) -> Result<Stated<Value>> {
    let slug: ReleaseSlug = parse("release", release)?;
    let state = app.state(&Thing::Release(slug.clone())).await?;
    let facts = app.release_seen(caller, &slug).await?;
    Ok(Stated { state, document: files::written::json(&facts.release) })
}

/// What is to be declared of a thing, and under which conditions.
pub(crate) struct PutRequest {
    /// What its file would hold.
    pub(crate) content: Value,
    /// Why criteria change after a launch.
    pub(crate) reason: Option<String>,
    /// What is said of its state.
    pub(crate) precondition: Precondition,
}

/// Declares a thing of a kind and key; the organisation has none.
pub(crate) async fn put(
    app: &App,
    caller: &Caller,
    kind: &str,
    key: Option<&str>,
    request: &PutRequest,
) -> Result<Put> {
    let refused = |problems: Vec<Problem>| Error::App(AppError::Refused(problems));
    let declaration = files::read_json(kind, &request.content).map_err(refused)?;
    let found = match &declaration {
        Declaration::Organisation(_) => None,
        Declaration::Team(team) => Some(team.key.as_str()),
        Declaration::Person(person) => Some(person.id.as_str()),
        Declaration::Metric(metric) => Some(metric.key.as_str()),
        Declaration::Release(release) => Some(release.slug.as_str()),
    };
    if found != key {
        let message = format!(
            "is {}, and the address says {}; a name never changes",
            found.unwrap_or_default(),
            key.unwrap_or_default()
        );
        return Err(refused(vec![Problem::new(kind, message)]));
    }
    let put = app.put(caller, &declaration, request.reason.as_deref(), &request.precondition).await?;
    put.map_err(refused)
}
