//! `yardstick requests`, `yardstick request`

use std::process::ExitCode;

use yardstick_client::api::{RegisterRequest, RequestDocument, RequestsRequest};
use yardstick_domain::ids::{PersonId, ReleaseSlug, TeamKey};
use yardstick_domain::intake::RequestState;

use super::context::{Context, Failure, checked};
use super::output::{Format, fields, json, put, table};
use crate::operations;

/// Requests that are listed.
const LISTED: u32 = 100;

#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// Only of this team.
    #[arg(long, value_parser = checked::<TeamKey>)]
    team: Option<String>,
    /// Only those that stand here: asks, registered or closed.
    #[arg(long, value_parser = checked::<RequestState>)]
    state: Option<String>,
    /// How many.
    #[arg(long, default_value_t = LISTED, value_parser = clap::value_parser!(u32).range(1..=500))]
    limit: u32,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Show a request: what it says, what it asks for, what became of it.
    Show {
        /// Its number.
        id: i64,
    },
    /// Register the release of a request, with what its issue does not say.
    Register {
        /// Its number.
        id: i64,
        /// How big the launch is.
        #[arg(long, value_name = "L1|L2|L3", value_parser = level)]
        level: Option<String>,
        /// The planned day, such as 2026-03-03.
        #[arg(long, value_name = "DAY", value_parser = day)]
        planned: Option<String>,
        /// Mail address of the one person who answers for it.
        #[arg(long, value_name = "PERSON", value_parser = checked::<PersonId>)]
        owner: Option<String>,
        /// The release's slug; default: made of the title.
        #[arg(long, value_parser = checked::<ReleaseSlug>)]
        slug: Option<String>,
    },
}

fn level(text: &str) -> Result<String, String> {
    operations::level(text).map(|level| level.as_str().to_owned())
}

fn day(text: &str) -> Result<String, String> {
    operations::day(text).map(|_| text.to_owned())
}

/// `yardstick requests`
pub(super) async fn list(context: &Context, arguments: List) -> Result<ExitCode, Failure> {
    let List { team, state, limit } = arguments;
    let request = RequestsRequest { team, state, limit: Some(limit), cursor: None };
    let page = context.open().await?.requests(&request).await?;
    if context.output == Format::Json {
        json(&page)?;
    } else {
        let rows: Vec<Vec<String>> = page.items.iter().map(row).collect();
        let headers = ["request", "state", "team", "title", "asks for", "release"];
        table(context.output, &headers, &rows, "No requests yet.");
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn run(context: &Context, command: Command) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    match command {
        Command::Show { id } => {
            let request = backend.request(id).await?;
            if context.output == Format::Json {
                json(&request)?;
            } else {
                show(context.output, &request);
            }
        }
        Command::Register { id, level, planned, owner, slug } => {
            let request =
                backend.register_request(id, &RegisterRequest { level, planned, owner, slug }).await?;
            if context.output == Format::Json {
                json(&request)?;
            } else {
                let release = request.release.unwrap_or_default();
                put(&format!(
                    "request {id} is registered as {release}, a draft\nNext: yardstick release show {release}\n"
                ));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn row(request: &RequestDocument) -> Vec<String> {
    let state = if request.urgent { format!("{}, urgent", request.state) } else { request.state.to_string() };
    vec![
        request.id.to_string(),
        state,
        request.team.clone(),
        request.title.clone(),
        missing(request),
        request.release.clone().unwrap_or_default(),
    ]
}

fn missing(request: &RequestDocument) -> String {
    request.missing.iter().map(|what| what.as_str()).collect::<Vec<_>>().join(", ")
}

fn show(format: Format, request: &RequestDocument) {
    let or_nothing = |text: &Option<String>| text.clone().unwrap_or_default();
    let brief = &request.brief;
    let mut rows = vec![
        ("request", request.id.to_string()),
        ("title", request.title.clone()),
        ("issue", request.issue.clone()),
        ("team", request.team.clone()),
        ("stands", request.state.to_string()),
        ("urgent", if request.urgent { "yes" } else { "no" }.to_owned()),
        ("labels", request.labels.join(", ")),
        ("level", request.level.map_or_else(String::new, |level| level.to_string())),
        ("planned", request.planned.map_or_else(String::new, |day| day.to_string())),
        ("owner", or_nothing(&request.owner)),
        ("feature", or_nothing(&request.feature)),
        ("release", or_nothing(&request.release)),
        ("asks for", missing(request)),
        ("how", or_nothing(&request.asks)),
        ("problem", or_nothing(&brief.problem)),
        ("end state", or_nothing(&brief.end_state)),
        ("why", or_nothing(&brief.why)),
        ("timeline", or_nothing(&brief.timeline)),
        ("people", or_nothing(&brief.people)),
    ];
    rows.extend(request.notes.iter().map(|note| ("note", note.clone())));
    rows.retain(|(_, text)| !text.is_empty());
    fields(format, &rows);
}
