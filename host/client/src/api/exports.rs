//! Exports: rows of releases, verdicts and findings. Columns keep their names, meaning and order; later versions add some
//! at the end.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::words::{CriteriaState, Level, Lifecycle, Outcome, Reason, Role, Standing};

/// What to export.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportRequest {
    /// `csv`, or `json` for an object on each line; `csv` unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "csv", pattern = "^(csv|json)$")]
    pub format: Option<String>,
    /// Only of this team's releases.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "growth", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub team: Option<String>,
    /// Only from this day on: of releases the planned day, of verdicts and findings the day in UTC when it was judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "2026-01-01", pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub since: Option<String>,
    /// Only up to this day, itself among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "2026-12-31", pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub until: Option<String>,
    /// Only of releases of this level now, such as `L1` or `L2+` for L1 and L2.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "L2+", pattern = "^[Ll][123]\\+?$")]
    pub level: Option<String>,
    /// Of verdicts and findings: looks too, not only official ones.
    #[serde(default)]
    pub looks: bool,
}

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exported {
    /// Releases, the latest planned day first.
    Releases,
    /// Verdicts, the oldest first.
    Verdicts,
    /// Findings, those of the oldest verdict first.
    Findings,
}

impl Exported {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Releases, Self::Verdicts, Self::Findings];

    /// The word in addresses and in the names of files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Releases => "releases",
            Self::Verdicts => "verdicts",
            Self::Findings => "findings",
        }
    }
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// What somebody wrote, which may be anything.
    Text(String),
    /// A number, an instant, a day or a word of ours.
    Plain(String),
    /// Nothing.
    Empty,
}

/// A row of an export.
pub trait ExportRow: Serialize {
    /// The names of its columns, in order.
    const COLUMNS: &'static [&'static str];

    /// Its cells, in the order of the columns.
    fn cells(&self) -> Vec<Cell>;
}

/// What a cell can hold.
trait ToCell {
    fn cell(&self) -> Cell;
}

impl ToCell for String {
    fn cell(&self) -> Cell {
        Cell::Text(self.clone())
    }
}

impl<T: ToCell> ToCell for Option<T> {
    fn cell(&self) -> Cell {
        self.as_ref().map_or(Cell::Empty, ToCell::cell)
    }
}

impl ToCell for f64 {
    fn cell(&self) -> Cell {
        if self.is_finite() { Cell::Plain(self.to_string()) } else { Cell::Empty }
    }
}

macro_rules! plain {
    ($($type:ty),*) => {
        $(impl ToCell for $type {
            fn cell(&self) -> Cell {
                Cell::Plain(self.to_string())
            }
        })*
    };
}

plain!(
    bool,
    u32,
    u64,
    i32,
    Timestamp,
    Date,
    CriteriaState,
    Level,
    Lifecycle,
    Outcome,
    Reason,
    Role,
    Standing
);

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $column:ident: $type:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
            pub struct $name {
                $($(#[$about])* pub $column: $type),*
            }

            impl ExportRow for $name {
                const COLUMNS: &'static [&'static str] = &[$(stringify!($column)),*];

                fn cells(&self) -> Vec<Cell> {
                    vec![$(self.$column.cell()),*]
                }
            }
        )*
    };
}

