//! Sealing: what was agreed, hashed before the launch.

use yardstick_domain::digest::Digest;
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::problem::Problem;
use yardstick_domain::release::{Lifecycle, ReleaseFacts, Seal, SealedWhen};
use yardstick_domain::time::{day_of, days_between, zone};

use crate::apply::used;
use crate::error::{AppError, Result};
use crate::{App, Caller};

impl App {
    /// Seals the criteria of a release as they stand. Sealing what is sealed already changes nothing.
    ///
    /// # Errors
    /// [`AppError::Refused`] with everything that could not be judged; [`AppError::Conflict`] after the launch
    /// or a cancellation.
    pub async fn seal(&self, caller: &Caller, slug: &ReleaseSlug) -> Result<ReleaseFacts> {
        let facts = self.own_release(caller, slug, "seal releases of").await?;
        match facts.lifecycle() {
            Lifecycle::Draft | Lifecycle::Sealed => {}
            Lifecycle::Cancelled => {
                return Err(AppError::Conflict(format!("{slug} was cancelled; there is nothing to seal")));
            }
            Lifecycle::Launched | Lifecycle::Judged | Lifecycle::Closed => {
                return Err(AppError::Conflict(format!(
                    "{slug} has launched, and criteria are sealed before a launch; a change now is an amendment: \
                     apply -f FILE --amend --reason \"why\""
                )));
            }
        }
        let resolved = self.resolve(&facts.release).await?;
        let mut problems = resolved.problems;
        if facts.release.criteria.list.is_empty() {
            problems.push(Problem::new("goals", "there are no criteria to seal; add at least one goal"));
        } else if !facts.release.criteria.has_goal() {
            problems
                .push(Problem::new("goals", "there is no goal, so there is nothing to succeed at; add one"));
        }
        if !problems.is_empty() {
            return Err(AppError::Refused(problems));
        }
        let bytes = resolved.terms.canonical().map_err(AppError::fault)?;
        let hash = Digest::of(&bytes);
        if facts.seal.as_ref().is_some_and(|seal| seal.hash == hash && seal.version == facts.version) {
            return Ok(facts);
        }
        self.keep_judges(&used(&resolved.terms), caller).await?;
        let seal = Seal {
            hash,
            version: facts.version,
            at: caller.now,
            by: caller.actor.clone(),
            when: SealedWhen::BeforeLaunch,
        };
        self.store.seal(slug, &seal, &bytes).await?;
        self.facts(slug).await
    }

    /// The seal a launch takes of what nobody sealed, with its terms. Criteria that cannot be judged are sealed
    /// all the same and judged as errors: a launch is a fact, whatever the state of its criteria.
    pub(crate) async fn seal_by_launch(
        &self,
        caller: &Caller,
        facts: &ReleaseFacts,
    ) -> Result<Option<(Seal, Vec<u8>)>> {
        if facts.seal.as_ref().is_some_and(|seal| seal.version == facts.version) {
            return Ok(None);
        }
        let resolved = self.resolve(&facts.release).await?;
        let bytes = resolved.terms.canonical().map_err(AppError::fault)?;
        let hash = Digest::of(&bytes);
        if let Some(seal) = facts.seal.as_ref().filter(|seal| seal.hash == hash) {
            // Changed and changed back: what was sealed is what launches.
            return Ok(Some((Seal { version: facts.version, ..seal.clone() }, bytes)));
        }
        self.keep_judges(&used(&resolved.terms), caller).await?;
        let seal = Seal {
            hash,
            version: facts.version,
            at: caller.now,
            by: caller.actor.clone(),
            when: SealedWhen::ByLaunch,
        };
        Ok(Some((seal, bytes)))
    }
}

/// A seal read against the launch: one that was taken after the launch is late, whatever it was called when it
/// was taken. A seal taken by a launch that was recorded on its own day is as good as it says.
pub(crate) fn read_against_launch(facts: &mut ReleaseFacts, time_zone: &str) {
    let (Some(seal), Some(launch)) = (&mut facts.seal, &facts.launch) else { return };
    let zone = zone(time_zone);
    let days = days_between(day_of(launch.at, &zone), day_of(seal.at, &zone));
    let days = u32::try_from(days).unwrap_or(0);
    let late = match seal.when {
        SealedWhen::BeforeLaunch | SealedWhen::AfterLaunch { .. } => seal.at > launch.at,
        SealedWhen::ByLaunch => days > 0,
    };
    if late {
        seal.when = SealedWhen::AfterLaunch { days };
    }
}
