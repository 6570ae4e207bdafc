//! `yardstick launch`, `reschedule`, `cancel`

use std::process::ExitCode;

use yardstick_client::api::{
    CancelRequest, LaunchRequest, ReleaseDocument, RescheduleRequest, Role, UndoLaunchRequest,
};
use yardstick_domain::ids::ReleaseSlug;
use yardstick_report::dates;

use super::context::{Context, Failure, checked};
use super::output::{Format, json, put};
use super::release::{sealed, short};
use crate::operations;

#[derive(Debug, clap::Args)]
pub(super) struct Launch {
    /// The release.
    #[arg(value_parser = checked::<ReleaseSlug>)]
    release: String,
    /// When it launched: an instant with an offset, or a day in the team's zone; default: now.
    #[arg(long, value_name = "INSTANT", conflicts_with = "undo")]
    at: Option<String>,
    /// Take a wrong announcement back, until the first official verdict.
    #[arg(long, requires = "reason")]
    undo: bool,
    /// Why, for taking it back.
    #[arg(long, value_name = "TEXT", requires = "undo")]
    reason: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Reschedule {
    /// The release.
    #[arg(value_parser = checked::<ReleaseSlug>)]
    release: String,
    /// The new planned day.
    #[arg(long, value_name = "DAY", value_parser = day)]
    to: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct Cancel {
    /// The release.
    #[arg(value_parser = checked::<ReleaseSlug>)]
    release: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

fn day(text: &str) -> Result<String, String> {
    operations::day(text).map(|_| text.to_owned())
}

pub(super) async fn launch(context: &Context, arguments: &Launch) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    let slug = &arguments.release;
    if arguments.undo {
        let request = UndoLaunchRequest { reason: arguments.reason.clone().unwrap_or_default() };
        let release = backend.undo_launch(slug, &request).await?;
        return answer(
            context,
            &release,
            &format!("The launch of {slug} was taken back; the record of it stays.\n"),
        );
    }
    let release = backend.launch(slug, &LaunchRequest { at: arguments.at.clone() }).await?;
    answer(context, &release, &launched(&release))
}

fn launched(release: &ReleaseDocument) -> String {
    let Some(launch) = &release.launch else { return String::new() };
    let slug = &release.slug;
    let zone = yardstick_domain::time::zone(&release.time_zone);
    let mut text = format!(
        "{slug} launched {}, {}.\n",
        dates::moment(launch.at, &zone),
        dates::lateness(launch.days_late)
    );
    if let Some(seal) = &release.seal {
        text.push_str(&format!("Criteria sealed {} ({}).\n", sealed(seal), short(&seal.hash)));
    }
    if release.criteria.iter().all(|criterion| criterion.role != Role::Goal) {
        text.push_str(
            "Launched without criteria: there is nothing to succeed at, and its verdicts will say so.\n",
        );
    }
    for checkpoint in &release.checkpoints {
        if let Some(end) = checkpoint.ends_at {
            text.push_str(&format!("  {} ends {}\n", checkpoint.checkpoint, dates::moment(end, &zone)));
        }
    }
    text.push_str(&format!("Next: yardstick judge {slug}\n"));
    text
}

pub(super) async fn reschedule(context: &Context, arguments: &Reschedule) -> Result<ExitCode, Failure> {
    let slug = &arguments.release;
    let request = RescheduleRequest { to: arguments.to.clone(), reason: arguments.reason.clone() };
    let release = context.open().await?.reschedule(slug, &request).await?;
    let again = release.seal.as_ref().is_some_and(|seal| !seal.covers);
    let seal = if again { " Its seal no longer covers it; seal it again." } else { "" };
    let text = format!("{slug} is planned for {}.{seal}\n", dates::full(release.planned));
    answer(context, &release, &text)
}

pub(super) async fn cancel(context: &Context, arguments: &Cancel) -> Result<ExitCode, Failure> {
    let slug = &arguments.release;
    let request = CancelRequest { reason: arguments.reason.clone() };
    let release = context.open().await?.cancel(slug, &request).await?;
    answer(context, &release, &format!("{slug} was cancelled; it will not be judged.\n"))
}

fn answer(context: &Context, release: &ReleaseDocument, text: &str) -> Result<ExitCode, Failure> {
    match context.output {
        Format::Json => json(release)?,
        Format::Text | Format::Markdown | Format::Html => put(text),
    }
    Ok(ExitCode::SUCCESS)
}
