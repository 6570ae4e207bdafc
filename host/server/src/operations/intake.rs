//! Intakes, what they bring, and what becomes of it.

use jiff::Timestamp;
use yardstick_app::{App, Caller, GivenByHand, IncomingDelivery, NewIntake, NotTaken, Taken};
use yardstick_client::api::{
    BriefPart, DeliveredAs, DeliveredDocument, IntakeDocument, IntakeRequest, Page, RegisterRequest,
    RequestDocument, RequestsRequest, SecretIntakeDocument,
};
use yardstick_domain::ids::Repository;
use yardstick_domain::intake::{Intake, KeptRequest};
use yardstick_domain::level::Level;
use yardstick_domain::metric::Visibility;
use yardstick_store::RequestFilter;

use super::reading::{Reading, day};
use super::{Error, Result};
use crate::ambient;

/// Takes what GitHub sends. Nobody asks: the signature says who sends it.
pub(crate) async fn deliver(
    app: &App,
    delivery: IncomingDelivery<'_>,
    now: Timestamp,
) -> Result<DeliveredDocument> {
    let (outcome, request, says) = match app.take_delivery(delivery, now).await? {
        Ok(Taken::Pong) => (DeliveredAs::Pong, None, "an intake of this repository is here".to_owned()),
        Ok(Taken::Ignored(why)) => (DeliveredAs::Ignored, None, why),
        Ok(Taken::Request { id, says }) => (DeliveredAs::Request, Some(id), says),
        Err(NotTaken::Unsigned(why)) => return Err(Error::Unsigned(why)),
        Err(NotTaken::Malformed(why)) => return Err(Error::malformed("", why)),
    };
    Ok(DeliveredDocument { outcome, request, says })
}

/// Intakes that whoever asks looks after, by repository.
pub(crate) async fn list(app: &App, caller: &Caller) -> Result<Page<IntakeDocument>> {
    Ok(Page { items: app.intakes(caller).await?.into_iter().map(intake).collect(), next: None })
}

/// Adds an intake.
pub(crate) async fn add(app: &App, caller: &Caller, request: &IntakeRequest) -> Result<SecretIntakeDocument> {
    let mut reading = Reading::default();
    let repository = reading.with("repository", Some(&request.repository), repository);
    let team = reading.must("team", &request.team);
    let (repository, team) = reading.all(repository.zip(team))?;
    let visibility = if request.private { Visibility::Team } else { Visibility::Company };
    let new = NewIntake { repository, team, label: request.label.clone(), visibility };
    let (added, secret) = app.add_intake(caller, &new, random()?).await?;
    Ok(SecretIntakeDocument { intake: intake(added), secret: secret.text().to_owned() })
}

/// Removes an intake.
pub(crate) async fn remove(
    app: &App,
    caller: &Caller,
    team: &str,
    repository: &str,
) -> Result<IntakeDocument> {
    let mut reading = Reading::default();
    let repository = reading.with("repository", Some(repository), self::repository);
    let team = reading.must("team", team);
    let (repository, team) = reading.all(repository.zip(team))?;
    Ok(intake(app.remove_intake(caller, &repository, &team).await?))
}

/// Gives an intake another secret.
pub(crate) async fn turn_secret(
    app: &App,
    caller: &Caller,
    team: &str,
    repository: &str,
) -> Result<SecretIntakeDocument> {
    let mut reading = Reading::default();
    let repository = reading.with("repository", Some(repository), self::repository);
    let team = reading.must("team", team);
    let (repository, team) = reading.all(repository.zip(team))?;
    let (found, secret) = app.turn_intake_secret(caller, (&repository, &team), random()?).await?;
    Ok(SecretIntakeDocument { intake: intake(found), secret: secret.text().to_owned() })
}

