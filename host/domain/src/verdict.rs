//! Verdicts and everything that led to them.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::checkpoint::Checkpoint;
use crate::criteria::{Criterion, NotCanonical, ResolvedPlugin, canonical};
use crate::digest::Digest;
use crate::finding::{Finding, Outcome};
use crate::ids::ReleaseSlug;
use crate::people::Actor;
use crate::question::{Query, Question};

/// Version of the host's own rules (windows, aggregation, `conclude`, findings the host writes). Raised when
/// the same inputs would come to another finding, so that replay can say why.
pub const RULES: u32 = 1;

/// Whether a verdict counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Sealed and due: one per release, checkpoint and revision.
    Official,
    /// Any other run: a look, never reported or counted.
    AdHoc,
}

impl Standing {
    /// The word in documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::AdHoc => "ad-hoc",
        }
    }
}

/// A frame that was given to a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameUsed {
    /// The plugin's name for it.
    pub key: String,
    /// Its name in the store.
    pub digest: Digest,
    /// Its rows.
    pub rows: u64,
}

/// How a plugin was run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunUsed {
    /// Hash of the engine and its settings; fuel is compared only under the same one.
    pub engine: Digest,
    /// The contract the plugin was called through.
    pub contract: String,
    /// Fuel of `plan`.
    pub plan_fuel: u64,
    /// Fuel of `evaluate`; 0 when it was not reached.
    pub evaluate_fuel: u64,
    /// False when the wall clock stopped it: nobody can compute that again.
    pub replayable: bool,
}

/// When a criterion is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// When its data are promised: its end in the team's zone, and the longest freshness promise of its metrics.
    pub at: Timestamp,
}

/// One criterion judged: its finding, and everything replay needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// The criterion as judged.
    pub criterion: Criterion,
    /// The plugin that was asked.
    pub plugin: Option<ResolvedPlugin>,
    /// What it was asked; `None`: it could not be asked.
    pub question: Option<Question>,
    /// What it planned.
    pub queries: Vec<Query>,
    /// What it was given.
    pub frames: Vec<FrameUsed>,
    /// How it was run.
    pub run: Option<RunUsed>,
    /// Set when the criterion is not due yet: the plugin's finding was only looked at for the counts so far.
    pub decided: Option<Decided>,
    /// Watermark of its metrics: the earliest one; `None`: a metric has none.
    pub complete_through: Option<Timestamp>,
    /// What came of it.
    pub finding: Finding,
    /// What its inputs and output hashed to when it was judged.
    pub seen: Seen,
}

/// Hashes of a judgement's parts: replay names the part that no longer matches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Of the question.
    pub question: Option<Digest>,
    /// Of the queries.
    pub queries: Digest,
    /// Of the list of frames.
    pub frames: Digest,
    /// Of the finding.
    pub finding: Digest,
    /// Of the criterion, the plugin, the run, and when it is decided from which data.
    pub rest: Digest,
}

impl Judgement {
    /// The hashes of its parts as they are now.
    ///
    /// # Errors
    /// When a part has a number that is not finite.
    pub fn parts(&self) -> Result<Seen, NotCanonical> {
        fn hash<T: Serialize>(part: &T) -> Result<Digest, NotCanonical> {
            Ok(Digest::of(&canonical(part)?))
        }
        Ok(Seen {
            question: self.question.as_ref().map(hash).transpose()?,
            queries: hash(&self.queries)?,
            frames: hash(&self.frames)?,
            finding: hash(&self.finding)?,
            rest: hash(&(&self.criterion, &self.plugin, &self.run, &self.decided, &self.complete_through))?,
        })
    }
}

