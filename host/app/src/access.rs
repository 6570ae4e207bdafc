//! Who may do what. A local user of the machine acts for every team, and can approve nothing; a person acts for the
//! teams they are in.

use yardstick_domain::ids::TeamKey;
use yardstick_domain::people::{Actor, Membership};

use crate::error::{AppError, Result};
use crate::{App, Caller};

impl App {
    /// Refuses whoever does not work in a team. `what` is what they wanted to do, such as `publish plugins of`.
    pub(crate) async fn require_member(&self, caller: &Caller, team: &TeamKey, what: &str) -> Result<()> {
        self.require(caller, team, Membership::Member, what).await
    }

    /// Refuses whoever does not answer for a team.
    pub(crate) async fn require_maintainer(&self, caller: &Caller, team: &TeamKey, what: &str) -> Result<()> {
        self.require(caller, team, Membership::Maintainer, what).await
    }

    async fn require(&self, caller: &Caller, team: &TeamKey, least: Membership, what: &str) -> Result<()> {
        let team = self.team(team).await?;
        let Actor::Person(person) = &caller.actor else { return Ok(()) };
        let role = team.members.get(person);
        let does = match least {
            Membership::Member => role.is_some(),
            Membership::Maintainer => role == Some(&Membership::Maintainer),
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
        Err(AppError::Forbidden(format!(
            "only {needed} of {} may {what} it, and {person} is not one; ask {ask}",
            team.key
        )))
    }

    /// Whether whoever asks may see what belongs to a team's releases: logs and frames of their runs.
    pub(crate) async fn reads_runs_of(&self, caller: &Caller, team: &TeamKey) -> Result<bool> {
        let Actor::Person(person) = &caller.actor else { return Ok(true) };
        Ok(self.store.team(team).await?.is_some_and(|team| team.members.contains_key(person)))
    }
}
