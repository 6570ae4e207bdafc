//! What holds for all inputs: no NaN out, intervals around their estimate, units and n as they should be.

use proptest::prelude::*;
use yardstick_stats::daily::{self, Day};
use yardstick_stats::{
    Degenerate, Interval, beta_cdf, moments, normal, quantile_type7, standard_error, student, t_interval,
    wilson, wilson_with,
};

fn width(interval: Interval) -> f64 {
    interval.high - interval.low
}

fn days() -> impl Strategy<Value = Vec<Day>> {
    let day =
        (1_u32..500, -20.0..20.0_f64).prop_map(|(n, mean)| Day { n: f64::from(n), sum: f64::from(n) * mean });
    let day = prop_oneof![9 => day, 1 => Just(Day::MISSING)];
    proptest::collection::vec(day, 2..60)
}

proptest! {
    #[test]
    fn wilson_lies_around_the_share_within_0_and_1(
        trials in 1_u32..1_000_000, part in 0.0..=1.0_f64, confidence in 0.5..0.9999_f64,
    ) {
        let trials = f64::from(trials);
        let successes = libm::floor(trials * part);
        let interval = wilson(successes, trials, confidence).expect("an interval");
        let share = successes / trials;
        prop_assert!(0.0 <= interval.low && interval.low <= share);
        prop_assert!(share <= interval.high && interval.high <= 1.0);
        let more = wilson(successes * 2.0, trials * 2.0, confidence).expect("an interval");
        prop_assert!(width(more) <= width(interval));
        let surer = wilson(successes, trials, confidence + 0.00005).expect("an interval");
        prop_assert!(width(surer) >= width(interval));
        if successes < trials {
            let better = wilson(successes + 1.0, trials, confidence).expect("an interval");
            prop_assert!(better.low >= interval.low && better.high >= interval.high);
        }
    }

    #[test]
    fn any_input_is_answered_or_refused_never_nan(a in any::<f64>(), b in any::<f64>(), c in any::<f64>()) {
        let numbers = [
            normal::ppf(a).ok(),
            student::sf(a, b).ok(),
            beta_cdf(a, b, c).ok(),
            standard_error(a, b, c).ok(),
            quantile_type7(&[a, b], c),
        ];
        prop_assert!(numbers.iter().flatten().all(|number| !number.is_nan()), "{:?}", numbers);
        let intervals =
            [wilson(a, b, c), wilson_with(a, b, c), t_interval(a, b, c, 0.95), t_interval(a, b, 5.0, c)];
        for interval in intervals.into_iter().flatten() {
            prop_assert!(interval.low.is_finite() && interval.high.is_finite());
            prop_assert!(interval.low <= interval.high);
        }
        let odd = [Day { n: a, sum: b }, Day { n: b, sum: c }, Day { n: 1.0, sum: a }];
        if let Ok(pooled) = daily::pool(&odd) {
            prop_assert!(pooled.value.is_finite() && pooled.standard_error.is_finite());
            prop_assert!(pooled.effective_days >= 1.5);
        }
        if let Some(dispersion) = daily::dispersion(&odd) {
            prop_assert!(dispersion.factor.is_finite() && dispersion.z.is_finite());
        }
        let of = moments(&[a, b, c]);
        prop_assert!(!of.sum.is_nan() && !of.m2.is_nan());
    }

    #[test]
    fn quantiles_of_the_distributions_invert_them(p in 1e-12..0.999_999_f64, df in 0.5..1e6_f64) {
        let z = normal::ppf(p).expect("a quantile");
        prop_assert!((normal::cdf(z) - p).abs() <= 1e-12 * p.max(1e-3));
        let t = student::ppf(p, df).expect("a quantile");
        let back = 1.0 - student::sf(t, df).expect("a probability");
        prop_assert!((back - p).abs() <= 1e-9, "{} {}", back, p);
        prop_assert!((student::sf(-t, df).expect("a probability") - p).abs() <= 1e-9 * p.max(1e-3));
    }

    #[test]
    fn units_scale_the_pooled_value_and_its_error(days in days(), power in -6_i32..=6) {
        let scale: f64 = format!("1e{power}").parse().expect("a number");
        let scaled: Vec<Day> = days.iter().map(|day| Day { n: day.n, sum: day.sum * scale }).collect();
        match (daily::pool(&days), daily::pool(&scaled)) {
            (Ok(plain), Ok(scaled)) => {
                let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * b.abs().max(scale);
                prop_assert!(close(plain.value * scale, scaled.value));
                prop_assert!(close(plain.standard_error * scale, scaled.standard_error));
                prop_assert!((plain.effective_days - scaled.effective_days).abs() <= 1e-6);
                prop_assert!(plain.effective_days <= (plain.days as f64).max(2.0));
            }
            (plain, scaled) => prop_assert_eq!(plain.map(|_| ()), scaled.map(|_| ())),
        }
    }

    #[test]
    fn more_of_the_same_units_narrow_a_mean(
        n in 2_u32..10_000, mean in -50.0..50.0_f64, spread in 0.01..50.0_f64,
    ) {
        let interval = |n: f64| {
            let error = standard_error(n, n * mean, n * (mean * mean + spread * spread)).expect("an error");
            t_interval(mean, error, n - 1.0, 0.95).expect("an interval")
        };
        let (few, many) = (interval(f64::from(n)), interval(f64::from(n) * 2.0));
        prop_assert!(few.low <= mean && mean <= few.high);
        prop_assert!(width(many) <= width(few));
    }
}

