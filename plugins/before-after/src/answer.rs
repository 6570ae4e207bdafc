//! What a comparison comes to, and how it becomes a finding.

use yardstick_sdk::bounds::{Bounds, Call, Direction};
use yardstick_sdk::stats::before_after::{Change, Comparison, Level, Spread};
use yardstick_sdk::stats::{Degenerate, format};
use yardstick_sdk::{Decided, Estimate, Finding, Grade, Reason, Says, Undecided, Value, flip};

use crate::data::Data;
use crate::request::{Kind, Request};

/// A change that could be held against the bound.
pub(crate) struct Measured {
    pub(crate) comparison: Comparison,
    pub(crate) change: Change,
    pub(crate) call: Call,
}

impl Measured {
    pub(crate) fn finding(&self, request: &Request<'_>, data: &Data) -> Finding {
        let unit = request.unit();
        let Change { value, interval } = self.change;
        let after = request.observations(&data.after);
        let mut primary = Estimate::new("change", unit, value).within(interval, request.confidence).of(after);
        primary.more.push(("compared".to_owned(), Value::Text("after less before".to_owned())));
        let says = Says {
            headline: self.headline(request),
            method: request.method(self.comparison.spread),
            grade: Grade::BeforeAfter,
            target: request.bounds.target,
            primary,
            flip: flip::continuous(&request.bounds, interval, unit),
        };
        let finding = match self.call {
            Call::Pass => Finding::decided(Decided::Pass, says),
            Call::Marginal => Finding::decided(Decided::Marginal, says),
            Call::Fail => Finding::decided(Decided::Fail, says),
            Call::Straddles => Finding::inconclusive("straddles", says),
        };
        let level =
            |name: &str, level: &Level, n: u64| Estimate::new(name, &request.metric.unit, level.value).of(n);
        let comparison = &self.comparison;
        finding
            .other(level("after", &comparison.after, after))
            .other(level("before", &comparison.before, request.observations(&data.before)))
            .with("bound", side(&request.bounds))
            .with("detail", self.detail(request))
            .with("autocorrelation", comparison.autocorrelation)
            .with("days-after", comparison.after.days.cast_signed())
            .with("days-before", comparison.before.days.cast_signed())
            .with("effective-days-after", comparison.after.effective_days)
            .with("effective-days-before", comparison.before.effective_days)
    }

    /// `+2.0 % [−0.7, +4.8]; at most 5 % worse`.
    fn headline(&self, request: &Request<'_>) -> String {
        let (unit, target) = (request.unit(), request.bounds.target);
        let Change { value, interval } = self.change;
        let mut text = format::estimate_beside(value, interval.low, interval.high, target, unit);
        if self.call == Call::Straddles {
            text.push_str(&format!(" contains {}", format::chosen_short(target, unit)));
        }
        format!("{text}; {}", request.asked)
    }

    /// What was compared, how, and what the days are worth.
    fn detail(&self, request: &Request<'_>) -> String {
        let Comparison { after, before, autocorrelation, spread } = &self.comparison;
        let unit = &request.metric.unit;
        let average = match request.kind {
            Kind::Gauge => " on average",
            Kind::Sum => " a day",
            Kind::Mean | Kind::Ratio => "",
        };
        let counted = match request.metric.fact("sampled").and_then(Value::as_boolean) {
            Some(false) => "; counted, not sampled: the error is how days differ",
            _ => "",
        };
        let shared = match spread {
            Spread::Own => "",
            Spread::Shared => ", spread shared",
        };
        format!(
            "{}{average} on {} after, {} on {} before; {}, days worth {} and {} (autocorrelation \
             {}){shared}{counted}",
            format::value(after.value, unit),
            format::counted(after.days, "days"),
            format::value(before.value, unit),
            before.days,
            request.method(*spread),
            tenth(after.effective_days),
            tenth(before.effective_days),
            hundredth(*autocorrelation),
        )
    }
}

impl Request<'_> {
    /// Observations of a period: units of means and ratios, days of gauges and sums.
    fn observations(&self, period: &crate::data::Days) -> u64 {
        // The cast saturates.
        period.n() as u64
    }
}

/// The side on which the bound is met, as documents say it.
fn side(bounds: &Bounds) -> &'static str {
    match bounds.direction {
        Direction::AtLeast => "at-least",
        Direction::AtMost => "at-most",
    }
}

fn tenth(value: f64) -> String {
    format::value((10.0 * value).round() / 10.0, "")
}

fn hundredth(value: f64) -> String {
    format!("{value:.2}")
}

/// Why there is nothing to compare.
pub(crate) struct Trouble {
    pub(crate) reason: Reason,
    /// A code of the host's table.
    pub(crate) code: &'static str,
    pub(crate) headline: String,
}

impl Trouble {
    pub(crate) fn new(reason: Reason, code: &'static str, headline: String) -> Self {
        Self { reason, code, headline }
    }

    /// A finding's words for a comparison without an answer.
    pub(crate) fn of(why: Degenerate, request: &Request<'_>, data: &Data) -> Self {
        let baseline = baseline(data);
        let few = Reason::InsufficientData;
        let (reason, headline) = match why {
            Degenerate::Unmatched => (
                few,
                format!(
                    "days after the launch have no day of the same weekday in {baseline}; name a longer one"
                ),
            ),
            Degenerate::OneValue => (
                few,
                format!(
                    "{baseline} has no weekday twice, so nothing tells how days differ; name a longer one"
                ),
            ),
            Degenerate::ZeroVariance => (few, without_spread(data).to_owned()),
            Degenerate::NotPositive => {
                let positive =
                    data.before.days.iter().map(|day| day.sum).filter(|sum| sum.is_finite()).sum::<f64>()
                        > 0.0;
                let what = if positive { "varies so much that it is not" } else { "is not" };
                (
                    few,
                    format!(
                        "the baseline {what} clearly above zero, so a relative change means nothing; ask \
                         for a change in the metric's unit"
                    ),
                )
            }
            Degenerate::ZeroDenominator if request.kind == Kind::Ratio => {
                (few, format!("no {} on the weekdays compared, so there is no rate", request.unit_of_n()))
            }
            Degenerate::OutOfRange(_) => {
                let key = &request.metric.key;
                (
                    Reason::UntrustedData,
                    format!("the numbers of {key} contradict each other or are too large"),
                )
            }
            other => (few, other.to_string()),
        };
        Self::new(reason, why.code(), headline)
    }

    /// Says what is missing, never how the periods compare.
    pub(crate) fn finding(self, request: &Request<'_>) -> Finding {
        Finding::undecided(Undecided {
            reason: self.reason,
            code: self.code,
            headline: self.headline,
            method: request.method(Spread::Own),
            grade: Grade::BeforeAfter,
            target: Some(request.bounds.target),
        })
        .with("bound", side(&request.bounds))
    }
}

/// `a baseline of 28 days`, with how many have a value where some have none.
fn baseline(data: &Data) -> String {
    let (all, valued) = (data.before.days.len() as u64, data.before.count());
    let all_days = format::counted(all, "days");
    if valued == all {
        format!("a baseline of {all_days}")
    } else {
        format!("a baseline of {all_days} ({valued} with a value)")
    }
}

/// Whose days do not differ.
fn without_spread(data: &Data) -> &'static str {
    match (data.after.is_constant(), data.before.is_constant()) {
        (true, false) => "the days after the launch are all the same, so their spread is unknown",
        (false, true) => "the days of the baseline are all the same, so their spread is unknown",
        _ => "days do not differ but by their weekday, so their spread is unknown",
    }
}
