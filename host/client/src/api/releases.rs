//! Releases: lists, one with its history, and what can be done to it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{CriteriaState, Level, Lifecycle, Role, SealedWhen, VerdictSummary, WaitsFor};

/// Which releases to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReleasesRequest {
    /// Only of this team.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub team: Option<String>,
    /// Only of this level: `L1` (the largest), `L2`, `L3`, or `L2+` for L1 and L2.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "L2+", pattern = "^L[123]\\+?$")]
    pub level: Option<String>,
    /// Only those that wait for this: `criteria`, `seal`, `launch`, `data`, `decision` or `retro`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "decision", pattern = "^(criteria|seal|launch|data|decision|retro)$")]
    pub waits_for: Option<String>,
    /// Only those that stand so: `draft`, `sealed`, `launched`, `judged`, `closed` or `cancelled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "launched", pattern = "^(draft|sealed|launched|judged|closed|cancelled)$")]
    pub lifecycle: Option<String>,
    /// Only those that this person answers for, by mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "ana.lopez@example.com", max_length = 254)]
    pub owner: Option<String>,
    /// Only those of this feature.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes", max_length = 200)]
    pub feature: Option<String>,
    /// Only those with which the feature is this mature, such as `beta` or `ga`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "ga", pattern = "^[a-z_]{2,20}$")]
    pub stage: Option<String>,
    /// Only those planned on this day or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub planned_from: Option<String>,
    /// Only those planned on this day or earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub planned_until: Option<String>,
    /// Only those launched then or later: an instant with an offset, or a day, which stands for its start in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
    )]
    pub launched_from: Option<String>,
    /// Only those launched before then: an instant with an offset, or a day, which stands for its end in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
    )]
    pub launched_until: Option<String>,
    /// Only those whose name has this text in it; letters from A to Z without regard to case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(max_length = 200)]
    pub text: Option<String>,
    /// The order: `-planned` (the latest planned day first, unless said otherwise), `planned`, `name`, `-name`, `-changed` (whose
    /// registration changed last first) or `changed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "name", pattern = "^-?(planned|name|changed)$")]
    pub sort: Option<String>,
    /// At most so many; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A release in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseSummary {
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// How big the launch is.
    pub level: Level,
    /// The team's key.
    pub team: String,
    /// The person who answers for it, by mail address.
    pub owner: String,
    /// The planned launch day, in the team's zone.
    #[schema(value_type = String, format = Date)]
    pub planned: Date,
    /// When it launched.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub launched_at: Option<Timestamp>,
    /// Where it stands.
    pub lifecycle: Lifecycle,
    /// Where its criteria stand.
    pub criteria: CriteriaState,
    /// Hash of the sealed terms.
    pub seal: Option<String>,
    /// What it waits for, and for whom.
    #[serde(default)]
    pub waits_for: Vec<WaitPart>,
}

/// Something that a release waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WaitPart {
    /// What.
    pub what: WaitsFor,
    /// Whom it waits for, by mail address.
    pub whom: Vec<String>,
    /// Since when; none: since it was registered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
}

/// A release: what was agreed, what happened, its verdicts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseDocument {
    /// Its slug; never changes.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Joins the releases of one feature.
    pub feature: Option<String>,
    /// How big the launch is.
    pub level: Level,
    /// Whether releases of its level must be measured.
    pub must_be_measured: bool,
    /// How mature the feature is with it, such as `beta` or `ga`.
    pub stage: Option<String>,
    /// The team's key.
    pub team: String,
    /// The person who answers for it, by mail address.
    pub owner: String,
    /// The planned launch day, in `time_zone`.
    #[schema(value_type = String, format = Date)]
    pub planned: Date,
    /// IANA zone of its days: as sealed, the team's before that.
    pub time_zone: String,
    /// The fiscal quarter of its launch, or of the planned day while there is none, such as `FY27-Q1`: named by the
    /// calendar year in which the fiscal year ends.
    #[schema(example = "FY27-Q1")]
    pub fiscal_quarter: String,
    /// Where it is deployed.
    pub deployments: Vec<String>,
    /// Address of the tracking issue.
    pub issue: Option<String>,
    /// Links by name.
    pub links: BTreeMap<String, String>,
    /// Ids of key results.
    pub okrs: Vec<String>,
    /// Slug of the release it is a relaunch of.
    pub follows: Option<String>,
    /// The request behind it.
    pub brief: BriefPart,
    /// How sure the team is today, in 0..=1; judges nothing.
    #[schema(minimum = 0, maximum = 1)]
    pub confidence: Option<f64>,
    /// Where it stands.
    pub lifecycle: Lifecycle,
    /// Version of its criteria, from 1.
    pub version: u32,
    /// Where its criteria stand.
    pub criteria_state: CriteriaState,
    /// How findings make its verdict, as a sentence.
    pub policy: String,
    /// When it is judged, in order; the last one is final.
    pub checkpoints: Vec<CheckpointPart>,
    /// What success means: goals, then guardrails, then watches.
    pub criteria: Vec<CriterionPart>,
    /// The launch, unless undone.
    pub launch: Option<LaunchPart>,
    /// The seal that counts.
    pub seal: Option<ReleaseSeal>,
    /// Amendments after the launch, oldest first.
    pub amendments: Vec<AmendmentPart>,
    /// Its end, if it was cancelled.
    pub cancelled: Option<CancelledPart>,
    /// What happened, oldest first.
    pub events: Vec<EventPart>,
    /// Its newest verdicts, official ones and looks, the newest first; at most 200.
    pub verdicts: Vec<VerdictSummary>,
    /// What is to be known of the plugins it was sealed with, a sentence each: those that were deprecated or yanked. In
    /// the answer to sealing also lints that warn, and goals and guardrails that cannot be decided by their checkpoint.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// The five parts of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BriefPart {
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

