//! `yardstick judge`

use std::process::ExitCode;

use yardstick_client::api::JudgeRequest;
use yardstick_client::document::VerdictDocument;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::ids::ReleaseSlug;

use super::context::{Context, Failure, checked};
use super::output::say;
use super::verdict::print;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The release.
    #[arg(value_parser = checked::<ReleaseSlug>)]
    release: String,
    /// The checkpoint, such as d7; default: the latest that has ended.
    #[arg(long, value_parser = checked::<Checkpoint>)]
    checkpoint: Option<String>,
    /// The world at this instant, or at the end of this day in the team's zone; default: now.
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
    /// Only what had been received by this instant, or by the end of this day.
    #[arg(long, value_name = "INSTANT")]
    known_at: Option<String>,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let request = JudgeRequest {
        checkpoint: arguments.checkpoint.clone(),
        as_of: arguments.as_of.clone(),
        known_at: arguments.known_at.clone(),
    };
    let backend = context.open().await?;
    let judged = backend.judge(&arguments.release, &request).await?;
    let charts = backend.verdict_charts(&judged.verdict.exactly()).await?.charts;
    print(context.output, &judged.verdict, &charts, None)?;
    if let Some(why) = &judged.look_because {
        say(&format!("a look, not official: {why}"));
    }
    if let Some(amended) = &judged.amended {
        say(&format!("judged by the amended criteria, beside it: yardstick verdict show {amended}"));
    }
    Ok(code(&judged.verdict))
}

/// 0 pass, 10 fail, 11 marginal, 12 undecided: what pipelines branch on.
fn code(document: &VerdictDocument) -> ExitCode {
    ExitCode::from(match document.outcome.as_str() {
        "pass" => 0,
        "fail" => 10,
        "marginal" => 11,
        _ => 12,
    })
}
