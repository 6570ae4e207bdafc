//! `yardstick retro`, `actions`, `learnings`

use std::path::PathBuf;
use std::process::ExitCode;

use yardstick_client::api::{
    ActionDocument, ActionRequest, ActionsRequest, LearningDocument, LearningsRequest, OpenRetroRequest,
    ReasonRequest, RetroDocument, RetroReportRequest, RetroRequest, RetroSummary, RetrosRequest,
};
use yardstick_domain::ids::{PersonId, ReleaseSlug, RetroId, TeamKey};
use yardstick_report::retro as report;

use super::context::{Context, Failure, checked};
use super::output::{Format, json, put, say, table};

/// Items that are listed.
const LISTED: u32 = 100;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Open a retro of releases that have launched.
    Open {
        /// The releases.
        #[arg(required = true, num_args = 1.., value_parser = checked::<ReleaseSlug>)]
        releases: Vec<String>,
        /// Its id; month and team unless said otherwise.
        #[arg(long, value_parser = checked::<RetroId>)]
        id: Option<String>,
        /// The team whose it is; the first release's unless said otherwise.
        #[arg(long, value_parser = checked::<TeamKey>)]
        team: Option<String>,
        /// What it is called.
        #[arg(long)]
        title: Option<String>,
        /// went-well or start-stop-continue.
        #[arg(long)]
        template: Option<String>,
        /// Who leads it.
        #[arg(long, value_parser = checked::<PersonId>)]
        facilitator: Option<String>,
    },
    /// List retros, the newest first.
    List {
        /// Only of this team.
        #[arg(long, value_parser = checked::<TeamKey>)]
        team: Option<String>,
        /// Only those that look back on this release.
        #[arg(long, value_parser = checked::<ReleaseSlug>)]
        release: Option<String>,
        /// Only collecting, held or closed ones.
        #[arg(long)]
        status: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = LISTED, value_parser = clap::value_parser!(u32).range(1..=500))]
        limit: u32,
    },
    /// Show a retro: as Markdown, with --output html as a page, with --output json as the document that is edited.
    Show {
        /// Its id.
        #[arg(value_parser = checked::<RetroId>)]
        retro: String,
        /// Hide names and figures. Read the result before you send it out.
        #[arg(long)]
        redact: bool,
        /// Further words to hide, such as customers' names.
        #[arg(long, value_delimiter = ',', value_name = "WORDS")]
        hide: Vec<String>,
    },
    /// Replace what people write into a retro by a document, such as `retro show --output json` printed and somebody
    /// edited.
    Put {
        /// Its id.
        #[arg(value_parser = checked::<RetroId>)]
        retro: String,
        /// The document. The version in it is the one that was read.
        #[arg(short = 'f', long = "file", value_name = "FILE")]
        file: PathBuf,
    },
    /// Say that a release that was judged needs no retro.
    Waive {
        /// The release.
        #[arg(value_parser = checked::<ReleaseSlug>)]
        release: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Actions {
    #[command(subcommand)]
    command: Option<ActionCommand>,
    /// Only of this team.
    #[arg(long, value_parser = checked::<TeamKey>)]
    team: Option<String>,
    /// Only of this person.
    #[arg(long, value_parser = checked::<PersonId>)]
    owner: Option<String>,
    /// Only open, done or dropped ones.
    #[arg(long)]
    state: Option<String>,
    /// Only open ones whose day is over.
    #[arg(long)]
    overdue: bool,
    /// At most so many.
    #[arg(long, default_value_t = LISTED, value_parser = clap::value_parser!(u32).range(1..=500))]
    limit: u32,
}

#[derive(Debug, clap::Subcommand)]
enum ActionCommand {
    /// Say that an action is done.
    Done {
        /// Its id, such as A-21.
        action: String,
    },
    /// Drop an action, for a reason.
    Drop {
        /// Its id, such as A-21.
        action: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Move an action to another day or person.
    Move {
        /// Its id, such as A-21.
        action: String,
        /// By the end of which day.
        #[arg(long, value_name = "DAY")]
        due: Option<String>,
        /// Who does it.
        #[arg(long, value_parser = checked::<PersonId>)]
        owner: Option<String>,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Learnings {
    /// What is asked, such as "what did we learn about onboarding?".
    question: Option<String>,
    /// Only of this team.
    #[arg(long, value_parser = checked::<TeamKey>)]
    team: Option<String>,
    /// Only with this tag.
    #[arg(long)]
    tag: Option<String>,
    /// At most so many.
    #[arg(long, default_value_t = LISTED, value_parser = clap::value_parser!(u32).range(1..=500))]
    limit: u32,
}

pub(super) async fn run(context: &Context, command: Command) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    match command {
        Command::Open { releases, id, team, title, template, facilitator } => {
            let request =
                OpenRetroRequest { releases, id, team, title, template, facilitator, visibility: None };
            opened(context, &backend.open_retro(&request).await?)?;
        }
        Command::List { team, release, status, limit } => {
            let request = RetrosRequest { team, release, status, limit: Some(limit), cursor: None };
            let page = backend.retros(&request).await?;
            if context.output == Format::Json {
                json(&page)?;
            } else {
                let rows: Vec<Vec<String>> = page.items.iter().map(row).collect();
                let empty = "No retros yet. Open one: yardstick retro open RELEASE";
                table(context.output, &["retro", "team", "stands", "releases", "title"], &rows, empty);
            }
        }
        Command::Show { retro, redact, hide } => {
            let hide = (!hide.is_empty()).then(|| hide.join(","));
            let request = RetroReportRequest { redact: redact || hide.is_some(), hide };
            match context.output {
                Format::Json if request.redact => json(&backend.retro_json(&retro, &request).await?)?,
                Format::Json => json(&backend.retro(&retro).await?)?,
                Format::Html => put(&backend.retro_html(&retro, &request).await?),
                Format::Text | Format::Markdown => put(&backend.retro_markdown(&retro, &request).await?),
            }
        }
        Command::Put { retro, file } => {
            let request = document(&file)?;
            let version = request.version.ok_or_else(|| {
                Failure::could(format!("{} names no version; put the document that was read", file.display()))
            })?;
            opened(context, &backend.edit_retro(&retro, version, &request).await?)?;
        }
        Command::Waive { release, reason } => {
            let document = backend.waive_retro(&release, &ReasonRequest { reason }).await?;
            if context.output == Format::Json {
                json(&document)?;
            } else {
                put(&format!("{release} needs no retro; it is {}\n", document.lifecycle));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The document of a file.
fn document(file: &std::path::Path) -> Result<RetroRequest, Failure> {
    let shown = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::could(format!("cannot read {shown}: {error}")))?;
    serde_json::from_str(&text)
        .map_err(|error| Failure::usage(format!("{shown} is no document of a retro: {error}")))
}

fn opened(context: &Context, retro: &RetroDocument) -> Result<(), Failure> {
    if context.output == Format::Json {
        return json(retro);
    }
    put(&report::markdown(retro));
    say(&format!("retro {}, version {}", retro.id, retro.version));
    Ok(())
}

fn row(retro: &RetroSummary) -> Vec<String> {
    vec![
        retro.id.clone(),
        retro.team.clone(),
        retro.status.to_string(),
        retro.releases.join(", "),
        retro.title.clone(),
    ]
}

/// `yardstick actions`
pub(super) async fn actions(context: &Context, arguments: Actions) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    let Actions { command, team, owner, state, overdue, limit } = arguments;
    let Some(command) = command else {
        let limit = Some(limit);
        let request = ActionsRequest { team, owner, retro: None, state, overdue, limit, cursor: None };
        let page = backend.actions(&request).await?;
        if context.output == Format::Json {
            json(&page)?;
        } else {
            let rows: Vec<Vec<String>> = page.items.iter().map(action_row).collect();
            let headers = ["action", "due", "stands", "owner", "what", "retro"];
            table(context.output, &headers, &rows, "No actions.");
        }
        return Ok(ExitCode::SUCCESS);
    };
    let id = match &command {
        ActionCommand::Done { action }
        | ActionCommand::Drop { action, .. }
        | ActionCommand::Move { action, .. } => action,
    };
    let before = backend.action(id).await?;
    let mut request = ActionRequest {
        text: before.text.clone(),
        owner: before.owner.clone(),
        due: before.due.to_string(),
        state: before.state.to_string(),
        reason: before.reason.clone(),
        issue: before.issue.clone(),
    };
    match &command {
        ActionCommand::Done { .. } => request.state = "done".to_owned(),
        ActionCommand::Drop { reason, .. } => {
            (request.state, request.reason) = ("dropped".to_owned(), Some(reason.clone()));
        }
        ActionCommand::Move { due, owner, .. } => {
            request.due = due.clone().unwrap_or(request.due);
            request.owner = owner.clone().unwrap_or(request.owner);
        }
    }
    let after = backend.edit_action(id, before.version, &request).await?;
    if context.output == Format::Json {
        json(&after)?;
    } else {
        let headers = ["action", "due", "stands", "owner", "what", "retro"];
        table(context.output, &headers, &[action_row(&after)], "");
    }
    Ok(ExitCode::SUCCESS)
}

fn action_row(action: &ActionDocument) -> Vec<String> {
    let why = action.reason.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
    vec![
        action.id.clone(),
        format!("{}{}", action.due, if action.overdue { ", overdue" } else { "" }),
        action.state.to_string(),
        action.owner.clone(),
        format!("{}{why}", action.text),
        action.retro.clone(),
    ]
}

/// `yardstick learnings`
pub(super) async fn learnings(context: &Context, arguments: Learnings) -> Result<ExitCode, Failure> {
    let Learnings { question, team, tag, limit } = arguments;
    let request = LearningsRequest { q: question, team, tag, limit: Some(limit), cursor: None };
    let page = context.open().await?.learnings(&request).await?;
    if context.output == Format::Json {
        json(&page)?;
    } else {
        let row = |learning: &LearningDocument| {
            let (tags, rests_on) = (learning.tags.join(", "), learning.evidence.join(", "));
            vec![learning.id.clone(), learning.text.clone(), tags, rests_on, learning.retro.clone()]
        };
        let rows: Vec<Vec<String>> = page.items.iter().map(row).collect();
        table(
            context.output,
            &["", "what was learned", "tags", "rests on", "retro"],
            &rows,
            "Nothing is known of it.",
        );
    }
    Ok(ExitCode::SUCCESS)
}
