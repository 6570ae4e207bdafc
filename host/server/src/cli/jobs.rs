//! `yardstick jobs`

use std::process::ExitCode;

use yardstick_client::api::{JobDocument, JobsRequest};
use yardstick_domain::ids::ReleaseSlug;

use super::context::{Context, Failure, checked};
use super::output::{Format, fields, json, table};
use crate::operations;

/// Jobs that are listed.
const LISTED: u32 = 100;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List jobs, the newest first.
    List {
        /// Only those that stand so.
        #[arg(long, value_name = "waiting|running|done|dead|cancelled", value_parser = state)]
        state: Option<String>,
        /// Only those about this release.
        #[arg(long, value_parser = checked::<ReleaseSlug>)]
        release: Option<String>,
        /// How many.
        #[arg(long, default_value_t = LISTED, value_parser = clap::value_parser!(u32).range(1..=500))]
        limit: u32,
    },
    /// Show one job.
    Show {
        /// Its number.
        id: i64,
    },
    /// Try a job again now that waits, was given up or was cancelled.
    Retry {
        /// Its number.
        id: i64,
    },
    /// Take a job out of line that waits or was given up.
    Cancel {
        /// Its number.
        id: i64,
    },
}

fn state(text: &str) -> Result<String, String> {
    operations::jobs::state(text).map(|_| text.to_owned())
}

pub(super) async fn run(context: &Context, command: &Command) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    match command {
        Command::List { state, release, limit } => {
            let request = JobsRequest {
                state: state.clone(),
                release: release.clone(),
                limit: Some(*limit),
                ..JobsRequest::default()
            };
            let page = backend.jobs(&request).await?;
            if context.output == Format::Json {
                json(&page)?;
            } else {
                let rows: Vec<Vec<String>> = page.items.iter().map(row).collect();
                table(
                    context.output,
                    &["job", "kind", "about", "state", "due", "what came of it"],
                    &rows,
                    "No jobs.",
                );
            }
        }
        Command::Show { id } => show(context, &backend.job(*id).await?)?,
        Command::Retry { id } => show(context, &backend.retry_job(*id).await?)?,
        Command::Cancel { id } => show(context, &backend.cancel_job(*id).await?)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn row(job: &JobDocument) -> Vec<String> {
    let about = job.waits_for.as_ref().map(|what| format!("waits: {what}"));
    let about = about.or_else(|| job.error.clone()).or_else(|| job.result.clone());
    vec![
        job.id.to_string(),
        job.kind.to_string(),
        job.key.clone(),
        job.state.to_string(),
        job.due_at.to_string(),
        about.unwrap_or_default(),
    ]
}

fn show(context: &Context, job: &JobDocument) -> Result<(), Failure> {
    if context.output == Format::Json {
        return json(job);
    }
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let at = |at: Option<jiff::Timestamp>| at.map_or(String::new(), |at| at.to_string());
    let mut rows = vec![
        ("job", job.id.to_string()),
        ("kind", job.kind.to_string()),
        ("about", job.key.clone()),
        ("team", text(&job.team)),
        ("state", job.state.to_string()),
        ("due", job.due_at.to_string()),
        ("waits for", text(&job.waits_for)),
        ("tries", job.attempts.to_string()),
        ("worker", text(&job.worker)),
        ("asked for", job.created_at.to_string()),
        ("begun", at(job.started_at)),
        ("ended", at(job.ended_at)),
        ("error", text(&job.error)),
        ("result", text(&job.result)),
    ];
    rows.retain(|(_, value)| !value.is_empty());
    fields(context.output, &rows);
    Ok(())
}
