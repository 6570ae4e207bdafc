//! Decisions in words, for whoever hears of them.

use yardstick_domain::decision::{Action, Decision, Stance};
use yardstick_domain::event::{EventKind, NewEvent};
use yardstick_domain::ids::{PersonId, ReleaseSlug};
use yardstick_domain::release::ReleaseFacts;
use yardstick_domain::verdict::VerdictRef;
use yardstick_store::NewDecision;

/// What a decision comes to, in words.
pub(super) fn stands_for(decision: &Decision) -> String {
    let at = decision.verdict.as_ref().map_or(String::new(), VerdictRef::numbered);
    in_words(decision.stance, decision.action, &decision.release, &at)
}

fn in_words(stance: Option<Stance>, action: Option<Action>, release: &ReleaseSlug, at: &str) -> String {
    let stance = stance.map(|stance| match stance {
        Stance::Accept => format!("accepts {at}"),
        Stance::Override { outcome, until } => format!("holds {at} for {outcome} until {until}"),
    });
    let action = action.map(|action| match action {
        Action::Keep => format!("keeps {release}"),
        Action::Iterate => format!("goes on with {release}"),
        Action::RollBack => format!("rolls {release} back"),
        Action::Retire => format!("retires {release}"),
        Action::Extend { to, counts: true } => format!("judges {release} at {to} as well, which then counts"),
        Action::Extend { to, counts: false } => format!("judges {release} at {to} as well"),
    });
    [stance, action].into_iter().flatten().collect::<Vec<_>>().join(", and ")
}

/// What those hear who may approve a decision, or should know of it.
pub(super) fn made(id: i64, facts: &ReleaseFacts, new: &NewDecision, approvers: &[PersonId]) -> NewEvent {
    let waits = matches!(new.stance, Some(Stance::Override { .. }));
    let at = new.verdict.as_ref().map_or(String::new(), VerdictRef::numbered);
    let advice =
        format!("Read it and approve it, if you agree, as another person: yardstick decision approve {id}");
    NewEvent {
        kind: EventKind::DecisionMade,
        key: id.to_string(),
        at: new.made.at,
        team: Some(facts.release.team.clone()),
        release: Some(new.release.clone()),
        verdict: new.verdict.clone(),
        urgent: false,
        says: format!("{} {}", new.made.by, in_words(new.stance, new.action, &new.release, &at)),
        advice: waits.then_some(advice),
        to: if waits { approvers.to_vec() } else { Vec::new() },
    }
}
