//! What people make of verdicts: decisions, amendments approved, comments, sign-offs. No verdict changes by it.

mod amendments;
mod comments;
mod document;
mod words;

use jiff::Timestamp;
use yardstick_domain::access::Scope;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::decision::{Action, ActionKind, Decision, Settled, Signed, Stance, Standing};
use yardstick_domain::event::{EventKind, NewEvent};
use yardstick_domain::ids::{PersonId, ReleaseSlug};
use yardstick_domain::job::Priority;
use yardstick_domain::people::Actor;
use yardstick_domain::problem::Problem;
use yardstick_domain::release::ReleaseFacts;
use yardstick_domain::time::zone;
use yardstick_domain::verdict::{VerdictNumber, VerdictRef};
use yardstick_store::{DecisionFilter, NewDecision, Page, VerdictSummary};

use crate::error::{AppError, Result};
use crate::jobs::verdict_job;
use crate::lifecycle::reason_in;
use crate::{App, Caller};

use words::{made, stands_for};

pub use comments::{NewComment, NewReview};

/// What to decide. One of stance and action at least.
#[derive(Debug, Clone)]
pub struct DecideRequest {
    /// The release.
    pub release: ReleaseSlug,
    /// The checkpoint whose verdict it is about, and the revision of it that was looked at; `None`: the latest verdict.
    pub about: Option<(Checkpoint, VerdictNumber)>,
    /// What is held of the verdict.
    pub stance: Option<StanceRequest>,
    /// What becomes of the feature.
    pub action: Option<ActionKind>,
    /// Of an extension: to which checkpoint.
    pub extend_to: Option<Checkpoint>,
    /// Why; an override needs it.
    pub reason: Option<String>,
}

/// What somebody holds of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StanceRequest {
    /// It is right.
    Accept,
    /// Something else is.
    Override {
        /// What; it must be there.
        outcome: Option<Settled>,
        /// Until when; it must be there.
        until: Option<Timestamp>,
    },
}

impl App {
    /// Records a decision of a person of the release's team. An override is shown once another person has approved it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for a program's account; [`AppError::Refused`] for what does not fit together;
    /// [`AppError::Conflict`] before the launch, or when the verdict was revised since it was looked at.
    pub async fn decide(&self, caller: &Caller, request: &DecideRequest) -> Result<Decision> {
        let slug = &request.release;
        let facts = self.own_release(caller, slug, "decide about releases of").await?;
        only_people(caller, "decides anything")?;
        if facts.cancelled.is_some() || facts.launch.is_none() {
            let why = if facts.cancelled.is_some() { "was cancelled" } else { "has not launched" };
            return Err(AppError::Conflict(format!("{slug} {why}; there is nothing to decide about")));
        }
        let verdict = self.looked_at(slug, request.about).await?;
        let mut problems = Vec::new();
        let reason = match request.reason.as_deref().map(|reason| reason_in("reason", reason)).transpose() {
            Ok(reason) => reason.map(str::to_owned),
            Err(AppError::Refused(more)) => {
                problems.extend(more);
                None
            }
            Err(error) => return Err(error),
        };
        if request.stance.is_none() && request.action.is_none() {
            problems.push(Problem::new(
                "stance",
                "a decision has a stance, an action or both; this one has neither",
            ));
        }
        let stance = stance(caller, request, verdict.as_ref(), reason.is_some(), &mut problems);
        let action = self.action(request, &facts, &mut problems).await?;
        if !problems.is_empty() {
            return Err(AppError::Refused(problems));
        }
        if matches!(stance, Some(Stance::Override { .. })) && !matches!(caller.actor, Actor::Person(_)) {
            return Err(AppError::Forbidden(
                "an override needs two people whose names are known; decide with a token of your own"
                    .to_owned(),
            ));
        }
        let new = NewDecision {
            release: slug.clone(),
            verdict: verdict.as_ref().map(|verdict| verdict.at.clone()),
            made: Signed { by: caller.actor.clone(), at: caller.now },
            stance,
            action,
            reason,
            job: self.extension_job(&facts, action).await?,
        };
        let approvers = self.approvers(&facts, caller).await?;
        let id = self.store.put_decision(&new, |id| made(id, &facts, &new, &approvers)).await?;
        self.decision_of(id).await
    }

