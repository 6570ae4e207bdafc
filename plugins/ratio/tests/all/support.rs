//! Frames and criteria in few words.

use yardstick_ratio::Ratio;
use yardstick_sdk::testing::{Asked, Memory, evaluate};
use yardstick_sdk::{Better, Criterion, Finding, Metric, Outcome, Shape, Value};

pub(crate) const DAY: i64 = 86_400_000;
pub(crate) const NULL: f64 = f64::NAN;
/// 11 March 2026, the first day of the window of [`Asked`].
pub(crate) const FIRST: i64 = 20_523 * DAY;

/// A metric by kind and unit; kinds after a `~` are samples.
pub(crate) fn metric(name: &str, key: &str, kind: &str, unit: &str) -> Metric {
    let more = vec![("sampled".to_owned(), Value::Boolean(kind.starts_with('~')))];
    Metric {
        name: name.to_owned(),
        key: key.to_owned(),
        kind: kind.trim_start_matches('~').to_owned(),
        unit: unit.to_owned(),
        better: Better::Neither,
        complete_through: Some(FIRST + 28 * DAY),
        more,
    }
}

/// The question about two metrics of these kinds and units, with these parameters.
pub(crate) fn asked(above: (&str, &str), below: (&str, &str), params: &str) -> Criterion {
    let mut criterion = Asked::of("sum", "", Better::Neither).with(params).criterion();
    criterion.metrics = vec![
        metric("numerator", "changes.merged", above.0, above.1),
        metric("denominator", "changes.published", below.0, below.1),
    ];
    criterion
}

/// Merged over published changesets.
pub(crate) fn merge_rate(params: &str) -> Criterion {
    asked(("sum", "changesets"), ("sum", "changesets"), params)
}

/// The same, as samples.
pub(crate) fn sampled_rate(params: &str) -> Criterion {
    asked(("~sum", "changesets"), ("~sum", "changesets"), params)
}

/// A metric's days; NaN is a missing one.
pub(crate) fn series(values: &[f64]) -> Memory {
    let times = (0..values.len() as i64).map(|day| FIRST + day * DAY);
    Memory::new(Shape::Series)
        .integers_column("time", times)
        .column("value", values.iter().copied())
        .fact("window-start", FIRST)
        .fact("window-end", FIRST + values.len() as i64 * DAY)
        .fact("buckets-expected", values.len() as i64)
}

/// Frames of numerator and denominator by day.
pub(crate) fn days(above: &[f64], below: &[f64]) -> Vec<(&'static str, Memory)> {
    vec![("numerator", series(above)), ("denominator", series(below))]
}

/// A unit's name, total, and days reported of 28.
pub(crate) type Unit<'a> = (&'a str, f64, f64);

/// A metric's totals by instance.
pub(crate) fn totals(units: &[Unit<'_>]) -> Memory {
    Memory::new(Shape::Totals)
        .column("value", units.iter().map(|unit| unit.1))
        .column("buckets", units.iter().map(|unit| unit.2))
        .column("expected", units.iter().map(|_| 28.0))
        .texts_column("instance", units.iter().map(|unit| unit.0))
        .fact("window-start", FIRST)
        .fact("window-end", FIRST + 28 * DAY)
        .fact("buckets-expected", 28)
}

/// The finding, whose numbers must be finite.
pub(crate) fn judged(criterion: &Criterion, frames: Vec<(&'static str, Memory)>) -> Finding {
    let finding = evaluate::<Ratio>(criterion, frames).expect("a finding");
    let estimates = finding.primary.iter().chain(&finding.others);
    let numbers = estimates.flat_map(|p| [Some(p.value), p.low, p.high, p.confidence]);
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

/// So many days of a sum that adds up to `total`, weekends at a third.
pub(crate) fn weekly(total: f64) -> Vec<f64> {
    let weight = |day: usize| if day % 7 >= 5 { 1.0 } else { 3.0 };
    (0..28).map(|day| total * weight(day) / 68.0).collect()
}
