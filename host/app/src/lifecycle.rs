//! What happens to a release: launch, its undoing, another date, the end.

use jiff::Timestamp;
use jiff::civil::Date;
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::problem::Problem;
use yardstick_domain::release::{Cancelled, Launch, Lifecycle, ReleaseFacts};
use yardstick_domain::time::{day_of, plus_days, zone};

use crate::error::{AppError, Result};
use crate::{App, Caller};

/// How far back a launch may be recorded: the tenth birthday of anything is history.
const OLDEST_DAYS: i32 = 3_653;

impl App {
    /// Announces a launch, by default now. What is not sealed is sealed by it.
    ///
    /// # Errors
    /// [`AppError::Refused`] for an instant in the future or the distant past; [`AppError::Conflict`] when it
    /// has launched or was cancelled.
    pub async fn launch(
        &self,
        caller: &Caller,
        slug: &ReleaseSlug,
        at: Option<Timestamp>,
    ) -> Result<ReleaseFacts> {
        let facts = self.own_release(caller, slug, "launch releases of").await?;
        if let Some(launch) = &facts.launch {
            return Err(AppError::Conflict(format!(
                "{slug} launched at {} already (recorded by {}); if that is wrong: launch {slug} --undo --reason \"why\"",
                launch.at, launch.by
            )));
        }
        if facts.cancelled.is_some() {
            return Err(AppError::Conflict(format!(
                "{slug} was cancelled; register a new release that follows it"
            )));
        }
        let at = at.unwrap_or(caller.now);
        if at > caller.now {
            let message =
                format!("{at} is in the future (now {}); announce a launch when it has happened", caller.now);
            return Err(AppError::Refused(vec![Problem::new("at", message)]));
        }
        let team = self.team(&facts.release.team).await?;
        let oldest = plus_days(day_of(caller.now, &zone(&team.time_zone)), -OLDEST_DAYS);
        if day_of(at, &zone(&team.time_zone)) < oldest {
            return Err(AppError::Refused(vec![Problem::new(
                "at",
                format!("{at} is more than ten years ago"),
            )]));
        }
        let seal = self.seal_by_launch(caller, &facts).await?;
        let launch = Launch { at, recorded_at: caller.now, by: caller.actor.clone() };
        let due = self.verdicts_of(&facts, &launch, seal.as_ref().map(|(_, terms)| terms.as_slice())).await?;
        let seal = seal.as_ref().map(|(seal, terms)| (seal, terms.as_slice()));
        self.store.launch(slug, &launch, seal, &due).await?;
        self.facts(slug).await
    }

    /// Takes back a launch that did not happen, until the first official verdict.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it has not launched or an official verdict speaks of it.
    pub async fn undo_launch(
        &self,
        caller: &Caller,
        slug: &ReleaseSlug,
        reason: &str,
    ) -> Result<ReleaseFacts> {
        self.own_release(caller, slug, "take launches back of").await?;
        self.store.undo_launch(slug, &caller.actor, caller.now, why(reason)?).await?;
        self.facts(slug).await
    }

    /// Moves the planned day. Before the launch it takes a new seal; after it, nothing moves.
    ///
    /// # Errors
    /// [`AppError::Conflict`] after the launch or a cancellation.
    pub async fn reschedule(
        &self,
        caller: &Caller,
        slug: &ReleaseSlug,
        planned: Date,
        reason: &str,
    ) -> Result<ReleaseFacts> {
        let facts = self.own_release(caller, slug, "move releases of").await?;
        match facts.lifecycle() {
            Lifecycle::Draft | Lifecycle::Sealed => {}
            Lifecycle::Cancelled => return Err(AppError::Conflict(format!("{slug} was cancelled"))),
            Lifecycle::Launched | Lifecycle::Judged | Lifecycle::Closed => {
                return Err(AppError::Conflict(format!("{slug} has launched; its planned day is history")));
            }
        }
        if facts.release.planned == planned {
            return Ok(facts);
        }
        let reason = plannable(planned, reason)?;
        self.store.reschedule(slug, planned, &caller.actor, caller.now, reason).await?;
        self.facts(slug).await
    }

    /// Ends a release that will not be judged.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it was cancelled or judged finally.
    pub async fn cancel(&self, caller: &Caller, slug: &ReleaseSlug, reason: &str) -> Result<ReleaseFacts> {
        let facts = self.own_release(caller, slug, "cancel releases of").await?;
        match facts.lifecycle() {
            Lifecycle::Cancelled => return Err(AppError::Conflict(format!("{slug} was cancelled already"))),
            Lifecycle::Judged | Lifecycle::Closed => {
                return Err(AppError::Conflict(format!(
                    "{slug} has its final verdict; it cannot be cancelled any more"
                )));
            }
            Lifecycle::Draft | Lifecycle::Sealed | Lifecycle::Launched => {}
        }
        let cancelled =
            Cancelled { at: caller.now, by: caller.actor.clone(), reason: why(reason)?.to_owned() };
        self.store.cancel(slug, &cancelled).await?;
        self.facts(slug).await
    }
}

/// The reason for another planned day, once both will do.
fn plannable(planned: Date, reason: &str) -> Result<&str> {
    if (2000..=2200).contains(&planned.year()) {
        return why(reason);
    }
    let message = format!("{planned} is no day to plan for; expected a year from 2000 to 2200");
    let mut problems = vec![Problem::new("to", message)];
    if let Err(AppError::Refused(more)) = why(reason) {
        problems.extend(more);
    }
    Err(AppError::Refused(problems))
}

/// A reason somebody gave.
fn why(reason: &str) -> Result<&str> {
    reason_in("reason", reason)
}

/// A reason somebody gave in this field.
pub(crate) fn reason_in<'a>(field: &str, reason: &'a str) -> Result<&'a str> {
    let reason = reason.trim();
    let is_plain = !reason.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    if reason.is_empty() || reason.chars().count() > 1_000 || !is_plain {
        let message = "say why, in 1 to 1,000 characters, none of them a control character; it is kept with the \
                       release";
        return Err(AppError::Refused(vec![Problem::new(field, message)]));
    }
    Ok(reason)
}
