//! What is measured: definitions, kinds, and which aggregations are legal.

use std::collections::BTreeMap;
use std::fmt;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::frame::Shape;
use crate::ids::{MetricKey, PersonId, TeamKey};

/// How a metric's values add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A level computed elsewhere, such as trailing-28-day users. Never summed over time or splits.
    Gauge,
    /// Amounts that add up.
    Sum,
    /// Means with n, sum and sum of squares, pooled.
    Mean,
    /// A sum of numerators over a sum of denominators, never a mean of daily ratios.
    Ratio,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Gauge, Self::Sum, Self::Mean, Self::Ratio];

    /// The word in files and documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gauge => "gauge",
            Self::Sum => "sum",
            Self::Mean => "mean",
            Self::Ratio => "ratio",
        }
    }
}

/// Which way a metric improves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither way is better.
    Neither,
}

/// How a value came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Counted.
    Recorded,
    /// Extrapolated from what reports.
    Estimated,
    /// Forecast.
    Predicted,
}

/// What a bucket without a point means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// Unknown.
    Gap,
    /// Zero.
    Zero,
}

/// Who may read values of a metric, or see a release.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// Everyone with an account.
    #[default]
    Company,
    /// The owning team.
    Team,
}

impl Visibility {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Team => "team",
        }
    }
}

/// Width of a point's bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grain {
    /// A civil day in the metric's zone.
    Day,
}

/// How the columns of an imported file map to a metric: names of columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportColumns {
    /// The bucket's day.
    pub time: Option<String>,
    /// The value of a gauge or sum.
    pub value: Option<String>,
    /// Numerator of a ratio.
    pub numerator: Option<String>,
    /// Denominator of a ratio.
    pub denominator: Option<String>,
    /// Units of a mean.
    pub n: Option<String>,
    /// Sum of a mean.
    pub sum: Option<String>,
    /// Sum of squares of a mean.
    pub sum_sq: Option<String>,
    /// Dimension to column.
    pub dimensions: BTreeMap<String, String>,
    /// Dimension to the text that marks its total, such as `deployment: all`.
    pub total: BTreeMap<String, String>,
}

impl ImportColumns {
    /// Names of the number columns that are named here and that a metric of this kind does not have.
    pub fn foreign(&self, kind: Kind) -> impl Iterator<Item = &'static str> {
        let numbers = [
            ("value", &self.value, matches!(kind, Kind::Gauge | Kind::Sum)),
            ("numerator", &self.numerator, kind == Kind::Ratio),
            ("denominator", &self.denominator, kind == Kind::Ratio),
            ("n", &self.n, kind == Kind::Mean),
            ("sum", &self.sum, kind == Kind::Mean),
            ("sum_sq", &self.sum_sq, kind == Kind::Mean),
        ];
        numbers.into_iter().filter(|(_, column, has)| column.is_some() && !has).map(|(name, ..)| name)
    }
}

/// A metric as defined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metric {
    /// Its key.
    pub key: MetricKey,
    /// Its name for people.
    pub title: String,
    /// The person who answers for it.
    pub owner: PersonId,
    /// The team it belongs to.
    pub team: TeamKey,
    /// What it means.
    pub definition: String,
    /// Raised when the meaning changes; at least 1.
    pub definition_version: u32,
    /// How it adds up.
    pub kind: Kind,
    /// Unit of its values; `share` for a proportion in 0..1.
    pub unit: String,
    /// Which way it improves.
    pub better: Better,
    /// How its values came to be.
    pub basis: Basis,
    /// Whether its values are a sample of something larger rather than a complete count. Ratios and means
    /// are samples unless said otherwise; gauges and sums are counts.
    pub sampled: bool,
    /// Width of its points.
    pub grain: Grain,
    /// IANA name of the zone whose days its points are.
    pub time_zone: String,
    /// What a bucket without a point means.
    pub missing: Missing,
    /// How long after a bucket's end its value is promised.
    pub fresh_within: SignedDuration,
    /// Who may read its values.
    pub visibility: Visibility,
    /// Days before its own end that a value covers: 28 for trailing-28-day users; `None`: its bucket only.
    pub covers_days: Option<u32>,
    /// Dimensions and their known values.
    pub dimensions: BTreeMap<String, Vec<String>>,
    /// The dimension whose values are single units, such as one account each. Its values are identifiers: queries
    /// neither filter nor split by it, and single values are read without it. `None`: values are of days, not units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_dimension: Option<String>,
    /// Where its data live; `points`: pushed to us.
    pub source: String,
    /// How files of it are read.
    pub import: ImportColumns,
    /// Links by name.
    pub links: BTreeMap<String, String>,
}

/// Why a query cannot be answered from a metric.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IllegalQuery {
    /// A sum over what must not be summed.
    #[error("{metric} is a gauge: its levels are not summed over {over}; import a total for {over}")]
    GaugeOver {
        /// The metric.
        metric: MetricKey,
        /// The dimension or `time`.
        over: String,
    },
    /// Units of a metric that has none.
    #[error(
        "{metric} holds daily values, not units, so it has no samples; a metric with a unit_dimension has"
    )]
    NoSamples {
        /// The metric.
        metric: MetricKey,
    },
    /// A filter or split by what tells single units apart.
    #[error("{metric}: the values of {dimension} are single units; it is neither a filter nor a split")]
    Unit {
        /// The metric.
        metric: MetricKey,
        /// Its unit dimension.
        dimension: String,
    },
    /// A dimension the metric does not have.
    #[error("{metric} has no dimension {dimension:?}{hint}")]
    Dimension {
        /// The metric.
        metric: MetricKey,
        /// The name asked for.
        dimension: String,
        /// The nearest known one, as a sentence.
        hint: String,
    },
    /// A bucket narrower than the points, or a window that makes no sense.
    #[error("{metric}: {what}")]
    Window {
        /// The metric.
        metric: MetricKey,
        /// What is wrong.
        what: String,
    },
}

impl IllegalQuery {
    /// The code of the finding this becomes.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::GaugeOver { .. } | Self::NoSamples { .. } | Self::Window { .. } => "aggregation",
            Self::Dimension { .. } | Self::Unit { .. } => "dimension",
        }
    }
}

impl Metric {
    /// Whether the unit is a proportion in 0..1, written in per cent by people.
    #[must_use]
    pub fn is_share(&self) -> bool {
        self.unit == "share"
    }

    /// Checks that a shape over these splits is a legal aggregation of this kind.
    ///
    /// # Errors
    /// When units are asked of daily values, or a dimension is unknown or tells single units apart.
    pub fn allows(&self, shape: Shape, dimensions: &[&str]) -> Result<(), IllegalQuery> {
        if shape == Shape::Samples && self.unit_dimension.is_none() {
            return Err(IllegalQuery::NoSamples { metric: self.key.clone() });
        }
        for dimension in dimensions {
            if !self.dimensions.contains_key(*dimension) {
                let known = self.dimensions.keys().filter(|name| self.unit_dimension.as_ref() != Some(*name));
                let known = known.map(String::as_str);
                return Err(IllegalQuery::Dimension {
                    metric: self.key.clone(),
                    dimension: (*dimension).to_owned(),
                    hint: crate::nearest::hint(dimension, known),
                });
            }
            if self.unit_dimension.as_deref() == Some(*dimension) {
                return Err(IllegalQuery::Unit {
                    metric: self.key.clone(),
                    dimension: (*dimension).to_owned(),
                });
            }
        }
        Ok(())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
