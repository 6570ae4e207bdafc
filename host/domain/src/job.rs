//! Work that is done later, by whichever process is free.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ids::{ReleaseSlug, SinkName, TeamKey};

/// How long a worker may be silent before others take its job over.
pub const LEASE: SignedDuration = SignedDuration::from_mins(2);

/// How long to wait before each further try; after the last of them a job is dead.
const WAITS: [SignedDuration; 7] = [
    SignedDuration::from_secs(10),
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(6),
    SignedDuration::from_hours(12),
];

/// Tries of a job, at most.
pub const MOST_TRIES: u32 = WAITS.len() as u32 + 1;

/// What kind of work it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobKind {
    /// Judge a release at a checkpoint; its key is the verdict's address, such as `batch-changes-ga/d28`.
    Judge,
    /// Values of a metric arrived or were taken back: look which verdicts they concern. Its key is the metric's.
    Arrived,
    /// Take an event to a sink; its key is the event's number and the sink's name, such as `17/archive`.
    Deliver,
}

impl JobKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Judge, Self::Arrived, Self::Deliver];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Judge => "judge",
            Self::Arrived => "arrived",
            Self::Deliver => "deliver",
        }
    }

    /// The line it stands in.
    #[must_use]
    pub const fn lane(self) -> Lane {
        match self {
            Self::Judge | Self::Arrived => Lane::Verdicts,
            Self::Deliver => Lane::Deliveries,
        }
    }
}

/// A line of jobs with workers of its own: whoever waits for a slow receiver keeps no verdict waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// What verdicts come from.
    Verdicts,
    /// What goes out.
    Deliveries,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobState {
    /// For its time, and for a worker.
    Waiting,
    /// A worker does it.
    Running,
    /// Finished.
    Done,
    /// Given up: every try failed. Somebody must look at it.
    Dead,
    /// No longer wanted.
    Cancelled,
}

impl JobState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Running, Self::Done, Self::Dead, Self::Cancelled];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Lower ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Priority(pub u32);

impl Priority {
    /// What must not wait for anything else.
    pub const URGENT: Self = Self(1);
    /// A verdict that is due, or an event that goes out.
    pub const DUE: Self = Self(10);
    /// A verdict that was given, looked at again because values arrived late.
    pub const AGAIN: Self = Self(20);
}

/// A job to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// What kind of work.
    pub kind: JobKind,
    /// What it is about: there is one open job of a kind and key, and asking for it again makes no second one.
    pub key: String,
    /// Whose turn it takes; `None`: the host's own.
    pub team: Option<TeamKey>,
    /// The release it is about.
    pub release: Option<ReleaseSlug>,
    /// What goes first.
    pub priority: Priority,
    /// Not before.
    pub due_at: Timestamp,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// What kind of work.
    pub kind: JobKind,
    /// What it is about.
    pub key: String,
    /// Whose turn it takes; `None`: the host's own.
    pub team: Option<TeamKey>,
    /// The release it is about.
    pub release: Option<ReleaseSlug>,
    /// What goes first.
    pub priority: Priority,
    /// Where it stands.
    pub state: JobState,
    /// Not before.
    pub due_at: Timestamp,
    /// Tries since it last got anywhere, the running one among them.
    pub attempts: u32,
    /// Who does it, while it runs.
    pub worker: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When the latest try began.
    pub started_at: Option<Timestamp>,
    /// When it was finished, given up or cancelled.
    pub ended_at: Option<Timestamp>,
    /// What it waits for, a sentence; `None`: for nothing but its time.
    pub waits_for: Option<String>,
    /// What the last try failed by, a sentence.
    pub error: Option<String>,
    /// What came of it, a sentence.
    pub result: Option<String>,
}

impl Job {
    /// The number of the event that a delivery takes, and the sink it goes to; `None`: it is none.
    #[must_use]
    pub fn delivery(&self) -> Option<(i64, SinkName)> {
        let (event, sink) = self.key.split_once('/').filter(|_| self.kind == JobKind::Deliver)?;
        Some((event.parse().ok()?, sink.parse().ok()?))
    }

    /// The sink that a delivery goes to; `None`: it is none.
    #[must_use]
    pub fn sink(&self) -> Option<SinkName> {
        self.delivery().map(|(_, sink)| sink)
    }
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It is finished; what came of it, a sentence.
    Done(String),
    /// It cannot be done yet.
    Later {
        /// When to look again.
        at: Timestamp,
        /// What it waits for, a sentence.
        waits_for: String,
    },
    /// It failed; why, a sentence.
    Failed(String),
    /// It failed, and is not tried again before an instant.
    FailedUntil {
        /// Why, a sentence.
        why: String,
        /// Not before; if that is later than the next try would be.
        at: Timestamp,
    },
    /// It failed, and trying again is of no use; why, a sentence.
    GivenUp(String),
    /// It could not be tried: that counts as no try.
    NotNow {
        /// When to look again.
        at: Timestamp,
        /// What it waits for, a sentence.
        waits_for: String,
    },
}

impl Ended {
    /// Why it failed; `None`: it did not.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        match self {
            Self::Failed(why) | Self::FailedUntil { why, .. } | Self::GivenUp(why) => Some(why),
            Self::Done(_) | Self::Later { .. } | Self::NotNow { .. } => None,
        }
    }
}

/// When a job whose `attempts`-th try failed is tried again; `None`: not any more.
#[must_use]
pub fn next_try(attempts: u32, now: Timestamp) -> Option<Timestamp> {
    let waits = WAITS.get(usize::try_from(attempts).unwrap_or(usize::MAX).saturating_sub(1))?;
    now.checked_add(*waits).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_are_bounded_and_further_and_further_apart() {
        let now = Timestamp::UNIX_EPOCH;
        let waits: Vec<i64> =
            (1..).map_while(|attempt| next_try(attempt, now)).map(Timestamp::as_second).collect();
        assert_eq!(waits, [10, 60, 300, 1_800, 7_200, 21_600, 43_200]);
        assert_eq!(next_try(0, now), next_try(1, now), "a count that was lost is a first try");
        assert_eq!(next_try(u32::MAX, now), None);
        assert_eq!((next_try(MOST_TRIES - 1, now).is_some(), next_try(MOST_TRIES, now)), (true, None));
    }
}
