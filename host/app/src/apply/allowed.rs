//! Who may declare what.

use yardstick_client::files::Declaration;
use yardstick_domain::access::Scope;
use yardstick_domain::people::Actor;

use super::Plan;
use crate::error::Result;
use crate::{App, Caller};

impl App {
    /// Refuses whoever may not declare this: an organisation and new teams are operators', a team its maintainers', a
    /// metric and a release their team's, and where they change hands both teams'.
    pub(super) async fn may_declare(
        &self,
        caller: &Caller,
        declaration: &Declaration,
        plan: &Plan<'_>,
    ) -> Result<()> {
        let (now, before) = match declaration {
            Declaration::Organisation(_) => {
                return self.require_operator(caller, "change the organisation").await;
            }
            Declaration::Team(team) if self.store.team(&team.key).await?.is_none() => {
                return self.require_operator(caller, "register teams").await;
            }
            Declaration::Team(team) => return self.require_maintainer(caller, &team.key, "change").await,
            Declaration::Person(person)
                if caller.actor == Actor::Person(person.id.clone()) && caller.scopes.allow(Scope::Write) =>
            {
                return Ok(());
            }
            Declaration::Person(_) => {
                return self.require_operator(caller, "change what is known of other persons").await;
            }
            Declaration::Metric(metric) => {
                (&metric.team, self.store.metric(&metric.key).await?.map(|before| before.team))
            }
            Declaration::Release(release) => {
                let before = self.store.release(&release.slug).await?;
                (&release.team, before.map(|before| before.release.team))
            }
        };
        for team in std::iter::once(now).chain(before.as_ref().filter(|before| *before != now)) {
            // Of a team that comes with the same files, whoever may register it may declare what is its own.
            if self.store.team(team).await?.is_some() {
                self.require_member(caller, team, "declare what belongs to").await?;
            } else if plan.changes.teams.iter().any(|new| new.key == *team) {
                self.require_operator(caller, "register teams").await?;
            }
        }
        Ok(())
    }
}
