//! The audit.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which events to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditRequest {
    /// Only those about this, such as `release batch-changes-ga`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "release batch-changes-ga", max_length = 255)]
    pub subject: Option<String>,
    /// Only those of what was done or wanted, such as `launch`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "launch", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub action: Option<String>,
    /// Only what was `done`, or what was `refused`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "refused", pattern = "^(done|refused)$")]
    pub outcome: Option<String>,
    /// Only of then or later: an instant with an offset, or a day, which stands for its start in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
    )]
    pub since: Option<String>,
    /// Only from before then: an instant with an offset, or a day, which stands for its end in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
    )]
    pub until: Option<String>,
    /// At most so many; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// An event of the audit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditEventDocument {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who, as the chain has it: an id that says nothing by itself, `service:KEY`, or `host`.
    pub actor: String,
    /// The name behind the id; none: it has none, or it was erased.
    pub name: Option<String>,
    /// What was done, such as `launch`, or wanted.
    pub action: String,
    /// To what, such as `release batch-changes-ga`.
    pub subject: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// Particulars.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
    /// Its place in the chain and the hash up to it; none: not chained yet.
    pub head: Option<String>,
}

/// A head to hold the audit against.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditCheckRequest {
    /// A head that was kept elsewhere; none: what was cut off at the end, or written anew, cannot be found.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "1204:sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub head: Option<String>,
}

/// What checking the audit came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditCheckDocument {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// Events that were checked.
    pub events: u64,
    /// Events that are not chained yet, so that nothing can be told of them.
    pub loose: u64,
    /// Where the chain ends; none: there is none.
    pub head: Option<String>,
    /// The head that it was held against; none: none was given.
    pub kept: Option<String>,
    /// What is wrong, a sentence each; the first twenty.
    pub problems: Vec<String>,
    /// What cannot be found this way, a sentence each.
    pub limits: Vec<String>,
}

/// Whose name to erase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgetRequest {
    /// A person by mail address, or `local:USER`.
    #[schema(example = "ana.lopez@example.com")]
    pub who: String,
}

/// A name that was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ForgottenDocument {
    /// Whether it is.
    pub forgotten: bool,
}
