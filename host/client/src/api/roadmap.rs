//! Releases that are expected, registered or not.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::words::Level;

/// Which expected releases to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RoadmapRequest {
    /// Only those that became releases, or only those that nobody registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = false)]
    pub registered: Option<bool>,
    /// Only of this team.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "growth", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub team: Option<String>,
    /// Only on this list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "roadmap", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub list: Option<String>,
    /// Items of the page, 1 to 500; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// How a list is imported.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RoadmapImportRequest {
    /// The list's name; `roadmap` unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "roadmap", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub list: Option<String>,
    /// Only look what it would do.
    #[serde(default)]
    pub dry_run: bool,
}

/// What importing a list came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoadmapImportedDocument {
    /// The list's name.
    pub list: String,
    /// False: it was only looked at.
    pub written: bool,
    /// Rows that were not on it.
    pub new: u64,
    /// Rows that differ.
    pub changed: u64,
    /// Rows that are as they were.
    pub unchanged: u64,
    /// Rows that are no longer on it.
    pub withdrawn: u64,
    /// Rows of the file that are registered as releases.
    pub registered: u64,
}

/// A release that is expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExpectedDocument {
    /// Its number.
    pub id: i64,
    /// The list it is on.
    pub list: String,
    /// What makes it the one it is within its list.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The team; none: nobody has said.
    pub team: Option<String>,
    /// How big the launch is; none: nobody has said.
    pub level: Option<Level>,
    /// The planned day; none: nobody has said.
    #[schema(value_type = Option<String>, format = Date)]
    pub planned: Option<Date>,
    /// Mail address of who answers for it; none: nobody has said.
    pub owner: Option<String>,
    /// Address of the tracking issue; none: there is none.
    pub issue: Option<String>,
    /// The release that it became; none: nobody has registered it.
    pub release: Option<String>,
    /// When it came, or was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub imported_at: Timestamp,
    /// Who imported it then.
    pub imported_by: String,
}
