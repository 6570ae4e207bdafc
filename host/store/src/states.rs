//! The state of what is declared: a hash that changes whenever it does, so that whoever changes it can say what they have
//! seen of it.

use serde::Serialize;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::{MetricKey, PersonId, ReleaseSlug, TeamKey};
use yardstick_domain::metric::Metric;
use yardstick_domain::people::{Organisation, Person, Team};
use yardstick_domain::release::Release;

use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::rows::{Row, json, values};

/// Something that is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thing {
    /// The organisation.
    Organisation,
    /// A team.
    Team(TeamKey),
    /// A person.
    Person(PersonId),
    /// A metric.
    Metric(MetricKey),
    /// A release.
    Release(ReleaseSlug),
}

/// What a thing must be when it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The thing.
    pub thing: Thing,
    /// Its state; `None`: it must not be there.
    pub state: Option<Digest>,
}

impl std::fmt::Display for Thing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Organisation => f.write_str("the organisation"),
            Self::Team(key) => write!(f, "team {key}"),
            Self::Person(id) => write!(f, "person {id}"),
            Self::Metric(key) => write!(f, "metric {key}"),
            Self::Release(slug) => write!(f, "release {slug}"),
        }
    }
}

impl Store {
    /// The state of a thing; `None`: it is not there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn state(&self, thing: &Thing) -> Result<Option<Digest>> {
        self.read().await?.state(thing).await
    }
}

impl Tx {
    async fn state(&mut self, thing: &Thing) -> Result<Option<Digest>> {
        let (sql, key) = match thing {
            Thing::Organisation => ("SELECT document FROM organisation WHERE id = 1", None),
            Thing::Team(key) => ("SELECT document FROM teams WHERE key = $1", Some(key.as_str())),
            Thing::Person(id) => ("SELECT document FROM persons WHERE id = $1", Some(id.as_str())),
            Thing::Metric(key) => ("SELECT document FROM metrics WHERE key = $1", Some(key.as_str())),
            Thing::Release(slug) => ("SELECT document FROM releases WHERE slug = $1", Some(slug.as_str())),
        };
        let values = key.map(|key| values![key]).unwrap_or_default();
        let Some(row) = self.optional(sql, values).await? else { return Ok(None) };
        let what = thing.to_string();
        // As this build writes it: what an earlier one wrote is the same thing.
        Ok(Some(match thing {
            Thing::Organisation => hashed::<Organisation>(&row, &what)?,
            Thing::Team(_) => hashed::<Team>(&row, &what)?,
            Thing::Person(_) => hashed::<Person>(&row, &what)?,
            Thing::Metric(_) => hashed::<Metric>(&row, &what)?,
            Thing::Release(_) => hashed::<Release>(&row, &what)?,
        }))
    }

    /// Refuses to go on when a thing is not as it is expected; until the transaction ends nobody else changes it.
    pub(crate) async fn expect(&mut self, expected: &Expected) -> Result<()> {
        if let Thing::Release(slug) = &expected.thing {
            self.lock(Lock::Release(slug)).await?;
        }
        let state = self.state(&expected.thing).await?;
        if state == expected.state {
            return Ok(());
        }
        Err(StoreError::Stale { what: expected.thing.to_string(), state })
    }
}

fn hashed<T: Serialize + serde::de::DeserializeOwned>(row: &Row, what: &str) -> Result<Digest> {
    let document: T = row.json("document", what)?;
    Ok(Digest::of(json(&document)?.as_bytes()))
}
