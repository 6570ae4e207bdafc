//! Where events go.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::event::EventKind;
use crate::ids::{SinkName, TeamKey};
use crate::people::Actor;

/// How long a secret goes on signing beside the one that took its place, so that receivers can change over.
pub const OLD_SECRET_SIGNS_FOR: SignedDuration = SignedDuration::from_hours(24);

/// What the text of a signing secret begins with (Standard Webhooks).
const SECRET_PREFIX: &str = "whsec_";

/// What kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SinkKind {
    /// Files in a folder of its own below the data folder's `reports`.
    Folder,
    /// Signed requests to an address (Standard Webhooks).
    WebHook,
}

impl SinkKind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Folder, Self::WebHook];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::WebHook => "web-hook",
        }
    }
}

impl FromStr for SinkKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is no kind of sink; expected folder or web-hook"))
    }
}

/// A place that events go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sink {
    /// Its name.
    pub name: SinkName,
    /// What kind.
    pub kind: SinkKind,
    /// The team whose events it gets, those of private releases too; `None`: everybody's, but those of private ones.
    pub team: Option<TeamKey>,
    /// Which kinds of events it gets; empty: all.
    pub kinds: Vec<EventKind>,
    /// Of a web hook: its address.
    pub url: Option<String>,
    /// Of a web hook: whether it may be on this machine or in a private network.
    pub private_addresses: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// Who added it.
    pub created_by: Actor,
    /// When it was removed; `None`: it was not.
    pub removed_at: Option<Timestamp>,
    /// Until when it is left alone, because it said so or did not answer.
    pub rests_until: Option<Timestamp>,
}

impl Sink {
    /// Whether it gets events of this kind and team. `is_private`: of a release that only its team may see.
    #[must_use]
    pub fn takes(&self, kind: EventKind, team: Option<&TeamKey>, is_private: bool) -> bool {
        let wanted = self.kinds.is_empty() || self.kinds.contains(&kind);
        let theirs = match &self.team {
            Some(own) => team == Some(own),
            None => !is_private,
        };
        self.removed_at.is_none() && wanted && theirs
    }
}

/// What a web hook's messages are signed by, as text: `whsec_` and the bytes in base64. Neither `Debug` nor an error
/// shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(String);

impl SigningSecret {
    /// Of bytes nobody can guess.
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        Self(format!("{SECRET_PREFIX}{}", STANDARD.encode(random)))
    }

    /// The bytes that sign; `None`: the text is no secret.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        STANDARD.decode(self.0.strip_prefix(SECRET_PREFIX)?).ok()
    }

    /// From the text that it is kept or shown as.
    #[must_use]
    pub fn of(text: String) -> Self {
        Self(text)
    }

    /// The text, to be shown once or signed by.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}

/// How a try of a delivery ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// It has it; what it said.
    Taken(Answer),
    /// It does not, and may be tried again.
    Failed {
        /// What happened.
        answer: Answer,
        /// Until when the sink wants to be left alone, or had better be.
        rest_until: Option<Timestamp>,
    },
    /// It does not want it, or must not have it: trying again is of no use.
    Refused(Answer),
}

/// What was heard of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status of an HTTP answer; `None`: there was none.
    pub status: Option<u16>,
    /// One sentence, without a secret.
    pub says: String,
}

impl Delivered {
    /// What was heard.
    #[must_use]
    pub fn answer(&self) -> &Answer {
        match self {
            Self::Taken(answer) | Self::Failed { answer, .. } | Self::Refused(answer) => answer,
        }
    }

    /// How it ended, in a word.
    #[must_use]
    pub const fn outcome(&self) -> DeliveryOutcome {
        match self {
            Self::Taken(_) => DeliveryOutcome::Taken,
            Self::Failed { .. } => DeliveryOutcome::Failed,
            Self::Refused(_) => DeliveryOutcome::Refused,
        }
    }
}

/// How a try of a delivery ended, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryOutcome {
    /// The sink has it.
    Taken,
    /// It does not, and may be tried again.
    Failed,
    /// It does not want it, or must not have it.
    Refused,
}

impl DeliveryOutcome {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Taken, Self::Failed, Self::Refused];

    /// The word in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }
}

/// A line of the log of deliveries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its number.
    pub id: i64,
    /// The event's number.
    pub event: i64,
    /// Where it went.
    pub sink: SinkName,
    /// When it was tried.
    pub at: Timestamp,
    /// How long that took, in milliseconds.
    pub took_ms: u64,
    /// How it ended.
    pub outcome: DeliveryOutcome,
    /// What was heard.
    pub answer: Answer,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signing_secret_is_shown_nowhere() {
        let secret = SigningSecret::new([0xab; 32]);
        assert_eq!(secret.bytes(), Some(vec![0xab; 32]));
        assert_eq!(format!("{secret:?}"), "SigningSecret(…)");
        assert_eq!(SigningSecret::of("abc".to_owned()).bytes(), None);
    }
}
