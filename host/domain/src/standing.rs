//! How a release stands: what the portfolio is added up from, and what waits for whom.

use jiff::Timestamp;
use jiff::civil::Date;
use yardstick_stats::Quantity;

use crate::checkpoint::{Checkpoint, GRACE};
use crate::criteria::Terms;
use crate::decision::{Decision, Settled, Stance};
use crate::finding::Outcome;
use crate::ids::MetricKey;
use crate::level::Level;
use crate::metric::{Better, Metric};
use crate::question::Role;
use crate::release::{Launch, ReleaseFacts, SealedWhen};
use crate::time::{day_of, days_between, in_metric_days, plus_days, start_of_day, zone};
use crate::verdict::Judgement;
use crate::words::words;

words! {
    /// What a release waits for.
    WaitsFor, "thing to wait for" {
        /// Somebody to say what its success would be.
        Criteria = "criteria",
        /// Somebody to seal what was agreed.
        Seal = "seal",
        /// Somebody to announce the launch: the planned day is over.
        Launch = "launch",
        /// The values that its final verdict needs: its last checkpoint is over.
        Data = "data",
        /// Somebody to decide what is made of its final verdict.
        Decision = "decision",
        /// A retro.
        Retro = "retro",
    }
}

/// A final official verdict, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinalVerdict {
    /// What the newest revision comes to.
    pub outcome: Outcome,
    /// When the first revision was given.
    pub first_judged_at: Timestamp,
    /// Decisions about the newest revision that were not withdrawn, the newest first.
    pub decisions: Vec<Decision>,
}

/// Everything that a standing is computed from.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// What is known of the release.
    pub facts: &'a ReleaseFacts,
    /// The terms that count; `None`: nothing is sealed.
    pub terms: Option<&'a Terms>,
    /// The terms that were sealed, whatever amended them: level and planned day are theirs.
    pub sealed: Option<&'a Terms>,
    /// The metrics that they name, as defined now.
    pub metrics: &'a [Metric],
    /// IANA zone of the team.
    pub team_zone: &'a str,
    /// Its final verdict.
    pub verdict: Option<&'a FinalVerdict>,
}

/// When what was agreed was sealed, against the launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sealing {
    /// Before it.
    Before,
    /// By it.
    By,
    /// After it.
    After,
}

/// How a release stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The level, of a launched release as sealed.
    pub level: Level,
    /// The day of its launch in its zone; `None`: it has not launched, or was cancelled.
    pub launch_day: Option<Date>,
    /// When its last checkpoint is over, with all the time that its data may take. Metrics' promises are those of now.
    pub due_at: Option<Timestamp>,
    /// Whole days from the planned to the launch day; negative: early.
    pub days_late: Option<i32>,
    /// When it was sealed; `None`: nothing is.
    pub sealing: Option<Sealing>,
    /// Whether there is a goal.
    pub has_goal: bool,
    /// Amendments since the launch.
    pub amendments: u32,
    /// Whether one of them counts.
    pub amended: bool,
    /// What its final verdict comes to.
    pub outcome: Option<Outcome>,
    /// When the first revision of it was given.
    pub judged_at: Option<Timestamp>,
    /// What people hold of the newest revision, where that counts.
    pub stance: Option<Stance>,
    /// How sure the team was when it launched, in 0..=1.
    pub confidence: Option<f64>,
    /// What it waits for, each with the instant from which on it does; `None`: it does already.
    pub waits: Vec<(WaitsFor, Option<Timestamp>)>,
}

/// How a release stands.
#[must_use]
pub fn standing(known: Known<'_>) -> Standing {
    let Known { facts, terms, sealed, team_zone, verdict, .. } = known;
    let release = &facts.release;
    let zone = zone(terms.map_or(team_zone, |terms| &terms.time_zone));
    let launch = facts.launch.as_ref().filter(|_| facts.cancelled.is_none());
    let launch_day = launch.map(|launch| day_of(launch.at, &zone));
    let planned = sealed.map_or(release.planned, |sealed| sealed.planned);
    let level = sealed.filter(|_| launch.is_some()).map_or(release.level, |sealed| sealed.level);
    let has_goal = match terms.filter(|_| launch.is_some()) {
        Some(terms) => terms.criteria.iter().any(|sealed| sealed.criterion.role == Role::Goal),
        None => release.criteria.has_goal(),
    };
    Standing {
        level,
        launch_day,
        due_at: launch.and_then(|launch| Some(due(known, launch, facts.last_checkpoint(terms?)?))),
        days_late: launch_day.map(|day| days_between(planned, day)),
        sealing: sealing(facts, &zone),
        has_goal,
        amendments: u32::try_from(facts.amendments.len()).unwrap_or(u32::MAX),
        amended: facts.amendments.iter().any(|amendment| amendment.approved_by.is_some()),
        outcome: verdict.map(|verdict| verdict.outcome.clone()),
        judged_at: verdict.map(|verdict| verdict.first_judged_at),
        stance: verdict.and_then(|verdict| verdict.decisions.iter().find_map(counted)),
        confidence: facts.confidence,
        waits: waits(known, launch, level, has_goal),
    }
}

