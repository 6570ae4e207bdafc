//! `yardstick verdict`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use yardstick_client::api::{Standing, VerdictSummary, VerdictsRequest};
use yardstick_client::chart::ChartPart;
use yardstick_client::document::VerdictDocument;
use yardstick_domain::ids::{ReleaseSlug, TeamKey};
use yardstick_domain::verdict::VerdictRef;
use yardstick_report::terminal::{self, Style};
use yardstick_report::{chart, html, json as document_json, markdown};

use super::context::{Context, Failure, checked};
use super::output::{Format, WIDTH, json, put, say, table};
use crate::ambient;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List verdicts, the newest first.
    List {
        /// Only of this release.
        #[arg(long, value_parser = checked::<ReleaseSlug>)]
        release: Option<String>,
        /// Only of this team's releases.
        #[arg(long, value_parser = checked::<TeamKey>)]
        team: Option<String>,
        /// Only of releases of this level; L2+ means L1 and L2.
        #[arg(long, value_name = "L1|L2|L3|L2+")]
        level: Option<String>,
        /// Only those that come to this.
        #[arg(long, value_name = "pass|marginal|fail|undecided")]
        outcome: Option<String>,
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
        #[arg(value_parser = checked::<VerdictRef>)]
        verdict: String,
        /// Write its charts into this folder too, as SVG files; Markdown then shows those.
        #[arg(long, value_name = "DIR")]
        charts: Option<PathBuf>,
    },
}

pub(super) async fn run(context: &Context, command: &Command) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    match command {
        Command::Show { verdict, charts: folder } => {
            let document = backend.verdict(verdict).await?;
            // Of this very revision: another one may come between two questions.
            let charts = backend.verdict_charts(&document.exactly()).await?.charts;
            if let Some(folder) = folder {
                write_charts(folder, &document.at, &charts)?;
            }
            print(context.output, &document, &charts, folder.as_deref())?;
        }
        Command::List { release, team, level, outcome, looks, limit } => {
            let request = VerdictsRequest {
                release: release.clone(),
                team: team.clone(),
                looks: *looks,
                level: level.clone(),
                outcome: outcome.clone(),
                limit: Some(*limit),
                ..VerdictsRequest::default()
            };
            let page = backend.verdicts(&request).await?;
            if context.output == Format::Json {
                json(&page)?;
                return Ok(ExitCode::SUCCESS);
            }
            let rows: Vec<Vec<String>> = page.items.iter().map(row).collect();
            let empty = "No verdicts yet. Judge a launched release: yardstick judge RELEASE";
            table(context.output, &["verdict", "outcome", "", "because"], &rows, empty);
            if page.next.is_some() {
                say(&format!("There are more; show them with --limit {}", (limit * 2).min(500)));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn row(verdict: &VerdictSummary) -> Vec<String> {
    let standing = match verdict.standing {
        Standing::AdHoc => "look",
        Standing::Official if verdict.is_final => "final",
        Standing::Official => "",
    };
    vec![
        verdict.at.clone(),
        verdict.outcome.as_str().to_uppercase(),
        standing.to_owned(),
        verdict.headline.clone(),
    ]
}

/// Writes a verdict. `pictures`: the folder in which its charts lie as files.
pub(super) fn print(
    format: Format,
    document: &VerdictDocument,
    charts: &[ChartPart],
    pictures: Option<&Path>,
) -> Result<(), Failure> {
    match format {
        Format::Text => {
            let style = Style { colour: ambient::colours(), width: WIDTH };
            put(&terminal::verdict(document, charts, style));
        }
        Format::Json => put(&document_json::verdict(document)?),
        Format::Html => put(&html::verdict(document, charts)),
        Format::Markdown => {
            let folder = pictures.map(|folder| folder.display().to_string());
            put(&markdown::verdict(document, charts, folder.as_deref()));
        }
    }
    Ok(())
}

/// Writes a file per chart into a folder, which is made if need be.
fn write_charts(folder: &Path, at: &str, charts: &[ChartPart]) -> Result<(), Failure> {
    let failed = |path: &Path, error: std::io::Error| {
        Failure::could(format!("--charts: cannot write {}: {error}", path.display()))
    };
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for (name, part) in chart::file_names(at, charts).zip(charts) {
        let path = folder.join(name);
        std::fs::write(&path, chart::svg(part, chart::Size::WIDE)).map_err(|error| failed(&path, error))?;
        say(&format!("wrote {}", path.display()));
    }
    Ok(())
}