    /// The newest revision of the verdict that somebody looked at; of a revision that is not the newest, an error.
    async fn looked_at(
        &self,
        slug: &ReleaseSlug,
        about: Option<(Checkpoint, VerdictNumber)>,
    ) -> Result<Option<VerdictSummary>> {
        let Some((checkpoint, number)) = about else { return Ok(self.store.latest_verdict(slug).await?) };
        if matches!(number, VerdictNumber::Look(_)) {
            let message =
                "a look counts for nothing, so there is nothing to decide about it; name an official verdict";
            return Err(AppError::Refused(vec![Problem::new("verdict", message)]));
        }
        let at = VerdictRef { release: slug.clone(), checkpoint, number: VerdictNumber::Newest };
        let Some(newest) = self.store.verdict_summary(&at).await? else {
            // Says which there are.
            self.verdict_named(&at).await?;
            return Err(AppError::Conflict(format!("{at} was given this moment; look at it first")));
        };
        if number != VerdictNumber::Newest && number != newest.at.number {
            let asked = VerdictRef { number, ..at };
            self.verdict_named(&asked).await?;
            return Err(AppError::Conflict(format!(
                "{} was revised: look at {} first",
                asked.numbered(),
                newest.at.numbered()
            )));
        }
        Ok(Some(newest))
    }

    /// The action that was asked for, as long as it fits.
    async fn action(
        &self,
        request: &DecideRequest,
        facts: &ReleaseFacts,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<Action>> {
        if request.extend_to.is_some() && request.action != Some(ActionKind::Extend) {
            problems.push(Problem::new("extend_to", "is for the action extend only"));
        }
        Ok(match request.action {
            None => None,
            Some(ActionKind::Keep) => Some(Action::Keep),
            Some(ActionKind::Iterate) => Some(Action::Iterate),
            Some(ActionKind::RollBack) => Some(Action::RollBack),
            Some(ActionKind::Retire) => Some(Action::Retire),
            Some(ActionKind::Extend) => {
                let counts =
                    facts.counts().ok_or_else(|| AppError::fault("a launched release without a seal"))?;
                let agreed = self.terms(counts).await?.last();
                let last = facts.extensions.last().map(|extension| extension.to).max(agreed);
                let Some(to) = request.extend_to else {
                    problems
                        .push(Problem::new("extend_to", "is missing; say to which checkpoint, such as d56"));
                    return Ok(None);
                };
                if last.is_some_and(|last| to <= last) {
                    let last = last.map_or(String::new(), |last| last.to_string());
                    let message = format!(
                        "{to} is not after {last}, the last checkpoint there is; extend to a later one"
                    );
                    problems.push(Problem::new("extend_to", message));
                    return Ok(None);
                }
                let final_one = self.store.latest_final_verdict(&facts.release.slug).await?;
                let counts = final_one.is_some_and(|verdict| !verdict.outcome.is_decided());
                Some(Action::Extend { to, counts })
            }
        })
    }

    /// The job that an extension makes due.
    async fn extension_job(
        &self,
        facts: &ReleaseFacts,
        action: Option<Action>,
    ) -> Result<Option<yardstick_domain::job::NewJob>> {
        let (Some(Action::Extend { to, .. }), Some(launch), Some(counts)) =
            (action, &facts.launch, facts.counts())
        else {
            return Ok(None);
        };
        let due_at = to.end(launch.at, &zone(&self.terms(counts).await?.time_zone));
        let release = &facts.release;
        Ok(Some(verdict_job(&release.slug, &release.team, to, Priority::DUE, due_at)))
    }

    /// Who may approve what this caller decides: the team's people but themselves.
    async fn approvers(&self, facts: &ReleaseFacts, caller: &Caller) -> Result<Vec<PersonId>> {
        let team = self.team(&facts.release.team).await?;
        let own = |person: &PersonId| caller.actor == Actor::Person(person.clone());
        let mut others: Vec<PersonId> =
            team.maintainers().into_iter().filter(|person| !own(person)).collect();
        if others.is_empty() {
            others = team.members.keys().filter(|person| !own(person)).cloned().collect();
        }
        if others.is_empty() {
            others = self.operators().await?.into_iter().filter(|person| !own(person)).collect();
        }
        Ok(others)
    }

    /// Approves another person's override. Programs and whoever made it cannot.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for them and for strangers; [`AppError::Conflict`] when there is nothing to approve.
    pub async fn approve_decision(&self, caller: &Caller, id: i64) -> Result<Decision> {
        let decision = self.decision_seen(caller, id).await?;
        let facts = self.own_release(caller, &decision.release, "approve decisions of").await?;
        let by = self.second_person(caller, &decision.made.by, &format!("decision {id}")).await?;
        let nothing =
            |why: &str| AppError::Conflict(format!("decision {id} {why}; there is nothing to approve"));
        match (decision.stance, decision.standing(caller.now)) {
            (Some(Stance::Override { .. }), Standing::WaitsForApproval) => {}
            (_, Standing::Withdrawn) => return Err(nothing("was withdrawn")),
            (_, Standing::Expired) => return Err(nothing("has expired")),
            (Some(Stance::Override { .. }), Standing::Stands) => return Err(nothing("was approved already")),
            _ => return Err(nothing("overrides nothing")),
        }
        let event = NewEvent {
            kind: EventKind::DecisionMade,
            key: format!("{id} approved"),
            at: caller.now,
            team: Some(facts.release.team.clone()),
            release: Some(decision.release.clone()),
            verdict: decision.verdict.clone(),
            urgent: false,
            says: format!("{by} approved decision {id} of {}: {}", decision.made.by, stands_for(&decision)),
            advice: None,
            to: Vec::new(),
        };
        self.store.approve_decision(&decision, &by, caller.now, &event).await?;
        self.decision_of(id).await
    }

    /// Takes a decision back; it stays on record.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it was withdrawn already, or the checkpoint that it added was judged.
    pub async fn withdraw_decision(&self, caller: &Caller, id: i64, because: &str) -> Result<Decision> {
        let decision = self.decision_seen(caller, id).await?;
        self.own_release(caller, &decision.release, "withdraw decisions of").await?;
        only_people(caller, "withdraws a decision")?;
        let because = reason_in("reason", because)?;
        self.store.withdraw_decision(&decision, because, &caller.actor, caller.now).await?;
        self.decision_of(id).await
    }

    /// A decision about a release that whoever asks may see.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub async fn decision_seen(&self, caller: &Caller, id: i64) -> Result<Decision> {
        let none = || AppError::NotFound { what: format!("decision {id}"), hint: String::new() };
        let decision = self.store.decision(id).await?.ok_or_else(none)?;
        if self.is_visible(&self.sees(caller).await?, &decision.release).await? {
            Ok(decision)
        } else {
            Err(none())
        }
    }

