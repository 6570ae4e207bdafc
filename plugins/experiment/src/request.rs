//! The criterion's parameters, checked against its metric.

use std::collections::BTreeMap;

use serde::Deserialize;
use yardstick_sdk::bounds::{Bounds, Direction};
use yardstick_sdk::stats::{Alternative, format};
use yardstick_sdk::{Better, Criterion, Metric, Quantity, Role, Value};

use crate::METRIC;
use crate::rule::Asked;

/// What a release file says under `with:` (`params.schema.json`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    control: String,
    split_by: Option<String>,
    variants: Option<Vec<String>>,
    ships: Option<String>,
    better_by_at_least: Option<Quantity>,
    worse_by_at_most: Option<Quantity>,
    sides: Option<Sides>,
    confidence: Option<Quantity>,
    weights: Option<BTreeMap<String, f64>>,
    sample_ratio_p: Option<f64>,
    min_n: Option<u64>,
    max_missing: Option<Quantity>,
}

impl yardstick_sdk::Params for Params {
    fn schema() -> String {
        include_str!("../params.schema.json").to_owned()
    }
}

/// What the error rate covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Sides {
    /// Passing and failing wrongly together.
    Two,
    /// Each of them.
    One,
}

/// How a metric is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Units that did something, of all units.
    Share,
    /// Units with a value each.
    Mean,
}

/// What a difference is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    /// Variant minus control.
    Absolute,
    /// Variant over control, minus one.
    Relative,
}

/// The bound of the difference between a variant and the control, signed as the difference is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bound {
    pub(crate) asked: Asked,
    pub(crate) scale: Scale,
    /// Without a weaker one.
    pub(crate) bounds: Bounds,
}

impl Bound {
    /// The difference that is held against.
    pub(crate) fn at(&self) -> f64 {
        self.bounds.target
    }

    /// By which the control is multiplied, and what is then taken from the difference, for it to be held
    /// against 0.
    pub(crate) fn contrast(&self) -> (f64, f64) {
        match self.scale {
            Scale::Absolute => (1.0, self.at()),
            Scale::Relative => (1.0 + self.at(), 0.0),
        }
    }
}

/// Everything that is asked.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) metric: &'a Metric,
    pub(crate) kind: Kind,
    pub(crate) control: &'a str,
    pub(crate) split_by: &'a str,
    /// The variants there should be beside the control; `None`: whichever there are.
    pub(crate) expected: Option<Vec<&'a str>>,
    /// The variant that alone decides; `None`: all.
    pub(crate) ships: Option<&'a str>,
    pub(crate) bound: Bound,
    pub(crate) sides: Sides,
    /// Error rate of this look, over all variants that decide.
    pub(crate) error: f64,
    /// Coverage over all looks and variants.
    stated_confidence: f64,
    looks: u32,
    weights: Option<&'a BTreeMap<String, f64>>,
    /// A less likely split of the units makes the data untrusted.
    pub(crate) sample_ratio_p: f64,
    /// Fewer units of a variant are not judged.
    pub(crate) min_n: u64,
    /// Share of the window's days that a variant may miss.
    pub(crate) max_missing: f64,
}

const DEFAULT_CONFIDENCE: f64 = 0.95;
const DEFAULT_MAX_MISSING: f64 = 0.1;
const DEFAULT_SAMPLE_RATIO_P: f64 = 0.001;
/// Below it, intervals of proportions no longer cover what they claim at every share.
const LEAST_N: u64 = 10;

