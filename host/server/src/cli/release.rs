//! `yardstick release`

use std::process::ExitCode;

use yardstick_app::ReleaseDetail;
use yardstick_domain::ids::{ReleaseSlug, TeamKey};
use yardstick_domain::level::Level;
use yardstick_domain::release::{ReleaseFacts, SealedWhen};
use yardstick_report::{dates, list};
use yardstick_store::ReleaseFilter;

use super::context::{Context, Failure, parsed};
use super::output::{Format, WIDTH, fields, json, put, table};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List releases, the latest planned day first.
    List {
        /// Only of this team.
        #[arg(long, value_parser = parsed::<TeamKey>)]
        team: Option<TeamKey>,
        /// Only of this level; L2+ means L1 and L2.
        #[arg(long, value_name = "L1|L2|L3|L2+", value_parser = levels)]
        level: Option<Levels>,
    },
    /// Show a release: what was agreed, what happened, its verdicts.
    Show {
        /// Its slug.
        #[arg(value_parser = parsed::<ReleaseSlug>)]
        release: ReleaseSlug,
    },
}

/// Levels to list.
#[derive(Debug, Clone)]
pub(super) struct Levels(Vec<Level>);

fn levels(text: &str) -> Result<Levels, String> {
    match text.to_ascii_uppercase().as_str() {
        "L1" | "L1+" => Ok(Levels(vec![Level::L1])),
        "L2" => Ok(Levels(vec![Level::L2])),
        "L2+" => Ok(Levels(vec![Level::L1, Level::L2])),
        "L3" => Ok(Levels(vec![Level::L3])),
        "L3+" => Ok(Levels(vec![Level::L1, Level::L2, Level::L3])),
        _ => Err("expected L1 (the largest), L2, L3, or L2+ for L1 and L2".to_owned()),
    }
}

pub(super) async fn run(context: &Context, command: &Command) -> Result<ExitCode, Failure> {
    let (app, _) = context.open().await?;
    match command {
        Command::List { team, level } => {
            let filter = ReleaseFilter {
                team: team.clone(),
                levels: level.clone().map_or(Vec::new(), |levels| levels.0),
                ..ReleaseFilter::default()
            };
            let releases = app.releases(&filter).await?;
            if context.output == Format::Json {
                json(&releases)?;
            } else {
                let rows: Vec<Vec<String>> = releases.iter().map(row).collect();
                table(
                    context.output,
                    &["release", "level", "team", "planned", "launched", "stands", "criteria"],
                    &rows,
                    "No releases yet. Start one: yardstick new release NAME --level L2",
                );
            }
        }
        Command::Show { release } => {
            let detail = app.release_detail(release).await?;
            if context.output == Format::Json {
                json(&detail)?;
            } else {
                show(context.output, &detail);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn row(facts: &ReleaseFacts) -> Vec<String> {
    let release = &facts.release;
    let criteria = match (release.criteria.has_goal(), &facts.seal) {
        (false, _) => "no goal".to_owned(),
        (true, None) => "not sealed".to_owned(),
        (true, Some(seal)) if seal.version != facts.version && facts.launch.is_none() => {
            "changed since sealed".to_owned()
        }
        (true, Some(seal)) => format!("sealed {}", seal.hash.short()),
    };
    vec![
        release.slug.to_string(),
        release.level.to_string(),
        release.team.to_string(),
        release.planned.to_string(),
        facts.launch.as_ref().map_or(String::new(), |launch| launch.at.to_string()),
        facts.lifecycle().as_str().to_owned(),
        criteria,
    ]
}

fn show(format: Format, detail: &ReleaseDetail) {
    let facts = &detail.facts;
    let release = &facts.release;
    let zone = yardstick_domain::time::zone(&detail.time_zone);
    let row = |name: &'static str, value: String| (name, value);
    let mut rows = vec![
        row("release", format!("{} · {}", release.slug, release.name)),
        row(
            "level",
            format!(
                "{}{}",
                release.level,
                if release.level.must_be_measured() { ", must be measured" } else { "" }
            ),
        ),
        row("team", format!("{}, owner {}", release.team, release.owner)),
        row("planned", dates::full(release.planned)),
        row("stands", facts.lifecycle().as_str().to_owned()),
    ];
    if let Some(launch) = &facts.launch {
        rows.push(row(
            "launched",
            format!("{} (recorded by {})", dates::moment(launch.at, &zone), launch.by),
        ));
    }
    match &facts.seal {
        Some(seal) => rows.push(row(
            "sealed",
            format!("{} at {} by {}", sealed(seal.when), dates::moment(seal.at, &zone), seal.by),
        )),
        None => rows.push(row("sealed", "no".to_owned())),
    }
    if let Some(seal) = &facts.seal {
        rows.push(row("seal", seal.hash.to_string()));
    }
    for amendment in &facts.amendments {
        rows.push(row(
            "amended",
            format!("{} by {}: {}", dates::moment(amendment.at, &zone), amendment.by, amendment.reason),
        ));
    }
    if let Some(cancelled) = &facts.cancelled {
        rows.push(row(
            "cancelled",
            format!("{} by {}: {}", dates::moment(cancelled.at, &zone), cancelled.by, cancelled.reason),
        ));
    }
    let checkpoints: Vec<String> = release.criteria.checkpoints.iter().map(ToString::to_string).collect();
    rows.push(row("judged at", format!("{}; {}", checkpoints.join(", "), release.criteria.passes_when)));
    fields(format, &rows);
    put("\n");
    let criteria: Vec<Vec<String>> = release
        .criteria
        .list
        .iter()
        .map(|criterion| {
            vec![
                criterion.role.as_str().to_owned(),
                criterion.id.to_string(),
                criterion.judge.to_string(),
                criterion.says.clone(),
            ]
        })
        .collect();
    table(format, &["role", "criterion", "judge", "says"], &criteria, "No criteria yet.");
    put("\n");
    let events: Vec<Vec<String>> = detail
        .events
        .iter()
        .map(|event| {
            vec![
                dates::moment(event.at, &zone),
                event.by.to_string(),
                event.kind.clone(),
                detail_of(&event.detail),
            ]
        })
        .collect();
    table(format, &["when", "who", "what", ""], &events, "Nothing happened yet.");
    put("\n");
    let verdicts: Vec<Vec<String>> = detail
        .verdicts
        .iter()
        .map(|verdict| {
            vec![
                verdict.at.clone(),
                verdict.outcome.to_uppercase(),
                verdict.standing.clone(),
                verdict.headline.clone(),
            ]
        })
        .collect();
    put(&list::table_or(&["verdict", "outcome", "", "because"], &verdicts, WIDTH, "No verdicts yet."));
}

/// When it was sealed, in words.
pub(super) fn sealed(when: SealedWhen) -> String {
    match when {
        SealedWhen::BeforeLaunch => "before the launch".to_owned(),
        SealedWhen::ByLaunch => "by the launch".to_owned(),
        SealedWhen::AfterLaunch { days: 1 } => "1 day after launch".to_owned(),
        SealedWhen::AfterLaunch { days } => format!("{days} days after launch"),
    }
}

/// An event's facts on one line.
fn detail_of(detail: &serde_json::Value) -> String {
    let Some(map) = detail.as_object() else { return String::new() };
    let parts: Vec<String> = map
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| format!("{name} {}", value.as_str().map_or(value.to_string(), str::to_owned)))
        .collect();
    parts.join(", ")
}
