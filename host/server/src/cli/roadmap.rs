//! `yardstick roadmap`

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use yardstick_client::api::{ExpectedDocument, RoadmapImportRequest, RoadmapRequest};
use yardstick_domain::ids::{ListName, TeamKey};

use super::context::{Context, Failure, checked};
use super::output::{Format, json, put, table};
use crate::operations::roadmap::MOST_BYTES;

/// Rows that are listed.
const LISTED: u32 = 100;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Import a list of expected releases, all of it or nothing. What is no longer on it is withdrawn.
    Import {
        /// A CSV file with a header, as spreadsheets and GitHub Projects write it. `-`: standard input.
        file: PathBuf,
        /// The list's name; default: roadmap.
        #[arg(long, value_name = "NAME", value_parser = checked::<ListName>)]
        list: Option<String>,
        /// Only look what it would do.
        #[arg(long)]
        dry_run: bool,
    },
    /// List expected releases, the earliest planned day first.
    List {
        /// Only those that became releases.
        #[arg(long)]
        registered: bool,
        /// Only those that nobody registered.
        #[arg(long, conflicts_with = "registered")]
        unregistered: bool,
        /// Only of this team.
        #[arg(long, value_parser = checked::<TeamKey>)]
        team: Option<String>,
        /// Only on this list.
        #[arg(long, value_name = "NAME", value_parser = checked::<ListName>)]
        list: Option<String>,
        /// How many.
        #[arg(long, default_value_t = LISTED, value_parser = clap::value_parser!(u32).range(1..=500))]
        limit: u32,
    },
}

pub(super) async fn run(context: &Context, command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Import { file, list, dry_run } => import(context, &file, list, dry_run).await?,
        Command::List { registered, unregistered, team, list, limit } => {
            let registered = (registered || unregistered).then_some(registered);
            let request = RoadmapRequest { registered, team, list, limit: Some(limit), cursor: None };
            let page = context.open().await?.roadmap(&request).await?;
            if context.output == Format::Json {
                json(&page)?;
            } else {
                let rows: Vec<Vec<String>> = page.items.iter().map(row).collect();
                let headers = ["planned", "name", "team", "level", "owner", "release"];
                table(context.output, &headers, &rows, "Nothing is expected.");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn import(context: &Context, path: &Path, list: Option<String>, dry_run: bool) -> Result<(), Failure> {
    let bytes =
        read(path).map_err(|error| Failure::could(format!("cannot read {}: {error}", path.display())))?;
    let request = RoadmapImportRequest { list, dry_run };
    let imported = context.open().await?.import_roadmap(&request, bytes).await;
    let imported = imported.map_err(|failure| with_path(failure, path))?;
    if context.output == Format::Json {
        return json(&imported);
    }
    put(&format!(
        "{}: {} new, {} changed, {} unchanged, {} withdrawn; {} are registered\n",
        imported.list,
        imported.new,
        imported.changed,
        imported.unchanged,
        imported.withdrawn,
        imported.registered
    ));
    put(if imported.written {
        "Next: yardstick roadmap list --unregistered\n"
    } else {
        "Nothing was written.\n"
    });
    Ok(())
}

/// The file, as far as one may be long; whoever reads it says so when it goes on.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = MOST_BYTES as u64 + 1;
    if path.as_os_str() == "-" {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    } else {
        std::fs::File::open(path)?.take(most).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Rows are told by the path that was typed.
fn with_path(failure: Failure, path: &Path) -> Failure {
    let Failure::Problem(mut problem) = failure else { return failure };
    for error in problem.errors.iter_mut().filter(|error| error.file.is_some()) {
        error.file = Some(path.display().to_string());
    }
    Failure::Problem(problem)
}

fn row(expected: &ExpectedDocument) -> Vec<String> {
    vec![
        expected.planned.map_or_else(String::new, |day| day.to_string()),
        expected.name.clone(),
        expected.team.clone().unwrap_or_default(),
        expected.level.map_or_else(String::new, |level| level.to_string()),
        expected.owner.clone().unwrap_or_default(),
        expected.release.clone().unwrap_or_else(|| "not registered".to_owned()),
    ]
}
