//! What happened that somebody should hear of. An event is written with its cause, and delivered afterwards.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::finding::{Outcome, Reason};
use crate::ids::{CriterionId, PersonId, ReleaseSlug, TeamKey};
use crate::question::Role;
use crate::release::ReleaseFacts;
use crate::verdict::{Standing, Verdict, VerdictRef};

/// What kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum EventKind {
    /// The official verdict of a release's last checkpoint.
    VerdictFinal,
    /// An official verdict that comes to something else than the one before it.
    VerdictChanged,
    /// An official verdict could have been given for a while, and was not.
    VerdictOverdue,
    /// Nobody tries any more to give an official verdict.
    VerdictMissed,
    /// Somebody decided what is made of a verdict, or approved that.
    DecisionMade,
    /// Somebody asks about a verdict or criteria, or disputes them.
    CommentOpened,
    /// A release is planned soon, and nothing says what its success would be.
    NoCriteria,
    /// A release is planned soon, and its criteria are not sealed.
    NotSealed,
    /// The planned day has passed, and nobody announced the launch.
    NotLaunched,
    /// A verdict waited for a metric's values for as long as it may.
    DataLate,
    /// A plugin crashed too often.
    PluginSuspended,
    /// A job was given up.
    JobDead,
    /// An event could not be delivered.
    Undelivered,
    /// Somebody tries a sink.
    Test,
}

impl EventKind {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::VerdictFinal,
        Self::VerdictChanged,
        Self::VerdictOverdue,
        Self::VerdictMissed,
        Self::DecisionMade,
        Self::CommentOpened,
        Self::NoCriteria,
        Self::NotSealed,
        Self::NotLaunched,
        Self::DataLate,
        Self::PluginSuspended,
        Self::JobDead,
        Self::Undelivered,
        Self::Test,
    ];

    /// Its name, as receivers get it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerdictFinal => "verdict.final",
            Self::VerdictChanged => "verdict.changed",
            Self::VerdictOverdue => "verdict.overdue",
            Self::VerdictMissed => "verdict.missed",
            Self::DecisionMade => "decision.made",
            Self::CommentOpened => "comment.opened",
            Self::NoCriteria => "nudge.no-criteria",
            Self::NotSealed => "nudge.not-sealed",
            Self::NotLaunched => "nudge.not-launched",
            Self::DataLate => "nudge.data-late",
            Self::PluginSuspended => "nudge.plugin-suspended",
            Self::JobDead => "nudge.job-dead",
            Self::Undelivered => "nudge.undelivered",
            Self::Test => "test",
        }
    }

    /// Whether it asks a person to do something, which can wait for working hours.
    #[must_use]
    pub const fn is_nudge(self) -> bool {
        matches!(
            self,
            Self::NoCriteria
                | Self::NotSealed
                | Self::NotLaunched
                | Self::DataLate
                | Self::PluginSuspended
                | Self::JobDead
                | Self::Undelivered
        )
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<EventKind> for &'static str {
    fn from(kind: EventKind) -> Self {
        kind.as_str()
    }
}

impl FromStr for EventKind {
    type Err = BadKind;

    fn from_str(text: &str) -> Result<Self, BadKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| BadKind(text.to_owned()))
    }
}

impl TryFrom<String> for EventKind {
    type Error = BadKind;

    fn try_from(text: String) -> Result<Self, BadKind> {
        text.parse()
    }
}

/// A text that names no kind of event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadKind(String);

impl fmt::Display for BadKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = EventKind::ALL.map(EventKind::as_str).join(", ");
        write!(f, "{:?} is no kind of event; expected one of {known}", self.0)
    }
}

impl std::error::Error for BadKind {}

/// An event to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// What kind.
    pub kind: EventKind,
    /// What makes it the one it is: an event of a key that there was is not made again.
    pub key: String,
    /// When it happened.
    pub at: Timestamp,
    /// The team it concerns; `None`: the service itself.
    pub team: Option<TeamKey>,
    /// The release it is about.
    pub release: Option<ReleaseSlug>,
    /// The verdict it is about, with its number.
    pub verdict: Option<VerdictRef>,
    /// Whether it must not wait: a guardrail failed.
    pub urgent: bool,
    /// One sentence.
    pub says: String,
    /// What to do, a sentence; `None`: nothing.
    pub advice: Option<String>,
    /// Who should do it.
    pub to: Vec<PersonId>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its number, which grows.
    pub id: i64,
    /// What happened.
    pub event: NewEvent,
}

