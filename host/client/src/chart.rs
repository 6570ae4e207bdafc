//! What a chart is drawn from: the days of a criterion's metric around the launch, as they were known when the
//! verdict was judged, and the numbers its finding speaks of, placed on the same axis. Versioned like the
//! verdict document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::document::EstimatePart;

/// Version of the document.
pub const VERSION: &str = "1";

/// The charts of a verdict, in the order of its criteria.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct ChartDocument {
    /// Version of this document: `1`.
    pub yardstick_chart: String,
    /// The verdict, such as `batch-changes-ga/d28`.
    pub at: String,
    /// Only values received by then are in it: what the judge could know.
    pub known_at: String,
    /// A chart per criterion; one per metric where a criterion's metrics share no axis.
    pub charts: Vec<ChartPart>,
}

/// The days of one metric, or of the quotient of two, around a launch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct ChartPart {
    /// The criterion's id.
    pub criterion: String,
    /// What is drawn, such as `Merge rate`.
    pub title: String,
    /// Keys of the metrics that are in it.
    pub metrics: Vec<String>,
    /// Unit of the values; `share` for a proportion in 0..=1.
    pub unit: String,
    /// What a day's value is: `gauge`, `sum`, `mean`, `ratio`, or `quotient` of two metrics; empty: of none.
    pub kind: String,
    /// IANA zone whose days these are.
    pub time_zone: String,
    /// First day of the axis, such as `2026-02-10`.
    pub first_day: String,
    /// Last day of the axis. Values end earlier where it had not come yet.
    pub last_day: String,
    /// The launch day; it is partial.
    pub launch_day: String,
    /// One line, or one per variant where the judge compared variants.
    pub lines: Vec<LinePart>,
    /// The days that were judged.
    pub window: Option<DaysPart>,
    /// The days that they are compared with.
    pub baseline: Option<BaselinePart>,
    /// The bound; none where the axis has no place for it, such as for a difference of variants.
    pub target: Option<LevelPart>,
    /// The second, weaker bound.
    pub marginal: Option<LevelPart>,
    /// The number that decided, or the count so far.
    pub observed: Option<ObservedPart>,
    /// The checkpoints of the release that lie on the axis.
    pub checkpoints: Vec<CheckpointPart>,
    /// Why values are left out that exist; none: nothing is left out.
    pub withheld: Option<String>,
    /// What else a reader must know, such as why there are no values.
    pub notes: Vec<String>,
}

/// A line of daily values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct LinePart {
    /// The variant; none for an only line.
    pub label: Option<String>,
    /// A value per day from the axis' first day on; none: the day has no value. Days behind the last one have
    /// none either.
    pub values: Vec<Option<f64>>,
}

/// Days, both included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct DaysPart {
    /// The first one.
    pub first_day: String,
    /// The last one.
    pub last_day: String,
    /// What people call them, such as `d1..d28`.
    pub name: String,
}

/// Days before the launch to compare with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct BaselinePart {
    /// The first one.
    pub first_day: String,
    /// The last one.
    pub last_day: String,
    /// Their level on the axis: pooled for means and ratios, the mean of their days for anything else; none:
    /// no values.
    pub mean: Option<f64>,
}

/// A bound, placed on the axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct LevelPart {
    /// Where it lies on the axis.
    pub at: f64,
    /// The number as agreed.
    pub value: f64,
    /// Unit of the number as agreed; `relative` and `pp`: a change from the baseline.
    pub unit: String,
    /// Of a total: the days it is spread over, so that it lies at its pace per day.
    pub over_days: Option<u32>,
    /// Which side passes: `at-least`, `at-most`, `above` or `below`; none: not said.
    pub bound: Option<String>,
}

/// The number that decided, placed on the axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct ObservedPart {
    /// Where it lies on the axis.
    pub at: f64,
    /// Lower end of its interval on the axis.
    pub low: Option<f64>,
    /// Upper end of its interval on the axis.
    pub high: Option<f64>,
    /// The number as found.
    pub said: EstimatePart,
    /// Of a total: the days it is spread over.
    pub over_days: Option<u32>,
    /// Whether it is a count so far rather than what decided.
    pub so_far: bool,
}

/// The end of a checkpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[schema(as = ChartCheckpointPart)]
pub struct CheckpointPart {
    /// Such as `d28`.
    pub name: String,
    /// Its last day.
    pub day: String,
    /// Whether the verdict is of this one.
    pub judged: bool,
}
