//! What never changes a finding, and what never worsens it.

use proptest::prelude::*;

use crate::support::{Arm, NULL, judged, judged_from, mean, players, totals, word};
use yardstick_sdk::{Better, Finding, Outcome};

/// Two to four variants of about the same size; `a` is the control.
fn shares() -> impl Strategy<Value = Vec<(String, f64, f64)>> {
    let arm = (300_u32..340, 0.05..0.4_f64)
        .prop_map(|(n, share)| (f64::from(n), libm::floor(f64::from(n) * share)));
    proptest::collection::vec(arm, 2..5).prop_map(|arms| {
        let names = ["a", "b", "c", "d"].into_iter();
        names.zip(arms).map(|(name, (n, sum))| (name.to_owned(), n, sum)).collect()
    })
}

fn arms(of: &[(String, f64, f64)]) -> Vec<Arm<'_>> {
    of.iter().map(|(name, n, sum)| (name.as_str(), *n, *sum, NULL)).collect()
}

const PARAMS: [&str; 4] = [
    r#"{"control": "a"}"#,
    r#"{"control": "a", "worse_by_at_most": "5pp"}"#,
    r#"{"control": "a", "better_by_at_least": "10%", "sides": "one"}"#,
    r#"{"control": "a", "ships": "b"}"#,
];

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![any::<f64>(), 0.0..1e6_f64, Just(0.0), Just(f64::NAN)]
}

fn rank(finding: &Finding) -> u8 {
    match finding.outcome {
        Outcome::Pass => 3,
        Outcome::Marginal => 2,
        Outcome::Undecided(_) => 1,
        Outcome::Fail => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_rows_and_the_size_of_chunks_change_nothing(
        of in shares(), which in 0_usize..4, rotated in 0_usize..4, chunk in 1_u32..4,
    ) {
        let criterion = players(PARAMS[which]).criterion();
        let plain = arms(&of);
        let mut turned = plain.clone();
        turned.rotate_left(rotated % plain.len());
        let finding = judged(&criterion, &plain);
        prop_assert_eq!(&judged(&criterion, &turned), &finding);
        prop_assert_eq!(&judged_from(&criterion, totals(&turned).in_chunks_of(chunk)), &finding);
    }

    #[test]
    fn more_that_did_it_never_worsen_a_variant(of in shares(), which in 0_usize..4, more in 1_u32..60) {
        let criterion = players(PARAMS[which]).criterion();
        let before = judged(&criterion, &arms(&of));
        let mut better = of.clone();
        better[1].2 = (better[1].2 + f64::from(more)).min(better[1].1);
        prop_assert!(rank(&judged(&criterion, &arms(&better))) >= rank(&before));
    }

    #[test]
    fn the_unit_of_a_mean_changes_no_finding(
        n in 20_u32..400, mean_a in 5.0..50.0_f64, change in -3.0..3.0_f64, power in -6_i32..=6,
        relative: bool,
    ) {
        let scale: f64 = format!("1e{power}").parse().expect("a number");
        let arms = |scale: f64| {
            let (mean, other, n) = (mean_a * scale, (mean_a + change) * scale, f64::from(n));
            let spread = 4.0 * scale;
            [
                ("a", n, n * mean, n * (mean * mean + spread * spread)),
                ("b", n, n * other, n * (other * other + spread * spread)),
            ]
        };
        let params = if relative {
            r#"{"control": "a", "better_by_at_least": "2%"}"#.to_owned()
        } else {
            r#"{"control": "a"}"#.to_owned()
        };
        let criterion = mean(&params, Better::Larger);
        let (plain, scaled) = (judged(&criterion, &arms(1.0)), judged(&criterion, &arms(scale)));
        prop_assert_eq!(word(&plain), word(&scaled));
        let (plain, scaled) = (plain.primary.expect("a number"), scaled.primary.expect("a number"));
        let factor = if relative { 1.0 } else { scale };
        let close = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a * factor - b).abs() <= 1e-6 * b.abs().max(factor),
            (a, b) => a == b,
        };
        prop_assert!(close(Some(plain.value), Some(scaled.value)));
        prop_assert!(close(plain.low, scaled.low) && close(plain.high, scaled.high));
        let (p, q) = (plain.log10_p.expect("a p-value"), scaled.log10_p.expect("a p-value"));
        prop_assert!((p - q).abs() <= 1e-6 * p.abs().max(1.0));
    }

    #[test]
    fn any_totals_get_a_finding_that_can_be_written(
        numbers in proptest::collection::vec(any_number(), 6), relative: bool, of_shares: bool,
    ) {
        let [n, sum, sum_sq, m, other, other_sq] = numbers[..] else { unreachable!() };
        let params = if relative {
            r#"{"control": "a", "worse_by_at_most": "3%", "sample_ratio_p": 1e-300}"#
        } else {
            r#"{"control": "a", "sample_ratio_p": 1e-300}"#
        };
        let criterion =
            if of_shares { players(params).criterion() } else { mean(params, Better::Smaller) };
        let finding =
            judged(&criterion, &[("a", n.round(), sum, sum_sq), ("b", m.round(), other, other_sq)]);
        prop_assert!(finding.headline.chars().count() <= 500 && !finding.headline.contains("NaN"));
    }
}
