//! Releases as documents.

use yardstick_app::{ReleaseDetail, Wait};
use yardstick_client::api::{
    AmendmentPart, BriefPart, CancelledPart, CheckpointPart, CriteriaState, CriterionPart, EventPart,
    LaunchPart, ReleaseDocument, ReleaseSeal, ReleaseSummary, SealedWhen, WaitPart,
};
use yardstick_domain::criteria::Criterion;
use yardstick_domain::release::{self, Amendment, Launch, ReleaseFacts, Seal};
use yardstick_domain::time::{day_of, days_between, zone};
use yardstick_store::ReleaseEvent;

use super::verdicts;

/// A release in a list.
pub(super) fn summary(facts: &ReleaseFacts, waits: Vec<Wait>) -> ReleaseSummary {
    let release = &facts.release;
    ReleaseSummary {
        slug: release.slug.to_string(),
        name: release.name.clone(),
        level: release.level.into(),
        team: release.team.to_string(),
        owner: release.owner.to_string(),
        planned: release.planned,
        launched_at: facts.launch.as_ref().map(|launch| launch.at),
        lifecycle: facts.lifecycle().into(),
        criteria: criteria_state(facts),
        seal: facts.seal.as_ref().map(|seal| seal.hash.to_string()),
        waits_for: waits.into_iter().map(|wait| waiting(wait, facts)).collect(),
    }
}

fn waiting(wait: Wait, facts: &ReleaseFacts) -> WaitPart {
    let mut whom: Vec<String> = wait.whom.into_iter().collect();
    if whom.is_empty() {
        whom.push(facts.release.owner.to_string());
    }
    WaitPart { what: wait.what.into(), whom, since: wait.since }
}

pub(super) fn criteria_state(facts: &ReleaseFacts) -> CriteriaState {
    match &facts.seal {
        _ if !facts.release.criteria.has_goal() => CriteriaState::NoGoal,
        None => CriteriaState::NotSealed,
        Some(seal) if seal.version != facts.version && facts.launch.is_none() => {
            CriteriaState::ChangedSinceSealed
        }
        Some(_) => CriteriaState::Sealed,
    }
}

/// A release with its history.
pub(super) fn document(detail: ReleaseDetail) -> ReleaseDocument {
    let ReleaseDetail { facts, time_zone, quarter, events, verdicts, warnings } = detail;
    let team = zone(&time_zone);
    let state = criteria_state(&facts);
    let lifecycle = facts.lifecycle().into();
    let checkpoints = facts.release.criteria.checkpoints.iter().map(|checkpoint| CheckpointPart {
        checkpoint: checkpoint.to_string(),
        ends_at: facts.launch.as_ref().map(|launch| checkpoint.end(launch.at, &team)),
    });
    let launch = facts.launch.as_ref().map(|launch| launched(launch, &facts, &team));
    let seal = facts.seal.as_ref().map(|seal| sealed(seal, facts.version));
    let checkpoints = checkpoints.collect();
    let release = facts.release;
    ReleaseDocument {
        slug: release.slug.to_string(),
        name: release.name,
        feature: release.feature,
        level: release.level.into(),
        must_be_measured: release.level.must_be_measured(),
        stage: release.stage.map(|stage| stage.as_str().to_owned()),
        team: release.team.to_string(),
        owner: release.owner.to_string(),
        planned: release.planned,
        time_zone,
        fiscal_quarter: quarter.to_string(),
        deployments: release.deployments,
        issue: release.issue,
        links: release.links,
        okrs: release.okrs,
        follows: release.follows.map(|slug| slug.to_string()),
        brief: BriefPart {
            problem: release.brief.problem,
            end_state: release.brief.end_state,
            why: release.brief.why,
            timeline: release.brief.timeline,
            people: release.brief.people,
        },
        confidence: release.confidence,
        lifecycle,
        version: facts.version,
        criteria_state: state,
        policy: release.criteria.passes_when.to_string(),
        checkpoints,
        criteria: release.criteria.list.into_iter().map(criterion).collect(),
        launch,
        seal,
        amendments: facts.amendments.into_iter().map(amendment).collect(),
        cancelled: facts.cancelled.map(|cancelled| CancelledPart {
            at: cancelled.at,
            by: cancelled.by.to_string(),
            reason: cancelled.reason,
        }),
        events: events.into_iter().map(event).collect(),
        verdicts: verdicts.into_iter().map(verdicts::summary).collect(),
        warnings,
    }
}

fn launched(launch: &Launch, facts: &ReleaseFacts, team: &jiff::tz::TimeZone) -> LaunchPart {
    LaunchPart {
        at: launch.at,
        recorded_at: launch.recorded_at,
        by: launch.by.to_string(),
        days_late: days_between(facts.release.planned, day_of(launch.at, team)),
    }
}

fn sealed(seal: &Seal, version: u32) -> ReleaseSeal {
    let (when, days_after_launch) = match seal.when {
        release::SealedWhen::BeforeLaunch => (SealedWhen::BeforeLaunch, None),
        release::SealedWhen::ByLaunch => (SealedWhen::ByLaunch, None),
        release::SealedWhen::AfterLaunch { days } => (SealedWhen::AfterLaunch, Some(days)),
    };
    ReleaseSeal {
        hash: seal.hash.to_string(),
        version: seal.version,
        at: seal.at,
        by: seal.by.to_string(),
        when,
        days_after_launch,
        covers: seal.version == version,
    }
}

pub(super) fn criterion(criterion: Criterion) -> CriterionPart {
    CriterionPart {
        id: criterion.id.to_string(),
        role: criterion.role.into(),
        required: criterion.required,
        says: criterion.says,
        judge: criterion.judge.to_string(),
        metrics: criterion.metrics.into_iter().map(|(name, key)| (name, key.to_string())).collect(),
        window: criterion.window.map(|days| days.to_string()),
        baseline_days: criterion.baseline_days,
        with: criterion.params,
        expected: criterion.expected,
        weight: criterion.weight,
        due: criterion.due.map(|checkpoint| checkpoint.to_string()),
    }
}

fn amendment(amendment: Amendment) -> AmendmentPart {
    AmendmentPart {
        hash: amendment.hash.to_string(),
        version: amendment.version,
        at: amendment.at,
        by: amendment.by.to_string(),
        reason: amendment.reason,
        approved_by: amendment.approved_by.map(|person| person.to_string()),
    }
}

fn event(event: ReleaseEvent) -> EventPart {
    EventPart { at: event.at, by: event.by.to_string(), kind: event.kind, detail: event.detail }
}
