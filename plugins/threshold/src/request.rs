//! The criterion's parameters, checked against its metric.

use serde::Deserialize;
use yardstick_sdk::bounds::{Bounds, Direction, Written};
use yardstick_sdk::stats::format;
use yardstick_sdk::{Better, Criterion, Metric, Quantity, Value};

use crate::METRIC;

/// What a release file says under `with:` (`params.schema.json`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    at_least: Option<Quantity>,
    at_most: Option<Quantity>,
    marginal_from: Option<Quantity>,
    marginal_to: Option<Quantity>,
    min_n: Option<u64>,
    confidence: Option<Quantity>,
    decide_by: Option<DecideBy>,
    max_missing: Option<Quantity>,
}

impl yardstick_sdk::Params for Params {
    fn schema() -> String {
        include_str!("../params.schema.json").to_owned()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum DecideBy {
    Interval,
    Estimate,
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
    pub(crate) fn is_counted(self) -> bool {
        matches!(self, Self::Gauge | Self::Sum)
    }
}

/// What decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// A complete count, compared as it is.
    Counted,
    /// A sample whose whole interval must lie on one side.
    Interval,
    /// A sample that is compared like a count, because the criterion says so.
    Estimate,
}

/// Everything that is asked.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) metric: &'a Metric,
    pub(crate) kind: Kind,
    pub(crate) how: How,
    pub(crate) bounds: Bounds,
    /// Fewer observations are not judged.
    pub(crate) min_n: Option<u64>,
    /// Coverage of this look's interval.
    pub(crate) confidence: f64,
    /// Coverage over all looks.
    stated_confidence: f64,
    looks: u32,
    /// Share of the window's days that may be missing.
    pub(crate) max_missing: f64,
}

const DEFAULT_CONFIDENCE: f64 = 0.95;
/// Of means and ratios: a pooled number hardly changes with a tenth of its days. Levels and totals do.
const DEFAULT_MAX_MISSING: f64 = 0.1;

impl<'a> Request<'a> {
    /// # Errors
    /// A sentence for the release's owner that names the parameter.
    pub(crate) fn new(criterion: &'a Criterion, params: &Params) -> Result<Self, String> {
        let metric = criterion.metric(METRIC)?;
        let kind = match metric.kind.as_str() {
            "gauge" => Kind::Gauge,
            "sum" => Kind::Sum,
            "mean" => Kind::Mean,
            "ratio" => Kind::Ratio,
            other => {
                let key = &metric.key;
                return Err(format!(
                    "metric: {key} is of kind {other}; threshold judges gauge, sum, mean and ratio"
                ));
            }
        };
        let stated_confidence = match params.confidence {
            None => DEFAULT_CONFIDENCE,
            Some(given) => share("confidence", given, "95%")?,
        };
        if !(0.5..1.0).contains(&stated_confidence) {
            return Err(format!(
                "confidence: {} is not usable; write at least 50% and less than 100%, such as 95%",
                Quantity::Percent(stated_confidence)
            ));
        }
        let max_missing = match (params.max_missing, kind) {
            (Some(given), _) => share("max_missing", given, "10%")?,
            (None, Kind::Mean | Kind::Ratio) => DEFAULT_MAX_MISSING,
            (None, Kind::Gauge | Kind::Sum) => 0.0,
        };
        if !(0.0..1.0).contains(&max_missing) {
            return Err(format!(
                "max_missing: {} is not usable; write at least 0% and less than 100%",
                Quantity::Percent(max_missing)
            ));
        }
        if kind == Kind::Gauge && params.min_n.is_some() {
            let key = &metric.key;
            return Err(format!(
                "min_n: {key} is a gauge, a level without a number of observations; leave min_n out"
            ));
        }
        Ok(Self {
            metric,
            kind,
            how: how(metric, kind, params.decide_by)?,
            bounds: bounds(metric, params)?,
            min_n: params.min_n,
            confidence: criterion.confidence_per_look(stated_confidence),
            stated_confidence,
            looks: criterion.look_count(),
            max_missing,
        })
    }

