//! Whether a release can be decided, and when.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CheckGrade, Level, Lifecycle, Role};

/// Whether a release can be decided, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CheckDocument {
    /// The release's slug.
    pub release: String,
    /// Its name.
    pub name: String,
    /// How big the launch is.
    pub level: Level,
    /// The planned launch day.
    #[schema(value_type = String, format = Date)]
    pub planned: Date,
    /// Where it stands.
    pub lifecycle: Lifecycle,
    /// The gravest grade of its lines, lints and criteria; with `error` it could not be sealed as it is.
    pub grade: CheckGrade,
    /// What was looked at.
    pub lines: Vec<CheckedLine>,
    /// What in its criteria is probably not meant. They never stop a seal.
    pub lints: Vec<LintPart>,
    /// What can be told of each criterion before the launch, in their order.
    pub criteria: Vec<CheckedCriterion>,
    /// The checkpoint that decides it, such as `d28`.
    pub decided_at: Option<String>,
    /// The day its data are promised, if it launches as planned.
    #[schema(value_type = Option<String>, format = Date)]
    pub decided_on: Option<Date>,
    /// What leads to that day, in words.
    pub because: String,
}

/// One line of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckedLine {
    /// How it reads.
    pub grade: CheckGrade,
    /// The criterion it is about; empty: the release.
    pub subject: String,
    /// What was found.
    pub text: String,
}

/// What in a release's criteria is allowed and probably not meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LintPart {
    /// What it is, for ever, such as `no-margin`.
    pub code: String,
    /// How much it matters: `warn` or `note`.
    pub grade: CheckGrade,
    /// The field of the release file, such as `goals[0].with.at_least`.
    pub field: String,
    /// What was found and what to do.
    pub text: String,
}

/// What can be told of a criterion before its launch, from values of days before it alone. Nothing is decided by it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CheckedCriterion {
    /// Its id.
    pub criterion: String,
    /// What it decides.
    pub role: Role,
    /// How its line reads: `ok` where it can be decided in time, `warn` where a goal or guardrail cannot, else `note`.
    pub grade: CheckGrade,
    /// How it will be decided: `counted` (a number as it is), `sampled` (a level with its error), `compared` (days after
    /// against days before), `variants`, or `unknown`.
    pub way: String,
    /// Unit of `baseline`, `spread` and `trend_per_week`; `share` for a proportion in 0..1.
    pub unit: String,
    /// Unit of `target`, `assumed` and of what looks tell: `relative` for a part of the baseline, `pp` for a difference
    /// of shares (as a part of one), else that of the metric.
    pub target_unit: String,
    /// What the metric comes to on the newest days before the launch; none: nothing is known of it.
    pub baseline: Option<f64>,
    /// Standard deviation of its days there; none: fewer than two.
    pub spread: Option<f64>,
    /// Days before the launch that were looked at.
    pub past_days: u32,
    /// Observations a day there; none: it has none, as levels and amounts.
    pub n_per_day: Option<f64>,
    /// The bound that decides, with its sign.
    pub target: Option<f64>,
    /// What the true value is taken to be for `decided` and `days_needed`: what the team expects; else, of a level, what
    /// it is before the launch, and of a change, none.
    pub assumed: Option<f64>,
    /// By how much a counted number grew a week lately; none: it is not counted, or fewer than three weeks are there.
    pub trend_per_week: Option<f64>,
    /// Each checkpoint at which days of it count, ascending.
    pub looks: Vec<CheckedLook>,
    /// The checkpoint by which it must be decided, such as `d28`.
    pub due: Option<String>,
    /// Whole days after the launch that tell the assumed value from the target with a power of 80 %; none: not known, or
    /// more than any release is judged for.
    pub days_needed: Option<u32>,
    /// Whether the assumed value is told from the target by then; none: that cannot be said.
    pub decided: Option<bool>,
    /// All of it in a sentence or two.
    pub says: String,
}

/// What the days up to a checkpoint tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CheckedLook {
    /// The checkpoint, such as `d28`.
    pub checkpoint: String,
    /// Whether the criterion is decided there.
    pub decides: bool,
    /// Days after the launch that count.
    pub days: u32,
    /// Observations expected in them; none: it has none, or nothing is known.
    pub n: Option<f64>,
    /// Up to this the true value is told to lie below the target.
    pub low: Option<f64>,
    /// From this on it is told to lie above.
    pub high: Option<f64>,
    /// The smallest distance from the target that is told on either side: the minimum detectable effect.
    pub detectable: Option<f64>,
    /// What a counted number would come to if its trend went on. No forecast, and nothing is judged by it.
    pub reaches: Option<f64>,
}
