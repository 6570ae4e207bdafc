//! `yardstick judge`

use std::process::ExitCode;

use yardstick_app::JudgeRequest;
use yardstick_client::document::VerdictDocument;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::ids::ReleaseSlug;

use super::context::{Context, DayEdge, Failure, instant, parsed};
use super::output::say;
use super::verdict::print;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The release.
    #[arg(value_parser = parsed::<ReleaseSlug>)]
    release: ReleaseSlug,
    /// The checkpoint, such as d7; default: the latest that has ended.
    #[arg(long, value_parser = parsed::<Checkpoint>)]
    checkpoint: Option<Checkpoint>,
    /// The world at this instant, or at the end of this day in the team's zone; default: now.
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
    /// Only what had been received by this instant, or by the end of this day.
    #[arg(long, value_name = "INSTANT")]
    known_at: Option<String>,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (app, caller) = context.open().await?;
    let detail = app.release_detail(&arguments.release).await?;
    let zone = yardstick_domain::time::zone(&detail.time_zone);
    let read = |name: &str, text: &Option<String>| {
        text.as_deref().map(|text| instant(name, text, DayEdge::End, &zone)).transpose()
    };
    let request = JudgeRequest {
        release: arguments.release.clone(),
        checkpoint: arguments.checkpoint,
        as_of: read("as-of", &arguments.as_of)?,
        known_at: read("known-at", &arguments.known_at)?,
    };
    let judged = app.judge(&caller, &request).await?;
    let document = app.verdict_document(&judged.at).await?;
    print(context.output, &document)?;
    if let Some(why) = &judged.look_because {
        say(&format!("a look, not official: {why}"));
    }
    if let Some(amended) = &judged.amended {
        say(&format!("judged by the amended criteria, beside it: yardstick verdict show {amended}"));
    }
    Ok(code(&document))
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
