//! What is said of one criterion.

use serde::{Deserialize, Serialize};

use crate::frame::{Attrs, Value};

/// Why a criterion is undecided. Closed; the code beside it is open and precise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The data that decide it do not exist yet.
    TooEarly,
    /// Enough data, and the interval contains the bound.
    Inconclusive,
    /// Fewer observations than asked for.
    InsufficientData,
    /// The data contradict themselves or their promise.
    UntrustedData,
    /// It could not be judged.
    Error,
}

impl Reason {
    /// All reasons, the least actionable first (the order of [`Ord`]).
    pub const ALL: [Self; 5] =
        [Self::TooEarly, Self::Inconclusive, Self::InsufficientData, Self::UntrustedData, Self::Error];

    /// The word in documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooEarly => "too-early",
            Self::Inconclusive => "inconclusive",
            Self::InsufficientData => "insufficient-data",
            Self::UntrustedData => "untrusted-data",
            Self::Error => "error",
        }
    }
}

/// What a finding or a verdict comes to. Nothing passes by default.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum Outcome {
    /// The bound is met.
    Pass,
    /// Only the second, weaker bound is met.
    Marginal,
    /// The bound is missed.
    Fail,
    /// An honest "cannot say".
    Undecided {
        /// The kind of reason.
        reason: Reason,
        /// The precise one, listed in [`crate::codes`] or a plugin's own.
        code: String,
    },
}

impl Outcome {
    /// Undecided for this reason and code.
    #[must_use]
    pub fn undecided(reason: Reason, code: &str) -> Self {
        Self::Undecided { reason, code: code.to_owned() }
    }

    /// The word in documents: `pass`, `marginal`, `fail` or `undecided`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Marginal => "marginal",
            Self::Fail => "fail",
            Self::Undecided { .. } => "undecided",
        }
    }

    /// The reason of an undecided outcome.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Self::Undecided { reason, .. } => Some(*reason),
            _ => None,
        }
    }

    /// The code of an undecided outcome.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Undecided { code, .. } => Some(code),
            _ => None,
        }
    }

    /// Whether it is pass, marginal or fail.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        !matches!(self, Self::Undecided { .. })
    }
}

/// How strong the evidence is that the release caused what is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// Units were assigned at random.
    Randomised,
    /// Compared with units chosen to be alike.
    MatchedControl,
    /// Compared with the time before.
    BeforeAfter,
    /// Compared with a target only.
    TargetOnly,
}

impl Grade {
    /// The word in documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Randomised => "randomised",
            Self::MatchedControl => "matched-control",
            Self::BeforeAfter => "before-after",
            Self::TargetOnly => "target-only",
        }
    }
}

/// A number with what is known of its error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// What it is, such as `observed`.
    pub name: String,
    /// Its unit; `pp` for differences of shares, `relative` for ratios minus one.
    pub unit: String,
    /// The number.
    pub value: f64,
    /// Lower bound of the interval; `None`: unbounded, or nothing was sampled.
    pub low: Option<f64>,
    /// Upper bound of the interval.
    pub high: Option<f64>,
    /// Coverage of the interval in 0..1.
    pub confidence: Option<f64>,
    /// Units behind the number.
    pub n: Option<u64>,
    /// Decimal logarithm of the p-value, at most 0.
    pub log10_p: Option<f64>,
    /// Further facts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Attrs,
}

/// A small table for the evidence page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Its heading.
    pub title: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows with a cell per column.
    pub rows: Vec<Vec<Value>>,
    /// Further facts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Attrs,
}

/// What a plugin, or the host in its place, says of one criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What it comes to.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// One sentence with the numbers that decide.
    pub headline: String,
    /// The method in a few words; empty when the host wrote the finding.
    pub method: String,
    /// How strong the evidence is.
    pub grade: Grade,
    /// The bound, in the unit of `primary`.
    pub target: Option<f64>,
    /// The number that decided.
    pub primary: Option<Estimate>,
    /// Further numbers.
    pub others: Vec<Estimate>,
    /// What would change the outcome.
    pub flip: Option<String>,
    /// What a reader must know before trusting it.
    pub warnings: Vec<String>,
    /// Evidence tables.
    pub tables: Vec<Table>,
    /// What the next look is to be given; `None`: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Further facts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Attrs,
}

impl Finding {
    /// A finding the host writes when no plugin can be asked or its answer cannot be used.
    #[must_use]
    pub fn by_host(outcome: Outcome, headline: String) -> Self {
        Self {
            outcome,
            headline,
            method: String::new(),
            grade: Grade::TargetOnly,
            target: None,
            primary: None,
            others: Vec::new(),
            flip: None,
            warnings: Vec::new(),
            tables: Vec::new(),
            state: None,
            more: Vec::new(),
        }
    }
}