impl<'a> Request<'a> {
    /// # Errors
    /// A sentence for the release's owner that names the parameter.
    pub(crate) fn new(criterion: &'a Criterion, params: &'a Params) -> Result<Self, String> {
        let metric = criterion.metric(METRIC)?;
        let control = params.control.as_str();
        let expected = expected(params)?;
        let others = expected.as_deref();
        let ships = params.ships.as_deref();
        if ships == Some(control) {
            return Err(format!(
                "ships: {control:?} is the control; name a variant that is compared with it"
            ));
        }
        if let (Some(ships), Some(others)) = (ships, others)
            && !others.contains(&ships)
        {
            return Err(format!("ships: {ships:?} is not among the variants {}", others.join(", ")));
        }
        let stated_confidence = match params.confidence {
            None => DEFAULT_CONFIDENCE,
            Some(given) => share("confidence", given, "95%")?,
        };
        if !(stated_confidence > 0.5 && stated_confidence < 1.0) {
            let given = Quantity::Percent(stated_confidence);
            return Err(format!(
                "confidence: {given} is not usable; write more than 50% and less than 100%, such as 95%"
            ));
        }
        let max_missing = match params.max_missing {
            Some(given) => share("max_missing", given, "10%")?,
            None => DEFAULT_MAX_MISSING,
        };
        if !(0.0..1.0).contains(&max_missing) {
            let given = Quantity::Percent(max_missing);
            return Err(format!("max_missing: {given} is not usable; write at least 0% and less than 100%"));
        }
        let sample_ratio_p = params.sample_ratio_p.unwrap_or(DEFAULT_SAMPLE_RATIO_P);
        if !(sample_ratio_p > 0.0 && sample_ratio_p <= 0.1) {
            return Err(format!(
                "sample_ratio_p: {sample_ratio_p} is not usable; write a probability up to 0.1, such as 0.001"
            ));
        }
        let min_n = params.min_n.unwrap_or(LEAST_N);
        if min_n < LEAST_N {
            return Err(format!(
                "min_n: {min_n} is too few; with less than {LEAST_N} units in a variant nothing is compared"
            ));
        }
        Ok(Self {
            metric,
            kind: kind(metric)?,
            control,
            split_by: params.split_by.as_deref().unwrap_or("variant"),
            ships,
            bound: bound(criterion, metric, params)?,
            sides: params.sides.unwrap_or(Sides::Two),
            error: 1.0 - criterion.confidence_per_look(stated_confidence),
            stated_confidence,
            looks: criterion.look_count(),
            weights: params.weights.as_ref(),
            expected,
            sample_ratio_p,
            min_n,
            max_missing,
        })
    }

    /// The part of the units that a variant should have, on any scale.
    pub(crate) fn weight(&self, variant: &str) -> f64 {
        self.weights.map_or(1.0, |weights| weights.get(variant).copied().unwrap_or(0.0))
    }

    /// Coverage of the interval that has this error rate.
    pub(crate) fn interval_confidence(&self, error: f64) -> f64 {
        match self.sides {
            Sides::Two => 1.0 - error,
            Sides::One => Alternative::Greater.interval_confidence(1.0 - error),
        }
    }

    /// What is held against a difference of exactly the bound.
    pub(crate) fn alternative(&self) -> Alternative {
        match (self.sides, self.bound.bounds.direction) {
            (Sides::Two, _) => Alternative::TwoSided,
            (Sides::One, Direction::AtLeast) => Alternative::Greater,
            (Sides::One, Direction::AtMost) => Alternative::Less,
        }
    }

    /// Whether more of the metric is better.
    pub(crate) fn improves_upwards(&self) -> bool {
        self.bound.bounds.direction == Direction::AtLeast
    }

    /// What differences are written in.
    pub(crate) fn unit(&self) -> &str {
        match (self.bound.scale, self.kind) {
            (Scale::Relative, _) => "relative",
            (Scale::Absolute, _) if self.metric.is_share() => "pp",
            (Scale::Absolute, _) => &self.metric.unit,
        }
    }

    /// The method in a few words, by the coverage of the interval; `variants`: how many decide.
    pub(crate) fn method(&self, interval_confidence: f64, variants: usize) -> String {
        let name = match (self.kind, self.bound.scale) {
            (Kind::Share, Scale::Absolute) => "Newcombe",
            (Kind::Share, Scale::Relative) => "ratio by Newcombe's method",
            (Kind::Mean, Scale::Absolute) => "Welch",
            (Kind::Mean, Scale::Relative) => "Fieller",
        };
        let used = format::confidence(interval_confidence);
        let mut over = Vec::new();
        if self.looks > 1 {
            over.push(format!("{} looks", self.looks));
        }
        if variants > 1 {
            over.push(format!("{variants} variants by Holm"));
        }
        let side = if self.sides == Sides::One { " one-sided" } else { "" };
        let stated = format::confidence(self.stated_confidence);
        match (over.is_empty(), self.sides) {
            (true, Sides::Two) => format!("{name} {used}"),
            (true, Sides::One) => format!("{name} {used} ({stated}{side})"),
            (false, _) => format!("{name} {used} ({stated}{side} over {})", over.join(" and ")),
        }
    }

    /// What one unit is called, in the plural.
    pub(crate) fn unit_of_n(&self) -> &str {
        self.metric.fact("n-unit").and_then(Value::as_text).unwrap_or("units")
    }

    /// What a unit did that counts, such as `back after 7 days`; `None`: the metric does not say.
    pub(crate) fn unit_of_sum(&self) -> Option<&str> {
        self.metric.fact("sum-unit").and_then(Value::as_text).filter(|_| self.kind == Kind::Share)
    }
}

