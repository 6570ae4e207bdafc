//! `yardstick verdict`

use std::process::ExitCode;

use yardstick_client::document::VerdictDocument;
use yardstick_domain::ids::{ReleaseSlug, TeamKey};
use yardstick_domain::verdict::{Standing, VerdictRef};
use yardstick_report::terminal::{self, Style};
use yardstick_report::{json as document_json, markdown};
use yardstick_store::VerdictFilter;

use super::context::{Context, Failure, parsed};
use super::output::{Format, WIDTH, json, put, say, table};
use crate::ambient;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List verdicts, the newest first.
    List {
        /// Only of this release.
        #[arg(long, value_parser = parsed::<ReleaseSlug>)]
        release: Option<ReleaseSlug>,
        /// Only of this team's releases.
        #[arg(long, value_parser = parsed::<TeamKey>)]
        team: Option<TeamKey>,
        /// Looks too, not only official verdicts.
        #[arg(long)]
        looks: bool,
        /// At most so many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=500))]
        limit: u32,
    },
    /// Show a verdict with its evidence.
    Show {
        /// Such as batch-changes-ga/d28, batch-changes-ga/d28.2 (a revision) or batch-changes-ga/d7.look-1.
        #[arg(value_parser = parsed::<VerdictRef>)]
        verdict: VerdictRef,
    },
}

pub(super) async fn run(context: &Context, command: &Command) -> Result<ExitCode, Failure> {
    let (app, _) = context.open().await?;
    match command {
        Command::Show { verdict } => print(context.output, &app.verdict_document(verdict).await?)?,
        Command::List { release, team, looks, limit } => {
            let filter = VerdictFilter {
                release: release.clone(),
                team: team.clone(),
                standing: (!looks).then_some(Standing::Official),
                ..VerdictFilter::default()
            };
            let page = app.verdicts(&filter, None, *limit).await?;
            if context.output == Format::Json {
                json(&page.items)?;
                return Ok(ExitCode::SUCCESS);
            }
            let rows: Vec<Vec<String>> = page
                .items
                .iter()
                .map(|verdict| {
                    let standing = if verdict.is_final { "final" } else { "" };
                    let standing = if verdict.standing == "official" { standing } else { "look" };
                    vec![
                        verdict.at.clone(),
                        verdict.outcome.to_uppercase(),
                        standing.to_owned(),
                        verdict.headline.clone(),
                    ]
                })
                .collect();
            let empty = "No verdicts yet. Judge a launched release: yardstick judge RELEASE";
            table(context.output, &["verdict", "outcome", "", "because"], &rows, empty);
            if page.next.is_some() {
                say(&format!("There are more; show them with --limit {}", (limit * 2).min(500)));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a verdict.
pub(super) fn print(format: Format, document: &VerdictDocument) -> Result<(), Failure> {
    match format {
        Format::Text => put(&terminal::verdict(document, Style { colour: ambient::colours(), width: WIDTH })),
        Format::Json => put(&document_json::verdict(document)?),
        Format::Markdown => put(&markdown::verdict(document)),
    }
    Ok(())
}
