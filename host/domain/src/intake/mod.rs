//! Requests that come from elsewhere: issues of a repository, each of which becomes a draft release of a team.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, ReleaseSlug, Repository, TeamKey};
use crate::level::Level;
use crate::metric::Visibility;
use crate::people::Actor;
use crate::release::Brief;
use crate::words::words;

pub mod issue;
pub mod signature;
pub mod template;

/// The label of an issue that must not wait.
pub const URGENT: &str = "urgent";
/// The most characters of a release's name.
pub const MOST_NAME: usize = 200;
/// The most labels of an issue that are kept; GitHub allows a hundred.
pub const MOST_LABELS: usize = 100;
/// The longest slug that is made of a title, in bytes; what makes it the only one of its name follows.
const LONGEST_SLUG: usize = 60;

/// Where a team's requests come from: the issues of a repository, as its web hook sends them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    /// The repository.
    pub repository: Repository,
    /// The team whose requests they become.
    pub team: TeamKey,
    /// Only issues with this label, in whichever case; `None`: all of them.
    pub label: Option<String>,
    /// Who may see the requests, and the releases they become.
    pub visibility: Visibility,
    /// When it was added.
    pub created_at: Timestamp,
    /// Who added it.
    pub created_by: Actor,
}

impl Intake {
    /// Whether an issue with these labels is for it.
    #[must_use]
    pub fn takes(&self, labels: &[String]) -> bool {
        let Some(wanted) = &self.label else { return true };
        labels.iter().any(|label| label.to_lowercase() == wanted.to_lowercase())
    }
}

words! {
    /// Where a request stands.
    RequestState, "state of a request" {
        /// Something that a release needs is missing.
        Asks = "asks",
        /// It is a release.
        Registered = "registered",
        /// Its issue is closed.
        Closed = "closed",
    }
    /// What a release needs and a request may not say.
    Missing, "thing that a request may lack" {
        /// How big the launch is.
        Level = "level",
        /// The planned day.
        Planned = "planned",
        /// The one person who answers for it.
        Owner = "owner",
    }
}

impl Missing {
    /// How it is given in an issue, a part of a sentence.
    #[must_use]
    pub const fn how(self) -> &'static str {
        match self {
            Self::Level => "### Level with L1, L2 or L3",
            Self::Planned => "### Planned date with a day such as 2026-03-03",
            Self::Owner => "### Owner with the mail address, or the @login, of somebody known here",
        }
    }
}

/// What an issue says of the release that it asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The release's name.
    pub title: String,
    /// The five parts.
    pub brief: Brief,
    /// How big the launch is.
    pub level: Option<Level>,
    /// The planned day, in the team's zone.
    pub planned: Option<Date>,
    /// The one person who answers for it.
    pub owner: Option<PersonId>,
    /// What joins the releases of one feature.
    pub feature: Option<String>,
    /// What was said and is not understood, a sentence each.
    pub notes: Vec<String>,
}

/// A request: an issue, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The address of the issue. A team has one request of it.
    pub issue: String,
    /// The issue's repository.
    pub repository: Repository,
    /// The team.
    pub team: TeamKey,
    /// Who may see it.
    pub visibility: Visibility,
    /// What is asked for.
    pub wanted: Wanted,
    /// The issue's labels.
    pub labels: Vec<String>,
    /// Whether it must not wait.
    pub urgent: bool,
    /// Whether the issue is closed.
    pub closed: bool,
    /// The release that it became, or that people had registered for its issue.
    pub release: Option<ReleaseSlug>,
    /// Whether the release was made of it. One that people registered is theirs: it does not change with the issue.
    pub made: bool,
    /// When the issue was changed last, by GitHub's clock: what is older changes nothing.
    pub changed_at: Timestamp,
}

impl Request {
    /// What a release needs and this does not say; of one that is a release, nothing.
    #[must_use]
    pub fn missing(&self) -> Vec<Missing> {
        let Wanted { level, planned, owner, .. } = &self.wanted;
        let is_missing = |what: &Missing| match what {
            Missing::Level => level.is_none(),
            Missing::Planned => planned.is_none(),
            Missing::Owner => owner.is_none(),
        };
        if self.release.is_some() {
            return Vec::new();
        }
        Missing::ALL.iter().copied().filter(is_missing).collect()
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> RequestState {
        match (self.closed, &self.release) {
            (true, _) => RequestState::Closed,
            (false, Some(_)) => RequestState::Registered,
            (false, None) => RequestState::Asks,
        }
    }

    /// What is asked of people, a sentence; `None`: nothing.
    #[must_use]
    pub fn asks(&self) -> Option<String> {
        let missing = self.missing();
        if self.closed || missing.is_empty() {
            return None;
        }
        let how: Vec<&str> = missing.iter().map(|what| what.how()).collect();
        Some(format!("edit {} and add {}", self.issue, how.join(", and ")))
    }
}

/// A request that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRequest {
    /// Its number.
    pub id: i64,
    /// How often it was written; whoever changes it names the one they saw.
    pub revision: u32,
    /// When it came first.
    pub received_at: Timestamp,
    /// The request.
    pub request: Request,
}

/// The `attempt`-th slug for a release of this title, from 0: `faster-sign-up`, then `faster-sign-up-2`. `number` is
/// the issue's, for a title that has no letter a slug can have.
#[must_use]
pub fn slug_of(title: &str, number: u64, attempt: u32) -> Option<ReleaseSlug> {
    let mut slug = String::new();
    for c in title.chars() {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() => slug.push(c),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
        if slug.len() >= LONGEST_SLUG {
            break;
        }
    }
    let mut slug = slug.trim_end_matches('-').to_owned();
    if slug.is_empty() {
        slug = format!("issue-{number}");
    }
    if attempt > 0 {
        slug += &format!("-{}", attempt.saturating_add(1));
    }
    slug.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn slugs_are_made_of_titles() {
        let table = [
            ("Faster sign-up", 0, "faster-sign-up"),
            ("Faster sign-up", 1, "faster-sign-up-2"),
            ("  [RFC] Größe: 100 %!  ", 0, "rfc-gr-e-100"),
            ("日本語", 0, "issue-7"),
            ("../../etc/passwd", 0, "etc-passwd"),
            ("", 3, "issue-7-4"),
        ];
        for (title, attempt, expected) in table {
            let slug = slug_of(title, 7, attempt);
            assert_eq!(slug.as_ref().map(ReleaseSlug::as_str), Some(expected), "{title:?}");
        }
        assert_eq!(slug_of(&"a".repeat(500), 1, 0).map(|slug| slug.as_str().len()), Some(60));
    }

    proptest! {
        #[test]
        fn every_title_has_a_slug(title in "\\PC{0,300}", number: u64, attempt: u32) {
            prop_assert!(slug_of(&title, number, attempt).is_some());
        }
    }
}
