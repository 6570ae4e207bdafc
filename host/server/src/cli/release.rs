//! `yardstick release`

use std::process::ExitCode;

use yardstick_client::api::{
    CriteriaState, CriteriaVersionDocument, CriterionPart, MOST_ITEMS, Page, PageRequest, ReleaseDocument,
    ReleaseSeal, ReleaseSummary, ReleasesRequest, SealedWhen, WaitPart,
};
use yardstick_client::files::{self, Declaration};
use yardstick_domain::ids::{PersonId, ReleaseSlug, TeamKey};
use yardstick_report::{dates, list};

use super::backend::Backend;
use super::context::{Context, Failure, checked};
use super::new;
use super::output::{Format, WIDTH, fields, json, put, say, table};
use super::people::all as all_pages;
use crate::operations;

#[derive(Debug, clap::Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one of it in a process")]
pub(super) enum Command {
    /// List releases, the latest planned day first.
    List {
        /// Only of this team.
        #[arg(long, value_parser = checked::<TeamKey>)]
        team: Option<String>,
        /// Only of this level; L2+ means L1 and L2.
        #[arg(long, value_name = "L1|L2|L3|L2+", value_parser = levels)]
        level: Option<String>,
        /// Only those that wait for this: criteria, seal, launch, data, decision or retro.
        #[arg(long, value_name = "THING", value_parser = checked::<yardstick_domain::standing::WaitsFor>)]
        waits_for: Option<String>,
        /// Only those that stand so.
        #[arg(long, value_name = "draft|sealed|launched|judged|closed|cancelled")]
        lifecycle: Option<String>,
        /// Only those that this person answers for, by mail address.
        #[arg(long, value_parser = checked::<PersonId>)]
        owner: Option<String>,
        /// Only those of this feature.
        #[arg(long)]
        feature: Option<String>,
        /// Only those with which the feature is this mature, such as beta or ga.
        #[arg(long)]
        stage: Option<String>,
        /// Only those planned on this day or later.
        #[arg(long, value_name = "DAY")]
        planned_from: Option<String>,
        /// Only those planned on this day or earlier.
        #[arg(long, value_name = "DAY")]
        planned_until: Option<String>,
        /// Only those whose name has this text in it.
        #[arg(long)]
        text: Option<String>,
        /// The order: -planned (the latest planned day first), planned, name, -name, -changed or changed.
        #[arg(long, value_name = "ORDER", allow_hyphen_values = true)]
        sort: Option<String>,
    },
    /// Show a release: what was agreed, what happened, its verdicts.
    Show {
        /// Its slug.
        #[arg(value_parser = checked::<ReleaseSlug>)]
        release: String,
    },
    /// Print a release as a file, such as of one that came of an issue: to add criteria to, and to apply.
    File {
        /// Its slug.
        #[arg(value_parser = checked::<ReleaseSlug>)]
        release: String,
    },
    /// Write a commented file to start from, as `new release` does.
    New(new::OfRelease),
    /// List the versions that a release's criteria have had, or show one.
    Criteria {
        /// Its slug.
        #[arg(value_parser = checked::<ReleaseSlug>)]
        release: String,
        /// Only this version, with its criteria.
        #[arg(value_name = "VERSION", value_parser = clap::value_parser!(u32).range(1..))]
        number: Option<u32>,
    },
}

/// What a list of releases shows, and one of those that wait for something.
const HEADERS: [&str; 7] = ["release", "level", "team", "planned", "launched", "stands", "criteria"];
const WAITING: [&str; 5] = ["release", "level", "team", "waits for", "since"];

fn levels(text: &str) -> Result<String, String> {
    operations::levels(text).map(|_| text.to_owned())
}

