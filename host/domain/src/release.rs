//! Releases: what they are, and where they stand.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::checkpoint::Checkpoint;
use crate::criteria::{Criteria, Terms};
use crate::digest::Digest;
use crate::ids::{PersonId, ReleaseSlug, TeamKey};
use crate::level::Level;
use crate::metric::Visibility;
use crate::people::Actor;

/// How mature the feature is with this release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Early access programme.
    Eap,
    /// Experimental.
    Experimental,
    /// Beta.
    Beta,
    /// Generally available in part.
    PartialGa,
    /// Generally available.
    Ga,
    /// Deprecated.
    Deprecated,
    /// Not implemented yet.
    NotImplemented,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Eap,
        Self::Experimental,
        Self::Beta,
        Self::PartialGa,
        Self::Ga,
        Self::Deprecated,
        Self::NotImplemented,
    ];

    /// The word in files and documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eap => "eap",
            Self::Experimental => "experimental",
            Self::Beta => "beta",
            Self::PartialGa => "partial_ga",
            Self::Ga => "ga",
            Self::Deprecated => "deprecated",
            Self::NotImplemented => "not_implemented",
        }
    }
}

/// The five parts of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// What hurts.
    pub problem: Option<String>,
    /// What it looks like when done.
    pub end_state: Option<String>,
    /// Why now.
    pub why: Option<String>,
    /// When.
    pub timeline: Option<String>,
    /// Who.
    pub people: Option<String>,
}

/// A release as registered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// Its slug; never changes.
    pub slug: ReleaseSlug,
    /// Its name.
    pub name: String,
    /// Joins the releases of one feature.
    pub feature: Option<String>,
    /// The team.
    pub team: TeamKey,
    /// The one person who answers for it.
    pub owner: PersonId,
    /// Who may see it: everyone with an account, or its team alone.
    #[serde(default)]
    pub visibility: Visibility,
    /// How big the launch is.
    pub level: Level,
    /// How mature the feature is.
    pub stage: Option<Stage>,
    /// The planned launch day, in the team's zone.
    pub planned: Date,
    /// Where it is deployed.
    pub deployments: Vec<String>,
    /// Address of the tracking issue.
    pub issue: Option<String>,
    /// Links by name.
    pub links: BTreeMap<String, String>,
    /// Ids of key results.
    pub okrs: Vec<String>,
    /// The release this one is a relaunch of.
    pub follows: Option<ReleaseSlug>,
    /// The request behind it.
    pub brief: Brief,
    /// How sure the team is today, in 0..=1; judges nothing.
    pub confidence: Option<f64>,
    /// What success means.
    pub criteria: Criteria,
}

/// When criteria were sealed, against the launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SealedWhen {
    /// Before the launch, as it should be.
    BeforeLaunch,
    /// By the launch itself, because nobody had.
    ByLaunch,
    /// After the launch.
    AfterLaunch {
        /// Whole days after the launch day.
        days: u32,
    },
}

/// A seal as taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// SHA-256 of the canonical terms.
    pub hash: Digest,
    /// Which version of the criteria it seals.
    pub version: u32,
    /// When it was taken.
    pub at: Timestamp,
    /// Who took it.
    pub by: Actor,
    /// When, against the launch.
    pub when: SealedWhen,
}

/// A change of sealed terms after the launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// SHA-256 of the amended canonical terms.
    pub hash: Digest,
    /// Which version of the criteria it is.
    pub version: u32,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub by: Actor,
    /// Why.
    pub reason: String,
    /// The second person who approved it; `None`: its verdicts are shown beside and do not count.
    pub approved_by: Option<PersonId>,
}

/// A launch as announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Launch {
    /// The launch instant.
    pub at: Timestamp,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who recorded it.
    pub by: Actor,
}

/// A cancelled release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
    /// Why.
    pub reason: String,
}

/// A checkpoint that was decided on after the launch, beyond those that were agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// The checkpoint.
    pub to: Checkpoint,
    /// Whether its verdict is final too: that of the agreed last checkpoint was undecided when it was decided on.
    pub counts: bool,
}

/// What is known of a release: everything its lifecycle is computed from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleaseFacts {
    /// The release as now registered.
    pub release: Release,
    /// How sure the team was when it launched, in 0..=1, or is before that; `None`: it did not say.
    #[serde(default)]
    pub confidence: Option<f64>,
    /// Version of the criteria as now registered, from 1.
    pub version: u32,
    /// The seal that counts: the last one before the launch, or the first one after.
    pub seal: Option<Seal>,
    /// Amendments after the launch, oldest first.
    pub amendments: Vec<Amendment>,
    /// The launch, unless undone.
    pub launch: Option<Launch>,
    /// Checkpoints that were decided on after the sealed ones, ascending.
    pub extensions: Vec<Extension>,
    /// Whether it was cancelled.
    pub cancelled: Option<Cancelled>,
    /// Whether an official verdict exists.
    pub judged: bool,
    /// Whether the official final verdict exists.
    pub judged_finally: bool,
    /// Whether a retro of it is closed, or was waived.
    pub looked_back_on: bool,
}

/// Where a release stands. Computed, never set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lifecycle {
    /// Registered.
    Draft,
    /// Criteria sealed, not launched.
    Sealed,
    /// Launched, final verdict outstanding.
    Launched,
    /// The final verdict exists.
    Judged,
    /// Judged, and looked back on: a retro is closed, or was found not to be needed.
    Closed,
    /// Cancelled.
    Cancelled,
}

impl Lifecycle {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Draft, Self::Sealed, Self::Launched, Self::Judged, Self::Closed, Self::Cancelled];

    /// The word in documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sealed => "sealed",
            Self::Launched => "launched",
            Self::Judged => "judged",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl ReleaseFacts {
    /// The hash of the terms that official verdicts are given under: those of the newest amendment that a second
    /// person approved, or else the sealed ones; `None`: nothing is sealed.
    #[must_use]
    pub fn counts(&self) -> Option<Digest> {
        let approved = self.amendments.iter().rev().find(|amendment| amendment.approved_by.is_some());
        approved.map(|amendment| amendment.hash).or(self.seal.as_ref().map(|seal| seal.hash))
    }

    /// The last checkpoint that counts, of these terms: one that was decided on beyond the sealed ones, or else the last
    /// of those; `None` when there is none.
    #[must_use]
    pub fn last_checkpoint(&self, terms: &Terms) -> Option<Checkpoint> {
        let extended =
            self.extensions.iter().filter(|extension| extension.counts).map(|extension| extension.to);
        extended.max().or(terms.last())
    }

    /// Where the release stands.
    #[must_use]
    pub fn lifecycle(&self) -> Lifecycle {
        if self.cancelled.is_some() {
            Lifecycle::Cancelled
        } else if self.judged_finally {
            if self.looked_back_on { Lifecycle::Closed } else { Lifecycle::Judged }
        } else if self.launch.is_some() {
            Lifecycle::Launched
        } else if self.seal.is_some() {
            Lifecycle::Sealed
        } else {
            Lifecycle::Draft
        }
    }
}
