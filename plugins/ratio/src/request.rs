//! The criterion's parameters, checked against its metrics.

use serde::Deserialize;
use yardstick_sdk::bounds::{Bounds, Direction, Written};
use yardstick_sdk::stats::format;
use yardstick_sdk::{Better, Criterion, Metric, Quantity, Value};

use crate::form::{Form, Levels};
use crate::{DENOMINATOR, INSTANCES, NUMERATOR, REPORTING};

/// What a release file says under `with:` (`params.schema.json`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    at_least: Option<Quantity>,
    at_most: Option<Quantity>,
    marginal_from: Option<Quantity>,
    marginal_to: Option<Quantity>,
    may_exceed: Option<bool>,
    levels: Option<Levels>,
    unit: Option<String>,
    min_n: Option<f64>,
    confidence: Option<Quantity>,
    decide_by: Option<DecideBy>,
    max_missing: Option<Quantity>,
    reporting_at_least: Option<Quantity>,
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

/// What decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// Complete counts, compared as they are.
    Counted,
    /// A sample whose whole interval must lie on one side.
    Interval,
    /// A sample that is compared like a count, because the criterion says so.
    Estimate,
}

/// The share of instances that must have reported.
#[derive(Debug)]
pub(crate) struct Reporting<'a> {
    pub(crate) reporting: &'a Metric,
    pub(crate) instances: &'a Metric,
    pub(crate) at_least: f64,
}

/// Everything that is asked.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) numerator: &'a Metric,
    pub(crate) denominator: &'a Metric,
    pub(crate) form: Form,
    pub(crate) how: How,
    pub(crate) bounds: Bounds,
    /// `share`, or so much of the numerator's unit per one of the denominator's.
    pub(crate) unit: String,
    /// The numerator is a part of the denominator.
    pub(crate) is_part: bool,
    /// The dimension whose values are the sampled units; `None`: days are.
    pub(crate) split: Option<&'a str>,
    /// With less in the denominator nothing is judged.
    pub(crate) min_n: Option<f64>,
    /// Coverage of this look's interval.
    pub(crate) confidence: f64,
    /// Coverage over all looks.
    stated_confidence: f64,
    looks: u32,
    /// Share of the days or units that may be missing.
    pub(crate) max_missing: f64,
    pub(crate) reporting: Option<Reporting<'a>>,
}

const DEFAULT_CONFIDENCE: f64 = 0.95;
/// A ratio hardly changes with a tenth of its days. A total over a level does.
const DEFAULT_MAX_MISSING: f64 = 0.1;
const DEFAULT_REPORTING: f64 = 0.8;

impl<'a> Request<'a> {
    /// # Errors
    /// A sentence for the release's owner that names the parameter.
    pub(crate) fn new(criterion: &'a Criterion, params: &'a Params) -> Result<Self, String> {
        let (numerator, denominator) = (criterion.metric(NUMERATOR)?, criterion.metric(DENOMINATOR)?);
        let form = Form::of(numerator, denominator, params.levels)?;
        let split = params.unit.as_deref().filter(|unit| *unit != "day");
        if let Some(dimension) = split.filter(|_| form != Form::Totals) {
            let gauge = if form.is_total_over_level() { denominator } else { numerator };
            return Err(format!(
                "unit: {} is a gauge, and levels are never added up over {dimension}; name two sums, or \
                 leave unit out",
                gauge.key
            ));
        }
        let how = how(numerator, denominator, params, form, split)?;
        let is_share = matches!(params.at_least.or(params.at_most), Some(Quantity::Percent(_)));
        let may_exceed = params.may_exceed.unwrap_or(false);
        if may_exceed && !is_share {
            return Err("may_exceed: goes with a target in per cent; leave it out".to_owned());
        }
        let unit = if is_share { "share".to_owned() } else { per(numerator, denominator) };
        let written = Written {
            at_least: params.at_least,
            at_most: params.at_most,
            marginal_from: params.marginal_from,
            marginal_to: params.marginal_to,
        };
        let is_part = is_share && !may_exceed;
        let bounds = written.read(&unit, |name, quantity| {
            level(name, quantity, is_share, is_part, (numerator, denominator))
        })?;
        let stated_confidence = part("confidence", params.confidence, "95%")?.unwrap_or(DEFAULT_CONFIDENCE);
        if !(0.5..1.0).contains(&stated_confidence) {
            return Err(format!(
                "confidence: {} is not usable; write at least 50% and less than 100%, such as 95%",
                Quantity::Percent(stated_confidence)
            ));
        }
        let usual = if form.is_total_over_level() { 0.0 } else { DEFAULT_MAX_MISSING };
        let max_missing = part("max_missing", params.max_missing, "10%")?.unwrap_or(usual);
        if !(0.0..1.0).contains(&max_missing) {
            return Err(format!(
                "max_missing: {} is not usable; write at least 0% and less than 100%",
                Quantity::Percent(max_missing)
            ));
        }
        Ok(Self {
            numerator,
            denominator,
            form,
            how,
            bounds,
            unit,
            is_part,
            split,
            min_n: params.min_n,
            confidence: criterion.confidence_per_look(stated_confidence),
            stated_confidence,
            looks: criterion.look_count(),
            max_missing,
            reporting: reporting(criterion, params)?,
        })
    }

