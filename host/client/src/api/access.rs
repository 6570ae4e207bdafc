//! Who asks: tokens and service accounts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::Scope;

/// Whoever asks, as the service sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WhoDocument {
    /// A person by mail address, or `service:KEY`.
    pub actor: String,
    /// Whether they do what operators do, with this token.
    pub operator: bool,
    /// What their token may be used for.
    pub scopes: Vec<Scope>,
    /// Teams they maintain.
    pub maintains: Vec<String>,
    /// Teams they are a member of otherwise.
    pub member_of: Vec<String>,
}

/// A token to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// What it is for, in 1 to 200 characters on one line.
    #[schema(example = "nightly import", min_length = 1, max_length = 200)]
    pub name: String,
    /// Whom it acts as: a person by mail address, or `service:KEY`; none: whoever asks.
    #[serde(default)]
    #[schema(example = "service:growth-ci")]
    pub owner: Option<String>,
    /// What it may be used for: `read`, `import`, `write`, `operate`.
    #[schema(min_items = 1, max_items = 4, example = json!(["import"]))]
    pub scopes: Vec<String>,
    /// How long it lasts, in days; 90 unless said otherwise.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 366)]
    pub days: Option<u32>,
}

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TokenDocument {
    /// Its number.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// The beginning of its secret, which tells tokens apart.
    pub beginning: String,
    /// Whom it acts as.
    pub owner: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// From when on it is refused.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// When it was used last, to a few minutes; none: never.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub used_at: Option<Timestamp>,
    /// When it was revoked; none: it was not.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
    /// Who revoked it.
    pub revoked_by: Option<String>,
}

/// A token that was made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MadeTokenDocument {
    /// The secret to send. It is shown this once and kept nowhere.
    pub secret: String,
    /// The token.
    pub token: TokenDocument,
}

impl std::fmt::Debug for MadeTokenDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeTokenDocument").field("token", &self.token).finish_non_exhaustive()
    }
}

/// A service account to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceAccountRequest {
    /// Its key: 1 to 80 of a-z 0-9 -, first a letter or digit.
    #[schema(example = "growth-ci", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub key: String,
    /// What it is for, in 1 to 200 characters on one line.
    #[schema(example = "Growth's nightly import", min_length = 1, max_length = 200)]
    pub name: String,
    /// The team it is a member of; none: it does what operators do.
    #[serde(default)]
    #[schema(example = "growth")]
    pub team: Option<String>,
}

/// A service account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServiceAccountDocument {
    /// Its key.
    pub key: String,
    /// What it is for.
    pub name: String,
    /// The team it is a member of; none: it does what operators do.
    pub team: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// When it was retired; none: it was not.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub retired_at: Option<Timestamp>,
}
