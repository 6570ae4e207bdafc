//! Reading who there is: the organisation, its teams, its people.

use std::collections::BTreeMap;

use yardstick_domain::ids::{PersonId, TeamKey};
use yardstick_domain::people::{Membership, Organisation, Person, Team};
use yardstick_store::Page;

use crate::App;
use crate::error::{AppError, Result};

/// A person, and what they are where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonDetail {
    /// The person.
    pub person: Person,
    /// Their teams.
    pub teams: BTreeMap<TeamKey, Membership>,
    /// Whether the organisation's file names them as an operator.
    pub operator: bool,
}

impl App {
    /// The organisation. Who there is and what they are in a team is no secret from anybody with an account.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when nobody has declared it yet.
    pub async fn organisation(&self) -> Result<Organisation> {
        self.store.organisation().await?.ok_or_else(|| AppError::NotFound {
            what: "organisation yet".to_owned(),
            hint: ". Declare it with an organisation: document".to_owned(),
        })
    }

    /// Teams by key, a page of at most `limit` at a time. `after` is the cursor that the page before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn teams(&self, after: Option<&TeamKey>, limit: u32) -> Result<Page<Team, TeamKey>> {
        Ok(self.store.teams_page(after, limit).await?)
    }

    /// A team.
    ///
    /// # Errors
    /// [`AppError::NotFound`] with the nearest known key.
    pub async fn team_detail(&self, key: &TeamKey) -> Result<Team> {
        self.team(key).await
    }

    /// Persons by mail address, a page of at most `limit` at a time. `after` is the cursor that the page before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn persons(&self, after: Option<&PersonId>, limit: u32) -> Result<Page<Person, PersonId>> {
        Ok(self.store.persons_page(after, limit).await?)
    }

    /// A person and their teams.
    ///
    /// # Errors
    /// [`AppError::NotFound`] with the nearest known address.
    pub async fn person_detail(&self, id: &PersonId) -> Result<PersonDetail> {
        let person = self.person(id).await?;
        let teams = self.store.teams().await?.into_iter();
        let teams = teams.filter_map(|team| Some((team.key, *team.members.get(id)?))).collect();
        let company = self.store.organisation().await?;
        let operator = company.is_some_and(|company| company.operators.contains(id));
        Ok(PersonDetail { person, teams, operator })
    }

    /// A person, or the nearest known one in the refusal.
    pub(crate) async fn person(&self, id: &PersonId) -> Result<Person> {
        if let Some(person) = self.store.person(id).await? {
            return Ok(person);
        }
        let persons = self.store.persons().await?;
        Err(AppError::not_found("person", id.as_str(), persons.iter().map(|known| known.id.as_str())))
    }
}
