//! What people make of verdicts: decisions, comments, sign-offs.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::words::{ActionKind, CommentKind, DecisionStanding, Settled, Stance};

/// Which decisions to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DecisionsRequest {
    /// Only about this release.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes-ga", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub release: Option<String>,
    /// Only about this team's releases.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub team: Option<String>,
    /// Only overrides that wait for a second person.
    #[serde(default)]
    pub waiting: bool,
    /// Items of the page, 1 to 500; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A decision to make: a stance on the verdict, an action on the feature, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionRequest {
    /// The verdict it is about, as it was looked at: its checkpoint such as `d28`, or a revision such as `d28.2`, which is
    /// refused when there is a newer one; none: the latest verdict.
    #[serde(default)]
    #[schema(example = "d28", pattern = "^d[1-9][0-9]{0,2}(\\.([1-9][0-9]{0,8}|look-[1-9][0-9]{0,8}))?$")]
    pub verdict: Option<String>,
    /// `accept` or `override`; none: no stance.
    #[serde(default)]
    #[schema(example = "accept", pattern = "^(accept|override)$")]
    pub stance: Option<String>,
    /// Of an override: `pass`, `marginal` or `fail`.
    #[serde(default)]
    #[schema(pattern = "^(pass|marginal|fail)$")]
    pub outcome: Option<String>,
    /// Of an override: when it ends. An instant with an offset, or a day, which stands for its end in the team's zone.
    #[serde(default)]
    #[schema(
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
    )]
    pub until: Option<String>,
    /// `keep`, `iterate`, `roll-back`, `retire` or `extend`; none: no action.
    #[serde(default)]
    #[schema(example = "iterate", pattern = "^(keep|iterate|roll-back|retire|extend)$")]
    pub action: Option<String>,
    /// Of `extend`: the later checkpoint, such as `d56`.
    #[serde(default)]
    #[schema(pattern = "^d[1-9][0-9]{0,2}$")]
    pub extend_to: Option<String>,
    /// Why, in 1 to 1,000 characters; an override needs it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: Option<String>,
}

/// What somebody decided. The verdict stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecisionDocument {
    /// Its number.
    pub id: i64,
    /// The release.
    pub release: String,
    /// The revision it is about, such as `batch-changes-ga/d28.1`; none: none had been given.
    pub verdict: Option<String>,
    /// What it is worth now.
    pub standing: DecisionStanding,
    /// What is held of the verdict; none: nothing.
    pub stance: Option<Stance>,
    /// Of an override: what it is held for instead.
    pub outcome: Option<Settled>,
    /// Of an override: until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// What becomes of the feature; none: nothing is said.
    pub action: Option<ActionKind>,
    /// Of `extend`: the checkpoint.
    pub extend_to: Option<String>,
    /// Of `extend`: whether the verdict of that checkpoint counts, because the agreed final one was undecided.
    pub extend_counts: bool,
    /// Why.
    pub reason: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who made it.
    pub by: String,
    /// The second person of an override; none: it waits for one, or needs none.
    pub approved_by: Option<String>,
    /// When that person approved.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub approved_at: Option<Timestamp>,
    /// Who took it back.
    pub withdrawn_by: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub withdrawn_at: Option<Timestamp>,
    /// Why.
    pub withdrawn_because: Option<String>,
}

/// Which comments to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CommentsRequest {
    /// Only about this release.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes-ga", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub release: Option<String>,
    /// Only about this team's releases.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub team: Option<String>,
    /// Only those that wait for an answer.
    #[serde(default)]
    pub open: bool,
    /// Only those that ask this person, by mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "grace.kim@example.com")]
    pub to: Option<String>,
    /// Items of the page, 1 to 500; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Something to say about a verdict, a criterion or what was agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentRequest {
    /// `remark`, `question` or `dispute`. The last two are open until they are answered.
    #[schema(example = "question", pattern = "^(remark|question|dispute)$")]
    pub kind: String,
    /// What is said, in 1 to 4,000 characters.
    #[schema(min_length = 1, max_length = 4000, example = "Do bots count as users here?")]
    pub text: String,
    /// The verdict it is about, such as `d28` or `d28.2`; none: the criteria as they stand.
    #[serde(default)]
    #[schema(pattern = "^d[1-9][0-9]{0,2}(\\.([1-9][0-9]{0,8}|look-[1-9][0-9]{0,8}))?$")]
    pub verdict: Option<String>,
    /// The criterion it is about; none: all of it.
    #[serde(default)]
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub criterion: Option<String>,
    /// Whom it asks: whoever answers for the criterion's `metric` or `plugin`, or for the release, `owner`; none: the
    /// metric's owner where there is a criterion, the release's otherwise.
    #[serde(default)]
    #[schema(pattern = "^(metric|plugin|owner)$")]
    pub to: Option<String>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CommentDocument {
    /// Its number.
    pub id: i64,
    /// The release.
    pub release: String,
    /// The revision it is about, such as `batch-changes-ga/d28.1`; none: what was agreed.
    pub verdict: Option<String>,
    /// The criterion it is about; none: all of it.
    pub criterion: Option<String>,
    /// What it wants.
    pub kind: CommentKind,
    /// What it says.
    pub text: String,
    /// Mail addresses of those it asks.
    pub to: Vec<String>,
    /// Whether an answer is waited for.
    pub open: bool,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who made it.
    pub by: String,
    /// The answer.
    pub answer: Option<String>,
    /// When it was answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answered_at: Option<Timestamp>,
    /// Who answered.
    pub answered_by: Option<String>,
}

/// An answer to a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerRequest {
    /// The answer, in 1 to 4,000 characters.
    #[schema(min_length = 1, max_length = 4000)]
    pub answer: String,
}

/// Which sign-offs to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReviewsRequest {
    /// Only of this release.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes-ga", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub release: Option<String>,
    /// Only of this team's releases.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub team: Option<String>,
    /// Items of the page, 1 to 500; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A sign-off by a peer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewRequest {
    /// The verdict that was looked at, such as `d28` or `d28.2`; none: the criteria as they stand.
    #[serde(default)]
    #[schema(pattern = "^d[1-9][0-9]{0,2}(\\.([1-9][0-9]{0,8}|look-[1-9][0-9]{0,8}))?$")]
    pub verdict: Option<String>,
    /// Whether whoever looked agrees.
    pub agrees: bool,
    /// What they say to it, in 1 to 4,000 characters; whoever does not agree must.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 4000)]
    pub text: Option<String>,
}

/// A peer's sign-off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReviewDocument {
    /// Its number.
    pub id: i64,
    /// The release.
    pub release: String,
    /// The version of the criteria that was looked at; none: a verdict was.
    pub version: Option<u32>,
    /// The verdict that was looked at, such as `batch-changes-ga/d28.1`; none: the criteria were.
    pub verdict: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who looked.
    pub by: String,
    /// Whether they agree.
    pub agrees: bool,
    /// What they say to it.
    pub text: Option<String>,
}
