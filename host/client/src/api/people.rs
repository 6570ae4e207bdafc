//! The organisation, its teams and its people.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{MemberRole, SendWhen};

/// The organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganisationDocument {
    /// Its name.
    pub name: String,
    /// IANA name of its zone.
    pub time_zone: String,
    /// Month and day its fiscal year starts.
    #[schema(example = "02-01")]
    pub fiscal_year_starts: String,
    /// Working days and hours, by the clocks of whoever works.
    #[schema(example = "Mon-Fri 08:00-18:00")]
    pub working_hours: String,
    /// Days after the planned date that still count as on time.
    pub on_time_tolerance_days: u32,
    /// The company digest; none: there is none.
    pub digest: Option<DigestPart>,
    /// Mail addresses of the persons who do what operators do.
    pub operators: Vec<String>,
}

/// When and where a digest goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DigestPart {
    /// Weekday and time, such as `Mon 08:00`; none: the organisation's.
    pub when: Option<String>,
    /// When it is sent.
    pub send: SendWhen,
    /// Where to, such as `slack:#product`. Of an address, which may be a secret, only the kind of place is told, such as
    /// `slack:…`.
    pub to: Vec<String>,
}

/// A team in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TeamSummary {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// IANA name of the zone whose days count for its checkpoints.
    pub time_zone: String,
    /// How many people it has.
    pub members: u64,
    /// Mail addresses of those who answer for it.
    pub maintainers: Vec<String>,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TeamDocument {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// IANA name of the zone whose days count for its checkpoints.
    pub time_zone: String,
    /// Its people by mail address, and what they are in it.
    pub members: BTreeMap<String, MemberRole>,
    /// Month and day its fiscal year starts; none: as the organisation's.
    pub fiscal_year_starts: Option<String>,
    /// Its digest; none: as the organisation's.
    pub digest: Option<DigestPart>,
    /// Where a failed guardrail goes at once, such as `slack:#growth`. Of an address only the kind of place is told.
    pub urgent: Vec<String>,
}

/// A person in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonSummary {
    /// Mail address.
    pub person: String,
    /// Name; the address until somebody says otherwise.
    pub name: String,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonDocument {
    /// Mail address.
    pub person: String,
    /// Name; the address until somebody says otherwise.
    pub name: String,
    /// Handles by service, such as `slack`.
    pub handles: BTreeMap<String, String>,
    /// Keys of the teams they are in, and what they are there.
    pub teams: BTreeMap<String, MemberRole>,
    /// Whether they do what operators do.
    pub operator: bool,
}
