//! The criterion's parameters, checked against its metric.

use serde::Deserialize;
use yardstick_sdk::bounds::{Bounds, Direction};
use yardstick_sdk::stats::before_after::{Change, Comparison, Effect, Period, Spread, compare};
use yardstick_sdk::stats::{Degenerate, format};
use yardstick_sdk::{Better, Criterion, Metric, Quantity, Value, Window};

use crate::METRIC;

/// What a release file says under `with:` (`params.schema.json`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    better_by_at_least: Option<Quantity>,
    worse_by_at_most: Option<Quantity>,
    min_n: Option<u64>,
    confidence: Option<Quantity>,
    max_missing: Option<Quantity>,
}

impl yardstick_sdk::Params for Params {
    fn schema() -> String {
        include_str!("../params.schema.json").to_owned()
    }
}

/// How a metric adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Gauge,
    Sum,
    Mean,
    Ratio,
}

impl Kind {
    /// Whether a day is one value, rather than units with their sum.
    pub(crate) fn is_daily(self) -> bool {
        matches!(self, Self::Gauge | Self::Sum)
    }
}

/// What a change is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    /// As a part of the level before.
    Relative,
    /// In the metric's unit; points for a share.
    Absolute,
}

/// Everything that is asked.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) metric: &'a Metric,
    pub(crate) kind: Kind,
    pub(crate) scale: Scale,
    /// What the change is held against, with its sign.
    pub(crate) bounds: Bounds,
    /// `at most 5 % worse`, `at least 3 % better`.
    pub(crate) asked: String,
    /// The days before the launch.
    pub(crate) baseline: Window,
    /// Fewer observations are not judged.
    pub(crate) min_n: Option<u64>,
    /// Coverage of this look's interval.
    pub(crate) confidence: f64,
    /// Coverage over all looks.
    stated_confidence: f64,
    looks: u32,
    /// Share of each period's days that may be missing.
    pub(crate) max_missing: f64,
}

const DEFAULT_CONFIDENCE: f64 = 0.95;
const DEFAULT_MAX_MISSING: f64 = 0.1;
const DAY: i64 = 86_400_000;
/// Fifty-two weeks. A longer period mixes in seasons, and costs more than a judge may.
const MOST_DAYS: i64 = 364;

impl<'a> Request<'a> {
    /// # Errors
    /// A sentence for the release's owner that names the parameter or field.
    pub(crate) fn new(criterion: &'a Criterion, params: &Params) -> Result<Self, String> {
        let metric = criterion.metric(METRIC)?;
        let key = &metric.key;
        let kind = kind(metric)?;
        if metric.better == Better::Neither {
            return Err(format!(
                "metric: {key} says `better: neither`, so nothing is better or worse; say in its definition \
                 which way it improves, or name a metric that does"
            ));
        }
        let Some(baseline) = criterion.baseline else {
            return Err("baseline: none is given; write how many days before the launch to compare with, \
                        such as baseline: 28d"
                .to_owned());
        };
        for (name, window) in [("baseline", baseline), ("window", criterion.window)] {
            let days = window.end.saturating_sub(window.start).saturating_add(DAY / 2).div_euclid(DAY);
            if days > MOST_DAYS {
                return Err(format!(
                    "{name}: {days} days are too many to compare; at most {MOST_DAYS} will do"
                ));
            }
        }
        if kind.is_daily() && params.min_n.is_some() {
            return Err(format!(
                "min_n: {key} has one value a day and no number of observations; leave it out"
            ));
        }
        let stated_confidence = share("confidence", params.confidence, DEFAULT_CONFIDENCE, "95%")?;
        if !(0.5..1.0).contains(&stated_confidence) {
            return Err(format!(
                "confidence: {} is not usable; write at least 50% and less than 100%, such as 95%",
                Quantity::Percent(stated_confidence)
            ));
        }
        let max_missing = share("max_missing", params.max_missing, DEFAULT_MAX_MISSING, "10%")?;
        if !(0.0..1.0).contains(&max_missing) {
            return Err(format!(
                "max_missing: {} is not usable; write at least 0% and less than 100%",
                Quantity::Percent(max_missing)
            ));
        }
        let (scale, bounds, asked) = bound(metric, params)?;
        Ok(Self {
            metric,
            kind,
            scale,
            bounds,
            asked,
            baseline,
            min_n: params.min_n,
            confidence: criterion.confidence_per_look(stated_confidence),
            stated_confidence,
            looks: criterion.look_count(),
            max_missing,
        })
    }

    /// The unit of the change.
    pub(crate) fn unit(&self) -> &str {
        match self.scale {
            Scale::Relative => "relative",
            Scale::Absolute if self.metric.is_share() => "pp",
            Scale::Absolute => &self.metric.unit,
        }
    }

