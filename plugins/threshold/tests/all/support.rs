//! Frames and criteria in few words.

use yardstick_sdk::testing::{Asked, Memory, evaluate};
use yardstick_sdk::{Better, Criterion, Finding, Outcome, Shape};
use yardstick_threshold::Threshold;

pub(crate) const DAY: i64 = 86_400_000;
pub(crate) const NULL: f64 = f64::NAN;
/// 11 March 2026, the first day of the window of [`Asked`].
pub(crate) const FIRST: i64 = 20_523 * DAY;

/// The question about a metric of this kind and unit, with these parameters.
pub(crate) fn asked(kind: &str, unit: &str, params: &str) -> Criterion {
    Asked::of(kind, unit, Better::Neither).with(params).criterion()
}

/// A day of a mean: units, their sum and sum of squares.
pub(crate) type Units = (f64, f64, f64);

fn times(days: usize) -> impl Iterator<Item = i64> {
    (0..days as i64).map(|day| FIRST + day * DAY)
}

fn known(frame: Memory, days: usize) -> Memory {
    frame
        .fact("window-start", FIRST)
        .fact("window-end", FIRST + days as i64 * DAY)
        .fact("buckets-expected", days as i64)
}

fn totals(value: f64, n: f64, sum: f64, sum_sq: f64) -> Memory {
    Memory::new(Shape::Totals)
        .column("value", [value])
        .column("n", [n])
        .column("sum", [sum])
        .column("sum_sq", [sum_sq])
}

/// Frames of a gauge or sum with these daily values; NaN is a missing day.
pub(crate) fn counts(kind: &str, values: &[f64]) -> Vec<(&'static str, Memory)> {
    let present = || values.iter().copied().filter(|value| !value.is_nan());
    let total = match kind {
        "gauge" => values.last().copied().unwrap_or(NULL),
        _ if present().next().is_none() => NULL,
        _ => present().sum(),
    };
    let null = || vec![NULL; values.len()];
    let series = Memory::new(Shape::Series)
        .integers_column("time", times(values.len()))
        .column("value", values.iter().copied())
        .column("n", null())
        .column("sum", null())
        .column("sum_sq", null());
    vec![("totals", totals(total, NULL, NULL, NULL)), ("days", known(series, values.len()))]
}

/// Frames of a mean or ratio with these days; NaN in `n` is a missing day.
pub(crate) fn units(days: &[Units]) -> Vec<(&'static str, Memory)> {
    let sum_of = |of: fn(&Units) -> f64| {
        let present: Vec<f64> = days.iter().map(of).filter(|value| !value.is_nan()).collect();
        if present.is_empty() { NULL } else { present.iter().sum() }
    };
    let (n, sum, sum_sq) = (sum_of(|day| day.0), sum_of(|day| day.1), sum_of(|day| day.2));
    let series = Memory::new(Shape::Series)
        .integers_column("time", times(days.len()))
        .column("value", days.iter().map(|day| day.1 / day.0))
        .column("n", days.iter().map(|day| day.0))
        .column("sum", days.iter().map(|day| day.1))
        .column("sum_sq", days.iter().map(|day| day.2));
    vec![("totals", totals(sum / n, n, sum, sum_sq)), ("days", known(series, days.len()))]
}

/// A proportion spread over 28 days as evenly as whole numbers allow.
pub(crate) fn even(successes: u64, trials: u64) -> Vec<Units> {
    let trials_by = |day: u64| trials * day / 28;
    let successes_by = |day: u64| successes * trials_by(day) / trials.max(1);
    let of_day = |cumulated: &dyn Fn(u64) -> u64, day: u64| (cumulated(day + 1) - cumulated(day)) as f64;
    (0..28).map(|day| (of_day(&trials_by, day), of_day(&successes_by, day), NULL)).collect()
}

/// The finding.
pub(crate) fn judged(criterion: &Criterion, frames: Vec<(&'static str, Memory)>) -> Finding {
    let finding = evaluate::<Threshold>(criterion, frames).expect("a finding");
    let numbers = finding.primary.iter().flat_map(|p| [Some(p.value), p.low, p.high, p.confidence]);
    for number in numbers.flatten().chain(finding.target) {
        assert!(number.is_finite(), "{finding:?}");
    }
    finding
}

/// `pass`, `marginal`, `fail` or the code.
pub(crate) fn word(finding: &Finding) -> &str {
    match &finding.outcome {
        Outcome::Pass => "pass",
        Outcome::Marginal => "marginal",
        Outcome::Fail => "fail",
        Outcome::Undecided(why) => &why.code,
    }
}

/// The finding's second line.
pub(crate) fn detail(finding: &Finding) -> &str {
    let found = finding.more.iter().find(|(name, _)| name == "detail");
    found.and_then(|(_, value)| value.as_text()).unwrap_or_default()
}
