//! Requests from elsewhere: intakes that bring them, what they become, and what they ask of people.

mod register;
mod take;

use yardstick_domain::ids::{Repository, TeamKey};
use yardstick_domain::intake::{Intake, KeptRequest};
use yardstick_domain::metric::Visibility;
use yardstick_domain::people::Membership;
use yardstick_domain::problem::Problem;
use yardstick_domain::sink::SigningSecret;
use yardstick_store::{Page, RequestFilter};

use crate::error::{AppError, Result};
use crate::{App, Caller};

pub use register::GivenByHand;
pub use take::{IncomingDelivery, NotTaken, Taken};

/// The longest name of a label, in characters.
const MOST_LABEL: usize = 100;

/// An intake to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewIntake {
    /// The repository.
    pub repository: Repository,
    /// The team whose requests its issues become.
    pub team: TeamKey,
    /// Only issues with this label; `None`: all of them.
    pub label: Option<String>,
    /// Who may see the requests, and the releases they become.
    pub visibility: Visibility,
}

impl App {
    /// Adds an intake, of a maintainer's own team. Gives the secret that signs what it gets, this once.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for anybody else, [`AppError::Refused`] for a label that is none,
    /// [`AppError::Conflict`] when the team has one of this repository.
    pub async fn add_intake(
        &self,
        caller: &Caller,
        new: &NewIntake,
        random: [u8; 32],
    ) -> Result<(Intake, SigningSecret)> {
        self.require_maintainer(caller, &new.team, "add intakes for").await?;
        if let Some(label) = &new.label {
            let length = label.chars().count();
            if !(1..=MOST_LABEL).contains(&length) || label.chars().any(char::is_control) {
                let message = format!(
                    "has {length} characters or control characters; expected 1 to {MOST_LABEL} plain ones"
                );
                return Err(AppError::Refused(vec![Problem::new("label", message)]));
            }
        }
        let secret = SigningSecret::new(random);
        let intake = Intake {
            repository: new.repository.clone(),
            team: new.team.clone(),
            label: new.label.clone(),
            visibility: new.visibility,
            created_at: caller.now,
            created_by: caller.actor.clone(),
        };
        self.store.put_intake(&intake, &secret).await?;
        Ok((intake, secret))
    }

    /// Intakes that whoever asks looks after: an operator all, a maintainer their teams', by repository.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn intakes(&self, caller: &Caller) -> Result<Vec<Intake>> {
        let mut intakes = self.store.intakes().await?;
        if !self.sees_everything(caller).await? {
            let roles = self.teams_of(caller).await?;
            intakes.retain(|intake| roles.contains(&(intake.team.clone(), Membership::Maintainer)));
        }
        Ok(intakes)
    }

    /// Removes an intake; its requests stay.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for whoever is no maintainer of the team, [`AppError::NotFound`] when there is none.
    pub async fn remove_intake(
        &self,
        caller: &Caller,
        repository: &Repository,
        team: &TeamKey,
    ) -> Result<Intake> {
        self.require_maintainer(caller, team, "remove intakes of").await?;
        Ok(self.store.remove_intake((repository, team), &caller.actor, caller.now).await?)
    }

    /// Gives an intake another secret, this once. The one before signs beside it for a day.
    ///
    /// # Errors
    /// As [`App::remove_intake`].
    pub async fn turn_intake_secret(
        &self,
        caller: &Caller,
        (repository, team): (&Repository, &TeamKey),
        random: [u8; 32],
    ) -> Result<(Intake, SigningSecret)> {
        self.require_maintainer(caller, team, "change the secrets of intakes of").await?;
        let secret = SigningSecret::new(random);
        let at = caller.now;
        self.store.turn_intake_secret((repository, team), &secret, &caller.actor, at).await?;
        let intakes = self.store.intakes().await?;
        let found = intakes.into_iter().find(|known| known.repository == *repository && known.team == *team);
        let found = found.ok_or_else(|| AppError::NotFound {
            what: format!("intake of {repository} for {team}"),
            hint: String::new(),
        })?;
        Ok((found, secret))
    }

    /// Requests, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page before
    /// gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn requests(
        &self,
        caller: &Caller,
        filter: &RequestFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<KeptRequest, i64>> {
        let filter = RequestFilter { sees: self.sees(caller).await?, ..filter.clone() };
        Ok(self.store.requests(&filter, before, limit).await?)
    }

    /// A request that whoever asks may see; any other is not there.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub async fn request(&self, caller: &Caller, id: i64) -> Result<KeptRequest> {
        let found = self.store.request(id, &self.sees(caller).await?).await?;
        found.ok_or_else(|| AppError::NotFound { what: format!("request {id}"), hint: String::new() })
    }
}
