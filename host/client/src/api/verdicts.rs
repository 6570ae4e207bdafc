//! Verdicts: lists, judging, replay. The verdict itself is [`VerdictDocument`].

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Outcome, Reason, Standing};
use crate::document::VerdictDocument;

/// Which verdicts to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VerdictsRequest {
    /// Only of this release.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes-ga", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub release: Option<String>,
    /// Only of this team's releases.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub team: Option<String>,
    /// Looks too, not only official verdicts.
    #[serde(default)]
    pub looks: bool,
    /// Only of releases of this level as registered now: `L1`, `L2`, `L3`, or `L2+` for L1 and L2.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "L2+", pattern = "^L[123]\\+?$")]
    pub level: Option<String>,
    /// Only those that come to this: `pass`, `marginal`, `fail` or `undecided`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "fail", pattern = "^(pass|marginal|fail|undecided)$")]
    pub outcome: Option<String>,
    /// Only those undecided for this reason, such as `untrusted-data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "untrusted-data", pattern = "^[a-z-]{3,40}$")]
    pub reason: Option<String>,
    /// Only those undecided with this code, such as `stale`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "stale", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub code: Option<String>,
    /// Only those of final checkpoints, or only those of others.
    #[serde(rename = "final", skip_serializing_if = "Option::is_none")]
    pub is_final: Option<bool>,
    /// Only those judged then or later: an instant with an offset, or a day, which stands for its start in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
    )]
    pub judged_since: Option<String>,
    /// Only those judged before then: an instant with an offset, or a day, which stands for its end in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
    )]
    pub judged_until: Option<String>,
    /// At most so many; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A verdict in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VerdictSummary {
    /// Where it is found, such as `batch-changes-ga/d28`.
    pub at: String,
    /// The release's slug.
    pub release: String,
    /// The release's name as registered now.
    pub release_name: String,
    /// The checkpoint, such as `d28`.
    pub checkpoint: String,
    /// Whether it counts.
    pub standing: Standing,
    /// Whether its checkpoint is the release's last.
    pub is_final: bool,
    /// What it comes to.
    pub outcome: Outcome,
    /// Of an undecided one.
    pub reason: Option<Reason>,
    /// Of an undecided one: the precise code.
    pub code: Option<String>,
    /// One sentence.
    pub headline: String,
    /// The instant it speaks of.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Timestamp,
    /// When it was judged.
    #[schema(value_type = String, format = DateTime)]
    pub judged_at: Timestamp,
    /// Who asked for it.
    pub judged_by: String,
}

/// Which charts of a verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChartsRequest {
    /// Only of this criterion.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "adoption")]
    pub criterion: Option<String>,
}

/// What to judge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeRequest {
    /// The checkpoint, such as `d7`; none: the latest that has ended.
    #[serde(default)]
    #[schema(example = "d28", pattern = "^d([1-9]|[1-9][0-9]|[1-6][0-9]{2}|7[0-2][0-9]|730)$")]
    pub checkpoint: Option<String>,
    /// The world at this instant: an instant with an offset, or a day, which stands for its end in the team's
    /// zone; none: now.
    #[serde(default)]
    #[schema(
        example = "2026-04-09T12:00:00Z",
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
    )]
    pub as_of: Option<String>,
    /// Only what had been received by this instant, or by the end of this day; none: everything known.
    #[serde(default)]
    #[schema(
        example = "2026-04-09T12:00:00Z",
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
    )]
    pub known_at: Option<String>,
}

/// A verdict just given, and what is beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct JudgedDocument {
    /// The verdict.
    pub verdict: VerdictDocument,
    /// Why it is a look rather than official; none: it is official.
    pub look_because: Option<String>,
    /// Where the verdict by the amended criteria is found, beside it.
    pub amended: Option<String>,
}

/// What computing a verdict again came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReplayDocument {
    /// Where the verdict is found.
    pub at: String,
    /// Whether nothing differs.
    pub same: bool,
    /// Findings that were computed again and gave the same bytes.
    pub identical: u32,
    /// Findings the host wrote itself; their records were checked.
    pub by_host: u32,
    /// Findings that a wall clock stopped: nobody can compute those again.
    pub not_replayable: u32,
    /// Whether fuel was compared: only under the engine that judged.
    pub fuel_compared: bool,
    /// What differs.
    pub differences: Vec<DifferencePart>,
}

/// Something that is not as it was when the verdict was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DifferencePart {
    /// The criterion; none: the verdict as a whole.
    pub criterion: Option<String>,
    /// Which part, such as `finding`, `plugin` or `frame KEY`.
    pub part: String,
    /// What was recorded and what is there now.
    pub detail: String,
}
