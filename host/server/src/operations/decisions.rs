//! Decisions, and amendments approved.

use yardstick_app::{App, Caller, DecideRequest, StanceRequest};
use yardstick_client::api::{
    self, DecisionDocument, DecisionRequest, DecisionsRequest, Page, ReasonRequest, ReleaseDocument,
};
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::decision::{Action, Decision, Stance};
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::time::zone;
use yardstick_domain::verdict::{VerdictNumber, VerdictRef};
use yardstick_store::DecisionFilter;

use super::reading::{DayEdge, Reading, parse};
use super::{Result, releases};

/// Decisions, the newest first.
pub(crate) async fn list(
    app: &App,
    caller: &Caller,
    request: &DecisionsRequest,
) -> Result<Page<DecisionDocument>> {
    let mut reading = Reading::default();
    let filter = DecisionFilter {
        release: reading.maybe("release", request.release.as_ref()),
        team: reading.maybe("team", request.team.as_ref()),
        only_waiting: request.waiting,
        ..DecisionFilter::default()
    };
    let before = reading.cursor(request.cursor.as_ref(), |text| text.parse().ok());
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.decisions(caller, &filter, before, limit).await?;
    let items = page.items.iter().map(|decision| document(decision, caller)).collect();
    Ok(Page { items, next: page.next.map(|id| id.to_string()) })
}

/// A decision.
pub(crate) async fn show(app: &App, caller: &Caller, id: &str) -> Result<DecisionDocument> {
    Ok(document(&app.decision_seen(caller, parse("id", id)?).await?, caller))
}

/// Decides what is made of a verdict.
pub(crate) async fn decide(
    app: &App,
    caller: &Caller,
    release: &str,
    request: &DecisionRequest,
) -> Result<DecisionDocument> {
    let mut reading = Reading::default();
    let slug = reading.must("release", release);
    let about = reading.with("verdict", request.verdict.as_ref(), about);
    let stance = reading.with("stance", request.stance.as_ref(), |text| match text {
        "accept" => Ok(false),
        "override" => Ok(true),
        _ => Err(format!("{text:?} is no stance; expected accept or override")),
    });
    let outcome = reading.maybe("outcome", request.outcome.as_ref());
    let action = reading.maybe("action", request.action.as_ref());
    let extend_to = reading.maybe("extend_to", request.extend_to.as_ref());
    if stance != Some(true) {
        for (field, given) in [("outcome", request.outcome.is_some()), ("until", request.until.is_some())] {
            if given {
                reading.also(vec![yardstick_domain::problem::Problem::new(field, "is for an override only")]);
            }
        }
    }
    // Whether it is an instant does not depend on the zone; which one it is, the release must tell.
    reading.instant("until", request.until.as_ref(), DayEdge::End, &jiff::tz::TimeZone::UTC);
    let slug: ReleaseSlug = reading.all(slug)?;
    let team = zone(&app.release_detail(caller, &slug).await?.time_zone);
    let mut reading = Reading::default();
    let until = reading.instant("until", request.until.as_ref(), DayEdge::End, &team);
    reading.end()?;
    let stance = stance.map(|is_override| {
        if is_override { StanceRequest::Override { outcome, until } } else { StanceRequest::Accept }
    });
    let asked =
        DecideRequest { release: slug, about, stance, action, extend_to, reason: request.reason.clone() };
    Ok(document(&app.decide(caller, &asked).await?, caller))
}

/// Approves another person's override.
pub(crate) async fn approve(app: &App, caller: &Caller, id: &str) -> Result<DecisionDocument> {
    Ok(document(&app.approve_decision(caller, parse("id", id)?).await?, caller))
}

/// Takes a decision back.
pub(crate) async fn withdraw(
    app: &App,
    caller: &Caller,
    id: &str,
    request: &ReasonRequest,
) -> Result<DecisionDocument> {
    Ok(document(&app.withdraw_decision(caller, parse("id", id)?, &request.reason).await?, caller))
}

/// Approves the newest amendment of a release.
pub(crate) async fn approve_amendment(
    app: &App,
    caller: &Caller,
    release: &str,
    version: &str,
) -> Result<ReleaseDocument> {
    let mut reading = Reading::default();
    let read = reading.must("release", release).zip(reading.must::<u32>("version", version));
    let (slug, version) = reading.all(read)?;
    app.approve_amendment(caller, &slug, version).await?;
    releases::show(app, caller, release).await
}

/// A verdict of a release that is known, such as `d28`, `d28.2` or `d7.look-1`.
pub(super) fn about(text: &str) -> std::result::Result<(Checkpoint, VerdictNumber), String> {
    let read: std::result::Result<VerdictRef, _> = format!("x/{text}").parse();
    let bad = |_| {
        format!("{text:?} refers to no verdict; expected a checkpoint such as d28, or its revision, d28.2")
    };
    read.map(|at| (at.checkpoint, at.number)).map_err(bad)
}

/// A decision as a document, as it stands when it is asked for.
pub(crate) fn document(decision: &Decision, caller: &Caller) -> DecisionDocument {
    let stance = decision.stance.map(|stance| match stance {
        Stance::Accept => (api::Stance::Accept, None, None),
        Stance::Override { outcome, until } => (api::Stance::Override, Some(outcome.into()), Some(until)),
    });
    let (extend_to, extend_counts) = match decision.action {
        Some(Action::Extend { to, counts }) => (Some(to.to_string()), counts),
        _ => (None, false),
    };
    let withdrawn = decision.withdrawn.as_ref();
    DecisionDocument {
        id: decision.id,
        release: decision.release.to_string(),
        verdict: decision.verdict.as_ref().map(VerdictRef::numbered),
        standing: decision.standing(caller.now).into(),
        stance: stance.map(|(stance, ..)| stance),
        outcome: stance.and_then(|(_, outcome, _)| outcome),
        until: stance.and_then(|(.., until)| until),
        action: decision.action.map(|action| action.kind().into()),
        extend_to,
        extend_counts,
        reason: decision.reason.clone(),
        at: decision.made.at,
        by: decision.made.by.to_string(),
        approved_by: decision.approved.as_ref().map(|signed| signed.by.to_string()),
        approved_at: decision.approved.as_ref().map(|signed| signed.at),
        withdrawn_by: withdrawn.map(|(signed, _)| signed.by.to_string()),
        withdrawn_at: withdrawn.map(|(signed, _)| signed.at),
        withdrawn_because: withdrawn.map(|(_, because)| because.clone()),
    }
}
