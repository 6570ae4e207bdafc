//! Which numbers of the two metrics become the ratio.

use serde::Deserialize;
use yardstick_sdk::{Metric, Value};

/// `levels:` of a release file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Levels {
    Last,
    Average,
    AverageOverLast,
}

/// What is put over what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Total over total, of the days that have both.
    Totals,
    /// Last level over last level.
    Last,
    /// Average level over average level, of the days that have both.
    Averages,
    /// Average level over the last level, such as daily over monthly users.
    AverageOverLast,
    /// Total over the average level.
    TotalOverAverage,
    /// Total over the last level.
    TotalOverLast,
}

impl Form {
    /// # Errors
    /// A sentence for the release's owner: kinds that make no ratio, or levels that do not go with them.
    pub(crate) fn of(
        numerator: &Metric,
        denominator: &Metric,
        levels: Option<Levels>,
    ) -> Result<Self, String> {
        let looks_back =
            |metric: &Metric| metric.fact("covers-days").and_then(Value::as_integer).unwrap_or(1);
        let (above, below) = (looks_back(numerator), looks_back(denominator));
        Ok(match (Kind::of("numerator", numerator)?, Kind::of("denominator", denominator)?, levels) {
            (Kind::Sum, Kind::Sum, None) => Self::Totals,
            (Kind::Sum, Kind::Sum, Some(_)) => {
                return Err(format!(
                    "levels: {} and {} are sums, which have totals and no levels; leave levels out",
                    numerator.key, denominator.key
                ));
            }
            (Kind::Gauge, Kind::Gauge, Some(Levels::Last)) => Self::Last,
            (Kind::Gauge, Kind::Gauge, Some(Levels::Average)) => Self::Averages,
            (Kind::Gauge, Kind::Gauge, Some(Levels::AverageOverLast)) => Self::AverageOverLast,
            (Kind::Gauge, Kind::Gauge, None) if above < below => Self::AverageOverLast,
            (Kind::Gauge, Kind::Gauge, None) => Self::Last,
            (Kind::Sum, Kind::Gauge, Some(Levels::Last)) => Self::TotalOverLast,
            (Kind::Sum, Kind::Gauge, Some(Levels::Average)) => Self::TotalOverAverage,
            (Kind::Sum, Kind::Gauge, Some(Levels::AverageOverLast)) => {
                return Err(format!(
                    "levels: {} is a sum, which has no average level; write last or average for the levels \
                     of {}",
                    numerator.key, denominator.key
                ));
            }
            (Kind::Sum, Kind::Gauge, None) if below > 1 => Self::TotalOverLast,
            (Kind::Sum, Kind::Gauge, None) => Self::TotalOverAverage,
            (Kind::Gauge, Kind::Sum, _) => {
                return Err(format!(
                    "numerator: {} is a gauge, a level, and {} a sum: a level over an amount would depend on \
                     how long the window is; name two sums, two gauges, or a sum over a gauge",
                    numerator.key, denominator.key
                ));
            }
        })
    }

    /// Whether only the last level of the denominator counts.
    pub(crate) fn takes_last_denominator(self) -> bool {
        matches!(self, Self::Last | Self::AverageOverLast | Self::TotalOverLast)
    }

    /// Whether the numerator is the window's total, over a level: a missing day leaves it short.
    pub(crate) fn is_total_over_level(self) -> bool {
        matches!(self, Self::TotalOverAverage | Self::TotalOverLast)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Gauge,
    Sum,
}

impl Kind {
    fn of(name: &str, metric: &Metric) -> Result<Self, String> {
        let key = &metric.key;
        match metric.kind.as_str() {
            "gauge" => Ok(Self::Gauge),
            "sum" => Ok(Self::Sum),
            "ratio" => Err(format!(
                "{name}: {key} is a ratio already; judge it by threshold, or name the sums it is made of"
            )),
            "mean" => Err(format!(
                "{name}: {key} is a mean, and one over something is no ratio of totals; name sums or gauges"
            )),
            other => Err(format!("{name}: {key} is of kind {other}; ratio takes sums and gauges")),
        }
    }
}
