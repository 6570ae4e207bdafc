//! Ratios that are proportions: Wilson's interval, honest about days that differ.
//!
//! Wilson's interval takes every observation as independent. Observations of one day often are not (one
//! large customer, one outage), which shows in daily rates that vary more than chance allows. Where they
//! clearly do, the successes and observations are divided by the design effect (the variance between days
//! over the binomial one), and the critical value is that of Student's t on the days that are left.
//! One day that differs widens the interval: with the same total, steadier days decide sooner.
//!
//! Where fewer than [`FEW`] did it, or did not, Wilson's limits are too narrow on one side: a single success of one
//! or of many would show a share that it comes from by chance in one case of six. There the exact limits are taken,
//! which never are.

use yardstick_sdk::Value;
use yardstick_sdk::flip::Steps;
use yardstick_sdk::stats::{
    Degenerate, Interval, clopper_pearson, daily, format, normal, student, wilson_with,
};

use crate::answer::{Measured, Trouble};
use crate::counted::fewer_or_more;
use crate::data::Data;
use crate::pooled::trouble;
use crate::request::{How, Request};
use crate::words::{is_whole, whole};

/// Daily rates vary "clearly" more than chance when chance alone would show it once in a hundred times.
const CLEAR: f64 = 2.326;
/// With fewer successes or failures the limits are the exact ones.
const FEW: f64 = 20.0;

/// Whether the ratio is a share of counted things; the range has been checked.
pub(crate) fn applies(request: &Request<'_>, data: &Data) -> bool {
    let present = data.days.iter().filter(|day| day.n.is_finite() && day.sum.is_finite());
    request.metric.is_share() && present.into_iter().all(|day| is_whole(day.n) && is_whole(day.sum))
}

pub(crate) fn judge(request: &Request<'_>, data: &Data) -> Result<Measured, Trouble> {
    let (Some(successes), Some(trials)) = (data.total.sum, data.total.n) else {
        return Err(trouble(request, data, Degenerate::NoData));
    };
    let design = Design::of(&data.days, request.confidence).map_err(|why| trouble(request, data, why))?;
    let interval = design.interval(successes, trials).map_err(|why| trouble(request, data, why))?;
    let value = successes / trials;
    let call_at = |successes: f64| match request.how {
        How::Counted | How::Estimate => request.bounds.call_point(successes / trials),
        // Within 0..=trials the interval exists; a step outside is never asked for.
        How::Interval => design
            .interval(successes, trials)
            .map_or_else(|_| request.bounds.call_point(successes / trials), |at| request.bounds.call(at)),
    };
    let unit = request.unit_of_sum();
    let flip = Steps {
        direction: request.bounds.direction,
        room: (whole(successes), whole(trials - successes)),
        call: &|down, steps| call_at(if down { successes - steps as f64 } else { successes + steps as f64 }),
        text: &|down, steps| match unit {
            Some(unit) => fewer_or_more(down, steps, unit),
            None => {
                let then = if down { whole(successes) - steps } else { whole(successes) + steps };
                format!("{} ({} of {})", fewer_or_more(down, steps, ""), format::count(then), count(trials))
            }
        },
    }
    .describe();
    let flip = if design.widened.is_some() && request.how == How::Interval {
        format!("{flip}, the days as uneven as they are")
    } else {
        flip
    };
    let counted = request.how == How::Counted;
    let method = request.method(Some(design.name(successes, trials)));
    let shares = match unit {
        Some(unit) => format!("{} {unit} of {}", count(successes), count(trials)),
        None => format!("{} of {}", count(successes), count(trials)),
    };
    let mut measured = Measured {
        value,
        interval: (!counted).then_some(interval),
        n: Some(whole(trials)),
        call: call_at(successes),
        detail: format!("{shares}; {method}"),
        method,
        flip,
        warnings: Vec::new(),
        facts: Vec::new(),
    };
    if let (false, Some(widened)) = (counted, design.widened) {
        let dispersion = format::value(widened.dispersion, "");
        measured.detail.push_str(", widened for uneven days");
        let worth = if design.effect > 1.0 {
            let independent = count((trials / design.effect).floor());
            format!("{} observations count as {independent} independent ones", count(trials))
        } else {
            "the interval is that of so many days".to_owned()
        };
        measured.warnings.push(format!(
            "daily rates vary {dispersion} times as much as chance alone would make them; {worth}"
        ));
        measured.facts.push(("dispersion", Value::Number(widened.dispersion)));
        measured.facts.push(("design-effect", Value::Number(design.effect)));
        measured.facts.push(("effective-days", Value::Number(widened.effective_days)));
    }
    if !counted && data.with_observations() == 1 {
        measured.warnings.push("all observations are of one day; other days may differ".to_owned());
    }
    Ok(measured)
}

fn count(value: f64) -> String {
    format::count(whole(value))
}

/// How much less the observations are worth than independent ones.
struct Design {
    /// Variance over the binomial one, at least 1.
    effect: f64,
    confidence: f64,
    critical: f64,
    widened: Option<Widened>,
}

#[derive(Clone, Copy)]
struct Widened {
    dispersion: f64,
    effective_days: f64,
}

impl Design {
    fn of(days: &[daily::Day], confidence: f64) -> Result<Self, Degenerate> {
        let plain = Self { effect: 1.0, confidence, critical: normal::two_sided(confidence)?, widened: None };
        let Some(dispersion) = daily::dispersion(days).filter(|found| found.z > CLEAR) else {
            return Ok(plain);
        };
        let pooled = daily::pool(days)?;
        let trials: f64 = days.iter().map(|day| day.n).filter(|n| n.is_finite()).sum();
        let binomial = pooled.value * (1.0 - pooled.value) / trials;
        let effect = (pooled.standard_error * pooled.standard_error / binomial).max(1.0);
        if !effect.is_finite() {
            return Ok(plain);
        }
        let effective_days = pooled.effective_days;
        let critical = student::two_sided(confidence, effective_days - 1.0)?;
        Ok(Self {
            effect,
            confidence,
            critical,
            widened: Some(Widened { dispersion: dispersion.factor, effective_days }),
        })
    }

    /// Whose limits these are.
    fn name(&self, successes: f64, trials: f64) -> &'static str {
        let few = successes.min(trials - successes) < FEW;
        if few && self.widened.is_none() { "exact" } else { "Wilson" }
    }

    fn interval(&self, successes: f64, trials: f64) -> Result<Interval, Degenerate> {
        let (successes, trials) = (successes / self.effect, trials / self.effect);
        let score = || wilson_with(successes, trials, self.critical);
        if successes.min(trials - successes) >= FEW {
            return score();
        }
        let exact = clopper_pearson(successes, trials, self.confidence)?;
        if self.widened.is_none() {
            return Ok(exact);
        }
        let score = score()?;
        Ok(Interval { low: exact.low.min(score.low), high: exact.high.max(score.high) })
    }
}
