//! `yardstick launch`, `reschedule`, `cancel`

use std::process::ExitCode;

use jiff::civil::Date;
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::release::ReleaseFacts;
use yardstick_report::dates;

use super::context::{Context, DayEdge, Failure, instant, parsed};
use super::output::{Format, json, put};
use super::release::sealed;

#[derive(Debug, clap::Args)]
pub(super) struct Launch {
    /// The release.
    #[arg(value_parser = parsed::<ReleaseSlug>)]
    release: ReleaseSlug,
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
    #[arg(value_parser = parsed::<ReleaseSlug>)]
    release: ReleaseSlug,
    /// The new planned day.
    #[arg(long, value_name = "DAY", value_parser = parsed::<Date>)]
    to: Date,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct Cancel {
    /// The release.
    #[arg(value_parser = parsed::<ReleaseSlug>)]
    release: ReleaseSlug,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(super) async fn launch(context: &Context, arguments: &Launch) -> Result<ExitCode, Failure> {
    let (app, caller) = context.open().await?;
    let slug = &arguments.release;
    if arguments.undo {
        let reason = arguments.reason.as_deref().unwrap_or_default();
        let facts = app.undo_launch(&caller, slug, reason).await?;
        return answer(
            context,
            &facts,
            &format!("The launch of {slug} was taken back; the record of it stays.\n"),
        );
    }
    let detail = app.release_detail(slug).await?;
    let zone = yardstick_domain::time::zone(&detail.time_zone);
    let at = arguments.at.as_deref().map(|text| instant("at", text, DayEdge::Start, &zone)).transpose()?;
    app.launch(&caller, slug, at).await?;
    let detail = app.release_detail(slug).await?;
    let facts = &detail.facts;
    let mut text = String::new();
    if let Some(launch) = &facts.launch {
        let day = yardstick_domain::time::day_of(launch.at, &zone);
        let late = yardstick_domain::time::days_between(facts.release.planned, day);
        text.push_str(&format!(
            "{slug} launched {}, {}.\n",
            dates::moment(launch.at, &zone),
            dates::lateness(late)
        ));
        if let Some(seal) = &facts.seal {
            text.push_str(&format!("Criteria sealed {} ({}).\n", sealed(seal.when), seal.hash.short()));
        }
        if !facts.release.criteria.has_goal() {
            text.push_str(
                "Launched without criteria: there is nothing to succeed at, and its verdicts will say so.\n",
            );
        }
        for checkpoint in &facts.release.criteria.checkpoints {
            let end = checkpoint.end(launch.at, &zone);
            text.push_str(&format!("  {checkpoint} ends {}\n", dates::moment(end, &zone)));
        }
        text.push_str(&format!("Next: yardstick judge {slug}\n"));
    }
    answer(context, facts, &text)
}

pub(super) async fn reschedule(context: &Context, arguments: &Reschedule) -> Result<ExitCode, Failure> {
    let (app, caller) = context.open().await?;
    let facts = app.reschedule(&caller, &arguments.release, arguments.to, &arguments.reason).await?;
    let again = facts.seal.as_ref().is_some_and(|seal| seal.version != facts.version);
    let seal = if again { " Its seal no longer covers it; seal it again." } else { "" };
    answer(
        context,
        &facts,
        &format!("{} is planned for {}.{seal}\n", arguments.release, dates::full(arguments.to)),
    )
}

pub(super) async fn cancel(context: &Context, arguments: &Cancel) -> Result<ExitCode, Failure> {
    let (app, caller) = context.open().await?;
    let facts = app.cancel(&caller, &arguments.release, &arguments.reason).await?;
    answer(context, &facts, &format!("{} was cancelled; it will not be judged.\n", arguments.release))
}

fn answer(context: &Context, facts: &ReleaseFacts, text: &str) -> Result<ExitCode, Failure> {
    match context.output {
        Format::Json => json(facts)?,
        Format::Text | Format::Markdown => put(text),
    }
    Ok(ExitCode::SUCCESS)
}
