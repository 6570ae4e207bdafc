//! Who: teams, persons, the organisation, and whoever acts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use crate::ids::{BadName, PersonId, ServiceKey, TeamKey};

/// What a person may do in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Membership {
    /// Works in it.
    Member,
    /// Answers for it.
    Maintainer,
}

/// When a digest is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SendWhen {
    /// Every time, one line when nothing changed.
    Always,
    /// Only when something changed.
    WhenChanged,
    /// Not at all.
    Never,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Its key.
    pub key: TeamKey,
    /// Its name.
    pub name: String,
    /// IANA name of the zone whose days count for its checkpoints.
    pub time_zone: String,
    /// Its people.
    pub members: BTreeMap<PersonId, Membership>,
    /// When its digest is sent; `None`: as the organisation's.
    pub digest: Option<Digest>,
    /// Where a failed guardrail goes at once, such as `slack:#channel`.
    pub urgent: Vec<String>,
}

/// When and where a digest goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Weekday and time, such as `Mon 08:00`; `None`: the organisation's.
    pub when: Option<String>,
    /// When it is sent.
    pub send: SendWhen,
    /// Sinks.
    pub to: Vec<String>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Mail address.
    pub id: PersonId,
    /// Name; the address until someone says otherwise.
    pub name: String,
    /// Handles by service, such as `slack`.
    pub handles: BTreeMap<String, String>,
}

/// The organisation: one per service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// IANA name of its zone.
    pub time_zone: String,
    /// Month and day the fiscal year starts, 1-based.
    pub fiscal_year_starts: (i8, i8),
    /// First and last working day (1 Monday to 7 Sunday), start and end of work.
    pub working_hours: ((i8, i8), (Time, Time)),
    /// Days after the planned date that still count as on time.
    pub on_time_tolerance_days: u32,
    /// The company digest.
    pub digest: Option<Digest>,
    /// Persons who do what operators do: accounts, the organisation, whatever a team cannot do for itself.
    #[serde(default)]
    pub operators: BTreeSet<PersonId>,
}

impl Default for Organisation {
    fn default() -> Self {
        Self {
            name: "Organisation".to_owned(),
            time_zone: "UTC".to_owned(),
            fiscal_year_starts: (1, 1),
            working_hours: ((1, 5), (Time::constant(9, 0, 0, 0), Time::constant(17, 0, 0, 0))),
            on_time_tolerance_days: 0,
            digest: None,
            operators: BTreeSet::new(),
        }
    }
}

/// Whoever does something: a person, a service account, the host by itself, or a local user of the command line. Only
/// persons can approve anything.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Actor {
    /// A known person.
    Person(PersonId),
    /// A program's account. Written `service:KEY`.
    Service(ServiceKey),
    /// The host: what was due came due. Written `host`.
    Host,
    /// `local:USER`.
    Local(String),
}

impl FromStr for Actor {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        match text.strip_prefix("local:") {
            Some(user) => Ok(Self::Local(user.to_owned())),
            None if text == "host" => Ok(Self::Host),
            None if text.starts_with("service:") => text["service:".len()..].parse().map(Self::Service),
            None => text.parse().map(Self::Person),
        }
    }
}

impl TryFrom<String> for Actor {
    type Error = BadName;

    fn try_from(text: String) -> Result<Self, BadName> {
        text.parse()
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        actor.to_string()
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(person) => person.fmt(f),
            Self::Service(key) => write!(f, "service:{key}"),
            Self::Host => f.write_str("host"),
            Self::Local(user) => write!(f, "local:{user}"),
        }
    }
}