    /// Compares as it takes for the change that is asked for.
    pub(crate) fn compare(&self, after: Period<'_>, before: Period<'_>) -> Result<Comparison, Degenerate> {
        let effect = match self.scale {
            Scale::Relative => Effect::Proportional,
            Scale::Absolute => Effect::Additive,
        };
        compare(after, before, effect)
    }

    /// The change in its unit, with its interval.
    pub(crate) fn change(&self, comparison: &Comparison) -> Result<Change, Degenerate> {
        match self.scale {
            Scale::Relative => comparison.relative(self.confidence),
            Scale::Absolute => comparison.absolute(self.confidence),
        }
    }

    /// The method in a few words; `spread`: whose the error comes from.
    pub(crate) fn method(&self, spread: Spread) -> String {
        let name = match (self.scale, spread) {
            (Scale::Relative, Spread::Own) => "weekday-matched Welch t (Fieller)",
            (Scale::Absolute, Spread::Own) => "weekday-matched Welch t",
            (Scale::Relative, Spread::Shared) => "weekday-matched t (Fieller)",
            (Scale::Absolute, Spread::Shared) => "weekday-matched t",
        };
        let used = format::confidence(self.confidence);
        match self.looks {
            1 => format!("{name} {used}"),
            looks => {
                let stated = format::confidence(self.stated_confidence);
                format!("{name} {used} ({stated} over {looks} looks)")
            }
        }
    }

    /// What one of `n` is called, in the plural.
    pub(crate) fn unit_of_n(&self) -> &str {
        self.metric.fact("n-unit").and_then(Value::as_text).unwrap_or("observations")
    }
}

fn kind(metric: &Metric) -> Result<Kind, String> {
    Ok(match metric.kind.as_str() {
        "gauge" => Kind::Gauge,
        "sum" => Kind::Sum,
        "mean" => Kind::Mean,
        "ratio" => Kind::Ratio,
        other => {
            let key = &metric.key;
            return Err(format!(
                "metric: {key} is of kind {other}; before-after judges gauge, sum, mean and ratio"
            ));
        }
    })
}

/// The change that is asked for, seen in the direction in which the metric improves.
fn bound(metric: &Metric, params: &Params) -> Result<(Scale, Bounds, String), String> {
    let (name, quantity, better) = match (params.better_by_at_least, params.worse_by_at_most) {
        (Some(quantity), None) => ("better_by_at_least", quantity, true),
        (None, Some(quantity)) => ("worse_by_at_most", quantity, false),
        (Some(_), Some(_)) => {
            return Err("better_by_at_least, worse_by_at_most: give one of them, not both".to_owned());
        }
        (None, None) => {
            return Err(
                "better_by_at_least: no bound is given; write better_by_at_least or worse_by_at_most"
                    .to_owned(),
            );
        }
    };
    let (scale, size) = change(name, quantity, metric)?;
    let higher = metric.better == Better::Larger;
    let direction = if higher { Direction::AtLeast } else { Direction::AtMost };
    let target = if higher == better { size } else { 0.0 - size };
    if scale == Scale::Relative && target <= -1.0 {
        return Err(format!(
            "{name}: {} of the baseline would leave nothing; write less than 100%",
            Quantity::Percent(size)
        ));
    }
    let unit = match scale {
        Scale::Relative => "relative",
        Scale::Absolute if metric.is_share() => "pp",
        Scale::Absolute => &metric.unit,
    };
    let size = format::chosen(size, unit).replace('+', "");
    let asked = if better { format!("at least {size} better") } else { format!("at most {size} worse") };
    Ok((scale, Bounds { direction, target, weaker: None }, asked))
}

/// A quantity as a change of the metric.
fn change(name: &str, quantity: Quantity, metric: &Metric) -> Result<(Scale, f64), String> {
    let (key, unit) = (&metric.key, &metric.unit);
    let scale = match (quantity, metric.is_share()) {
        (Quantity::Percent(_), _) => Scale::Relative,
        (Quantity::Points(_), true) | (Quantity::Plain(_), false) => Scale::Absolute,
        (Quantity::Plain(value), true) => {
            return Err(format!(
                "{name}: {value} has no unit; {key} is a share, write {value}% (relative) or {value}pp \
                 (points)"
            ));
        }
        (Quantity::Points(value), false) => {
            return Err(format!(
                "{name}: {quantity} is a difference of shares, but {key} is in {unit}; write {} (relative) or a \
                 bare number of {unit}",
                Quantity::Percent(value)
            ));
        }
    };
    if quantity.value() < 0.0 {
        return Err(format!("{name}: {quantity} is negative; write the size of the change without a sign"));
    }
    Ok((scale, quantity.value()))
}

fn share(name: &str, given: Option<Quantity>, default: f64, example: &str) -> Result<f64, String> {
    match given {
        None => Ok(default),
        Some(Quantity::Percent(value)) => Ok(value),
        Some(other) => {
            Err(format!("{name}: {other} is not a share; write it in per cent, such as {example}"))
        }
    }
}
