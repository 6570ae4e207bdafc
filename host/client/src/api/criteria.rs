//! The versions that a release's criteria have had.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CriterionPart, Level};

/// A version of a release's criteria.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CriteriaVersionDocument {
    /// The release's slug.
    pub release: String,
    /// Its number, from 1.
    pub version: u32,
    /// Whether it is the one that is registered now.
    pub current: bool,
    /// The level then.
    pub level: Level,
    /// The planned launch day then.
    #[schema(value_type = String, format = Date)]
    pub planned: Date,
    /// How findings make the verdict, as a sentence.
    pub policy: String,
    /// When the release is judged, in order, such as `d28`; the last one is final.
    pub checkpoints: Vec<String>,
    /// What success means: goals, then guardrails, then watches.
    pub criteria: Vec<CriterionPart>,
    /// When it was registered.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Who registered it.
    pub created_by: String,
    /// Why, where a reason was given.
    pub reason: Option<String>,
    /// Hash of the terms it was last sealed with; none: no seal that counts is of this version.
    pub seal: Option<String>,
    /// Hash of the terms that it amends; none: it is no amendment of what was launched.
    pub amendment: Option<String>,
}
