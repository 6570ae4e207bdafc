//! Actions of retros, and the library of learnings.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::words::ActionState;

/// Which actions to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ActionsRequest {
    /// Only of this team.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub team: Option<String>,
    /// Only of this person, by mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "ben.okafor@example.com")]
    pub owner: Option<String>,
    /// Only of this retro.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "2026-04-batch-changes", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub retro: Option<String>,
    /// Only those that are `open`, `done` or `dropped`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "open", pattern = "^(open|done|dropped)$")]
    pub state: Option<String>,
    /// Only open ones whose day is over.
    #[serde(default)]
    pub overdue: bool,
    /// Items of the page, 1 to 500; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Something that somebody is to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ActionDocument {
    /// Its id, such as `A-21`.
    pub id: String,
    /// How often it was changed: what `If-Match` says, in quotes.
    pub version: u32,
    /// The retro that it came of.
    pub retro: String,
    /// The team's key.
    pub team: String,
    /// What is to be done.
    pub text: String,
    /// Who does it.
    pub owner: String,
    /// By the end of which day.
    #[schema(value_type = String, format = Date)]
    pub due: Date,
    /// Whether that day is over by the organisation's clocks, and it is still open.
    pub overdue: bool,
    /// Where it stands.
    pub state: ActionState,
    /// Why it was dropped.
    pub reason: Option<String>,
    /// Address of its issue.
    pub issue: Option<String>,
    /// When it was written down.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
    /// Who wrote it down.
    pub made_by: String,
    /// When it was done or dropped.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
}

/// An action as it shall be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionRequest {
    /// What is to be done, in 1 to 1,000 characters.
    #[schema(min_length = 1, max_length = 1000)]
    pub text: String,
    /// Who does it, by mail address.
    pub owner: String,
    /// By the end of which day.
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub due: String,
    /// `open`, `done` or `dropped`.
    #[schema(pattern = "^(open|done|dropped)$")]
    pub state: String,
    /// Why it is dropped, in 1 to 1,000 characters.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: Option<String>,
    /// Address of its issue.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub issue: Option<String>,
}

/// Which learnings to find.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LearningsRequest {
    /// Only those with one of these words, in any of their forms, the best first, such as `what did we learn about
    /// onboarding?`; none: all, the newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "what did we learn about onboarding?", max_length = 400)]
    pub q: Option<String>,
    /// Only of this team.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub team: Option<String>,
    /// Only with this tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "onboarding", pattern = "^[a-z0-9-]{1,40}$")]
    pub tag: Option<String>,
    /// Items of the page, 1 to 500; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Something that a team learned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LearningDocument {
    /// Its id, such as `L-9`.
    pub id: String,
    /// The retro that it came of.
    pub retro: String,
    /// The team's key.
    pub team: String,
    /// What was learned.
    pub text: String,
    /// Words it is found by.
    pub tags: Vec<String>,
    /// What it rests on.
    pub evidence: Vec<String>,
    /// When it was written down.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who wrote it down.
    pub by: String,
}
