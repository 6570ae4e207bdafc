//! What holds for all data: no panic and no NaN, nothing passes by degenerate data, improving never worsens,
//! units and the order of rows do not matter.

use proptest::prelude::*;
use yardstick_sdk::testing::Memory;
use yardstick_sdk::{Finding, Outcome, Shape};

use crate::support::{DAY, FIRST, NULL, asked, days, judged, merge_rate, sampled_rate, totals, word};

/// Fail, inconclusive, marginal, pass; none: not judged at all.
fn rank(finding: &Finding) -> Option<u8> {
    ["fail", "straddles", "marginal", "pass"]
        .iter()
        .position(|known| *known == word(finding))
        .map(|at| at as u8)
}

/// Any float at all, with the odd ones often.
fn wild() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        Just(NULL),
        Just(0.0),
        Just(f64::INFINITY),
        Just(f64::MAX),
        Just(f64::MIN_POSITIVE),
        -10.0..100.0_f64,
        (0_u32..100).prop_map(f64::from),
    ]
}

/// Days with a numerator below their denominator.
fn parts() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let day = (0.05..0.95_f64, 1.0..2_000.0_f64).prop_map(|(rate, below)| (rate * below, below));
    proptest::collection::vec(day, 3..=28)
}

fn split(days: &[(f64, f64)]) -> (Vec<f64>, Vec<f64>) {
    days.iter().copied().unzip()
}

const KINDS: [(&str, &str); 4] = [("sum", "sum"), ("gauge", "gauge"), ("sum", "gauge"), ("~sum", "sum")];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_the_data_there_is_a_finding_of_finite_numbers(
        kinds in prop::sample::select(KINDS.to_vec()),
        values in proptest::collection::vec((wild(), wild()), 0..30),
        levels in prop::sample::select(vec!["", ", \"levels\": \"average\""]),
        share: bool, by_instance: bool,
    ) {
        let target = if share { "\"10%\"" } else { "10" };
        let levels = if kinds.1 == "gauge" { levels } else { "" };
        let by_instance = by_instance && kinds.1 == "sum";
        let unit = if by_instance { ", \"unit\": \"instance\"" } else { "" };
        let params = format!("{{\"at_least\": {target}, \"max_missing\": \"90%\"{levels}{unit}}}");
        let criterion = asked((kinds.0, "merges"), (kinds.1, "changesets"), &params);
        let (above, below): (Vec<f64>, Vec<f64>) = values.into_iter().unzip();
        if by_instance {
            let names: Vec<String> = (0..above.len()).map(|index| format!("i{index}")).collect();
            let units = |values: &[f64]| {
                let units = names.iter().zip(values).map(|(name, value)| (name.as_str(), *value, 28.0));
                totals(&units.collect::<Vec<_>>())
            };
            judged(&criterion, vec![("numerator", units(&above)), ("denominator", units(&below))]);
        } else {
            judged(&criterion, days(&above, &below));
        }
    }

    #[test]
    fn more_in_the_numerator_never_worsens_at_least(
        days_of in parts(), up in 0.0..0.04_f64, target in 1_u32..99, by in 1_u32..50,
    ) {
        let second = target.saturating_sub(by);
        let params = format!("{{\"at_least\": \"{target}%\", \"marginal_from\": \"{second}%\"}}");
        let (above, below) = split(&days_of);
        // As much more of each day's rate: the residuals stay as they are.
        let raised: Vec<f64> = above.iter().zip(&below).map(|(y, x)| y + up * x).collect();
        for criterion in [merge_rate(&params), sampled_rate(&params)] {
            let before = rank(&judged(&criterion, days(&above, &below)));
            let after = rank(&judged(&criterion, days(&raised, &below)));
            prop_assert!(after >= before, "{:?} {:?}", before, after);
        }
    }

    #[test]
    fn units_of_both_sides_do_not_matter(
        days_of in parts(), target in 1_u32..99, power in -6_i32..=6, sampled: bool,
    ) {
        let scale: f64 = format!("1e{power}").parse().expect("a number");
        let params = format!("{{\"at_least\": \"{target}%\"}}");
        let criterion = if sampled { sampled_rate(&params) } else { merge_rate(&params) };
        let (above, below) = split(&days_of);
        let times = |values: &[f64]| values.iter().map(|value| value * scale).collect::<Vec<_>>();
        let plain = judged(&criterion, days(&above, &below));
        let other = judged(&criterion, days(&times(&above), &times(&below)));
        prop_assert_eq!(word(&plain), word(&other));
        let (plain, other) = (plain.primary.expect("a number"), other.primary.expect("a number"));
        prop_assert!((plain.value - other.value).abs() <= 1e-12);
        for (a, b) in [(plain.low, other.low), (plain.high, other.high)] {
            prop_assert!(a.zip(b).map_or(a == b, |(a, b)| (a - b).abs() <= 1e-9), "{:?} {:?}", a, b);
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(days_of in parts(), turn in any::<prop::sample::Index>()) {
        let (above, below) = split(&days_of);
        let turn = turn.index(above.len());
        let turned = |values: &[f64]| {
            let rotated = |values: Vec<f64>| [&values[turn..], &values[..turn]].concat();
            let times: Vec<i64> = (0..values.len()).map(|day| ((day + turn) % values.len()) as i64).collect();
            Memory::new(Shape::Series)
                .integers_column("time", times.into_iter().map(|day| FIRST + day * DAY))
                .column("value", rotated(values.to_vec()))
                .fact("window-start", FIRST)
                .fact("window-end", FIRST + values.len() as i64 * DAY)
        };
        let criterion = sampled_rate(r#"{"at_least": "50%"}"#);
        let frames = vec![("numerator", turned(&above)), ("denominator", turned(&below))];
        prop_assert_eq!(judged(&criterion, frames), judged(&criterion, days(&above, &below)));
    }

    #[test]
    fn the_flip_of_a_count_is_exact(above in 0_u32..5_000, more in 1_u32..5_000, target in 1_u32..99) {
        let criterion = merge_rate(&format!("{{\"at_least\": \"{target}%\"}}"));
        let below = f64::from(above + more);
        let of = |above: f64| judged(&criterion, days(&[above], &[below]));
        let finding = of(f64::from(above));
        let flip = finding.flip.clone().expect("a flip");
        let steps = flip.split("with ").nth(1).and_then(|rest| rest.split(' ').next());
        if let Some(steps) = steps {
            let steps: f64 = steps.replace(',', "").parse().expect("a count");
            let sign = if flip.contains("fewer") { -1.0 } else { 1.0 };
            let after = |steps: f64| of(f64::from(above) + sign * steps);
            let (there, before) = (after(steps), after(steps - 1.0));
            prop_assert_ne!(word(&there), word(&finding), "{}", &flip);
            prop_assert_eq!(word(&before), word(&finding), "{}", &flip);
        }
    }
}

#[test]
fn degenerate_data_never_pass() {
    for params in [r#"{"at_least": "0%"}"#, r#"{"at_most": "100%"}"#] {
        for criterion in [merge_rate(params), sampled_rate(params)] {
            for (above, below) in [([NULL; 28], [NULL; 28]), ([0.0; 28], [0.0; 28]), ([NULL; 28], [1.0; 28])]
            {
                let finding = judged(&criterion, days(&above, &below));
                assert!(matches!(finding.outcome, Outcome::Undecided(_)), "{finding:?}");
            }
        }
    }
}
