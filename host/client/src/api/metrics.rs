//! Metrics and the state of their data.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{ImportDocument, MetricKind};

/// Which metrics to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MetricsRequest {
    /// Only of this team.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub team: Option<String>,
    /// Only those that this person answers for, by mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "ana.lopez@example.com", max_length = 254)]
    pub owner: Option<String>,
    /// Only of this kind: `gauge`, `sum`, `mean` or `ratio`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "ratio", pattern = "^(gauge|sum|mean|ratio)$")]
    pub kind: Option<String>,
    /// Only those whose key or title has this text in it; letters from A to Z without regard to case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(max_length = 200)]
    pub text: Option<String>,
    /// At most so many; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A metric in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MetricSummary {
    /// Its key.
    pub key: String,
    /// Its name for people.
    pub title: String,
    /// How its values add up.
    pub kind: MetricKind,
    /// Unit of its values; `share` for a proportion in 0..1.
    pub unit: String,
    /// The person who answers for it, by mail address.
    pub owner: String,
    /// The key of the team it belongs to.
    pub team: String,
    /// IANA zone whose days its values are.
    pub time_zone: String,
    /// How far its data go.
    pub coverage: CoveragePart,
}

/// A metric: its definition, its data, its newest imports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MetricDocument {
    /// Its key.
    pub key: String,
    /// Its name for people.
    pub title: String,
    /// The person who answers for it, by mail address.
    pub owner: String,
    /// The key of the team it belongs to.
    pub team: String,
    /// What it means.
    pub definition: String,
    /// Raised when the meaning changes; from 1.
    pub definition_version: u32,
    /// Hash of its meaning, part of seals.
    pub hash: String,
    /// How its values add up.
    pub kind: MetricKind,
    /// Unit of its values; `share` for a proportion in 0..1.
    pub unit: String,
    /// Which way it improves: `higher`, `lower` or `neither`.
    pub better: String,
    /// How its values came to be: `recorded`, `estimated` or `predicted`.
    pub basis: String,
    /// Whether its values are a sample of something larger rather than a complete count.
    pub sampled: bool,
    /// Days that a value of a gauge looks back; none: its own day only.
    pub covers_days: Option<u32>,
    /// The dimension whose values are single units; none: values are of days, not units.
    pub unit_dimension: Option<String>,
    /// Width of a bucket: `day`.
    pub grain: String,
    /// IANA zone whose days its values are.
    pub time_zone: String,
    /// What a day without a value means: `gap` (unknown) or `zero`.
    pub missing: String,
    /// How long after a day's end its value is promised, in minutes.
    pub fresh_within_minutes: i64,
    /// Who may read it: `company` or `team`.
    pub visibility: String,
    /// Dimensions and their known values.
    pub dimensions: BTreeMap<String, Vec<String>>,
    /// Where its data live; `points`: imported here.
    pub source: String,
    /// Links by name.
    pub links: BTreeMap<String, String>,
    /// How far its data go.
    pub coverage: CoveragePart,
    /// Its ten newest imports, the newest first.
    pub imports: Vec<ImportDocument>,
}

/// How far a metric's data go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CoveragePart {
    /// Days that have a value.
    pub buckets: u64,
    /// The oldest day with a value, in the metric's zone.
    #[schema(value_type = Option<String>, format = Date)]
    pub oldest: Option<Date>,
    /// The newest day with a value.
    #[schema(value_type = Option<String>, format = Date)]
    pub newest: Option<Date>,
    /// The watermark: nothing is outstanding before this instant.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub complete_through: Option<Timestamp>,
    /// The last day before the watermark.
    #[schema(value_type = Option<String>, format = Date)]
    pub last_complete_day: Option<Date>,
}