/// What the host concludes for a release at a checkpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Where it is found, such as `batch-changes-ga/d28.2`.
    pub at: VerdictRef,
    /// Whether it counts.
    pub standing: Standing,
    /// Whether the checkpoint is the release's last.
    pub is_final: bool,
    /// What it comes to.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// One sentence.
    pub headline: String,
    /// The launch instant it was judged from.
    pub launch: Timestamp,
    /// The instant it speaks of.
    pub as_of: Timestamp,
    /// Only what had been received by then was used; `None`: everything known when it was judged.
    pub known_at: Option<Timestamp>,
    /// When it was judged.
    pub judged_at: Timestamp,
    /// Who asked for it.
    pub judged_by: Actor,
    /// Hash of the terms that were judged; their bytes are stored under it.
    pub terms: Digest,
    /// Version of the host's own rules.
    pub rules: u32,
    /// The criteria, in their order.
    pub judgements: Vec<Judgement>,
    /// Hash of everything else here but its number, taken when it was judged.
    pub seen: Digest,
}

impl Verdict {
    /// The hash of this verdict as it is now: everything but its number and `seen`, judgements by their parts.
    ///
    /// # Errors
    /// When a part has a number that is not finite.
    pub fn record(&self) -> Result<Digest, NotCanonical> {
        let judgements: Vec<&Seen> = self.judgements.iter().map(|judgement| &judgement.seen).collect();
        let place = (&self.at.release, self.at.checkpoint, self.standing, self.is_final);
        let result = (&self.outcome, &self.headline);
        let times = (self.launch, self.as_of, self.known_at, self.judged_at, &self.judged_by);
        Ok(Digest::of(&canonical(&(place, result, times, self.terms, self.rules, judgements))?))
    }
}

/// Where a verdict is found: `release/d28`, its second revision `release/d28.2`, an ad hoc look
/// `release/d7.look-3`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VerdictRef {
    /// The release.
    pub release: ReleaseSlug,
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// Which of them.
    pub number: VerdictNumber,
}

/// Which of a checkpoint's verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VerdictNumber {
    /// The newest revision of the official one (in a reference only).
    Newest,
    /// This revision of the official one, from 1.
    Revision(u32),
    /// This ad hoc look, from 1.
    Look(u32),
}

/// A text that refers to no verdict.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} refers to no verdict; expected release/d28, release/d28.2 (a revision) or release/d28.look-1")]
pub struct BadVerdictRef(String);

impl VerdictRef {
    /// Its text with its number, the first revision's too: what tells it from the newest.
    #[must_use]
    pub fn numbered(&self) -> String {
        match self.number {
            VerdictNumber::Revision(number) => format!("{}/{}.{number}", self.release, self.checkpoint),
            VerdictNumber::Newest | VerdictNumber::Look(_) => self.to_string(),
        }
    }
}

impl FromStr for VerdictRef {
    type Err = BadVerdictRef;

    fn from_str(text: &str) -> Result<Self, BadVerdictRef> {
        let bad = || BadVerdictRef(text.to_owned());
        let (release, rest) = text.split_once('/').ok_or_else(bad)?;
        let (checkpoint, number) = match rest.split_once('.') {
            None => (rest, VerdictNumber::Newest),
            Some((checkpoint, number)) => {
                let (digits, make): (&str, fn(u32) -> VerdictNumber) = match number.strip_prefix("look-") {
                    Some(digits) => (digits, VerdictNumber::Look),
                    None => (number, VerdictNumber::Revision),
                };
                let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
                (checkpoint, make(plain.then(|| digits.parse().ok()).flatten().ok_or_else(bad)?))
            }
        };
        Ok(Self {
            release: release.parse().map_err(|_| bad())?,
            checkpoint: checkpoint.parse().map_err(|_| bad())?,
            number,
        })
    }
}

impl fmt::Display for VerdictRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.release, self.checkpoint)?;
        match self.number {
            VerdictNumber::Newest | VerdictNumber::Revision(1) => Ok(()),
            VerdictNumber::Revision(number) => write!(f, ".{number}"),
            VerdictNumber::Look(number) => write!(f, ".look-{number}"),
        }
    }
}

impl TryFrom<String> for VerdictRef {
    type Error = BadVerdictRef;

    fn try_from(text: String) -> Result<Self, BadVerdictRef> {
        text.parse()
    }
}

impl From<VerdictRef> for String {
    fn from(at: VerdictRef) -> Self {
        at.to_string()
    }
}
