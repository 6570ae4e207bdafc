//! Whether the service works.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether the service works, and what is wrong if not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// Whether all checks are in order.
    pub ok: bool,
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
    /// What is wrong; none: nothing is.
    pub problem: Option<String>,
}
