//! Frames and criteria in few words.

use yardstick_experiment::Experiment;
use yardstick_sdk::testing::{Asked, Memory, evaluate, plan};
use yardstick_sdk::{Better, Criterion, Finding, Outcome, Shape, Value};

const DAY: i64 = 86_400_000;
/// 11 March 2026, the first day of the window of [`Asked`].
pub(crate) const FIRST: i64 = 20_523 * DAY;
pub(crate) const NULL: f64 = f64::NAN;

/// A variant with its units, those that did it or their sum, and the sum of squares (null for a share).
pub(crate) type Arm<'a> = (&'a str, f64, f64, f64);

/// The published gate test, day 7: control and treatment.
pub(crate) const DAY_7: [Arm<'static>; 2] =
    [("gate_30", 44_700.0, 8_502.0, NULL), ("gate_40", 45_489.0, 8_279.0, NULL)];
/// The same, day 1.
pub(crate) const DAY_1: [Arm<'static>; 2] =
    [("gate_30", 44_700.0, 20_034.0, NULL), ("gate_40", 45_489.0, 20_119.0, NULL)];

/// The question about the share of players that came back.
pub(crate) fn players(params: &str) -> Asked {
    Asked::of("ratio", "share", Better::Larger)
        .fact("n-unit", "players")
        .fact("sum-unit", "back after 7 days")
        .with(params)
}

/// The question about a mean.
pub(crate) fn mean(params: &str, better: Better) -> Criterion {
    Asked::of("mean", "s", better).fact("n-unit", "visits").with(params).criterion()
}

/// Totals of these variants over a window of 28 days, with a row per variant.
pub(crate) fn totals(arms: &[Arm<'_>]) -> Memory {
    totals_of_days(arms, &vec![28.0; arms.len()])
}

/// The same with so many days of each variant.
pub(crate) fn totals_of_days(arms: &[Arm<'_>], present: &[f64]) -> Memory {
    Memory::new(Shape::Totals)
        .column("value", arms.iter().map(|arm| arm.2 / arm.1))
        .column("n", arms.iter().map(|arm| arm.1))
        .column("sum", arms.iter().map(|arm| arm.2))
        .column("sum_sq", arms.iter().map(|arm| arm.3))
        .column("buckets", present.iter().copied())
        .column("expected", vec![28.0; arms.len()])
        .texts_column("variant", arms.iter().map(|arm| arm.0))
        .fact("window-start", FIRST)
        .fact("window-end", FIRST + 28 * DAY)
}

/// The finding about these variants.
pub(crate) fn judged(criterion: &Criterion, arms: &[Arm<'_>]) -> Finding {
    judged_from(criterion, totals(arms))
}

/// The finding from this frame; every number in it is finite.
pub(crate) fn judged_from(criterion: &Criterion, frame: Memory) -> Finding {
    let finding = evaluate::<Experiment>(criterion, vec![("totals", frame)]).expect("a finding");
    for estimate in finding.primary.iter().chain(&finding.others) {
        let numbers =
            [Some(estimate.value), estimate.low, estimate.high, estimate.confidence, estimate.log10_p];
        assert!(numbers.into_iter().flatten().all(f64::is_finite), "{finding:?}");
    }
    let cells = finding.tables.iter().flat_map(|table| table.rows.iter().flatten());
    let facts = finding.more.iter().map(|(_, value)| value);
    for value in cells.chain(facts) {
        assert!(!matches!(value, Value::Number(number) if !number.is_finite()), "{finding:?}");
    }
    finding
}

/// Why the plan is refused.
pub(crate) fn refused(criterion: &Criterion) -> String {
    plan::<Experiment>(criterion).expect_err("a refusal")
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

/// A further fact that is a text.
pub(crate) fn fact<'a>(finding: &'a Finding, name: &str) -> &'a str {
    let found = finding.more.iter().find(|(known, _)| known == name);
    found.and_then(|(_, value)| value.as_text()).unwrap_or_default()
}