/// Requests, the newest first.
pub(crate) async fn requests(
    app: &App,
    caller: &Caller,
    request: &RequestsRequest,
) -> Result<Page<RequestDocument>> {
    let mut reading = Reading::default();
    let filter = RequestFilter {
        team: reading.maybe("team", request.team.as_ref()),
        state: reading.maybe("state", request.state.as_ref()),
        ..RequestFilter::default()
    };
    let before = reading.cursor(request.cursor.as_ref(), |text| text.parse().ok());
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.requests(caller, &filter, before, limit).await?;
    let items = page.items.into_iter().map(document).collect();
    Ok(Page { items, next: page.next.map(|id| id.to_string()) })
}

/// The number of a request.
pub(crate) fn number(text: &str) -> Result<i64> {
    let bad = || Error::malformed("id", format!("{text:?} is no number of a request; expected such as 17"));
    text.parse().map_err(|_| bad())
}

/// One request.
pub(crate) async fn show(app: &App, caller: &Caller, id: i64) -> Result<RequestDocument> {
    Ok(document(app.request(caller, id).await?))
}

/// Registers the release of a request.
pub(crate) async fn register(
    app: &App,
    caller: &Caller,
    id: i64,
    given: &RegisterRequest,
) -> Result<RequestDocument> {
    let mut reading = Reading::default();
    let given = GivenByHand {
        level: reading.with("level", given.level.as_ref(), level),
        planned: reading.with("planned", given.planned.as_ref(), planned),
        owner: reading.maybe("owner", given.owner.as_ref()),
        slug: reading.maybe("slug", given.slug.as_ref()),
    };
    reading.end()?;
    Ok(document(app.register_request(caller, id, &given).await?))
}

/// A repository; GitHub does not tell its case apart.
pub(crate) fn repository(text: &str) -> std::result::Result<Repository, String> {
    text.to_lowercase().parse().map_err(|error: yardstick_domain::ids::BadName| error.to_string())
}

/// One level.
pub(crate) fn level(text: &str) -> std::result::Result<Level, String> {
    let found =
        [Level::L1, Level::L2, Level::L3].into_iter().find(|level| level.as_str().eq_ignore_ascii_case(text));
    found.ok_or_else(|| format!("{text:?} is no level; expected L1 (the largest), L2 or L3"))
}

/// A day that can be planned for, from 2000 to 2200.
fn planned(text: &str) -> std::result::Result<jiff::civil::Date, String> {
    let found = day(text)?;
    if found.year() < 2000 {
        return Err(format!("{text:?} is no day to plan for; expected a year from 2000 to 2200"));
    }
    Ok(found)
}

fn random() -> Result<[u8; 32]> {
    ambient::secret().map_err(|error| Error::App(yardstick_app::AppError::Fault(error.to_string())))
}

fn intake(intake: Intake) -> IntakeDocument {
    IntakeDocument {
        repository: intake.repository.to_string(),
        team: intake.team.to_string(),
        label: intake.label,
        visibility: intake.visibility.into(),
        created_at: intake.created_at,
        created_by: intake.created_by.to_string(),
    }
}

fn document(kept: KeptRequest) -> RequestDocument {
    let KeptRequest { id, received_at, request, .. } = kept;
    let state = request.state().into();
    let missing = request.missing().into_iter().map(Into::into).collect();
    let asks = request.asks();
    let wanted = request.wanted;
    RequestDocument {
        id,
        issue: request.issue,
        repository: request.repository.to_string(),
        team: request.team.to_string(),
        visibility: request.visibility.into(),
        title: wanted.title,
        brief: BriefPart {
            problem: wanted.brief.problem,
            end_state: wanted.brief.end_state,
            why: wanted.brief.why,
            timeline: wanted.brief.timeline,
            people: wanted.brief.people,
        },
        labels: request.labels,
        urgent: request.urgent,
        level: wanted.level.map(Into::into),
        planned: wanted.planned,
        owner: wanted.owner.map(|owner| owner.to_string()),
        feature: wanted.feature,
        state,
        missing,
        asks,
        notes: wanted.notes,
        release: request.release.map(|slug| slug.to_string()),
        received_at,
        changed_at: request.changed_at,
    }
}
