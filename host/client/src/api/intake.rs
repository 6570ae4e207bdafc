//! Requests that come from issues, and the intakes that bring them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::releases::BriefPart;
use super::words::{DeliveredAs, Level, Missing, RequestState, Visibility};

/// An intake to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IntakeRequest {
    /// The repository at GitHub.
    #[schema(example = "example/product", pattern = "^[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}$")]
    pub repository: String,
    /// The team whose requests its issues become.
    #[schema(example = "growth", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub team: String,
    /// Only issues with this label; none: all of them.
    #[serde(default)]
    #[schema(example = "release", min_length = 1, max_length = 100)]
    pub label: Option<String>,
    /// Whether only the team may see the requests and the releases they become.
    #[serde(default)]
    pub private: bool,
}

/// An intake: whose issues become a team's requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IntakeDocument {
    /// The repository at GitHub, in lower case.
    pub repository: String,
    /// The team.
    pub team: String,
    /// Only issues with this label; none: all of them.
    pub label: Option<String>,
    /// Who may see the requests, and the releases they become.
    pub visibility: Visibility,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Who added it.
    pub created_by: String,
}

/// An intake, with the secret that signs what it gets: shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SecretIntakeDocument {
    /// The intake.
    pub intake: IntakeDocument,
    /// What the web hook at GitHub is given as its secret, as it is.
    pub secret: String,
}

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeliveredDocument {
    /// In a word.
    pub outcome: DeliveredAs,
    /// The number of the request; none: there is none.
    pub request: Option<i64>,
    /// What was done, or why nothing was, a sentence.
    pub says: String,
}

/// Which requests to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RequestsRequest {
    /// Only of this team.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "growth", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub team: Option<String>,
    /// Only those that stand here: `asks`, `registered` or `closed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "asks", pattern = "^(asks|registered|closed)$")]
    pub state: Option<String>,
    /// Items of the page, 1 to 500; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A request: an issue, and what became of it. Its texts were written by whoever opened the issue: escape them before
/// they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestDocument {
    /// Its number.
    pub id: i64,
    /// The address of the issue.
    pub issue: String,
    /// The issue's repository.
    pub repository: String,
    /// The team.
    pub team: String,
    /// Who may see it.
    pub visibility: Visibility,
    /// The issue's title.
    pub title: String,
    /// The five parts.
    pub brief: BriefPart,
    /// The issue's labels.
    pub labels: Vec<String>,
    /// Whether it must not wait: it is labelled `urgent`.
    pub urgent: bool,
    /// How big the launch is; none: nobody has said.
    pub level: Option<Level>,
    /// The planned day; none: nobody has said.
    #[schema(value_type = Option<String>, format = Date)]
    pub planned: Option<Date>,
    /// Mail address of who answers for it; none: nobody has said.
    pub owner: Option<String>,
    /// What joins the releases of one feature; none: nothing.
    pub feature: Option<String>,
    /// Where it stands.
    pub state: RequestState,
    /// What a release needs and this does not say.
    pub missing: Vec<Missing>,
    /// How to give what is missing, a sentence; none: nothing is.
    pub asks: Option<String>,
    /// What the issue says and is not understood, a sentence each.
    pub notes: Vec<String>,
    /// The release that it became, or that people had registered for its issue; none: there is none yet.
    pub release: Option<String>,
    /// When it came first.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// When the issue was changed last, by GitHub's clock.
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Timestamp,
}

/// What a request lacks, given by hand; what is not given is the request's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterRequest {
    /// How big the launch is: `L1` (the largest), `L2` or `L3`.
    #[serde(default)]
    #[schema(example = "L2", pattern = "^[Ll][123]$")]
    pub level: Option<String>,
    /// The planned day.
    #[serde(default)]
    #[schema(example = "2026-03-03", pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub planned: Option<String>,
    /// Mail address of the one person who answers for it.
    #[serde(default)]
    #[schema(example = "ana.lopez@example.com", max_length = 254)]
    pub owner: Option<String>,
    /// The release's slug; none: made of the title.
    #[serde(default)]
    #[schema(example = "faster-sign-up", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub slug: Option<String>,
}
