//! `yardstick organisation`, `yardstick team`, `yardstick person`

use std::process::ExitCode;

use yardstick_client::api::{
    DigestPart, MOST_ITEMS, MemberRole, OrganisationDocument, Page, PageRequest, PersonDocument, TeamDocument,
};
use yardstick_domain::ids::{PersonId, TeamKey};

use super::context::{Context, Failure, checked};
use super::output::{Format, fields, json, put, table};

#[derive(Debug, clap::Args)]
pub(super) struct Organisation {}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Team {
    /// List teams and who answers for them.
    List,
    /// Show a team and its people.
    Show {
        /// Its key.
        #[arg(value_parser = checked::<TeamKey>)]
        team: String,
    },
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Person {
    /// List persons.
    List,
    /// Show a person and their teams.
    Show {
        /// Mail address.
        #[arg(value_parser = checked::<PersonId>)]
        person: String,
    },
}

/// Shows the organisation.
pub(super) async fn organisation(context: &Context) -> Result<ExitCode, Failure> {
    let found = context.open().await?.organisation().await?;
    if context.output == Format::Json {
        json(&found)?;
    } else {
        fields(context.output, &company(&found));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn team(context: &Context, command: &Team) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    match command {
        Team::List => {
            let all = all(async |request: PageRequest| backend.teams(&request).await).await?;
            if context.output == Format::Json {
                json(&all)?;
                return Ok(ExitCode::SUCCESS);
            }
            let row = |team: &yardstick_client::api::TeamSummary| {
                vec![
                    team.key.clone(),
                    team.name.clone(),
                    team.time_zone.clone(),
                    team.members.to_string(),
                    team.maintainers.join(", "),
                ]
            };
            let rows: Vec<Vec<String>> = all.items.iter().map(row).collect();
            let headers = ["team", "name", "days of", "people", "maintainers"];
            table(context.output, &headers, &rows, "No teams yet. Start one: yardstick new team NAME");
        }
        Team::Show { team } => {
            let team = backend.team(team).await?;
            if context.output == Format::Json {
                json(&team)?;
            } else {
                show_team(context.output, &team);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn person(context: &Context, command: &Person) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    match command {
        Person::List => {
            let all = all(async |request: PageRequest| backend.persons(&request).await).await?;
            if context.output == Format::Json {
                json(&all)?;
                return Ok(ExitCode::SUCCESS);
            }
            let rows = all.items.iter().map(|person| vec![person.person.clone(), person.name.clone()]);
            let rows: Vec<Vec<String>> = rows.collect();
            table(context.output, &["person", "name"], &rows, "No persons yet. Files name them.");
        }
        Person::Show { person } => {
            let person = backend.person(person).await?;
            if context.output == Format::Json {
                json(&person)?;
            } else {
                show_person(context.output, &person);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// All pages of a list as one.
pub(super) async fn all<T>(
    page: impl AsyncFn(PageRequest) -> Result<Page<T>, Failure>,
) -> Result<Page<T>, Failure> {
    let mut all = Page { items: Vec::new(), next: None };
    let mut cursor = None;
    loop {
        let Page { items, next } = page(PageRequest { limit: Some(MOST_ITEMS), cursor }).await?;
        all.items.extend(items);
        if next.is_none() {
            return Ok(all);
        }
        cursor = next;
    }
}

fn company(found: &OrganisationDocument) -> Vec<(&'static str, String)> {
    let mut rows = vec![
        ("organisation", found.name.clone()),
        ("zone", found.time_zone.clone()),
        ("fiscal year from", found.fiscal_year_starts.clone()),
        ("work", found.working_hours.clone()),
        ("on time", format!("up to {} days after the planned one", found.on_time_tolerance_days)),
        ("operators", found.operators.join(", ")),
    ];
    rows.extend(found.digest.as_ref().map(|digest| ("digest", told(digest))));
    rows
}

fn show_team(format: Format, team: &TeamDocument) {
    let mut rows =
        vec![("team", team.key.clone()), ("name", team.name.clone()), ("days of", team.time_zone.clone())];
    rows.extend(team.fiscal_year_starts.as_ref().map(|day| ("fiscal year from", day.clone())));
    rows.extend(team.digest.as_ref().map(|digest| ("digest", told(digest))));
    if !team.urgent.is_empty() {
        rows.push(("urgent", team.urgent.join(", ")));
    }
    fields(format, &rows);
    put("\n");
    let people = team.members.iter().map(|(person, role)| vec![person.clone(), role.to_string()]);
    let people: Vec<Vec<String>> = people.collect();
    table(format, &["person", "is"], &people, "Nobody is in it yet.");
}

fn show_person(format: Format, person: &PersonDocument) {
    let mut rows = vec![("person", person.person.clone()), ("name", person.name.clone())];
    for (service, handle) in &person.handles {
        rows.push(("handle", format!("{service}: {handle}")));
    }
    if person.operator {
        rows.push(("also", "does what operators do".to_owned()));
    }
    fields(format, &rows);
    put("\n");
    let row = |(team, role): (&String, &MemberRole)| vec![team.clone(), role.to_string()];
    let teams: Vec<Vec<String>> = person.teams.iter().map(row).collect();
    table(format, &["team", "as"], &teams, "In no team.");
}

fn told(digest: &DigestPart) -> String {
    let when = digest.when.as_deref().unwrap_or("when the organisation's is");
    format!("{when}, {}, to {}", digest.send, digest.to.join(", "))
}
