//! Points of a metric: its values day by day, and what they were before.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which points of a metric to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PointsRequest {
    /// From this day on, in the metric's zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "2026-03-01", pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub from: Option<String>,
    /// Until this day, itself too, in the metric's zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "2026-03-31", pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub until: Option<String>,
    /// Only of this value of a dimension, as `DIMENSION=VALUE`; several times for several dimensions. Other dimensions
    /// than these may be there too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[param(pattern = "^[^=]*=")]
    pub dimension: Vec<String>,
    /// As known then: only what had been received, and not been taken back: an instant with an offset, or a day, which
    /// stands for its end in the metric's zone; none: as known now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(
        example = "2026-03-10T16:00:00Z",
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
    )]
    pub known_at: Option<String>,
    /// At most so many; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A day of a series, with the value that counts and those before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PointDocument {
    /// The series: dimension to value; empty: the total.
    pub dimensions: BTreeMap<String, String>,
    /// The day, in the metric's zone.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// The value that counts.
    pub now: PointValuePart,
    /// How often it was corrected or taken away.
    pub corrections: u64,
    /// What it was before, the newest first; the twenty newest of more.
    pub earlier: Vec<PointValuePart>,
}

/// A value that a day had from an import on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PointValuePart {
    /// The number of the import that brought it.
    pub import: i64,
    /// When it was received.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// In the metric's unit: the level of a gauge, the amount of a sum, the mean, the ratio; none: the import took away
    /// what was there, or there is nothing to divide by.
    pub value: Option<f64>,
    /// The sum of a mean, the numerator of a ratio; none of other kinds.
    pub sum: Option<f64>,
    /// The units of a mean, the denominator of a ratio; none of other kinds.
    pub n: Option<f64>,
    /// The sum of squares of a mean; none of other kinds.
    pub sum_sq: Option<f64>,
}