impl Event {
    /// What receivers know it by: the same however often it is sent to them, and from whichever copy of the database.
    #[must_use]
    pub fn message_id(&self) -> String {
        let text = format!("{} {} {}", self.event.kind, self.event.key, self.event.at.as_millisecond());
        format!("msg_{}", &Digest::of(text.as_bytes()).hex()[..32])
    }
}

/// The official verdict that a new one follows: the revision before it, or else the newest of the latest checkpoint
/// before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// Whether it is of the same checkpoint.
    pub same_checkpoint: bool,
    /// What it came to.
    pub outcome: Outcome,
    /// Guardrails that it found failed.
    pub failed: BTreeSet<CriterionId>,
}

/// Guardrails that a verdict finds failed.
#[must_use]
pub fn failed_guardrails(verdict: &Verdict) -> BTreeSet<CriterionId> {
    let failed = verdict.judgements.iter().filter(|judgement| {
        judgement.criterion.role == Role::Guardrail && judgement.finding.outcome == Outcome::Fail
    });
    failed.map(|judgement| judgement.criterion.id.clone()).collect()
}

/// The event that an official verdict makes; `None`: it says what was known. `verdict` has its number.
///
/// A final verdict is always news when it is first given. Any other one is when it comes to something else than the
/// one before it, or finds a guardrail failed that had not.
#[must_use]
pub fn of_verdict(facts: &ReleaseFacts, verdict: &Verdict, before: Option<&Before>) -> Option<NewEvent> {
    if verdict.standing != Standing::Official {
        return None;
    }
    let release = &facts.release;
    let is_first = before.is_none_or(|before| !before.same_checkpoint);
    let differs =
        before.map_or(!is_early(&verdict.outcome), |before| !alike(&before.outcome, &verdict.outcome));
    let known = before.map(|before| &before.failed);
    let alarms = failed_guardrails(verdict).iter().any(|id| known.is_none_or(|known| !known.contains(id)));
    let kind = match (verdict.is_final && is_first, differs || alarms) {
        (true, _) => EventKind::VerdictFinal,
        (false, true) => EventKind::VerdictChanged,
        (false, false) => return None,
    };
    let was =
        before.filter(|_| differs && !is_first).map(|before| format!(" (was {})", words(&before.outcome)));
    // Nobody is alarmed by what happened long before it was told of.
    let past = facts.launch.as_ref().is_some_and(|launch| ended(verdict) < launch.recorded_at);
    let says = format!(
        "{}{}: {} ({}, {}), {}{}{}: {}",
        words(&verdict.outcome).to_uppercase(),
        was.unwrap_or_default(),
        release.name,
        release.level,
        release.team,
        verdict.at.checkpoint,
        if verdict.is_final { ", final" } else { "" },
        if past { ", judged for the past" } else { "" },
        verdict.headline
    );
    Some(NewEvent {
        kind,
        key: verdict.at.numbered(),
        at: verdict.judged_at,
        team: Some(release.team.clone()),
        release: Some(release.slug.clone()),
        verdict: Some(verdict.at.clone()),
        urgent: alarms && !past,
        says,
        advice: alarms
            .then(|| format!("a guardrail failed: see which by yardstick verdict show {}", verdict.at)),
        to: vec![release.owner.clone()],
    })
}

/// When the verdict's checkpoint had ended in every zone.
fn ended(verdict: &Verdict) -> Timestamp {
    let days = i64::from(verdict.at.checkpoint.days()) + 2;
    verdict.launch.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX)
}

fn is_early(outcome: &Outcome) -> bool {
    outcome.reason() == Some(Reason::TooEarly)
}

fn alike(one: &Outcome, other: &Outcome) -> bool {
    (one.as_str(), one.reason()) == (other.as_str(), other.reason())
}

/// Such as `undecided, too early`.
fn words(outcome: &Outcome) -> String {
    match outcome.reason() {
        None => outcome.as_str().to_owned(),
        Some(reason) => format!("undecided, {}", reason.as_str().replace('-', " ")),
    }
}
