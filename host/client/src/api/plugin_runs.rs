//! What plugins did: runs, back-tests, and what a verdict was judged from.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{LogLevel, Outcome};

/// Which runs to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RunsRequest {
    /// Only of this version.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "1.2.0")]
    pub version: Option<String>,
    /// Only those that failed.
    #[serde(default)]
    pub failed: bool,
    /// Only those of shadows.
    #[serde(default)]
    pub shadow: bool,
    /// At most so many; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A run of a plugin at judge time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RunDocument {
    /// Its number.
    pub id: i64,
    /// The version that ran.
    pub version: String,
    /// SHA-256 of its bytes.
    pub hash: String,
    /// The verdict it was asked for; none: the release is private to another team.
    pub verdict: Option<String>,
    /// The criterion; none: as the verdict.
    pub criterion: Option<String>,
    /// The team of the release; none: as the verdict.
    pub team: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What it used.
    pub cost: CostPart,
    /// What ended it; none: it answered.
    pub failure: Option<FailurePart>,
    /// What it found beside the version that decided; none: it decided.
    pub shadow: Option<ShadowPart>,
    /// What it wrote; none: it belongs to another team's release.
    pub log: Option<Vec<LogLinePart>>,
    /// Lines that had no room.
    pub dropped_lines: u64,
}

/// What a run used of what it could have used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CostPart {
    /// Fuel of `plan`.
    pub plan_fuel: u64,
    /// Fuel of `evaluate`.
    pub evaluate_fuel: u64,
    /// Fuel that each of them may use.
    pub fuel_limit: u64,
    /// Most bytes of memory at one time.
    pub memory_peak: u64,
    /// Bytes of memory allowed.
    pub memory_limit: u64,
    /// Calls of the host, in the step that made more.
    pub host_calls: u64,
    /// Calls allowed.
    pub host_call_limit: u64,
    /// Wall clock in microseconds.
    pub micros: u64,
}

/// What ended a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FailurePart {
    /// Its code, such as `plugin-fuel`.
    pub code: String,
    /// What it said; of another team's release, what the code means.
    pub message: String,
}

/// What a shadow found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShadowPart {
    /// What it came to.
    pub outcome: Outcome,
    /// Its sentence.
    pub headline: String,
    /// What the version that decided came to.
    pub decided: Outcome,
    /// Its sentence.
    pub decided_headline: String,
    /// Whether the two differ in their outcome.
    pub differs: bool,
}

/// A line of a log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LogLinePart {
    /// How serious it is.
    pub level: LogLevel,
    /// The text.
    pub message: String,
    /// Named facts beside it.
    #[schema(value_type = Object)]
    pub fields: serde_json::Map<String, Value>,
}

/// What to try a version on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BacktestRequest {
    /// Only verdicts that were given on this day or later, in UTC, or since this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "2026-01-01")]
    pub since: Option<String>,
    /// At most so many verdicts, the newest first; 200 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
}

/// What a version would have found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BacktestDocument {
    /// The plugin's name.
    pub name: String,
    /// The version that was tried.
    pub version: String,
    /// Verdicts that were looked at.
    pub verdicts: u32,
    /// Findings that were computed again.
    pub findings: u32,
    /// Findings that would differ.
    pub changed: Vec<ChangedFindingPart>,
    /// Verdicts that would come to something else.
    pub turned: Vec<TurnedVerdictPart>,
    /// Findings that could not be computed again.
    pub left_out: Vec<LeftOutPart>,
}

/// A finding that would differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChangedFindingPart {
    /// The verdict.
    pub at: String,
    /// The criterion.
    pub criterion: String,
    /// What was found.
    pub then: Outcome,
    /// In its words.
    pub then_headline: String,
    /// What would be found.
    pub now: Outcome,
    /// In its words.
    pub now_headline: String,
}

/// A verdict that would come to something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TurnedVerdictPart {
    /// The verdict.
    pub at: String,
    /// What it came to.
    pub then: Outcome,
    /// What it would come to.
    pub now: Outcome,
}

/// A finding that could not be computed again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeftOutPart {
    /// The verdict.
    pub at: String,
    /// The criterion.
    pub criterion: String,
    /// Why.
    pub why: String,
}

/// Whose inputs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InputsRequest {
    /// The criterion.
    #[param(example = "adoption", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub criterion: String,
}

/// What a criterion of a verdict was judged from: enough to judge it again, to the bit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct InputsDocument {
    /// The verdict, with its number.
    pub at: String,
    /// The criterion.
    pub criterion: String,
    /// The plugin that judged.
    pub plugin: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// The question as the plugin was asked it.
    pub question: Value,
    /// The queries it planned.
    pub queries: Vec<Value>,
    /// The frames, in the order of the queries.
    pub frames: Vec<FramePart>,
    /// What it found.
    pub finding: Value,
}

/// A recorded frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FramePart {
    /// The key of its query.
    pub key: String,
    /// SHA-256 of its canonical bytes.
    pub hash: String,
    /// The canonical bytes, in base64.
    pub content: String,
}
