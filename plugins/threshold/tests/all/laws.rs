//! What holds for all data: no panic and no NaN, nothing passes by degenerate data, improving never worsens,
//! units and the order of rows do not matter.

use proptest::prelude::*;
use yardstick_sdk::testing::Memory;
use yardstick_sdk::{Finding, Outcome, Shape};

use crate::support::{FIRST, NULL, Units, asked, counts, even, judged, units, word};

/// Fail, inconclusive, marginal, pass; none: not judged at all.
fn rank(finding: &Finding) -> Option<u8> {
    match word(finding) {
        "fail" => Some(0),
        "straddles" => Some(1),
        "marginal" => Some(2),
        "pass" => Some(3),
        _ => None,
    }
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
        -100.0..100.0_f64,
        (0_u32..100).prop_map(f64::from),
    ]
}

fn daily_mean() -> impl Strategy<Value = Vec<Units>> {
    let day = (1_u32..200, -50.0..50.0_f64, 0.1..20.0_f64).prop_map(|(n, mean, spread)| {
        let n = f64::from(n);
        (n, n * mean, n * (mean * mean + spread * spread))
    });
    proptest::collection::vec(day, 2..=28)
}

/// The parameters of one of the four forms of question.
fn params(least: bool, target: &str, weaker: Option<&str>) -> String {
    let (bound, second) = if least { ("at_least", "marginal_from") } else { ("at_most", "marginal_to") };
    let weaker = weaker.map(|weaker| format!(", \"{second}\": \"{weaker}\"")).unwrap_or_default();
    format!("{{\"{bound}\": \"{target}\"{weaker}}}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_the_data_there_is_a_finding_of_finite_numbers(
        kind in prop::sample::select(vec!["gauge", "sum", "mean", "ratio"]),
        share: bool,
        days in proptest::collection::vec((wild(), wild(), wild()), 0..40),
        odd in (wild(), wild(), wild()),
        by_estimate: bool,
    ) {
        let unit = if share { "share" } else { "ms" };
        let target = if share { "10%" } else { "10" };
        let decide = if by_estimate { ", \"decide_by\": \"estimate\"" } else { "" };
        let params = format!("{{\"at_least\": \"{target}\", \"max_missing\": \"90%\"{decide}}}");
        let criterion = asked(kind, unit, &params);
        let mut frames = match kind {
            "gauge" | "sum" => counts(kind, &days.iter().map(|day| day.0).collect::<Vec<_>>()),
            _ => units(&days),
        };
        judged(&criterion, frames.clone());
        // Totals that have nothing to do with the days.
        frames[0].1 = Memory::new(Shape::Totals)
            .column("value", [odd.0])
            .column("n", [odd.1])
            .column("sum", [odd.2])
            .column("sum_sq", [odd.0]);
        judged(&criterion, frames);
    }

    #[test]
    fn more_successes_never_worsen_at_least_nor_better_at_most(
        trials in 1_u64..5_000, part in 0.0..1.0_f64, target in 1_u32..99, by in 1_u32..50, weaker: bool,
    ) {
        let successes = (trials as f64 * part) as u64;
        let word = |least: bool| {
            let second = if least { target.saturating_sub(by) } else { (target + by).min(100) };
            params(least, &format!("{target}%"), weaker.then(|| format!("{second}%")).as_deref())
        };
        for least in [true, false] {
            let criterion = asked("ratio", "share", &word(least));
            let of = |successes| {
                rank(&judged(&criterion, units(&even(successes, trials)))).expect("judged")
            };
            let (before, after) = (of(successes), of((successes + 1).min(trials)));
            prop_assert!(if least { after >= before } else { after <= before }, "{before} {after}");
        }
    }

    #[test]
    fn a_larger_count_never_worsens(
        value in 0_u32..10_000, more in 0_u32..5_000, target in 0_i64..10_000, by in 1_i64..5_000,
    ) {
        let params = params(true, &target.to_string(), Some(&(target - by).to_string()));
        let criterion = asked("gauge", "users", &params);
        let at = |value: u32| {
            rank(&judged(&criterion, counts("gauge", &[f64::from(value); 28]))).expect("judged")
        };
        prop_assert!(at(value + more) >= at(value));
        prop_assert_ne!(at(value), 1, "a count is never inconclusive");
    }

    #[test]
    fn raising_every_unit_of_a_mean_never_worsens(
        days in daily_mean(), up in 0.0..30.0_f64, target in -60.0..60.0_f64,
    ) {
        let params = params(true, &target.to_string(), Some(&(target - 5.0).to_string()));
        let criterion = asked("mean", "points", &params);
        let raised: Vec<Units> =
            days.iter().map(|&(n, sum, sq)| (n, sum + up * n, sq + 2.0 * up * sum + up * up * n)).collect();
        let before = rank(&judged(&criterion, units(&days))).expect("judged");
        let after = rank(&judged(&criterion, units(&raised))).expect("judged");
        prop_assert!(after >= before, "{before} {after}");
    }

    #[test]
    fn units_do_not_matter(
        days in daily_mean(), target in -60.0..60.0_f64, power in -6_i32..=6, mean: bool,
    ) {
        let kind = if mean { "mean" } else { "ratio" };
        let scale: f64 = format!("1e{power}").parse().expect("a number");
        let scaled: Vec<Units> =
            days.iter().map(|&(n, sum, sq)| (n, sum * scale, sq * scale * scale)).collect();
        let question = |target: f64| asked(kind, "points", &format!("{{\"at_least\": {target}}}"));
        let plain = judged(&question(target), units(&days));
        let other = judged(&question(target * scale), units(&scaled));
        prop_assert_eq!(word(&plain), word(&other));
        let (plain, other) = (plain.primary.expect("a number"), other.primary.expect("a number"));
        let close = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a * scale - b).abs() <= 1e-9 * (b.abs() + 100.0 * scale),
            (a, b) => a.is_none() && b.is_none(),
        };
        prop_assert!(close(Some(plain.value), Some(other.value)));
        prop_assert!(close(plain.low, other.low) && close(plain.high, other.high));
    }

    #[test]
    fn the_order_of_rows_does_not_matter(
        days in daily_mean(), order in any::<prop::sample::Index>(), target in -60.0..60.0_f64,
    ) {
        let criterion = asked("mean", "points", &format!("{{\"at_least\": {target}}}"));
        let mut frames = units(&days);
        let turn = order.index(days.len());
        let turned =
            |values: Vec<f64>| values[turn..].iter().chain(&values[..turn]).copied().collect::<Vec<_>>();
        let times: Vec<i64> = (0..days.len() as i64).map(|day| FIRST + day * 86_400_000).collect();
        let times: Vec<i64> = times[turn..].iter().chain(&times[..turn]).copied().collect();
        frames[1].1 = Memory::new(Shape::Series)
            .integers_column("time", times)
            .column("value", turned(days.iter().map(|day| day.1 / day.0).collect()))
            .column("n", turned(days.iter().map(|day| day.0).collect()))
            .column("sum", turned(days.iter().map(|day| day.1).collect()))
            .column("sum_sq", turned(days.iter().map(|day| day.2).collect()))
            .fact("window-start", FIRST)
            .fact("window-end", FIRST + days.len() as i64 * 86_400_000);
        prop_assert_eq!(judged(&criterion, frames), judged(&criterion, units(&days)));
    }

    #[test]
    fn the_flip_of_a_proportion_is_exact(trials in 10_u64..3_000, part in 0.0..1.0_f64, target in 1_u32..99) {
        let successes = (trials as f64 * part) as u64;
        let criterion = asked("ratio", "share", &params(true, &format!("{target}%"), None));
        let of = |successes: u64| judged(&criterion, units(&even(successes, trials)));
        let finding = of(successes);
        let flip = finding.flip.clone().expect("a flip");
        for part in flip.split(", ").filter(|part| part.contains("with")) {
            let count = |text: &str| text.replace(',', "").parse::<u64>().expect("a count");
            let to = count(part.split_once('(').map_or("", |(_, rest)| rest.split(' ').next().unwrap_or("")));
            let back = if to > successes { to - 1 } else { to + 1 };
            let wanted = match part.split(' ').next() {
                Some("passes") => "pass",
                Some("fails") => "fail",
                _ => "straddles",
            };
            let (there, before) = (of(to), of(back));
            prop_assert_eq!(word(&there), wanted, "{}", &flip);
            prop_assert_ne!(word(&before), wanted, "{}", &flip);
        }
    }
}

#[test]
fn where_limits_become_exact_more_successes_still_never_worsen() {
    for trials in [20, 39, 40, 41, 60, 1_000] {
        let edges = [0..25, trials - 25.min(trials)..trials + 1];
        for target in [1, 5, 30, 50, 70, 95, 99] {
            let criterion = asked("ratio", "share", &params(true, &format!("{target}%"), None));
            for successes in edges.clone().into_iter().flatten().filter(|successes| *successes < trials) {
                let of = |successes| rank(&judged(&criterion, units(&even(successes, trials))));
                let (before, after) = (of(successes), of(successes + 1));
                assert!(before.is_some() && before <= after, "{successes} of {trials} at {target} %");
            }
        }
    }
}

#[test]
fn degenerate_data_never_pass() {
    for kind in ["gauge", "sum", "mean", "ratio"] {
        for least in [true, false] {
            let criterion = asked(kind, "ms", &params(least, "0", None));
            let nothing = match kind {
                "gauge" | "sum" => counts(kind, &[NULL; 28]),
                _ => units(&[(NULL, NULL, NULL); 28]),
            };
            assert!(matches!(judged(&criterion, nothing).outcome, Outcome::Undecided(_)), "{kind}");
        }
    }
}