    async fn decision_of(&self, id: i64) -> Result<Decision> {
        self.store.decision(id).await?.ok_or_else(|| AppError::fault(format!("decision {id} is gone")))
    }

    /// Decisions, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page before gave.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a release that is not there.
    pub async fn decisions(
        &self,
        caller: &Caller,
        filter: &DecisionFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<Decision, i64>> {
        if let Some(slug) = &filter.release {
            self.visible(caller, slug).await?;
        }
        let filter = DecisionFilter { sees: self.sees(caller).await?, ..filter.clone() };
        Ok(self.store.decisions(&filter, before, limit).await?)
    }

    /// Whoever asks as the second person beside `first`, whose name must be known as well.
    async fn second_person(&self, caller: &Caller, first: &Actor, what: &str) -> Result<PersonId> {
        let Actor::Person(by) = &caller.actor else {
            self.refused(caller, "approve", what).await?;
            return Err(AppError::Forbidden(format!(
                "only a person can approve {what}, with a token of their own; {} is none",
                caller.actor
            )));
        };
        if !matches!(first, Actor::Person(_)) || *first == caller.actor {
            self.refused(caller, "approve", what).await?;
            return Err(AppError::Forbidden(format!(
                "{what} needs another person than {first}, who made it; ask a colleague of the team"
            )));
        }
        if !caller.scopes.allow(Scope::Write) {
            return Err(AppError::Forbidden(format!(
                "a token without the scope write cannot approve {what}"
            )));
        }
        Ok(by.clone())
    }
}

/// Refuses programs: what is decided, a person answers for.
fn only_people(caller: &Caller, what: &str) -> Result<()> {
    match &caller.actor {
        Actor::Person(_) | Actor::Local(_) => Ok(()),
        Actor::Service(_) | Actor::Host => {
            Err(AppError::Forbidden(format!("only a person {what}; {} is none", caller.actor)))
        }
    }
}

fn stance(
    caller: &Caller,
    request: &DecideRequest,
    verdict: Option<&VerdictSummary>,
    has_reason: bool,
    problems: &mut Vec<Problem>,
) -> Option<Stance> {
    let asked = request.stance?;
    let Some(verdict) = verdict else {
        problems.push(Problem::new("stance", "there is no official verdict yet to take a stance on"));
        return None;
    };
    let (outcome, until) = match asked {
        StanceRequest::Accept => return Some(Stance::Accept),
        StanceRequest::Override { outcome, until } => (outcome, until),
    };
    let before = problems.len();
    if !has_reason && request.reason.is_none() {
        problems.push(Problem::new("reason", "is missing; an override says why, in 1 to 1,000 characters"));
    }
    match outcome {
        None => {
            problems.push(Problem::new("outcome", "is missing; an override is to pass, marginal or fail"));
        }
        Some(outcome) if outcome.outcome() == verdict.outcome => {
            let message = format!("the verdict is {outcome} already; accept it instead");
            problems.push(Problem::new("outcome", message));
        }
        Some(_) => {}
    }
    match until {
        None => {
            problems.push(Problem::new("until", "is missing; an override ends on a day, such as 2026-12-31"));
        }
        Some(until) if until <= caller.now => {
            problems
                .push(Problem::new("until", format!("{until} is not in the future (now {})", caller.now)));
        }
        Some(_) => {}
    }
    let (outcome, until) = outcome.zip(until).filter(|_| problems.len() == before)?;
    Some(Stance::Override { outcome, until })
}