    /// The method in a few words; `None`: no interval is taken.
    pub(crate) fn method(&self, interval: Option<&str>) -> String {
        let interval = interval.map(|name| {
            let used = format::confidence(self.confidence);
            match self.looks {
                1 => format!("{name} {used}"),
                looks => format!(
                    "{name} {used} ({} over {looks} looks)",
                    format::confidence(self.stated_confidence)
                ),
            }
        });
        match (self.how, interval) {
            (How::Counted, _) => "counted, not sampled".to_owned(),
            (How::Interval, Some(interval)) => interval,
            (How::Estimate, Some(interval)) => format!("estimate alone; {interval} does not decide"),
            (How::Estimate | How::Interval, None) => "estimate alone".to_owned(),
        }
    }

    /// What one of `n` is called, in the plural.
    pub(crate) fn unit_of_n(&self) -> &str {
        let fallback = if self.kind == Kind::Sum { "days" } else { "observations" };
        self.metric.fact("n-unit").and_then(Value::as_text).unwrap_or(fallback)
    }

    /// What one of a ratio's numerator is called, in the plural; `None`: the metric does not say.
    pub(crate) fn unit_of_sum(&self) -> Option<&str> {
        self.metric.fact("sum-unit").and_then(Value::as_text)
    }

    /// What a reader must know of the question itself.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let key = &self.metric.key;
        let mut warnings = Vec::new();
        match (self.metric.better, self.bounds.direction) {
            (Better::Smaller, Direction::AtLeast) => warnings
                .push(format!("less of {key} is better, yet the criterion asks for at least so much of it")),
            (Better::Larger, Direction::AtMost) => warnings
                .push(format!("more of {key} is better, yet the criterion asks for at most so much of it")),
            _ => {}
        }
        if self.how == How::Estimate {
            warnings.push(format!(
                "{key} is a sample; the criterion decides by the estimate, so its error does not count"
            ));
        }
        warnings
    }
}

fn how(metric: &Metric, kind: Kind, decide_by: Option<DecideBy>) -> Result<How, String> {
    let count = kind.is_counted();
    let sampled = metric.fact("sampled").and_then(Value::as_boolean).unwrap_or(!count);
    match (sampled, decide_by) {
        (false, _) => Ok(How::Counted),
        (true, Some(DecideBy::Estimate)) => Ok(How::Estimate),
        (true, _) if count => Err(format!(
            "decide_by: {} is a sample that says nothing of its spread, so there is no interval to decide \
             by; write decide_by: estimate to compare it as it is",
            metric.key
        )),
        (true, _) => Ok(How::Interval),
    }
}

fn bounds(metric: &Metric, params: &Params) -> Result<Bounds, String> {
    let &Params { at_least, at_most, marginal_from, marginal_to, .. } = params;
    let written = Written { at_least, at_most, marginal_from, marginal_to };
    written.read(&metric.unit, |name, quantity| level(name, quantity, metric))
}

/// A quantity as a level of the metric.
fn level(name: &str, quantity: Quantity, metric: &Metric) -> Result<f64, String> {
    let (key, unit) = (&metric.key, &metric.unit);
    let value = match (quantity, metric.is_share()) {
        (Quantity::Percent(value), true) | (Quantity::Plain(value), false) => value,
        (Quantity::Plain(value), true) => {
            return Err(format!("{name}: {value} has no unit; {key} is a share, write {value}%"));
        }
        (Quantity::Percent(_), false) => {
            return Err(format!(
                "{name}: {quantity} is a share, but {key} is in {unit}; write a bare number"
            ));
        }
        (Quantity::Points(_), _) => {
            return Err(format!("{name}: {quantity} is a difference of shares; a target is a level"));
        }
    };
    if metric.is_share() && !(0.0..=1.0).contains(&value) {
        return Err(format!("{name}: {quantity} is outside 0% to 100%, where {key} always lies"));
    }
    Ok(value)
}

fn share(name: &str, quantity: Quantity, example: &str) -> Result<f64, String> {
    match quantity {
        Quantity::Percent(value) => Ok(value),
        other => Err(format!("{name}: {other} is not a share; write it in per cent, such as {example}")),
    }
}