#[test]
fn degenerate_inputs_say_why() {
    use yardstick_stats::Degenerate::{NoData, OneValue, ZeroDenominator, ZeroVariance};
    assert_eq!(wilson(0.0, 0.0, 0.95), Err(ZeroDenominator));
    assert_eq!(wilson(2.0, 1.0, 0.95).map_err(Degenerate::code), Err("out-of-range"));
    assert_eq!(standard_error(0.0, 0.0, 0.0), Err(NoData));
    assert_eq!(standard_error(1.0, 5.0, 25.0), Err(OneValue));
    assert_eq!(standard_error(10.0, 50.0, 250.0), Ok(0.0));
    assert_eq!(standard_error(10.0, 50.0, 200.0).map_err(Degenerate::code), Err("out-of-range"));
    assert_eq!(t_interval(5.0, 0.0, 9.0, 0.95), Err(ZeroVariance));
    let day = Day { n: 10.0, sum: 20.0 };
    assert_eq!(daily::pool(&[]), Err(NoData));
    assert_eq!(daily::pool(&[Day::MISSING, day]), Err(OneValue));
    assert_eq!(daily::pool(&[Day { n: 0.0, sum: 0.0 }; 3]), Err(ZeroDenominator));
    assert_eq!(daily::pool(&[day; 5]).and_then(|pooled| pooled.interval(0.95)), Err(ZeroVariance));
}

#[test]
fn days_without_units_are_no_days_and_one_large_day_is_no_spread() {
    let telling = [Day { n: 1_000.0, sum: 500.0 }, Day { n: 1_000.0, sum: 520.0 }];
    let plain = daily::pool(&telling).expect("two days");
    let mut padded = vec![Day { n: 0.0, sum: 0.0 }; 26];
    padded.extend(telling);
    assert_eq!(daily::pool(&padded), Ok(plain), "26 days without units add nothing");
    let alone = [Day { n: 1_000.0, sum: 500.0 }, Day { n: 0.0, sum: 0.0 }, Day { n: 0.0, sum: 0.0 }];
    assert_eq!(daily::pool(&alone), Err(Degenerate::OneValue));

    // One day holds nearly everything: what it would be on another day, nobody knows.
    let mut uneven: Vec<Day> = (0..27).map(|at| Day { n: 10.0, sum: f64::from(at % 4) }).collect();
    uneven.push(Day { n: 1e6, sum: 1e5 });
    let pooled = daily::pool(&uneven).expect("a spread");
    let interval = pooled.interval(0.95).expect("an interval");
    assert!(pooled.effective_days < 2.0 && width(interval) > 0.1, "{pooled:?} {interval:?}");
}

#[test]
fn one_odd_day_does_not_make_a_spread_of_many() {
    let mut days = vec![Day { n: 1_000.0, sum: 0.0 }; 28];
    days[9].sum = 1.0;
    let pooled = daily::pool(&days).expect("a spread");
    let interval = pooled.interval(0.95).expect("an interval");
    // The exact limit of a single event is 5.57 of them.
    assert!(interval.high > 5.0 / 28_000.0, "{pooled:?} {interval:?}");
}

#[test]
fn days_are_never_worth_more_than_there_are() {
    for (n, rho) in [(28.0, -0.5), (28.0, -1.0), (28.0, 0.0), (28.0, f64::NAN), (28.0, 2.0), (1.0, 0.0)] {
        let worth = daily::effective_days(n, rho);
        assert!((2.0..=28.0).contains(&worth), "{n} {rho}: {worth}");
    }
    let see_saw: Vec<f64> = (0..28).map(|at| if at % 2 == 0 { 1e200 } else { -1e200 }).collect();
    assert!(daily::autocorrelation(&see_saw).is_some_and(|found| found < -0.9), "squares overflow");
    assert_eq!(daily::worth(&see_saw, 0.5).days, 28.0);
    let slow: Vec<f64> = (0..28).map(|at| if at < 14 { 1e-200 } else { -1e-200 }).collect();
    assert!(daily::worth(&slow, 0.5).days < 5.0, "squares vanish");
}

#[test]
fn binomial_days_are_not_called_uneven() {
    let even = [48.0, 52.0, 55.0, 47.0, 50.0, 44.0, 53.0, 51.0].map(|sum| Day { n: 100.0, sum });
    let uneven = [20.0, 80.0, 85.0, 17.0, 50.0, 14.0, 83.0, 51.0].map(|sum| Day { n: 100.0, sum });
    let dispersion = |days: &[Day]| daily::dispersion(days).expect("a dispersion");
    assert!(dispersion(&even).z < 1.0, "{:?}", dispersion(&even));
    assert!(dispersion(&uneven).z > 5.0 && dispersion(&uneven).factor > 20.0, "{:?}", dispersion(&uneven));
    assert_eq!(daily::dispersion(&[Day { n: 5.0, sum: 5.0 }; 4]), None);
}
