//! The organisation, its teams and its people: list and show.

use yardstick_app::{App, PersonDetail};
use yardstick_client::api::{
    DigestPart, OrganisationDocument, Page, PageRequest, PersonDocument, PersonSummary, TeamDocument,
    TeamSummary,
};
use yardstick_domain::fiscal::YearStart;
use yardstick_domain::people::{Digest, Membership, Organisation, Person, Team};

use super::Result;
use super::reading::{Reading, parse};

/// The organisation.
pub(crate) async fn organisation(app: &App) -> Result<OrganisationDocument> {
    Ok(company(app.organisation().await?))
}

/// Teams by key.
pub(crate) async fn teams(app: &App, request: &PageRequest) -> Result<Page<TeamSummary>> {
    let mut reading = Reading::default();
    let after = reading.cursor(request.cursor.as_ref(), |text| text.parse().ok());
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.teams(after.as_ref(), limit).await?;
    let items = page.items.into_iter().map(team_summary).collect();
    Ok(Page { items, next: page.next.map(|key| key.to_string()) })
}

/// A team and its people.
pub(crate) async fn team(app: &App, team: &str) -> Result<TeamDocument> {
    Ok(team_document(app.team_detail(&parse("team", team)?).await?))
}

/// Persons by mail address.
pub(crate) async fn persons(app: &App, request: &PageRequest) -> Result<Page<PersonSummary>> {
    let mut reading = Reading::default();
    let after = reading.cursor(request.cursor.as_ref(), |text| text.parse().ok());
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.persons(after.as_ref(), limit).await?;
    let summary = |person: Person| PersonSummary { person: person.id.to_string(), name: person.name };
    Ok(Page {
        items: page.items.into_iter().map(summary).collect(),
        next: page.next.map(|id| id.to_string()),
    })
}

/// A person and their teams.
pub(crate) async fn person(app: &App, person: &str) -> Result<PersonDocument> {
    Ok(person_document(app.person_detail(&parse("person", person)?).await?))
}

fn company(organisation: Organisation) -> OrganisationDocument {
    let ((first, last), (begins, ends)) = organisation.working_hours;
    let clock = |time: jiff::civil::Time| time.strftime("%H:%M").to_string();
    OrganisationDocument {
        name: organisation.name,
        time_zone: organisation.time_zone,
        fiscal_year_starts: month_day(organisation.fiscal_year_starts),
        working_hours: format!("{}-{} {}-{}", weekday(first), weekday(last), clock(begins), clock(ends)),
        on_time_tolerance_days: organisation.on_time_tolerance_days,
        digest: organisation.digest.map(digest),
        operators: organisation.operators.iter().map(ToString::to_string).collect(),
    }
}

fn team_summary(team: Team) -> TeamSummary {
    let maintainers = team.members.iter().filter(|(_, role)| **role == Membership::Maintainer);
    TeamSummary {
        key: team.key.to_string(),
        name: team.name,
        time_zone: team.time_zone,
        members: team.members.len() as u64,
        maintainers: maintainers.map(|(person, _)| person.to_string()).collect(),
    }
}

fn team_document(team: Team) -> TeamDocument {
    TeamDocument {
        key: team.key.to_string(),
        name: team.name,
        time_zone: team.time_zone,
        members: team.members.into_iter().map(|(person, role)| (person.to_string(), role.into())).collect(),
        fiscal_year_starts: team.fiscal_year_starts.map(month_day),
        digest: team.digest.map(digest),
        urgent: team.urgent.iter().map(|place| told(place)).collect(),
    }
}

fn person_document(detail: PersonDetail) -> PersonDocument {
    PersonDocument {
        person: detail.person.id.to_string(),
        name: detail.person.name,
        handles: detail.person.handles,
        teams: detail.teams.into_iter().map(|(team, role)| (team.to_string(), role.into())).collect(),
        operator: detail.operator,
    }
}

fn digest(digest: Digest) -> DigestPart {
    DigestPart {
        when: digest.when,
        send: digest.send.into(),
        to: digest.to.iter().map(|place| told(place)).collect(),
    }
}

/// A place that something is sent to. A web hook's address is a secret: of whatever is no plain name of a channel or
/// mail address, only the kind of place is told.
fn told(place: &str) -> String {
    let (kind, rest) = place.split_once(':').unwrap_or((place, ""));
    let plain =
        rest.chars().all(|c| c.is_alphanumeric() || "#@._-+".contains(c)) && rest.chars().count() <= 254;
    if plain { place.to_owned() } else { format!("{kind}:…") }
}

/// As files write it, such as `02-01`.
fn month_day((month, day): YearStart) -> String {
    format!("{month:02}-{day:02}")
}

/// As files write it, from 1 for Monday.
fn weekday(number: i8) -> &'static str {
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    usize::try_from(number - 1).ok().and_then(|index| names.get(index)).copied().unwrap_or("Mon")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_channels_are_not_told() {
        for (place, shown) in [
            ("slack:#product", "slack:#product"),
            ("mail:ana.lopez@example.com", "mail:ana.lopez@example.com"),
            ("slack:https://hooks.example.com/services/T0/B0/secret", "slack:…"),
            ("hook:example.com/secret", "hook:…"),
            ("hook:user:password@example.com", "hook:…"),
        ] {
            assert_eq!(told(place), shown);
        }
    }

    #[test]
    fn an_organisation_reads_as_its_file_does() {
        let document = company(Organisation::default());
        assert_eq!(document.fiscal_year_starts, "01-01");
        assert_eq!(document.working_hours, "Mon-Fri 09:00-17:00");
    }
}
