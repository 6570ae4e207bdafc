//! Frames and criteria in few words.

use yardstick_before_after::BeforeAfter;
use yardstick_sdk::testing::{Asked, Memory, evaluate};
use yardstick_sdk::{Better, Criterion, Finding, Outcome, Shape, Window};

pub(crate) const DAY: i64 = 86_400_000;
pub(crate) const NULL: f64 = f64::NAN;
/// 11 March 2026, a Wednesday: the first day after the launch of [`Asked`].
pub(crate) const FIRST: i64 = 20_523 * DAY;

/// Units and their sum on one day; a gauge or sum has its value in the second.
pub(crate) type Units = (f64, f64);

/// The question about a metric of this kind and unit over so many days after the launch and before it.
pub(crate) fn asked(kind: &str, unit: &str, better: Better, params: &str) -> Criterion {
    over(Asked::of(kind, unit, better).with(params).criterion(), 28, 28)
}

/// With windows of so many days after the launch and before it.
pub(crate) fn over(mut criterion: Criterion, after: i64, before: i64) -> Criterion {
    criterion.window = Window { start: FIRST, end: FIRST + after * DAY };
    // The launch day belongs to neither side.
    criterion.baseline = Some(Window { start: FIRST - (before + 1) * DAY, end: FIRST - DAY });
    criterion.metrics.iter_mut().for_each(|metric| metric.complete_through = Some(FIRST + after * DAY));
    criterion
}

/// A frame of these days from an instant on, in this order of rows.
pub(crate) fn series(kind: &str, start: i64, days: &[Units], order: &[usize]) -> Memory {
    let daily = matches!(kind, "gauge" | "sum");
    let of = |value: &dyn Fn(Units) -> f64| order.iter().map(|at| value(days[*at])).collect::<Vec<f64>>();
    Memory::new(Shape::Series)
        .integers_column("time", order.iter().map(|at| start + *at as i64 * DAY))
        .column("value", of(&|(n, sum)| if daily { sum } else { sum / n }))
        .column("n", of(&|(n, _)| if daily { NULL } else { n }))
        .column("sum", of(&|(_, sum)| if kind == "gauge" { NULL } else { sum }))
        .column("sum_sq", of(&|_| NULL))
        .fact("window-start", start)
        .fact("window-end", start + days.len() as i64 * DAY)
        .fact("buckets-expected", days.len() as i64)
}

/// Frames of the days before the launch and after it.
pub(crate) fn frames(kind: &str, before: &[Units], after: &[Units]) -> Vec<(&'static str, Memory)> {
    let order = |days: &[Units]| (0..days.len()).collect::<Vec<_>>();
    let start = FIRST - (before.len() as i64 + 1) * DAY;
    vec![
        ("after", series(kind, FIRST, after, &order(after))),
        ("before", series(kind, start, before, &order(before))),
    ]
}

/// Days of a metric with a weekday pattern and some noise of its own, from so many days after the launch day
/// on; `level` scales them.
pub(crate) fn days(from: i64, count: usize, level: f64) -> Vec<Units> {
    const PATTERN: [f64; 7] = [1.0, 1.1, 1.05, 1.0, 0.9, 0.4, 0.35];
    let day = |at: i64| {
        // A fixed scatter of about 2 %, by a multiplicative hash of the day.
        let hash = (at.unsigned_abs() + 77).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        let noise = (hash as f64 / (1_u64 << 24) as f64 - 0.5) * 0.07;
        let n = (1_000.0 * PATTERN[(at + 70_002).rem_euclid(7) as usize]).round();
        (n, n * 0.2 * level * (1.0 + noise))
    };
    (from..from + count as i64).map(day).collect()
}

/// So many days before the launch day.
pub(crate) fn before(count: usize) -> Vec<Units> {
    days(-(count as i64), count, 1.0)
}

/// The finding; its numbers are finite.
pub(crate) fn judged(criterion: &Criterion, frames: Vec<(&'static str, Memory)>) -> Finding {
    let finding = evaluate::<BeforeAfter>(criterion, frames).expect("a finding");
    let estimates = finding.primary.iter().chain(&finding.others);
    let numbers = estimates.flat_map(|part| [Some(part.value), part.low, part.high, part.confidence]);
    for number in numbers.flatten().chain(finding.target) {
        assert!(number.is_finite(), "{finding:?}");
    }
    finding
}

/// `pass`, `fail` or the code.
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
