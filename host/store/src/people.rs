//! The organisation, its teams and its people.

use std::collections::BTreeMap;

use jiff::Timestamp;
use yardstick_domain::ids::{PersonId, TeamKey};
use yardstick_domain::people::{Actor, Organisation, Person, Team};

use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::page::Page;
use crate::rows::{Row, json, values};

const ORGANISATION: &str = "SELECT document FROM organisation WHERE id = 1";
const TEAM: &str = "SELECT document FROM teams WHERE key = $1";

impl Store {
    /// The organisation; `None`: nobody has said anything about it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn organisation(&self) -> Result<Option<Organisation>> {
        company(self.optional(ORGANISATION, values![]).await?)
    }

    /// A team.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn team(&self, key: &TeamKey) -> Result<Option<Team>> {
        team(self.optional(TEAM, values![key.as_str()]).await?, key)
    }

    /// All teams, by key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn teams(&self) -> Result<Vec<Team>> {
        let rows = self.all("SELECT key, document FROM teams ORDER BY key", values![]).await?;
        rows.iter().map(|row| row.json("document", &format!("team {}", row.get::<String>("key")?))).collect()
    }

    /// Teams by key, a page of at most `limit` at a time, those after `after`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn teams_page(&self, after: Option<&TeamKey>, limit: u32) -> Result<Page<Team, TeamKey>> {
        let sql = "SELECT key, document FROM teams WHERE key > $1 ORDER BY key LIMIT $2";
        let after = after.map_or("", TeamKey::as_str);
        let rows = self.all(sql, values![after, i64::from(limit) + 1]).await?;
        let read = |row: &Row| row.json("document", &format!("team {}", row.get::<String>("key")?));
        let items = rows.iter().map(read).collect::<Result<Vec<Team>>>()?;
        Ok(Page::of(items, limit, |last| last.key.clone()))
    }

    /// Persons by address, a page of at most `limit` at a time, those after `after`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn persons_page(&self, after: Option<&PersonId>, limit: u32) -> Result<Page<Person, PersonId>> {
        let sql = "SELECT id, document FROM persons WHERE id > $1 ORDER BY id LIMIT $2";
        let after = after.map_or("", PersonId::as_str);
        let rows = self.all(sql, values![after, i64::from(limit) + 1]).await?;
        let read = |row: &Row| row.json("document", &format!("person {}", row.get::<String>("id")?));
        let items = rows.iter().map(read).collect::<Result<Vec<Person>>>()?;
        Ok(Page::of(items, limit, |last| last.id.clone()))
    }

    /// A person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn person(&self, id: &PersonId) -> Result<Option<Person>> {
        let sql = "SELECT document FROM persons WHERE id = $1";
        let row = self.optional(sql, values![id.as_str()]).await?;
        row.map(|row| row.json("document", &format!("person {id}"))).transpose()
    }

    /// All persons, by address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn persons(&self) -> Result<Vec<Person>> {
        let rows = self.all("SELECT id, document FROM persons ORDER BY id", values![]).await?;
        rows.iter().map(|row| row.json("document", &format!("person {}", row.get::<String>("id")?))).collect()
    }

    /// Makes sure that these persons exist: one mentioned for the first time is named by the address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ensure_persons(&self, ids: &[PersonId]) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Register).await?;
        tx.ensure_persons(ids).await?;
        tx.commit().await
    }
}

impl Tx {
    /// As [`Store::ensure_persons`], within a transaction that holds the register.
    pub(crate) async fn ensure_persons<'a>(
        &mut self,
        ids: impl IntoIterator<Item = &'a PersonId>,
    ) -> Result<()> {
        for id in ids {
            let person = Person { id: id.clone(), name: id.to_string(), handles: BTreeMap::new() };
            let sql = "INSERT INTO persons (id, document) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
            self.execute(sql, values![id.as_str(), json(&person)?]).await?;
        }
        Ok(())
    }

    pub(crate) async fn put_organisation(
        &mut self,
        organisation: &Organisation,
        by: &Actor,
        at: Timestamp,
    ) -> Result<()> {
        self.ensure_persons(&organisation.operators).await?;
        let sql = "INSERT INTO organisation (id, document, changed_at, changed_by) VALUES (1, $1, $2, $3) \
                   ON CONFLICT (id) DO UPDATE SET document = excluded.document, \
                   changed_at = excluded.changed_at, changed_by = excluded.changed_by";
        self.execute(sql, values![json(organisation)?, at, by]).await?;
        Ok(())
    }

    pub(crate) async fn put_team(&mut self, team: &Team, by: &Actor, at: Timestamp) -> Result<()> {
        self.ensure_persons(team.members.keys()).await?;
        let sql = "INSERT INTO teams (key, document, changed_at, changed_by) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (key) DO UPDATE SET document = excluded.document, \
                   changed_at = excluded.changed_at, changed_by = excluded.changed_by";
        self.execute(sql, values![team.key.as_str(), json(team)?, at, by]).await?;
        Ok(())
    }

    pub(crate) async fn put_person(&mut self, person: &Person) -> Result<()> {
        let sql = "INSERT INTO persons (id, document) VALUES ($1, $2) \
                   ON CONFLICT (id) DO UPDATE SET document = excluded.document";
        self.execute(sql, values![person.id.as_str(), json(person)?]).await?;
        Ok(())
    }

    /// As [`Store::organisation`].
    pub(crate) async fn organisation(&mut self) -> Result<Option<Organisation>> {
        company(self.optional(ORGANISATION, values![]).await?)
    }

    /// As [`Store::team`].
    pub(crate) async fn team(&mut self, key: &TeamKey) -> Result<Option<Team>> {
        team(self.optional(TEAM, values![key.as_str()]).await?, key)
    }

    /// Refuses a team that nobody has registered; `who` names it.
    pub(crate) async fn require_team(&mut self, key: &TeamKey, who: &str) -> Result<()> {
        let sql = "SELECT key FROM teams WHERE key = $1";
        match self.optional(sql, values![key.as_str()]).await? {
            Some(_) => Ok(()),
            None => Err(StoreError::not_found(format!("team {key}, which {who} names"))),
        }
    }
}

fn company(row: Option<Row>) -> Result<Option<Organisation>> {
    row.map(|row| row.json("document", "the organisation")).transpose()
}

fn team(row: Option<Row>, key: &TeamKey) -> Result<Option<Team>> {
    row.map(|row| row.json("document", &format!("team {key}"))).transpose()
}
