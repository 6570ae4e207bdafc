//! Who may do what. A local user of the machine does what operators do, and can approve nothing; a person acts for
//! the teams they are in; a service account for its team. A token narrows that, and never widens it.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use jiff::{SignedDuration, Timestamp};
use yardstick_domain::access::{NotTaken, Scope, Secret, USE_NOTED_EVERY};
use yardstick_domain::ids::{PersonId, ReleaseSlug, TeamKey};
use yardstick_domain::people::{Actor, Membership, Team};
use yardstick_domain::release::ReleaseFacts;
use yardstick_store::{ReleaseFilter, Sees};

use crate::error::{AppError, Result};
use crate::{App, Caller, PAGE};

/// How often the same refused attempt of the same actor is written down, at most.
const REFUSAL_NOTED_EVERY: SignedDuration = SignedDuration::from_secs(60);

impl App {
    /// Whoever has this token, now; the inner error says why it is not taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn authenticate(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<std::result::Result<Caller, NotTaken>> {
        let Some(secret) = Secret::read(token) else { return Ok(Err(NotTaken::Unknown)) };
        let Some(token) = self.store.token_of(&secret).await? else { return Ok(Err(NotTaken::Unknown)) };
        if token.revoked_at.is_some() {
            return Ok(Err(NotTaken::Revoked));
        }
        if token.expires_at <= now {
            return Ok(Err(NotTaken::Expired));
        }
        if let Actor::Service(key) = &token.owner {
            let account = self.store.service_account(key).await?;
            if account.is_none_or(|account| account.retired_at.is_some()) {
                return Ok(Err(NotTaken::Retired));
            }
        }
        // Written down later: whoever only reads must not wait for whoever writes.
        if token.used_at.is_none_or(|used| now.duration_since(used) >= USE_NOTED_EVERY) {
            self.uses.lock().unwrap_or_else(PoisonError::into_inner).entry(token.id).or_insert(now);
        }
        Ok(Ok(Caller { actor: token.owner, now, scopes: token.scopes }))
    }

    /// Writes down which tokens were used since this was last done.
    ///
    /// # Errors
    /// When the database fails; they are kept for the next time.
    pub async fn note_uses(&self) -> Result<()> {
        let uses = self.uses.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if uses.is_empty() {
            return Ok(());
        }
        self.store.tokens_used(&uses).await?;
        let mut kept = self.uses.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|token, at| uses.get(token) != Some(at));
        Ok(())
    }

    /// Writes down an attempt that was refused; the same again within a minute tells nothing new.
    pub(crate) async fn refused(&self, caller: &Caller, what: &str, subject: &str) -> Result<()> {
        let attempt = (caller.actor.to_string(), what.to_owned(), subject.to_owned());
        {
            let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
            let told = |at: &Timestamp| caller.now.duration_since(*at) < REFUSAL_NOTED_EVERY;
            if refused.get(&attempt).is_some_and(told) {
                return Ok(());
            }
            refused.put(attempt, caller.now);
        }
        Ok(self.store.audit_refused(what, subject, &caller.actor, caller.now).await?)
    }

    /// Whether whoever asks does what operators do.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_operator(&self, caller: &Caller) -> Result<bool> {
        if !caller.scopes.allow(Scope::Operate) {
            return Ok(false);
        }
        Ok(match &caller.actor {
            Actor::Local(_) | Actor::Host => true,
            Actor::Person(person) => {
                self.store.organisation().await?.is_some_and(|company| company.operators.contains(person))
            }
            Actor::Service(key) => {
                self.store.service_account(key).await?.is_some_and(|account| account.team.is_none())
            }
        })
    }

    /// The teams of whoever asks, and what they are in each, by key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn teams_of(&self, caller: &Caller) -> Result<Vec<(TeamKey, Membership)>> {
        let mut own = Vec::new();
        for team in self.store.teams().await? {
            if let Some(role) = self.membership(caller, &team).await? {
                own.push((team.key, role));
            }
        }
        Ok(own)
    }

    /// What whoever asks is in a team; `None`: nothing.
    pub(crate) async fn membership(&self, caller: &Caller, team: &Team) -> Result<Option<Membership>> {
        Ok(match &caller.actor {
            Actor::Local(_) | Actor::Host => Some(Membership::Maintainer),
            Actor::Person(person) => team.members.get(person).copied(),
            Actor::Service(key) => {
                let account = self.store.service_account(key).await?;
                let own = account.is_some_and(|account| account.team.as_ref() == Some(&team.key));
                own.then_some(Membership::Member)
            }
        })
    }

    /// The persons who do what operators do.
    pub(crate) async fn operators(&self) -> Result<BTreeSet<PersonId>> {
        Ok(self.store.organisation().await?.map(|company| company.operators).unwrap_or_default())
    }

    /// Refuses whoever is no operator. `what` is what they wanted to do, such as `make service accounts`.
    pub(crate) async fn require_operator(&self, caller: &Caller, what: &str) -> Result<()> {
        if self.is_operator(caller).await? {
            return Ok(());
        }
        let operators = self.operators().await?;
        let operators: Vec<&str> = operators.iter().map(AsRef::as_ref).collect();
        let ask = if operators.is_empty() { "an operator".to_owned() } else { operators.join(" or ") };
        self.refused(caller, what, "the service").await?;
        Err(AppError::Forbidden(format!(
            "only operators may {what}, with a token of the scope operate; ask {ask}"
        )))
    }

    /// Refuses whoever does not work in a team. `what` is what they wanted to do, such as `publish plugins of`.
    pub(crate) async fn require_member(&self, caller: &Caller, team: &TeamKey, what: &str) -> Result<()> {
        self.require(caller, team, Membership::Member, Scope::Write, what).await
    }

    /// As [`App::require_member`], for what pipelines that only import do.
    pub(crate) async fn require_importer(&self, caller: &Caller, team: &TeamKey, what: &str) -> Result<()> {
        self.require(caller, team, Membership::Member, Scope::Import, what).await
    }

    /// Refuses whoever does not answer for a team.
    pub(crate) async fn require_maintainer(&self, caller: &Caller, team: &TeamKey, what: &str) -> Result<()> {
        self.require(caller, team, Membership::Maintainer, Scope::Write, what).await
    }

    async fn require(
        &self,
        caller: &Caller,
        team: &TeamKey,
        least: Membership,
        scope: Scope,
        what: &str,
    ) -> Result<()> {
        let team = self.team(team).await?;
        if self.is_operator(caller).await? {
            return Ok(());
        }
        if !caller.scopes.allow(scope) {
            let subject = format!("team {}", team.key);
            self.refused(caller, what, &subject).await?;
            return Err(AppError::Forbidden(format!(
                "a token without the scope {scope} cannot {what} {}; make one that has it",
                team.key
            )));
        }
        let role = self.membership(caller, &team).await?;
        let does = match least {
            Membership::Member => role.is_some(),
            Membership::Maintainer => role == Some(Membership::Maintainer),
        };
        if does {
            return Ok(());
        }
        let maintainers: Vec<&str> = team
            .members
            .iter()
            .filter(|(_, role)| **role == Membership::Maintainer)
            .map(|(person, _)| person.as_str())
            .collect();
        let ask = match maintainers.as_slice() {
            [] => "an operator".to_owned(),
            names => names.join(" or "),
        };
        let needed = match least {
            Membership::Member => "members",
            Membership::Maintainer => "maintainers",
        };
        let subject = format!("team {}", team.key);
        self.refused(caller, what, &subject).await?;
        Err(AppError::Forbidden(format!(
            "only {needed} of {} may {what} it, and {} is not one; ask {ask}",
            team.key, caller.actor
        )))
    }

    /// Whether whoever asks may see everything: operators, and whoever sits at the machine, who reads its files anyway.
    pub(crate) async fn sees_everything(&self, caller: &Caller) -> Result<bool> {
        Ok(matches!(caller.actor, Actor::Local(_) | Actor::Host) || self.is_operator(caller).await?)
    }

    /// Which private things whoever asks may see.
    pub(crate) async fn sees(&self, caller: &Caller) -> Result<Sees> {
        if self.sees_everything(caller).await? {
            return Ok(Sees::Everything);
        }
        Ok(Sees::OfTeams(self.teams_of(caller).await?.into_iter().map(|(team, _)| team).collect()))
    }

    /// What is known of a release that whoever asks may see. One they may not see is not there, and is no nearest name
    /// either.
    pub(crate) async fn visible(&self, caller: &Caller, slug: &ReleaseSlug) -> Result<ReleaseFacts> {
        let sees = self.sees(caller).await?;
        if let Some(facts) = self.store.release(slug).await?.filter(|facts| sees.shows(&facts.release)) {
            return Ok(facts);
        }
        let filter = ReleaseFilter { sees, ..ReleaseFilter::default() };
        let all = self.store.releases(&filter, None, PAGE).await?;
        let known = all.items.iter().map(|facts| facts.release.slug.as_str());
        Err(AppError::not_found("release", slug.as_str(), known))
    }

    /// Whether there is a release of this name that is seen.
    pub(crate) async fn is_visible(&self, sees: &Sees, slug: &ReleaseSlug) -> Result<bool> {
        Ok(self.store.release(slug).await?.is_some_and(|facts| sees.shows(&facts.release)))
    }

    /// A release that whoever asks works on.
    pub(crate) async fn own_release(
        &self,
        caller: &Caller,
        slug: &ReleaseSlug,
        what: &str,
    ) -> Result<ReleaseFacts> {
        let facts = self.visible(caller, slug).await?;
        self.require_member(caller, &facts.release.team, what).await?;
        Ok(facts)
    }
}
