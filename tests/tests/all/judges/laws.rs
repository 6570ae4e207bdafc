//! Units, the order of rows and the size of chunks never change a finding, whoever judges.

use proptest::prelude::*;
use yardstick_sdk::Finding;

use super::scenarios::{Drawn, all};

fn drawn() -> impl Strategy<Value = Drawn> {
    let day = (1_u32..2_000, -100.0..100.0_f64, 0.1..30.0_f64);
    let days = proptest::collection::vec(day, 28);
    (days, -150.0..150.0_f64, 1_u32..99).prop_map(|(days, target, per_cent)| Drawn { days, target, per_cent })
}

/// Numbers of the finding, divided by their scale.
fn numbers(finding: &Finding, scale: f64) -> Vec<Option<f64>> {
    let unscaled = |number: Option<f64>| number.map(|number| number / scale);
    let bounds =
        finding.primary.iter().flat_map(|it| [unscaled(Some(it.value)), unscaled(it.low), unscaled(it.high)]);
    let mut numbers: Vec<Option<f64>> = bounds.collect();
    numbers.push(unscaled(finding.target));
    numbers.extend(finding.primary.iter().flat_map(|it| [it.confidence, it.log10_p, it.n.map(|n| n as f64)]));
    numbers
}

fn close(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() <= 1e-7 * (1.0 + one.abs()),
        (one, other) => one == other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn units_do_not_change_a_finding(drawn in drawn(), power in -6_i32..=6) {
        let scale: f64 = format!("1e{power}").parse().unwrap();
        for (plain, scaled) in all(&drawn, 1.0).iter().zip(all(&drawn, scale)) {
            let (one, other) = (plain.judged(0, u32::MAX), scaled.judged(0, u32::MAX));
            prop_assert_eq!(&one.outcome, &other.outcome, "{} at {}", plain.name, scale);
            let (one, other) = (numbers(&one, 1.0), numbers(&other, scaled.scale));
            let mut pairs = one.iter().zip(&other);
            let same = one.len() == other.len() && pairs.all(|(one, other)| close(*one, *other));
            prop_assert!(same, "{} at {}: {:?} {:?}", plain.name, scale, one, other);
        }
    }

    #[test]
    fn neither_order_nor_chunks_change_a_finding(drawn in drawn(), turn in 1_usize..28, chunk in 1_u32..40) {
        for scenario in all(&drawn, 1.0) {
            let finding = scenario.judged(0, u32::MAX);
            prop_assert_eq!(&scenario.judged(turn, u32::MAX), &finding, "{}, order", scenario.name);
            prop_assert_eq!(&scenario.judged(0, chunk), &finding, "{}, chunks", scenario.name);
        }
    }
}

#[test]
fn every_scenario_comes_to_a_number() {
    let day = |day: u32| (700 + day * 37 % 90, 20.0 + f64::from(day * 53 % 17), 3.0 + f64::from(day % 5));
    let drawn = Drawn { days: (0..28).map(day).collect(), target: 30.0, per_cent: 50 };
    for scenario in all(&drawn, 1.0) {
        let finding = scenario.judged(0, u32::MAX);
        let name = scenario.name;
        assert!(finding.primary.is_some() && finding.flip.is_some(), "{name}: {}", finding.headline);
    }
}
