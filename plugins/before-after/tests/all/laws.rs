//! What holds for all data: a finding of finite numbers, no matter the units, the order of rows or the
//! chunks.

use proptest::prelude::*;
use yardstick_sdk::{Better, Finding};

use crate::support::{FIRST, NULL, Units, asked, frames, judged, over, series, word};

/// Any float at all, with the odd ones often.
fn wild() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        Just(NULL),
        Just(0.0),
        Just(f64::INFINITY),
        Just(f64::MAX),
        Just(f64::MIN_POSITIVE),
        0.0..100.0_f64,
    ]
}

fn some_days(count: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<Units>> {
    let day = (50_u32..200, 5.0..15.0_f64).prop_map(|(n, mean)| (f64::from(n), f64::from(n) * mean));
    proptest::collection::vec(day, count)
}

/// Fail, inconclusive, pass; none: not judged at all.
fn rank(finding: &Finding) -> Option<u8> {
    match word(finding) {
        "fail" => Some(0),
        "straddles" => Some(1),
        "pass" => Some(2),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn whatever_the_data_there_is_a_finding_of_finite_numbers(
        kind in prop::sample::select(vec!["gauge", "sum", "mean", "ratio"]),
        share: bool, relative: bool, higher: bool,
        before in proptest::collection::vec((wild(), wild()), 1..40),
        after in proptest::collection::vec((wild(), wild()), 1..40),
    ) {
        let (unit, bound) = match (share, relative) {
            (_, true) => (if share { "share" } else { "ms" }, "\"5%\""),
            (true, false) => ("share", "\"5pp\""),
            (false, false) => ("ms", "5"),
        };
        let params = format!("{{\"worse_by_at_most\": {bound}, \"max_missing\": \"90%\"}}");
        let better = if higher { Better::Larger } else { Better::Smaller };
        let criterion = over(asked(kind, unit, better, &params), after.len() as i64, before.len() as i64);
        judged(&criterion, frames(kind, &before, &after));
    }

    #[test]
    fn units_do_not_matter(
        before in some_days(7..=42), after in some_days(1..=28), power in -6_i32..=6,
        mean: bool, absolute: bool,
    ) {
        let kind = if mean { "mean" } else { "sum" };
        let scale: f64 = format!("1e{power}").parse().expect("a number");
        let scaled = |days: &[Units]| -> Vec<Units> {
            days.iter().map(|(n, sum)| (*n, sum * scale)).collect()
        };
        let question = |scale: f64| {
            let bound = if absolute { format!("{}", 3.0 * scale) } else { "\"10%\"".to_owned() };
            let params = format!("{{\"worse_by_at_most\": {bound}}}");
            over(asked(kind, "points", Better::Larger, &params), after.len() as i64, before.len() as i64)
        };
        let plain = judged(&question(1.0), frames(kind, &before, &after));
        let other = judged(&question(scale), frames(kind, &scaled(&before), &scaled(&after)));
        prop_assert_eq!(word(&plain), word(&other));
        if let (Some(plain), Some(other)) = (plain.primary, other.primary) {
            let times = if absolute { scale } else { 1.0 };
            let close = |a: Option<f64>, b: Option<f64>| match (a, b) {
                (Some(a), Some(b)) => (a * times - b).abs() <= 1e-7 * (b.abs() + times),
                (a, b) => a.is_none() && b.is_none(),
            };
            prop_assert!(close(Some(plain.value), Some(other.value)));
            prop_assert!(close(plain.low, other.low) && close(plain.high, other.high));
        }
    }

    #[test]
    fn the_order_of_rows_and_the_size_of_chunks_do_not_matter(
        before in some_days(14..=30), after in some_days(2..=28),
        turn in any::<prop::sample::Index>(), chunk in 1_u32..9,
    ) {
        let params = r#"{"better_by_at_least": "3%"}"#;
        let question = asked("mean", "points", Better::Larger, params);
        let criterion = over(question, after.len() as i64, before.len() as i64);
        let turned = |days: &[Units], start: i64| {
            let at = turn.index(days.len());
            let order: Vec<usize> = (at..days.len()).chain(0..at).rev().collect();
            series("mean", start, days, &order).in_chunks_of(chunk)
        };
        let start = FIRST - (before.len() as i64 + 1) * crate::support::DAY;
        let shuffled = vec![("before", turned(&before, start)), ("after", turned(&after, FIRST))];
        prop_assert_eq!(judged(&criterion, shuffled), judged(&criterion, frames("mean", &before, &after)));
    }

    #[test]
    fn raising_every_day_after_the_launch_never_worsens_an_absolute_change(
        before in some_days(14..=30), after in some_days(7..=28), up in 0.0..5.0_f64, bound in 0.0..4.0_f64,
    ) {
        let params = format!("{{\"better_by_at_least\": {bound}}}");
        let criterion = over(
            asked("mean", "points", Better::Larger, &params), after.len() as i64, before.len() as i64,
        );
        let raised: Vec<Units> = after.iter().map(|(n, sum)| (*n, sum + up * n)).collect();
        let was = rank(&judged(&criterion, frames("mean", &before, &after)));
        let is = rank(&judged(&criterion, frames("mean", &before, &raised)));
        prop_assert!(is >= was, "{was:?} {is:?}");
    }
}