rows! {
    /// A release.
    ReleaseRow {
        /// Its slug.
        release: String,
        /// Its name.
        name: String,
        /// The team's key.
        team: String,
        /// Mail address of the person who answers for it.
        owner: String,
        /// How big the launch is; L1 is the largest.
        level: Level,
        /// Whether releases of its level must be measured.
        must_be_measured: bool,
        /// How mature the feature is with it; none: nobody has said.
        stage: Option<String>,
        /// What joins the releases of one feature.
        feature: Option<String>,
        /// Where it stands.
        lifecycle: Lifecycle,
        /// Where its criteria stand.
        criteria: CriteriaState,
        /// The planned day, in its zone.
        #[schema(value_type = String, format = Date)]
        planned: Date,
        /// When it launched, in UTC; none: it has not.
        #[schema(value_type = Option<String>, format = DateTime)]
        launched_at: Option<Timestamp>,
        /// Whole days from the planned day to the launch, in its zone; negative: it was early.
        days_late: Option<i32>,
        /// IANA zone of its days: as sealed, the team's before that.
        time_zone: String,
        /// Goals.
        goals: u32,
        /// Guardrails.
        guardrails: u32,
        /// Watched criteria, which never count.
        watches: u32,
        /// When it is judged, such as `d1 d7 d28`; the last one is final.
        checkpoints: String,
        /// When its criteria were sealed, in UTC; none: they were not.
        #[schema(value_type = Option<String>, format = DateTime)]
        sealed_at: Option<Timestamp>,
        /// Hash of the sealed terms.
        seal: Option<String>,
        /// Amendments after the launch.
        amendments: u32,
        /// When it was cancelled, in UTC; none: it was not.
        #[schema(value_type = Option<String>, format = DateTime)]
        cancelled_at: Option<Timestamp>,
        /// Slug of the release it is a relaunch of, where that one is seen.
        follows: Option<String>,
        /// Ids of key results, with blanks between them.
        okrs: String,
        /// How sure the team said it was, in 0..=1; none: it has not said.
        confidence: Option<f64>,
        /// Address of the tracking issue.
        issue: Option<String>,
    }
    /// A verdict.
    VerdictRow {
        /// Where it is found, with its revision, such as `batch-changes-ga/d28.1`.
        verdict: String,
        /// The release's slug.
        release: String,
        /// The release's name as registered now.
        name: String,
        /// The release's team now.
        team: String,
        /// The release's level now; L1 is the largest.
        level: Level,
        /// What joins the releases of one feature.
        feature: Option<String>,
        /// Whether it counts.
        standing: Standing,
        /// Whole days after the launch day at whose end it is judged.
        checkpoint_days: u32,
        /// Whether the checkpoint is the release's last.
        is_final: bool,
        /// Whether it is the revision of its checkpoint that counts; of a look, false.
        newest: bool,
        /// Whether figures count it: the release's final official verdict, of several the latest checkpoint's.
        counts: bool,
        /// What it comes to.
        outcome: Outcome,
        /// Of an undecided one.
        reason: Option<Reason>,
        /// Of an undecided one: the precise code.
        code: Option<String>,
        /// One sentence.
        headline: String,
        /// The launch it speaks of, in UTC.
        #[schema(value_type = String, format = DateTime)]
        launched_at: Timestamp,
        /// The instant it speaks of, in UTC.
        #[schema(value_type = String, format = DateTime)]
        as_of: Timestamp,
        /// When it was judged, in UTC.
        #[schema(value_type = String, format = DateTime)]
        judged_at: Timestamp,
        /// Hash of the terms it was judged by.
        terms: String,
    }
    /// A finding.
    FindingRow {
        /// The verdict it is part of, with its revision, such as `batch-changes-ga/d28.1`.
        verdict: String,
        /// The release's slug.
        release: String,
        /// The release's team now.
        team: String,
        /// The release's level now; L1 is the largest.
        level: Level,
        /// Whether the verdict counts.
        standing: Standing,
        /// Whole days after the launch day at whose end it is judged.
        checkpoint_days: u32,
        /// Whether the checkpoint is the release's last.
        is_final: bool,
        /// Whether the verdict is the revision of its checkpoint that counts; of a look, false.
        newest: bool,
        /// Whether figures count the verdict: the release's final official one, of several the latest checkpoint's.
        counts: bool,
        /// The criterion's id.
        criterion: String,
        /// What it decides.
        role: Role,
        /// Whether its failure alone fails the release.
        required: bool,
        /// The criterion in a sentence.
        says: String,
        /// The judge's name; none: no installed version would do.
        judge: Option<String>,
        /// The judge's version.
        judge_version: Option<String>,
        /// Keys of its metrics, with blanks between them.
        metrics: String,
        /// What it comes to.
        outcome: Outcome,
        /// Of an undecided one.
        reason: Option<Reason>,
        /// Of an undecided one: the precise code.
        code: Option<String>,
        /// One sentence with the numbers that decide.
        headline: String,
        /// How strong the evidence is: randomised, matched-control, before-after or target-only.
        grade: String,
        /// The method in a few words.
        method: String,
        /// The unit of value, low, high and target; none: there is no value.
        unit: Option<String>,
        /// The number that decided.
        value: Option<f64>,
        /// Lower bound of its interval; none: unbounded, or nothing was sampled.
        low: Option<f64>,
        /// Upper bound of its interval.
        high: Option<f64>,
        /// Coverage of the interval, in 0..1.
        confidence: Option<f64>,
        /// Units behind the number.
        n: Option<u64>,
        /// Decimal logarithm of the p-value, at most 0.
        log10_p: Option<f64>,
        /// The bound.
        target: Option<f64>,
        /// When the verdict was judged, in UTC.
        #[schema(value_type = String, format = DateTime)]
        judged_at: Timestamp,
    }
}
