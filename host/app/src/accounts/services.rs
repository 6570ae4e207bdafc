//! Service accounts.

use yardstick_domain::access::ServiceAccount;
use yardstick_domain::ids::{ServiceKey, TeamKey};

use super::purpose;
use crate::error::{AppError, Result};
use crate::{App, Caller};

/// A service account to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewServiceAccount {
    /// Its key.
    pub key: ServiceKey,
    /// What it is for, in words.
    pub name: String,
    /// The team it is a member of; `None`: it does what operators do.
    pub team: Option<TeamKey>,
}

impl App {
    /// Makes a service account: a maintainer for their team, an operator for any and for none.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for anybody else, [`AppError::Conflict`] when there is one of this key.
    pub async fn make_service_account(
        &self,
        caller: &Caller,
        new: &NewServiceAccount,
    ) -> Result<ServiceAccount> {
        match &new.team {
            Some(team) => self.require_maintainer(caller, team, "make service accounts for").await?,
            None => self.require_operator(caller, "make service accounts that do what operators do").await?,
        }
        let name = purpose(&new.name).map_err(|problem| AppError::Refused(vec![problem]))?;
        let account = ServiceAccount {
            key: new.key.clone(),
            name: name.to_owned(),
            team: new.team.clone(),
            created_at: caller.now,
            created_by: caller.actor.clone(),
            retired_at: None,
        };
        self.store.put_service_account(&account).await?;
        Ok(account)
    }

    /// Retires a service account. Its tokens are refused from then on.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for whoever could not make it, [`AppError::NotFound`] for an unknown one.
    pub async fn retire_service_account(&self, caller: &Caller, key: &ServiceKey) -> Result<ServiceAccount> {
        let account = self.service_account(key).await?;
        match &account.team {
            Some(team) => self.require_maintainer(caller, team, "retire service accounts of").await?,
            None => {
                self.require_operator(caller, "retire service accounts that do what operators do").await?;
            }
        }
        Ok(self.store.retire_service_account(key, &caller.actor, caller.now).await?)
    }

    /// All service accounts, by key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn service_accounts(&self) -> Result<Vec<ServiceAccount>> {
        Ok(self.store.service_accounts().await?)
    }

    pub(super) async fn service_account(&self, key: &ServiceKey) -> Result<ServiceAccount> {
        if let Some(account) = self.store.service_account(key).await? {
            return Ok(account);
        }
        let known = self.store.service_accounts().await?;
        let known = known.iter().map(|account| account.key.as_str());
        Err(AppError::not_found("service account", key.as_str(), known))
    }
}