    /// The method in a few words.
    pub(crate) fn method(&self, has_interval: bool) -> String {
        let used = format::confidence(self.confidence);
        let interval = match self.looks {
            1 => format!("delta method, t {used}"),
            looks => format!(
                "delta method, t {used} ({} over {looks} looks)",
                format::confidence(self.stated_confidence)
            ),
        };
        match (self.how, has_interval) {
            (How::Counted, _) => "counted, not sampled".to_owned(),
            (How::Interval, _) => interval,
            (How::Estimate, true) => format!("estimate alone; {interval} does not decide"),
            (How::Estimate, false) => "estimate alone".to_owned(),
        }
    }

    /// What one of the sampled units is called, in the plural.
    pub(crate) fn units(&self) -> String {
        match self.split {
            None => "days".to_owned(),
            Some(dimension) => format!("{}s", dimension.replace('_', " ")),
        }
    }

    /// What a reader must know of the question itself.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let key = &self.numerator.key;
        let mut warnings = Vec::new();
        match (self.numerator.better, self.bounds.direction) {
            (Better::Smaller, Direction::AtLeast) => warnings
                .push(format!("less of {key} is better, yet the criterion asks for at least so much of it")),
            (Better::Larger, Direction::AtMost) => warnings
                .push(format!("more of {key} is better, yet the criterion asks for at most so much of it")),
            _ => {}
        }
        if self.how == How::Estimate {
            warnings.push(format!(
                "{key} over {} is a sample; the criterion decides by the estimate, so its error does \
                 not count",
                self.denominator.key
            ));
        }
        warnings
    }
}

fn how(
    numerator: &Metric,
    denominator: &Metric,
    params: &Params,
    form: Form,
    split: Option<&str>,
) -> Result<How, String> {
    let is_sample = |metric: &Metric| metric.fact("sampled").and_then(Value::as_boolean).unwrap_or(false);
    let sampled = is_sample(numerator) || is_sample(denominator);
    match (params.decide_by, split) {
        (Some(DecideBy::Estimate), _) if sampled => Ok(How::Estimate),
        (Some(DecideBy::Estimate), _) => Ok(How::Counted),
        (None, None) if !sampled => Ok(How::Counted),
        (_, None) if form == Form::Last => Err(format!(
            "decide_by: one last level of {} over one of {} says nothing of its spread, so there is no \
             interval to decide by; write levels: average or decide_by: estimate",
            numerator.key, denominator.key
        )),
        _ if form.takes_last_denominator() && is_sample(denominator) => Err(format!(
            "decide_by: one last level of {} is a sample that says nothing of its spread, so there is no interval \
             to decide by; write levels: average or decide_by: estimate",
            denominator.key
        )),
        _ => Ok(How::Interval),
    }
}

/// `deployments per user`.
fn per(numerator: &Metric, denominator: &Metric) -> String {
    format!("{} per {}", numerator.unit, format::noun(1, &denominator.unit))
}

/// A quantity as a level of the ratio.
fn level(
    name: &str,
    quantity: Quantity,
    is_share: bool,
    is_part: bool,
    (numerator, denominator): (&Metric, &Metric),
) -> Result<f64, String> {
    let value = match (quantity, is_share) {
        (Quantity::Percent(value), true) => value,
        (Quantity::Plain(value), false) if numerator.unit == denominator.unit => {
            return Err(format!(
                "{name}: {value} has no unit; {} over {} is a share, write it in per cent, such as 60%",
                numerator.key, denominator.key
            ));
        }
        (Quantity::Plain(value), false) => value,
        (Quantity::Plain(_), true) | (Quantity::Percent(_), false) => {
            return Err(format!("{name}: {quantity} is not written like the target; write both alike"));
        }
        (Quantity::Points(_), _) => {
            return Err(format!("{name}: {quantity} is a difference of shares; a target is a level"));
        }
    };
    if is_part && !(0.0..=1.0).contains(&value) {
        return Err(format!(
            "{name}: {quantity} is outside 0% to 100%, where a part of {} always lies; write may_exceed: \
             true where {} is no part of it",
            denominator.key, numerator.key
        ));
    }
    Ok(value)
}

fn part(name: &str, given: Option<Quantity>, example: &str) -> Result<Option<f64>, String> {
    match given {
        None => Ok(None),
        Some(Quantity::Percent(value)) => Ok(Some(value)),
        Some(other) => {
            Err(format!("{name}: {other} is not a share; write it in per cent, such as {example}"))
        }
    }
}

fn reporting<'a>(criterion: &'a Criterion, params: &Params) -> Result<Option<Reporting<'a>>, String> {
    let (reporting, instances) = (criterion.metric(REPORTING).ok(), criterion.metric(INSTANCES).ok());
    let given = part("reporting_at_least", params.reporting_at_least, "80%")?;
    let (reporting, instances) = match (reporting, instances) {
        (Some(reporting), Some(instances)) => (reporting, instances),
        (None, None) if given.is_none() => return Ok(None),
        (None, None) => {
            return Err("reporting_at_least: goes with the metrics reporting and instances; name both".into());
        }
        (Some(_), None) => return Err("metrics.instances: reporting is a share of it; name it too".into()),
        (None, Some(_)) => return Err("metrics.reporting: it is a share of instances; name it too".into()),
    };
    for (name, metric) in [(REPORTING, reporting), (INSTANCES, instances)] {
        if metric.kind != "gauge" {
            return Err(format!(
                "{name}: {} is a {}; name a gauge, the number of instances on a day",
                metric.key, metric.kind
            ));
        }
    }
    let at_least = given.unwrap_or(DEFAULT_REPORTING);
    if !(0.0..=1.0).contains(&at_least) {
        return Err(format!(
            "reporting_at_least: {} is outside 0% to 100%, where a part of the instances always lies",
            Quantity::Percent(at_least)
        ));
    }
    Ok(Some(Reporting { reporting, instances, at_least }))
}
