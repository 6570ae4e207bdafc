//! Roadmaps: lists of releases that are expected, so that what nobody registered can be named.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ids::{ListName, PersonId, ReleaseSlug, TeamKey};
use crate::level::Level;
use crate::people::Actor;

/// The list that is meant when none is named.
pub const DEFAULT_LIST: &str = "roadmap";

/// A release that is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// What makes it the one it is within its list, however often that is imported.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The team; `None`: nobody has said.
    pub team: Option<TeamKey>,
    /// How big the launch is; `None`: nobody has said.
    pub level: Option<Level>,
    /// The planned day; `None`: nobody has said.
    pub planned: Option<Date>,
    /// Who answers for it; `None`: nobody has said.
    pub owner: Option<PersonId>,
    /// Address of the tracking issue, without a slash at its end.
    pub issue: Option<String>,
    /// The slug it is to have, or has.
    pub named: Option<ReleaseSlug>,
}

impl Expected {
    /// What makes a row the one it is: its own key, else its issue, else its name and planned day.
    #[must_use]
    pub fn identity(own: Option<&str>, issue: Option<&str>, name: &str, planned: Option<Date>) -> String {
        match (own, issue, planned) {
            (Some(own), _, _) => own.to_owned(),
            (None, Some(issue), _) => format!("issue {issue}"),
            (None, None, Some(planned)) => format!("name {name}, {planned}"),
            (None, None, None) => format!("name {name}"),
        }
    }
}

/// A row of a roadmap that was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedRelease {
    /// Its number.
    pub id: i64,
    /// The list it is on.
    pub list: ListName,
    /// What is expected.
    pub expected: Expected,
    /// The release that it became; `None`: nobody has registered it.
    pub release: Option<ReleaseSlug>,
    /// When it came, or was last changed.
    pub imported_at: Timestamp,
    /// Who imported it then.
    pub imported_by: Actor,
}
