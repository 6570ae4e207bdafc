//! Every built-in judge over generated data, in any unit.

use yardstick_before_after::BeforeAfter;
use yardstick_experiment::Experiment;
use yardstick_ratio::Ratio;
use yardstick_sdk::testing::evaluate;
use yardstick_sdk::{Better, Window};
use yardstick_threshold::Threshold;

use super::support::{DAY, FIRST, Scenario, Table, asked, metric};

/// 28 days of units with a mean and a spread; everything that the scenarios draw from.
#[derive(Debug, Clone)]
pub(super) struct Drawn {
    /// Units, mean and spread of each day.
    pub(super) days: Vec<(u32, f64, f64)>,
    /// A bound, in the unit of the means.
    pub(super) target: f64,
    /// A bound for shares, in whole per cent.
    pub(super) per_cent: u32,
}

impl Drawn {
    fn counts(&self) -> Vec<f64> {
        self.days.iter().map(|day| f64::from(day.0)).collect()
    }

    fn sums(&self, scale: f64) -> Vec<f64> {
        self.days.iter().map(|(n, mean, _)| f64::from(*n) * mean * scale).collect()
    }

    fn squares(&self, scale: f64) -> Vec<f64> {
        let square = |(n, mean, spread): &(u32, f64, f64)| f64::from(*n) * (mean * mean + spread * spread);
        self.days.iter().map(|day| square(day) * scale * scale).collect()
    }

    /// A part of each day's units, between none and all.
    fn parts(&self, scale: f64) -> Vec<f64> {
        self.days.iter().map(|(n, mean, _)| f64::from(*n) * (0.5 + mean / 250.0) * scale).collect()
    }
}

fn null() -> Vec<f64> {
    vec![f64::NAN; 28]
}

/// Every judge, with amounts in units of `1 / scale`.
pub(super) fn all(drawn: &Drawn, scale: f64) -> Vec<Scenario> {
    vec![
        level(drawn, scale),
        mean(drawn, scale),
        rate(drawn, scale),
        share(drawn, scale),
        by_instance(drawn, scale),
        per_user(drawn, scale),
        periods(drawn, scale, "sum"),
        periods(drawn, scale, "ratio"),
        variants(drawn, scale),
    ]
}

/// Threshold: a level.
fn level(drawn: &Drawn, scale: f64) -> Scenario {
    let values: Vec<f64> = drawn.days.iter().map(|day| day.1 * scale).collect();
    let last = vec![values[27]];
    let none = || vec![f64::NAN];
    let totals = vec![("value", last), ("n", none()), ("sum", none()), ("sum_sq", none())];
    let series = vec![("value", values), ("n", null()), ("sum", null()), ("sum_sq", null())];
    Scenario {
        name: "threshold, gauge",
        judge: evaluate::<Threshold>,
        criterion: asked(
            vec![metric("metric", "gauge", "ms", false)],
            &format!("{{\"at_least\": {}}}", drawn.target * scale),
        ),
        tables: vec![("totals", Table::totals(totals, None)), ("days", Table::days(FIRST, series))],
        scale,
    }
}

/// Threshold: units with a spread.
fn mean(drawn: &Drawn, scale: f64) -> Scenario {
    let mut scenario = pooled(drawn, scale, "mean", drawn.squares(scale));
    scenario.name = "threshold, mean";
    scenario
}

/// Threshold: an amount per unit.
fn rate(drawn: &Drawn, scale: f64) -> Scenario {
    let mut scenario = pooled(drawn, scale, "ratio", null());
    scenario.name = "threshold, ratio";
    scenario
}

fn pooled(drawn: &Drawn, scale: f64, kind: &str, squares: Vec<f64>) -> Scenario {
    let (n, sums) = (drawn.counts(), drawn.sums(scale));
    let total = |values: &[f64]| vec![values.iter().sum::<f64>()];
    let totals = vec![
        ("value", vec![sums.iter().sum::<f64>() / n.iter().sum::<f64>()]),
        ("n", total(&n)),
        ("sum", total(&sums)),
        ("sum_sq", total(&squares)),
    ];
    let values = sums.iter().zip(&n).map(|(sum, n)| sum / n).collect();
    let series = vec![("value", values), ("n", n), ("sum", sums), ("sum_sq", squares)];
    Scenario {
        name: "",
        judge: evaluate::<Threshold>,
        criterion: asked(
            vec![metric("metric", kind, "ms", true)],
            &format!("{{\"at_least\": {}}}", drawn.target * scale),
        ),
        tables: vec![("totals", Table::totals(totals, None)), ("days", Table::days(FIRST, series))],
        scale,
    }
}

