//! `yardstick intake`

use std::process::ExitCode;

use yardstick_client::api::{IntakeDocument, IntakeRequest, SecretIntakeDocument};
use yardstick_domain::ids::TeamKey;

use super::context::{Context, Failure, checked};
use super::output::{Format, json, put, say, table};
use crate::operations;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Add an intake: issues of a repository become requests of a team. The secret for the web hook is printed once, on
    /// standard output.
    Add {
        #[command(flatten)]
        which: Which,
        /// Only issues with this label.
        #[arg(long)]
        label: Option<String>,
        /// Let only the team see the requests and the releases they become.
        #[arg(long)]
        private: bool,
    },
    /// List intakes, by repository.
    List,
    /// Remove an intake; its requests stay.
    Remove(Which),
    /// Give an intake another secret. The one before is taken beside it for a day.
    Secret(Which),
}

#[derive(Debug, clap::Args)]
pub(super) struct Which {
    /// The repository at GitHub, owner/name.
    #[arg(value_parser = repository)]
    repository: String,
    /// The team.
    #[arg(long, value_parser = checked::<TeamKey>)]
    team: String,
}

fn repository(text: &str) -> Result<String, String> {
    operations::repository(text).map(|found| found.to_string())
}

pub(super) async fn run(context: &Context, command: Command) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    match command {
        Command::Add { which: Which { repository, team }, label, private } => {
            let made = backend.add_intake(&IntakeRequest { repository, team, label, private }).await?;
            with_secret(context, &made, "is added")?;
        }
        Command::List => {
            let page = backend.intakes().await?;
            if context.output == Format::Json {
                json(&page)?;
            } else {
                let rows: Vec<Vec<String>> = page.items.iter().map(row).collect();
                let headers = ["repository", "team", "label", "seen by"];
                table(context.output, &headers, &rows, "No intakes: no issue becomes a request.");
            }
        }
        Command::Remove(Which { repository, team }) => {
            let removed = backend.remove_intake(&team, &repository).await?;
            if context.output == Format::Json {
                json(&removed)?;
            } else {
                put(&format!("the intake of {repository} for {team} is removed\n"));
            }
        }
        Command::Secret(Which { repository, team }) => {
            let made = backend.turn_intake_secret(&team, &repository).await?;
            with_secret(
                context,
                &made,
                "has another secret; the one before is taken beside it for 24 hours",
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn with_secret(context: &Context, made: &SecretIntakeDocument, what: &str) -> Result<(), Failure> {
    if context.output == Format::Json {
        return json(made);
    }
    let IntakeDocument { repository, team, .. } = &made.intake;
    say(&format!(
        "the intake of {repository} for {team} {what}. The secret of its web hook, shown this once:"
    ));
    put(&format!("{}\n", made.secret));
    Ok(())
}

fn row(intake: &IntakeDocument) -> Vec<String> {
    vec![
        intake.repository.clone(),
        intake.team.clone(),
        intake.label.clone().unwrap_or_default(),
        intake.visibility.to_string(),
    ]
}
