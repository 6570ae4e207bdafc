//! What is asked of retros: opening one, and replacing what people write.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A retro to open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenRetroRequest {
    /// The releases it looks back on, all of them launched.
    #[schema(min_items = 1, max_items = 50, example = json!(["batch-changes-ga"]))]
    pub releases: Vec<String>,
    /// Its id; none: month and team, such as `2026-04-batch-changes`.
    #[serde(default)]
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub id: Option<String>,
    /// The team whose it is; none: the first release's.
    #[serde(default)]
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub team: Option<String>,
    /// What it is called, in 1 to 200 characters; none: the releases' names.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// Which sections it starts with: `went-well` or `start-stop-continue`; none: the former.
    #[serde(default)]
    #[schema(example = "went-well", pattern = "^(went-well|start-stop-continue)$")]
    pub template: Option<String>,
    /// Who leads it, by mail address.
    #[serde(default)]
    pub facilitator: Option<String>,
    /// Who may see it: `company` or `team`; none: the team alone where one of its releases is private.
    #[serde(default)]
    #[schema(pattern = "^(company|team)$")]
    pub visibility: Option<String>,
}

/// What people write into a retro, all of it as it shall be. What is the host's in the document that was read may be sent
/// back with it; it changes nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetroRequest {
    /// `collecting`, `held` or `closed`, which cannot be taken back.
    #[schema(example = "held", pattern = "^(collecting|held|closed)$")]
    pub status: String,
    /// What it is called, in 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// The releases it looks back on, all of them launched.
    #[schema(min_items = 1, max_items = 50)]
    pub releases: Vec<String>,
    /// `company` or `team`; none: as it is.
    #[serde(default)]
    #[schema(pattern = "^(company|team)$")]
    pub visibility: Option<String>,
    /// When it takes or took place: an instant with an offset.
    #[serde(default)]
    #[schema(
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
    )]
    pub held_at: Option<String>,
    /// Who leads it, by mail address.
    #[serde(default)]
    pub facilitator: Option<String>,
    /// Who takes part, by mail address.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub attendees: Vec<String>,
    /// Texts by section, such as `went_well`.
    #[serde(default)]
    pub sections: BTreeMap<String, Vec<String>>,
    /// Topics, in their order.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub topics: Vec<TopicRequest>,
    /// Its actions: those that are there by their ids, none left out, and new ones.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub actions: Vec<ActionPartRequest>,
    /// Its learnings: those that are there by their ids, and new ones. One that is left out goes.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub learnings: Vec<LearningPartRequest>,
    /// The host's.
    #[serde(default)]
    pub id: Option<String>,
    /// The host's.
    #[serde(default)]
    pub team: Option<String>,
    /// The host's: `If-Match` says which version is edited.
    #[serde(default)]
    pub version: Option<u32>,
    /// The host's.
    #[serde(default)]
    pub opened_at: Option<String>,
    /// The host's.
    #[serde(default)]
    pub opened_by: Option<String>,
    /// The host's.
    #[serde(default)]
    pub closed_at: Option<String>,
    /// The host's.
    #[serde(default)]
    pub closed_by: Option<String>,
    /// The host's.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub evidence: Option<serde_json::Value>,
    /// The host's.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Object>>)]
    pub previous_actions: Option<serde_json::Value>,
}

/// A topic as it shall be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TopicRequest {
    /// What it is about, in 1 to 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    pub title: String,
    /// Votes it got.
    #[serde(default)]
    #[schema(maximum = 100_000)]
    pub votes: u32,
    /// What was said.
    #[serde(default)]
    #[schema(max_length = 4000)]
    pub notes: Option<String>,
    /// What it ends in; a retro closes when every topic has one.
    #[serde(default)]
    pub commitment: Option<CommitmentRequest>,
}

/// What a topic ends in: an action that is there, or one that is made by it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitmentRequest {
    /// The action, such as `A-21`; none: a new one.
    #[serde(default)]
    #[schema(pattern = "^A-[1-9][0-9]{0,17}$")]
    pub action: Option<String>,
    /// Of a new one: what is to be done.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    pub text: Option<String>,
    /// Of a new one: who does it, by mail address.
    #[serde(default)]
    pub owner: Option<String>,
    /// Of a new one: by the end of which day.
    #[serde(default)]
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub due: Option<String>,
}

/// An action of a retro as it shall be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionPartRequest {
    /// Its id, such as `A-21`; none: a new one.
    #[serde(default)]
    #[schema(pattern = "^A-[1-9][0-9]{0,17}$")]
    pub id: Option<String>,
    /// What is to be done, in 1 to 1,000 characters.
    #[schema(min_length = 1, max_length = 1000)]
    pub text: String,
    /// Who does it, by mail address.
    pub owner: String,
    /// By the end of which day.
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub due: String,
    /// `open`, `done` or `dropped`; none: open.
    #[serde(default)]
    #[schema(pattern = "^(open|done|dropped)$")]
    pub state: Option<String>,
    /// Why it is dropped, in 1 to 1,000 characters.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: Option<String>,
    /// Address of its issue.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub issue: Option<String>,
}

/// A learning as it shall be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LearningPartRequest {
    /// Its id, such as `L-9`; none: a new one.
    #[serde(default)]
    #[schema(pattern = "^L-[1-9][0-9]{0,17}$")]
    pub id: Option<String>,
    /// What was learned, in 1 to 2,000 characters.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
    /// Words it is found by: 1 to 40 of a-z 0-9 -.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub tags: Vec<String>,
    /// What it rests on: verdicts of the retro's releases, such as `batch-changes-ga/d28#adoption`.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub evidence: Vec<String>,
}