pub(super) async fn run(context: &Context, command: &Command) -> Result<ExitCode, Failure> {
    if let Command::New(arguments) = command {
        return new::release(arguments);
    }
    let backend = context.open().await?;
    match command {
        Command::New(_) => {}
        Command::List {
            team,
            level,
            lifecycle,
            owner,
            feature,
            stage,
            planned_from,
            planned_until,
            text,
            sort,
            waits_for,
        } => {
            let request = ReleasesRequest {
                team: team.clone(),
                level: level.clone(),
                lifecycle: lifecycle.clone(),
                owner: owner.clone(),
                feature: feature.clone(),
                stage: stage.clone(),
                planned_from: planned_from.clone(),
                planned_until: planned_until.clone(),
                text: text.clone(),
                sort: sort.clone(),
                waits_for: waits_for.clone(),
                limit: Some(MOST_ITEMS),
                ..ReleasesRequest::default()
            };
            let all = all(&backend, request).await?;
            if context.output == Format::Json {
                json(&all)?;
            } else {
                // What waits for whom is told to whoever asks for it: a row has no room for everything.
                if waits_for.is_some() {
                    let rows: Vec<Vec<String>> = all.items.iter().map(waiting).collect();
                    table(context.output, &WAITING, &rows, "Nothing waits for that.");
                } else {
                    let rows: Vec<Vec<String>> = all.items.iter().map(row).collect();
                    let empty = "No releases yet. Start one: yardstick new release NAME --level L2";
                    table(context.output, &HEADERS, &rows, empty);
                }
            }
        }
        Command::Show { release } => {
            let release = backend.release(release).await?;
            if context.output == Format::Json {
                json(&release)?;
            } else {
                show(context.output, &release);
            }
        }
        Command::File { release } => {
            let file = backend.release_file(release).await?;
            match files::read_json("release", &file) {
                _ if context.output == Format::Json => json(&file)?,
                Ok(Declaration::Release(release)) => put(&files::written::yaml(&release)),
                // What was registered by rules that are stricter now.
                _ => json(&file)?,
            }
        }
        Command::Criteria { release, number: None } => {
            let all = all_pages(async |page: PageRequest| backend.criteria(release, &page).await).await?;
            if context.output == Format::Json {
                json(&all)?;
            } else {
                let rows: Vec<Vec<String>> = all.items.iter().map(version_row).collect();
                let headers = ["version", "level", "planned", "since", "by", "", "why"];
                table(context.output, &headers, &rows, "No criteria yet.");
            }
        }
        Command::Criteria { release, number: Some(number) } => {
            let version = backend.criteria_version(release, *number).await?;
            if context.output == Format::Json {
                json(&version)?;
            } else {
                show_version(context.output, &version);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// All pages as one.
async fn all(backend: &Backend, mut request: ReleasesRequest) -> Result<Page<ReleaseSummary>, Failure> {
    let mut all = Page { items: Vec::new(), next: None };
    loop {
        let page = backend.releases(&request).await?;
        all.items.extend(page.items);
        match page.next {
            Some(next) => request.cursor = Some(next),
            None => return Ok(all),
        }
    }
}

fn row(release: &ReleaseSummary) -> Vec<String> {
    let criteria = match release.criteria {
        CriteriaState::NoGoal => "no goal".to_owned(),
        CriteriaState::NotSealed => "not sealed".to_owned(),
        CriteriaState::ChangedSinceSealed => "changed since sealed".to_owned(),
        CriteriaState::Sealed => {
            format!("sealed {}", release.seal.as_deref().map_or("", short))
        }
    };
    vec![
        release.slug.clone(),
        release.level.to_string(),
        release.team.clone(),
        release.planned.to_string(),
        release.launched_at.map_or(String::new(), |at| at.to_string()),
        release.lifecycle.to_string(),
        criteria,
    ]
}

fn waiting(release: &ReleaseSummary) -> Vec<String> {
    let wait = |wait: &WaitPart| format!("{} → {}", wait.what, wait.whom.join(", "));
    let since = release.waits_for.iter().find_map(|wait| wait.since);
    vec![
        release.slug.clone(),
        release.level.to_string(),
        release.team.clone(),
        release.waits_for.iter().map(wait).collect::<Vec<_>>().join("; "),
        since.map_or(String::new(), |since| since.strftime("%Y-%m-%d").to_string()),
    ]
}

/// The first eight digits of a hash, as people quote them.
pub(super) fn short(hash: &str) -> &str {
    let digits = hash.strip_prefix("sha256:").unwrap_or(hash);
    digits.get(..8).unwrap_or(digits)
}

fn show(format: Format, release: &ReleaseDocument) {
    fields(format, &facts(release));
    put("\n");
    for warning in &release.warnings {
        say(&format!("warning: {warning}"));
    }
    show_criteria(format, &release.criteria);
    put("\n");
    let zone = yardstick_domain::time::zone(&release.time_zone);
    let events = release.events.iter().map(|event| {
        vec![dates::moment(event.at, &zone), event.by.clone(), event.kind.clone(), detail_of(&event.detail)]
    });
    let events: Vec<Vec<String>> = events.collect();
    table(format, &["when", "who", "what", ""], &events, "Nothing happened yet.");
    put("\n");
    let verdicts = release.verdicts.iter().map(|verdict| {
        vec![
            verdict.at.clone(),
            verdict.outcome.as_str().to_uppercase(),
            verdict.standing.to_string(),
            verdict.headline.clone(),
        ]
    });
    let verdicts: Vec<Vec<String>> = verdicts.collect();
    put(&list::table_or(&["verdict", "outcome", "", "because"], &verdicts, WIDTH, "No verdicts yet."));
}

fn show_criteria(format: Format, criteria: &[CriterionPart]) {
    let criteria = criteria.iter().map(|criterion| {
        vec![
            criterion.role.to_string(),
            criterion.id.clone(),
            criterion.judge.clone(),
            criterion.says.clone(),
        ]
    });
    let criteria: Vec<Vec<String>> = criteria.collect();
    table(format, &["role", "criterion", "judge", "says"], &criteria, "No criteria yet.");
}

/// What was taken over a version, such as `sealed 9f86d081`.
fn taken_over(version: &CriteriaVersionDocument) -> String {
    let of =
        |word: &str, hash: &Option<String>| hash.as_deref().map(|hash| format!("{word} {}", short(hash)));
    let both = of("sealed", &version.seal).into_iter().chain(of("amends", &version.amendment));
    both.collect::<Vec<_>>().join(", ")
}

fn version_row(version: &CriteriaVersionDocument) -> Vec<String> {
    vec![
        version.version.to_string(),
        version.level.to_string(),
        version.planned.to_string(),
        version.created_at.strftime("%F").to_string(),
        version.created_by.clone(),
        taken_over(version),
        version.reason.clone().unwrap_or_default(),
    ]
}

fn show_version(format: Format, version: &CriteriaVersionDocument) {
    let current = if version.current { ", registered now" } else { "" };
    let mut rows = vec![
        ("release", version.release.clone()),
        ("version", format!("{}{current}", version.version)),
        ("level", version.level.to_string()),
        ("planned", dates::full(version.planned)),
        ("registered", format!("{:.0} by {}", version.created_at, version.created_by)),
        ("judged at", format!("{}; {}", version.checkpoints.join(", "), version.policy)),
    ];
    rows.extend(version.reason.as_ref().map(|reason| ("why", reason.clone())));
    rows.extend(version.seal.as_ref().map(|hash| ("seal", hash.clone())));
    rows.extend(version.amendment.as_ref().map(|hash| ("amendment", hash.clone())));
    fields(format, &rows);
    put("\n");
    show_criteria(format, &version.criteria);
}

fn facts(release: &ReleaseDocument) -> Vec<(&'static str, String)> {
    let zone = yardstick_domain::time::zone(&release.time_zone);
    let measured = if release.must_be_measured { ", must be measured" } else { "" };
    let mut rows = vec![
        ("release", format!("{} · {}", release.slug, release.name)),
        ("level", format!("{}{measured}", release.level)),
        ("team", format!("{}, owner {}", release.team, release.owner)),
        ("planned", dates::full(release.planned)),
        ("quarter", release.fiscal_quarter.clone()),
        ("stands", release.lifecycle.to_string()),
    ];
    if let Some(launch) = &release.launch {
        let moment = dates::moment(launch.at, &zone);
        rows.push(("launched", format!("{moment} (recorded by {})", launch.by)));
    }
    match &release.seal {
        Some(seal) => {
            let moment = dates::moment(seal.at, &zone);
            rows.push(("sealed", format!("{} at {moment} by {}", sealed(seal), seal.by)));
            rows.push(("seal", seal.hash.clone()));
        }
        None => rows.push(("sealed", "no".to_owned())),
    }
    for amendment in &release.amendments {
        let moment = dates::moment(amendment.at, &zone);
        rows.push(("amended", format!("{moment} by {}: {}", amendment.by, amendment.reason)));
    }
    if let Some(cancelled) = &release.cancelled {
        let moment = dates::moment(cancelled.at, &zone);
        rows.push(("cancelled", format!("{moment} by {}: {}", cancelled.by, cancelled.reason)));
    }
    let checkpoints: Vec<&str> = release.checkpoints.iter().map(|part| part.checkpoint.as_str()).collect();
    rows.push(("judged at", format!("{}; {}", checkpoints.join(", "), release.policy)));
    rows
}

/// When it was sealed, in words.
pub(super) fn sealed(seal: &ReleaseSeal) -> String {
    match (seal.when, seal.days_after_launch) {
        (SealedWhen::BeforeLaunch, _) => "before the launch".to_owned(),
        (SealedWhen::ByLaunch, _) => "by the launch".to_owned(),
        (SealedWhen::AfterLaunch, Some(1)) => "1 day after launch".to_owned(),
        (SealedWhen::AfterLaunch, days) => format!("{} days after launch", days.unwrap_or(0)),
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