/// Ratio: a part of a whole, both in the same unit.
fn share(drawn: &Drawn, scale: f64) -> Scenario {
    let whole = drawn.counts().iter().map(|n| n * scale).collect();
    let side = |values: Vec<f64>| Table::days(FIRST, vec![("value", values)]);
    Scenario {
        name: "ratio, days",
        judge: evaluate::<Ratio>,
        criterion: asked(
            vec![metric("numerator", "sum", "euros", true), metric("denominator", "sum", "euros", true)],
            &format!("{{\"at_least\": \"{}%\"}}", drawn.per_cent),
        ),
        tables: vec![("numerator", side(drawn.parts(scale))), ("denominator", side(whole))],
        scale: 1.0,
    }
}

/// Ratio: the same by instance.
fn by_instance(drawn: &Drawn, scale: f64) -> Scenario {
    let whole = drawn.counts().iter().map(|n| n * scale).collect();
    let side = |values: Vec<f64>| {
        let names = (0..values.len()).map(|index| format!("instance {index}")).collect();
        let days = || vec![28.0; values.len()];
        let numbers = vec![("buckets", days()), ("expected", days()), ("value", values.clone())];
        Table::totals(numbers, Some(("instance", names)))
    };
    let params = format!("{{\"at_least\": \"{}%\", \"unit\": \"instance\"}}", drawn.per_cent);
    Scenario {
        name: "ratio, instances",
        judge: evaluate::<Ratio>,
        criterion: asked(
            vec![metric("numerator", "sum", "euros", false), metric("denominator", "sum", "euros", false)],
            &params,
        ),
        tables: vec![("numerator", side(drawn.parts(scale))), ("denominator", side(whole))],
        scale: 1.0,
    }
}

/// Ratio: an amount per user, whose unit alone changes.
fn per_user(drawn: &Drawn, scale: f64) -> Scenario {
    let side = |values: Vec<f64>| Table::days(FIRST, vec![("value", values)]);
    let params = format!("{{\"at_most\": {}, \"decide_by\": \"interval\"}}", drawn.target * scale);
    Scenario {
        name: "ratio, sum over gauge",
        judge: evaluate::<Ratio>,
        criterion: asked(
            vec![metric("numerator", "sum", "ms", false), metric("denominator", "gauge", "users", false)],
            &params,
        ),
        tables: vec![("numerator", side(drawn.sums(scale))), ("denominator", side(drawn.counts()))],
        scale,
    }
}

/// Before-after: the same days in reverse before the launch, by a difference in the metric's unit.
fn periods(drawn: &Drawn, scale: f64, kind: &'static str) -> Scenario {
    let mut reversed = drawn.clone();
    reversed.days.reverse();
    let side = |from: i64, drawn: &Drawn| {
        let (n, sums) = (drawn.counts(), drawn.sums(scale));
        let values = match kind {
            "sum" => sums.clone(),
            _ => sums.iter().zip(&n).map(|(sum, n)| sum / n).collect(),
        };
        Table::days(from, vec![("value", values), ("n", n), ("sum", sums), ("sum_sq", null())])
    };
    let start = FIRST - 29 * DAY;
    let mut metric = metric("metric", kind, "ms", true);
    metric.better = Better::Larger;
    let params = format!("{{\"worse_by_at_most\": {}}}", drawn.target.abs() * scale);
    let mut criterion = asked(vec![metric], &params);
    criterion.baseline = Some(Window { start, end: start + 28 * DAY });
    Scenario {
        name: "before-after",
        judge: evaluate::<BeforeAfter>,
        criterion,
        tables: vec![("after", side(FIRST, drawn)), ("before", side(start, &reversed))],
        scale,
    }
}

/// Experiment: means of three variants.
fn variants(drawn: &Drawn, scale: f64) -> Scenario {
    const UNITS: f64 = 400.0;
    let arms = &drawn.days[..3];
    let means = || arms.iter().map(|arm| arm.1 * scale);
    let squares =
        |(_, mean, spread): &(u32, f64, f64)| UNITS * (mean * mean + spread * spread) * scale * scale;
    let numbers = vec![
        ("value", means().collect()),
        ("n", vec![UNITS; 3]),
        ("sum", means().map(|mean| UNITS * mean).collect()),
        ("sum_sq", arms.iter().map(squares).collect()),
        ("buckets", vec![28.0; 3]),
        ("expected", vec![28.0; 3]),
    ];
    let names = ["a", "b", "c"].map(str::to_owned).to_vec();
    let mut metric = metric("metric", "mean", "ms", true);
    metric.better = Better::Larger;
    let by = drawn.target.abs() * scale / 10.0;
    Scenario {
        name: "experiment",
        judge: evaluate::<Experiment>,
        criterion: asked(vec![metric], &format!("{{\"control\": \"a\", \"better_by_at_least\": {by}}}")),
        tables: vec![("totals", Table::totals(numbers, Some(("variant", names))))],
        scale,
    }
}
