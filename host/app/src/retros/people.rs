//! Whom a retro names.

use std::collections::BTreeSet;

use yardstick_client::api::RetroDocument;
use yardstick_domain::ids::{ReleaseSlug, TeamKey};
use yardstick_domain::people::Actor;
use yardstick_store::DecisionFilter;

use crate::error::{AppError, Result};
use crate::{App, PAGE};

impl App {
    /// People that a retro names in its fields, who decided about its releases or answers for them, and the team's: by mail
    /// address, with their names as registered. Whoever hides people hides them under either.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn people_named(&self, retro: &RetroDocument) -> Result<Vec<(String, String)>> {
        let fields = [retro.facilitator.as_ref(), retro.closed_by.as_ref(), Some(&retro.opened_by)];
        let owners = retro.actions.iter().chain(&retro.previous_actions).map(|action| &action.owner);
        let named = fields.into_iter().flatten().chain(&retro.attendees).chain(owners);
        let mut actors: Vec<Actor> = named.filter_map(|text| text.parse().ok()).collect();
        let mut people = BTreeSet::new();
        for slug in &retro.releases {
            let slug: ReleaseSlug = slug.parse().map_err(AppError::fault)?;
            people.insert(self.facts(&slug).await?.release.owner);
            let filter = DecisionFilter { release: Some(slug), ..DecisionFilter::default() };
            for decision in self.store.decisions(&filter, None, PAGE).await?.items {
                people.extend(decision.approved.map(|signed| signed.by));
                actors.push(decision.made.by);
            }
        }
        let team: TeamKey = retro.team.parse().map_err(AppError::fault)?;
        people.extend(self.team(&team).await?.members.into_keys());
        let mut named = Vec::new();
        for actor in actors {
            match actor {
                Actor::Person(id) => {
                    people.insert(id);
                }
                Actor::Local(user) => named.push((format!("local:{user}"), user)),
                Actor::Service(_) | Actor::Host => {}
            }
        }
        for id in people {
            let name = self.store.person(&id).await?.map_or_else(|| id.to_string(), |person| person.name);
            named.push((id.to_string(), name));
        }
        Ok(named)
    }
}
