//! Whom a retro names.

use std::collections::BTreeSet;

use yardstick_client::api::RetroDocument;

use crate::App;
use crate::error::Result;

impl App {
    /// People that a retro names in its fields, by mail address, with their names as registered: whoever hides people
    /// hides them under either.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn people_named(&self, retro: &RetroDocument) -> Result<Vec<(String, String)>> {
        let mut named: BTreeSet<&str> = BTreeSet::new();
        named.extend(retro.facilitator.as_deref());
        named.extend(retro.attendees.iter().map(String::as_str));
        named.extend(retro.closed_by.as_deref());
        named.insert(&retro.opened_by);
        named.extend(retro.actions.iter().chain(&retro.previous_actions).map(|action| action.owner.as_str()));
        let mut people = Vec::with_capacity(named.len());
        for address in named {
            let person = match address.parse() {
                Ok(id) => self.store.person(&id).await?,
                Err(_) => None,
            };
            people
                .push((address.to_owned(), person.map_or_else(|| address.to_owned(), |person| person.name)));
        }
        // Whoever owns a release is named in its decisions and findings, and colleagues in texts.
        if let Ok(team) = retro.team.parse()
            && let Some(team) = self.store.team(&team).await?
        {
            for id in team
                .members
                .keys()
                .filter(|id| !people.iter().any(|(known, _)| known == id.as_str()))
                .cloned()
                .collect::<Vec<_>>()
            {
                let name = self.store.person(&id).await?.map_or_else(|| id.to_string(), |person| person.name);
                people.push((id.to_string(), name));
            }
        }
        Ok(people)
    }
}
