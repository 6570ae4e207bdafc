//! Retros, their actions, and the library of learnings.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::words::{ActionState, Level, Outcome, Reason, RetroStatus, Role};

/// Which retros to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RetrosRequest {
    /// Only of this team.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub team: Option<String>,
    /// Only those that look back on this release.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes-ga", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub release: Option<String>,
    /// Only those that are `collecting`, `held` or `closed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "collecting", pattern = "^(collecting|held|closed)$")]
    pub status: Option<String>,
    /// Items of the page, 1 to 500; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A retro in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RetroSummary {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub status: RetroStatus,
    /// What it is called.
    pub title: String,
    /// The team's key.
    pub team: String,
    /// The releases it looks back on.
    pub releases: Vec<String>,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Timestamp,
    /// When it takes or took place.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub held_at: Option<Timestamp>,
    /// When it was closed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Timestamp>,
}

/// A retro. Its `evidence` and `previous_actions` are the host's; everything else people write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RetroDocument {
    /// Its id; never changes.
    pub id: String,
    /// How often it was changed: what `If-Match` says, in quotes.
    pub version: u32,
    /// Where it stands.
    pub status: RetroStatus,
    /// What it is called.
    pub title: String,
    /// The team's key.
    pub team: String,
    /// `company` or `team`. Whoever may not see one of its releases does not see it either way.
    pub visibility: String,
    /// The releases it looks back on.
    pub releases: Vec<String>,
    /// When it takes or took place.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub held_at: Option<Timestamp>,
    /// Who leads it.
    pub facilitator: Option<String>,
    /// Who takes part.
    pub attendees: Vec<String>,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Timestamp,
    /// Who opened it.
    pub opened_by: String,
    /// When it was closed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Timestamp>,
    /// Who closed it.
    pub closed_by: Option<String>,
    /// What the host knows of its releases: as it is now until it is closed, and as it was then from there on.
    pub evidence: EvidencePart,
    /// The team's actions of earlier retros: the open ones, and those that ended since the retro before.
    pub previous_actions: Vec<RetroActionPart>,
    /// Texts by section.
    pub sections: BTreeMap<String, Vec<String>>,
    /// Topics, in their order.
    pub topics: Vec<TopicPart>,
    /// Its actions.
    pub actions: Vec<RetroActionPart>,
    /// Its learnings.
    pub learnings: Vec<RetroLearningPart>,
}

/// What the host knows of a retro's releases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EvidencePart {
    /// When it was looked at.
    #[schema(value_type = String, format = DateTime)]
    pub taken_at: Timestamp,
    /// Whether it stays as it is: the retro is closed.
    pub frozen: bool,
    /// Per release.
    pub releases: Vec<ReleaseEvidencePart>,
}

/// What the host knows of a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseEvidencePart {
    /// Its slug.
    pub release: String,
    /// Its name.
    pub name: String,
    /// How big the launch was, as sealed.
    pub level: Level,
    /// The planned day, as sealed.
    #[schema(value_type = String, format = Date)]
    pub planned: Date,
    /// When it launched.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub launched_at: Option<Timestamp>,
    /// Whole days from the planned to the launch day; negative: early.
    pub days_late: Option<i32>,
    /// How what was agreed stands.
    pub seal: EvidenceSealPart,
    /// How sure the team was, in 0..=1.
    pub confidence_then: Option<f64>,
    /// The newest official verdict of each checkpoint, in order.
    pub verdicts: Vec<EvidenceVerdictPart>,
    /// The criteria as the latest verdict found them.
    pub criteria: Vec<EvidenceCriterionPart>,
    /// What is to be known about the data.
    pub data_caveats: Vec<String>,
    /// What people decided at whichever checkpoint and did not take back, a sentence each, the oldest first.
    pub decisions: Vec<String>,
    /// Since it was frozen: which verdicts were revised or given, a sentence each; none: nothing, or it is not frozen.
    pub revised_since: Option<Vec<String>>,
}

/// How what was agreed stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EvidenceSealPart {
    /// `sealed`, `sealed-by-launch`, `sealed-after-launch` or `unsealed`.
    pub state: String,
    /// When it was sealed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// Hash of the terms.
    pub hash: Option<String>,
    /// Amendments since the launch.
    pub amendments: u32,
}

/// A verdict as evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EvidenceVerdictPart {
    /// Where it is found, with its revision, such as `batch-changes-ga/d28.1`.
    pub at: String,
    /// What it comes to.
    pub outcome: Outcome,
    /// Of an undecided one.
    pub reason: Option<Reason>,
    /// Of an undecided one.
    pub code: Option<String>,
    /// Whether it is the one that counts in the end.
    #[serde(rename = "final")]
    pub is_final: bool,
}

/// A criterion: what was expected, and what was observed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EvidenceCriterionPart {
    /// Its id.
    pub id: String,
    /// What it decides.
    pub role: Role,
    /// Its sentence.
    pub says: String,
    /// What came of it.
    pub outcome: Outcome,
    /// One sentence with the numbers.
    pub headline: String,
    /// The number that decided, in `unit`.
    pub observed: Option<f64>,
    /// Lower bound of its interval.
    pub low: Option<f64>,
    /// Upper bound of its interval.
    pub high: Option<f64>,
    /// The bound, in `unit`.
    pub target: Option<f64>,
    /// What the team expected, as written.
    pub expected: Option<String>,
    /// The unit; `share` in 0..=1.
    pub unit: Option<String>,
}

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TopicPart {
    /// What it is about.
    pub title: String,
    /// Votes it got.
    pub votes: u32,
    /// What was said.
    pub notes: Option<String>,
    /// What it ended in; none: nothing yet.
    pub commitment: Option<CommitmentPart>,
}

/// What a topic ended in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CommitmentPart {
    /// The action, such as `A-21`.
    pub action: String,
}

/// An action as a retro shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RetroActionPart {
    /// Its id, such as `A-21`.
    pub id: String,
    /// What is to be done.
    pub text: String,
    /// Who does it.
    pub owner: String,
    /// By the end of which day.
    #[schema(value_type = String, format = Date)]
    pub due: Date,
    /// Where it stands.
    pub state: ActionState,
    /// Why it was dropped.
    pub reason: Option<String>,
    /// Address of its issue.
    pub issue: Option<String>,
}

/// A learning as a retro shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RetroLearningPart {
    /// Its id, such as `L-9`.
    pub id: String,
    /// What was learned.
    pub text: String,
    /// Words it is found by.
    pub tags: Vec<String>,
    /// What it rests on.
    pub evidence: Vec<String>,
}

/// How a retro is written out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RetroReportRequest {
    /// Hide names and figures: people become `Person 1`, figures `N0`.
    #[serde(default)]
    pub redact: bool,
    /// Further words to hide with them, such as customers' names, separated by commas; at most 400 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "Acme,Globex", max_length = 400)]
    pub hide: Option<String>,
}
