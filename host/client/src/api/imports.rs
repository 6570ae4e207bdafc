//! Imports of values: what is asked, what came of it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which imports to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportsRequest {
    /// Only of this metric.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch_changes.mau", pattern = "^[a-z0-9][a-z0-9_.]{0,79}$")]
    pub metric: Option<String>,
    /// At most so many; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// How a file of values is read; what is not said is as the metric says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportRequest {
    /// Where the values come from, such as the name of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "usage.csv", max_length = 255)]
    pub origin: Option<String>,
    /// Column with the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Column with the value of a gauge or sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Column with the numerator of a ratio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numerator: Option<String>,
    /// Column with the denominator of a ratio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator: Option<String>,
    /// Column with the units of a mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    /// Column with the sum of a mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sum: Option<String>,
    /// Column with the sum of squares of a mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sum_sq: Option<String>,
    /// Column of a dimension, written `DIMENSION=COLUMN`; once for each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[param(example = json!(["deployment=deploy_type"]))]
    pub dimension: Vec<String>,
    /// Text that marks a dimension's total, written `DIMENSION=TEXT`; once for each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[param(example = json!(["deployment=all"]))]
    pub total: Vec<String>,
    /// Only rows in which a column holds a text, written `COLUMN=TEXT`; once for each column.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// The dimension whose values are columns of their own: a wide file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wide: Option<String>,
    /// Values are complete up to the end of this day; none: the day before the newest row.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "2026-03-09", pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub complete_through: Option<String>,
    /// Known values of these days that the file no longer has are withdrawn, written `FROM..TO`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(
        example = "2026-03-01..2026-03-07",
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}\\.\\.[0-9]{4}-[0-9]{2}-[0-9]{2}$"
    )]
    pub replace: Option<String>,
}

/// An import: what came, and what it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportDocument {
    /// Its number, ascending from 1.
    pub id: i64,
    /// The metric's key.
    pub metric: String,
    /// Where the values came from, such as the name of a file.
    pub origin: String,
    /// SHA-256 of the bytes that were read.
    pub hash: String,
    /// Who imported it.
    pub by: String,
    /// When it was done: its values are known from here on.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// The watermark it declares: nothing is outstanding before this instant.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub complete_through: Option<Timestamp>,
    /// Rows with a key not seen before.
    pub new: u64,
    /// Rows that repeat what is known.
    pub unchanged: u64,
    /// Rows that change a known value.
    pub corrected: u64,
    /// Known values that a replacing import no longer has.
    pub withdrawn: u64,
    /// When it was undone; none: it counts.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub undone_at: Option<Timestamp>,
    /// Who undid it.
    pub undone_by: Option<String>,
}

/// An import that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedDocument {
    /// What came of it.
    pub import: ImportDocument,
    /// The first day the file had values for, in the metric's zone; none: it had none.
    #[schema(value_type = Option<String>, format = Date)]
    pub first_day: Option<Date>,
    /// The last one.
    #[schema(value_type = Option<String>, format = Date)]
    pub last_day: Option<Date>,
    /// It was done before, under the same idempotency key, and now nothing was written. The import is as it
    /// stands today: it may have been undone since.
    pub replayed: bool,
}
