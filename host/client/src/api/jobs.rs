//! Jobs: work that comes due by itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::words::{JobKind, JobState};

/// Which jobs to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JobsRequest {
    /// Only those that stand so: `waiting`, `running`, `done`, `dead` or `cancelled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "dead", pattern = "^(waiting|running|done|dead|cancelled)$")]
    pub state: Option<String>,
    /// Only those about this release.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes-ga", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub release: Option<String>,
    /// Only of this kind: `judge`, `arrived` or `deliver`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "judge", pattern = "^(judge|arrived|deliver)$")]
    pub kind: Option<String>,
    /// Items of the page, 1 to 500; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobDocument {
    /// Its number.
    pub id: i64,
    /// What kind of work.
    pub kind: JobKind,
    /// What it is about: of `judge` the verdict, of `arrived` the metric, of `deliver` the event and the sink.
    pub key: String,
    /// The team whose turn it takes; none: the host's own.
    pub team: Option<String>,
    /// The release it is about; none: no single one.
    pub release: Option<String>,
    /// Where it stands.
    pub state: JobState,
    /// Not before.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// Tries since it last got anywhere, the running one among them.
    pub attempts: u32,
    /// The worker that does it; none: nobody does.
    pub worker: Option<String>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When the latest try began; none: there was none.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    /// When it was finished, given up or cancelled; none: it is open.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// What it waits for; none: for its time alone.
    pub waits_for: Option<String>,
    /// What the latest try failed by; none: it did not.
    pub error: Option<String>,
    /// What came of it; none: nothing yet.
    pub result: Option<String>,
}

/// How the service fares, on one screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatusDocument {
    /// Version of the program that answers.
    pub version: String,
    /// The database, without a password.
    pub database: String,
    /// Whether nothing needs anybody.
    pub ok: bool,
    /// What was looked at.
    pub lines: Vec<StatusLine>,
}

/// One line of a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatusLine {
    /// What, such as `jobs`.
    pub name: String,
    /// Whether it is in order.
    pub ok: bool,
    /// How it stands, a sentence.
    pub text: String,
    /// What to do; none: nothing.
    pub advice: Option<String>,
}