/// The variants beside the control, in the order of the file; `None`: neither `variants` nor `weights` say.
fn expected(params: &Params) -> Result<Option<Vec<&str>>, String> {
    let control = params.control.as_str();
    let listed = params.variants.as_ref().map(|names| names.iter().map(String::as_str).collect::<Vec<_>>());
    if listed.as_ref().is_some_and(|names| names.contains(&control)) {
        return Err(format!("variants: {control:?} is the control; name the others only"));
    }
    if listed.as_ref().is_some_and(Vec::is_empty) {
        return Err("variants: the list is empty; name at least one, or leave it out".to_owned());
    }
    let Some(weights) = &params.weights else { return Ok(listed) };
    if let Some((name, weight)) = weights.iter().find(|(_, weight)| !(**weight > 0.0 && weight.is_finite())) {
        return Err(format!("weights: {weight} for {name:?} is not usable; write a positive number"));
    }
    if !weights.contains_key(control) {
        return Err(format!("weights: the control {control:?} has none; write one for it too"));
    }
    let weighted: Vec<&str> = weights.keys().map(String::as_str).filter(|name| *name != control).collect();
    let Some(listed) = listed else { return Ok(Some(weighted)) };
    if let Some(name) = listed.iter().find(|name| !weighted.contains(name)) {
        return Err(format!("weights: the variant {name:?} has none; write one for each"));
    }
    if let Some(name) = weighted.iter().find(|name| !listed.contains(name)) {
        return Err(format!("weights: {name:?} is neither the control nor among variants"));
    }
    Ok(Some(listed))
}

fn kind(metric: &Metric) -> Result<Kind, String> {
    let key = &metric.key;
    match metric.kind.as_str() {
        "ratio" if metric.is_share() => Ok(Kind::Share),
        "mean" => Ok(Kind::Mean),
        "ratio" => Err(format!(
            "metric: {key} is a ratio of unit {}, whose units are not its denominator; experiment compares \
             shares (units that did something, of all units) and means",
            metric.unit
        )),
        other => Err(format!(
            "metric: {key} is of kind {other}, which says nothing of single units; experiment compares \
             ratios of unit share and means"
        )),
    }
}

fn bound(criterion: &Criterion, metric: &Metric, params: &Params) -> Result<Bound, String> {
    let direction = match metric.better {
        Better::Larger => Direction::AtLeast,
        Better::Smaller => Direction::AtMost,
        Better::Neither => {
            return Err(format!(
                "metric: {} has no better direction, so no variant can be better or worse; set better: \
                 higher or lower in the metric",
                metric.key
            ));
        }
    };
    let (name, given, asked) = match (params.better_by_at_least, params.worse_by_at_most) {
        (Some(_), Some(_)) => {
            return Err("better_by_at_least, worse_by_at_most: give one of them, not both".to_owned());
        }
        (None, None) if criterion.role == Role::Guardrail => {
            return Err("worse_by_at_most: a guardrail needs a margin, since no experiment can show that \
                        nothing at all got worse; write how much is accepted, such as 0.5pp or 1%"
                .to_owned());
        }
        (given, None) => ("better_by_at_least", given, Asked::BetterByAtLeast),
        (None, given) => ("worse_by_at_most", given, Asked::WorseByAtMost),
    };
    let (amount, scale) = match given {
        None => (0.0, Scale::Absolute),
        Some(given) => change(name, given, metric)?,
    };
    if amount < 0.0 {
        return Err(format!("{name}: an amount is wanted, not {amount}; its direction is in the name"));
    }
    // Along the direction in which the metric improves.
    let along = if asked == Asked::BetterByAtLeast { amount } else { -amount };
    let at = if direction == Direction::AtLeast { along } else { -along };
    if scale == Scale::Relative && at <= -1.0 {
        let given = Quantity::Percent(amount);
        return Err(format!("{name}: {given} of the control would leave nothing; write less than 100%"));
    }
    // -0 becomes 0.
    Ok(Bound { asked, scale, bounds: Bounds { direction, target: at + 0.0, weaker: None } })
}

/// An amount of change, and whether it is relative to the control.
fn change(name: &str, quantity: Quantity, metric: &Metric) -> Result<(f64, Scale), String> {
    let (key, unit) = (&metric.key, &metric.unit);
    match (quantity, metric.is_share()) {
        (Quantity::Percent(value), _) => Ok((value, Scale::Relative)),
        (Quantity::Points(value), true) => Ok((value, Scale::Absolute)),
        (Quantity::Plain(value), false) => Ok((value, Scale::Absolute)),
        (Quantity::Plain(value), true) => Err(format!(
            "{name}: {value} has no unit; {key} is a share, write {value}pp (points) or {value}% (relative)"
        )),
        (Quantity::Points(_), false) => Err(format!(
            "{name}: {quantity} is a difference of shares, but {key} is in {unit}; write a bare number, or % \
             for a relative change"
        )),
    }
}

fn share(name: &str, quantity: Quantity, example: &str) -> Result<f64, String> {
    match quantity {
        Quantity::Percent(value) => Ok(value),
        other => Err(format!("{name}: {other} is not a share; write it in per cent, such as {example}")),
    }
}