/// A checkpoint of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckpointPart {
    /// Such as `d28`: ends 28 whole days after the launch day.
    pub checkpoint: String,
    /// When it ends; none: it has not launched.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ends_at: Option<Timestamp>,
}

/// One criterion as registered now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CriterionPart {
    /// Its id within the release.
    pub id: String,
    /// What it decides.
    pub role: Role,
    /// A goal whose failure alone fails the release.
    pub required: bool,
    /// One sentence a person can read.
    pub says: String,
    /// The judge and the versions of it that will do, such as `threshold@1`.
    pub judge: String,
    /// Metric keys by the judge's own name for each.
    pub metrics: BTreeMap<String, String>,
    /// Days after the launch that count, such as `d1..d28`; none: all until the checkpoint.
    pub window: Option<String>,
    /// Whole days before the launch day to compare with.
    pub baseline_days: Option<u32>,
    /// Parameters of the judge.
    #[schema(value_type = Object)]
    pub with: serde_json::Value,
    /// What the team expects, as written.
    pub expected: Option<String>,
    /// Weight in a weighted policy.
    pub weight: f64,
    /// The checkpoint that decides it; none: the final one, for a guardrail every one.
    pub due: Option<String>,
}

/// A launch as announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LaunchPart {
    /// The launch instant.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
    /// Who recorded it.
    pub by: String,
    /// Whole days from the planned to the launch day; negative: early.
    pub days_late: i32,
}

/// A seal as taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseSeal {
    /// SHA-256 of the sealed terms.
    pub hash: String,
    /// The version of the criteria it seals.
    pub version: u32,
    /// When it was taken.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who took it.
    pub by: String,
    /// When, against the launch.
    pub when: SealedWhen,
    /// Whole days after the launch day, of a late one.
    pub days_after_launch: Option<u32>,
    /// Whether it seals the criteria as they stand now.
    pub covers: bool,
}

/// A change of sealed terms after the launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AmendmentPart {
    /// SHA-256 of the amended terms.
    pub hash: String,
    /// The version of the criteria it is.
    pub version: u32,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who made it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The second person who approved it; none: its verdicts are shown beside and do not count.
    pub approved_by: Option<String>,
}

/// The end of a release that is not judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CancelledPart {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// One thing that happened to a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EventPart {
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who did it.
    pub by: String,
    /// `registered`, `criteria-changed`, `amended`, `sealed`, `launched`, `launch-undone`, `rescheduled` or
    /// `cancelled`.
    pub kind: String,
    /// What is worth knowing about it: the reason, the hash, the day.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}

/// A launch to announce.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LaunchRequest {
    /// When it launched: an instant with an offset, or a day, which stands for its start in the team's zone;
    /// none: now.
    #[serde(default)]
    #[schema(
        example = "2026-03-10T16:00:00Z",
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
    )]
    pub at: Option<String>,
}

/// A launch to take back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoLaunchRequest {
    /// Why, in 1 to 1,000 characters.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// Another planned day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RescheduleRequest {
    /// The new planned day, such as `2026-03-17`.
    #[schema(example = "2026-03-17", pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub to: String,
    /// Why, in 1 to 1,000 characters.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// The end of a release that will not be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelRequest {
    /// Why, in 1 to 1,000 characters.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// How a release is declared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PutReleaseRequest {
    /// Why criteria change after the launch, in 1 to 1,000 characters; none: such a change is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(min_length = 1, max_length = 1000)]
    pub reason: Option<String>,
}
