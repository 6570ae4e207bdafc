//! Tokens.

use jiff::SignedDuration;
use yardstick_domain::access::{LASTS_AT_MOST_DAYS, Scope, Scopes, Secret, Token};
use yardstick_domain::people::{Actor, Membership};
use yardstick_domain::problem::Problem;
use yardstick_store::{NewToken, Page};

use super::purpose;
use crate::error::{AppError, Result};
use crate::{App, Caller};

/// A token to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRequest {
    /// What it is for, in words.
    pub name: String,
    /// Whom it acts as; `None`: whoever asks.
    pub owner: Option<Actor>,
    /// What it may be used for.
    pub scopes: Scopes,
    /// How long it lasts, in days.
    pub days: u32,
}

/// A token that was made, with its secret: shown this once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeToken {
    /// The token.
    pub token: Token,
    /// Its secret.
    pub secret: Secret,
}

impl App {
    /// Makes a token: a person for themselves; for a service account whoever could make the account; for anybody an
    /// operator. It never allows more than whoever makes it may do.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for anybody else, [`AppError::Refused`] for fields that will not do.
    pub async fn make_token(
        &self,
        caller: &Caller,
        request: &TokenRequest,
        random: [u8; 32],
    ) -> Result<MadeToken> {
        let mut problems = Vec::new();
        let name = purpose(&request.name).map_err(|problem| problems.push(problem)).unwrap_or_default();
        if request.scopes.iter().next().is_none() {
            problems.push(Problem::new("scopes", "name at least one of read, import, write and operate"));
        }
        if !(1..=LASTS_AT_MOST_DAYS).contains(&request.days) {
            let message = format!("{} days; expected 1 to {LASTS_AT_MOST_DAYS}", request.days);
            problems.push(Problem::new("days", message));
        }
        if !problems.is_empty() {
            return Err(AppError::Refused(problems));
        }
        // Whoever has a token that only reads cannot make one that writes.
        if let Some(first) = request.scopes.iter().find(|scope| !caller.scopes.allow(*scope)) {
            return Err(AppError::Forbidden(format!(
                "a token without the scope {first} cannot make one that has it"
            )));
        }
        let owner = self.token_owner(caller, request.owner.as_ref()).await?;
        let lasts = SignedDuration::from_hours(24 * i64::from(request.days));
        let expires_at = caller.now.checked_add(lasts).map_err(AppError::fault)?;
        let secret = Secret::new(random);
        let new = NewToken { name, owner: &owner, scopes: request.scopes, expires_at };
        let token = self.store.put_token(&secret, &new, &caller.actor, caller.now).await?;
        Ok(MadeToken { token, secret })
    }

    async fn token_owner(&self, caller: &Caller, wanted: Option<&Actor>) -> Result<Actor> {
        let owner = wanted.unwrap_or(&caller.actor);
        match owner {
            // Otherwise a token that was lost, and only reads, could live on in others for ever.
            Actor::Person(_) if *owner == caller.actor => {
                if !caller.scopes.allow(Scope::Write) && !self.is_operator(caller).await? {
                    return Err(AppError::Forbidden(
                        "a token without the scope write cannot make tokens; use one that has it".to_owned(),
                    ));
                }
            }
            Actor::Person(person) => {
                self.require_operator(caller, "make tokens for others").await?;
                self.person(person).await?;
            }
            Actor::Service(key) => {
                let account = self.service_account(key).await?;
                if account.retired_at.is_some() {
                    return Err(AppError::Conflict(format!("service account {key} was retired")));
                }
                match &account.team {
                    Some(team) => {
                        self.require_maintainer(caller, team, "make tokens for service accounts of").await?;
                    }
                    None => self.require_operator(caller, "make tokens for operators' accounts").await?,
                }
            }
            Actor::Local(_) | Actor::Host => {
                let message =
                    "say whom it acts as: a person or service:KEY; users of this machine need no token";
                return Err(AppError::Refused(vec![Problem::new("owner", message)]));
            }
        }
        Ok(owner.clone())
    }

    /// Tokens, the newest first: of whoever asks and of the service accounts they answer for; an operator sees all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tokens(&self, caller: &Caller, before: Option<i64>, limit: u32) -> Result<Page<Token, i64>> {
        if self.is_operator(caller).await? {
            return Ok(self.store.tokens(None, before, limit).await?);
        }
        let mut owners = vec![caller.actor.clone()];
        let roles = self.teams_of(caller).await?;
        for account in self.store.service_accounts().await? {
            let Some(team) = account.team else { continue };
            if roles.contains(&(team, Membership::Maintainer)) {
                owners.push(Actor::Service(account.key));
            }
        }
        Ok(self.store.tokens(Some(&owners), before, limit).await?)
    }

    /// Revokes a token for good: its owner, whoever could make it, and operators.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an unknown one, and for one that is none of theirs.
    pub async fn revoke_token(&self, caller: &Caller, id: i64) -> Result<Token> {
        let none = || AppError::NotFound { what: format!("token {id}"), hint: String::new() };
        let token = self.store.token(id).await?.ok_or_else(none)?;
        // Whoever has a stolen token may end it, whatever it may be used for.
        let mut theirs = token.owner == caller.actor || self.is_operator(caller).await?;
        if let (false, true, Actor::Service(key)) = (theirs, caller.scopes.allow(Scope::Write), &token.owner)
        {
            let team = self.service_account(key).await?.team;
            let roles = self.teams_of(caller).await?;
            theirs = team.is_some_and(|team| roles.contains(&(team, Membership::Maintainer)));
        }
        if !theirs {
            return Err(none());
        }
        Ok(self.store.revoke_token(id, &caller.actor, caller.now).await?)
    }
}
