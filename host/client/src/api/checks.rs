//! Whether a release can be decided, and when.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CheckGrade, Level, Lifecycle};

/// Whether a release can be decided, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckDocument {
    /// The release's slug.
    pub release: String,
    /// Its name.
    pub name: String,
    /// How big the launch is.
    pub level: Level,
    /// The planned launch day.
    #[schema(value_type = String, format = Date)]
    pub planned: Date,
    /// Where it stands.
    pub lifecycle: Lifecycle,
    /// The gravest grade of its lines; with `error` it could not be sealed as it is.
    pub grade: CheckGrade,
    /// What was looked at.
    pub lines: Vec<CheckedLine>,
    /// The checkpoint that decides it, such as `d28`.
    pub decided_at: Option<String>,
    /// The day its data are promised, if it launches as planned.
    #[schema(value_type = Option<String>, format = Date)]
    pub decided_on: Option<Date>,
    /// What leads to that day, in words.
    pub because: String,
}

/// One line of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckedLine {
    /// How it reads.
    pub grade: CheckGrade,
    /// The criterion it is about; empty: the release.
    pub subject: String,
    /// What was found.
    pub text: String,
}
