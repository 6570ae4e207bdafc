//! Whether the service works.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether the service works, and what is wrong if not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// Whether it works: all checks are in order that it needs for that.
    pub ok: bool,
    /// Version of the program that answers.
    pub version: String,
    /// What was looked at.
    pub checks: Vec<HealthCheck>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HealthCheck {
    /// What, such as `database`.
    pub name: String,
    /// Whether it is in order.
    pub ok: bool,
    /// Whether the service does not work without it; what is not needs somebody all the same.
    pub required: bool,
    /// What is wrong; none: nothing is.
    pub problem: Option<String>,
}