/// The stance of a decision, if it counts: of an override once it is approved.
fn counted(decision: &Decision) -> Option<Stance> {
    match decision.stance? {
        Stance::Override { .. } if decision.approved.is_none() => None,
        stance => Some(stance),
    }
}

/// When a checkpoint is over, with all the time that its data may take, however late its launch was recorded.
fn due(known: Known<'_>, launch: &Launch, checkpoint: Checkpoint) -> Timestamp {
    let Some(terms) = known.terms else { return launch.at };
    let team = zone(&terms.time_zone);
    let mut due = checkpoint.end(launch.at, &team);
    let metric = |key: &MetricKey| known.metrics.iter().find(|metric| metric.key == *key);
    for sealed in &terms.criteria {
        let Some(days) = sealed.criterion.days(checkpoint) else { continue };
        let window = days.window(launch.at, &team);
        for metric in sealed.criterion.metrics.values().filter_map(metric) {
            let end = in_metric_days(window, launch.at, &team, &zone(&metric.time_zone)).end;
            let promised = end.checked_add(metric.fresh_within).and_then(|end| end.checked_add(GRACE));
            due = due.max(promised.unwrap_or(Timestamp::MAX));
        }
    }
    due
}

/// When a seal was taken, as it reads against the launch by the clocks of a zone.
fn sealing(facts: &ReleaseFacts, zone: &jiff::tz::TimeZone) -> Option<Sealing> {
    let seal = facts.seal.as_ref()?;
    let Some(launch) = &facts.launch else { return Some(Sealing::Before) };
    let late = match seal.when {
        SealedWhen::BeforeLaunch | SealedWhen::AfterLaunch { .. } => seal.at > launch.at,
        SealedWhen::ByLaunch => days_between(day_of(launch.at, zone), day_of(seal.at, zone)) > 0,
    };
    Some(match seal.when {
        _ if late => Sealing::After,
        SealedWhen::ByLaunch => Sealing::By,
        SealedWhen::BeforeLaunch | SealedWhen::AfterLaunch { .. } => Sealing::Before,
    })
}

fn waits(
    known: Known<'_>,
    launch: Option<&Launch>,
    level: Level,
    has_goal: bool,
) -> Vec<(WaitsFor, Option<Timestamp>)> {
    let facts = known.facts;
    if facts.cancelled.is_some() {
        return Vec::new();
    }
    let measured = level.must_be_measured();
    let Some(launch) = launch else {
        if !has_goal {
            return if measured { vec![(WaitsFor::Criteria, None)] } else { Vec::new() };
        }
        if facts.seal.as_ref().is_none_or(|seal| seal.version != facts.version) {
            return vec![(WaitsFor::Seal, None)];
        }
        let over = start_of_day(plus_days(facts.release.planned, 1), &zone(known.team_zone));
        return vec![(WaitsFor::Launch, Some(over))];
    };
    let Some(verdict) = known.verdict else {
        let ended = known
            .terms
            .and_then(|terms| Some(facts.last_checkpoint(terms)?.end(launch.at, &zone(&terms.time_zone))));
        return vec![(WaitsFor::Data, ended)];
    };
    let mut waits = Vec::new();
    if verdict.decisions.is_empty() {
        waits.push((WaitsFor::Decision, Some(verdict.first_judged_at)));
    }
    if measured && !facts.looked_back_on {
        waits.push((WaitsFor::Retro, Some(verdict.first_judged_at)));
    }
    waits
}

/// What an override makes of a verdict at an instant; `None`: it is no override, or its time is over.
#[must_use]
pub fn overridden(stance: Option<Stance>, now: Timestamp) -> Option<Settled> {
    match stance? {
        Stance::Override { outcome, until } if until > now => Some(outcome),
        _ => None,
    }
}

/// What was expected of a goal and what was observed, in one unit, and whether the latter is as good; `None`: one of both
/// is not known, or which way is better.
#[must_use]
pub fn expectation(judgement: &Judgement) -> Option<(f64, f64, bool)> {
    let criterion = &judgement.criterion;
    let expected = criterion.expected.as_deref()?.parse::<Quantity>().ok()?;
    let observed = judgement.finding.primary.as_ref().filter(|primary| primary.value.is_finite())?;
    let fits = match expected {
        Quantity::Plain(_) => !matches!(observed.unit.as_str(), "share" | "relative" | "pp"),
        Quantity::Percent(_) => matches!(observed.unit.as_str(), "share" | "relative"),
        Quantity::Points(_) => observed.unit == "pp",
    };
    let better = judgement.question.as_ref()?.metrics.first()?.better;
    let (expected, observed) = (expected.value(), observed.value);
    // What must be at most so much is better when it is less, whatever its metric is otherwise.
    let lower = criterion.params.get("at_most").is_some() || better == Better::Lower;
    let met = if lower { observed <= expected } else { observed >= expected };
    fits.then_some((expected, observed, met))
}
