//! Finite numbers in, however huge, tiny or odd: finite numbers out or a named reason, intervals around their
//! estimate, and p-values that agree with intervals.

use proptest::prelude::*;
use yardstick_stats::before_after::{Effect, Period, compare};
use yardstick_stats::daily::{self, Day};
use yardstick_stats::delta::{self, Pair};
use yardstick_stats::two_arms::{Limits, difference, ratio};
use yardstick_stats::{
    Alternative, Interval, Sample, Share, beta_cdf, clopper_pearson, holm_log10, ln_chi_square_sf, ln_gamma,
    log10_p_of_z, moments, normal, pooled_z, quantile_type7, sample_ratio, standard_error, student,
    t_interval, unpooled_z, welch, welch_limits, wilson,
};

/// Finite floats of every size, and counts up to those of 64 bits.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => any::<f64>().prop_filter("finite", |x| x.is_finite()),
        3 => prop::sample::select(vec![
            0.0, -0.0, 1.0, -1.0, 2.0, 0.5, 1e300, -1e300, 1e-300, -1e-300, f64::MAX, f64::MIN_POSITIVE, 5e-324,
            9_007_199_254_740_992.0, 18_446_744_073_709_551_615.0,
        ]),
        2 => (0_u32..1_000).prop_map(f64::from),
        2 => -100.0..100.0_f64,
    ]
}

fn numbers(count: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<(f64, f64)>> {
    proptest::collection::vec((number(), number()), count)
}

fn holds(interval: Interval, estimate: f64) -> bool {
    interval.low.is_finite()
        && interval.high.is_finite()
        && interval.low <= estimate
        && estimate <= interval.high
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn distributions_give_finite_numbers(a in number(), b in number(), c in number()) {
        let found = [
            normal::ppf(a).ok(),
            normal::two_sided(a).ok(),
            normal::ln_sf(a).ok(),
            Some(normal::sf(a)),
            student::sf(a, b).ok(),
            student::ln_sf(a, b).ok(),
            student::ppf(a, b).ok(),
            student::two_sided(a, b).ok(),
            beta_cdf(a, b, c).ok(),
            ln_gamma(a).ok(),
            ln_chi_square_sf(a, b).ok(),
            sample_ratio(&[(a, b), (c, 1.0), (2.0, 0.0)]).ok().map(|found| found.log10_p),
            sample_ratio(&[(a, b), (c, a)]).ok().map(|found| found.chi_square),
            log10_p_of_z(a, Alternative::Less).ok(),
            quantile_type7(&[a.min(b), a.max(b)], c),
            standard_error(a, b, c).ok(),
        ];
        prop_assert!(found.iter().flatten().all(|number| number.is_finite()), "{:?}", found);
        prop_assert!(holm_log10(&[a, b, c]).iter().all(|p| p.is_finite() && *p <= 0.0));
    }

    #[test]
    fn one_sample_gives_finite_numbers_around_its_estimate(a in number(), b in number(), c in number()) {
        for confidence in [0.5, 0.95, 1.0 - 1e-9, c] {
            for interval in [wilson(a, b, confidence), clopper_pearson(a, b, confidence)].into_iter().flatten() {
                prop_assert!(holds(interval, a / b) && interval.low >= 0.0 && interval.high <= 1.0);
                // Beyond that a float does not tell the ends apart.
                prop_assert!(confidence < 0.5 || b > 1e15 || interval.low < interval.high, "{} of {} leave no doubt", a, b);
            }
            if let Ok(interval) = t_interval(a, b.abs(), c, confidence) {
                prop_assert!(holds(interval, a));
            }
        }
        let of = moments(&[a, b, c]);
        prop_assert!(!of.sum.is_nan() && !of.mean.is_nan() && !of.m2.is_nan() && of.m2 >= 0.0);
    }

    #[test]
    fn two_shares_give_finite_numbers_around_their_difference(
        (x, n) in (number(), number()), (y, m) in (number(), number()), k in number(),
    ) {
        let (Ok(treatment), Ok(control)) = (Share::new(x, n), Share::new(y, m)) else { return Ok(()) };
        let z = [pooled_z(&treatment, &control), unpooled_z(&treatment, &control, k, -k)];
        prop_assert!(z.iter().flatten().all(|z| z.is_finite()), "{:?}", z);
        for confidence in [0.9, 0.999] {
            let limits = |share: &Share| share.cautious(confidence);
            let (Ok(t), Ok(c)) = (limits(&treatment), limits(&control)) else { continue };
            around(&t, &c)?;
        }
    }

    #[test]
    fn two_means_give_finite_numbers_around_their_difference(
        (n, sum, sum_sq) in (number(), number(), number()), (m, mean, m2) in (number(), number(), number()),
        factor in number(), bound in number(),
    ) {
        let control = Sample { n: m, mean, m2 };
        let Ok(treatment) = Sample::from_sums(n, sum, sum_sq) else { return Ok(()) };
        if let Ok(found) = welch(&treatment, &control) {
            let numbers = [found.difference, found.standard_error, found.df, found.least_df];
            prop_assert!(numbers.iter().all(|number| number.is_finite()), "{:?}", found);
            prop_assert!(found.standard_error > 0.0 && found.df > 0.0);
            for found in [found, found.cautious()] {
                if let Ok(interval) = found.interval(0.95) {
                    prop_assert!(holds(interval, found.difference));
                }
                let p = found.log10_p(bound, Alternative::TwoSided);
                prop_assert!(p.map_or(true, |p| p.is_finite() && p <= 0.0));
            }
        }
        if let Ok((t, c)) = welch_limits(&treatment, &control, factor, 0.95) {
            around(&t, &c)?;
        }
    }

    #[test]
    fn days_and_units_give_finite_numbers_around_their_ratio(pairs in numbers(0..=12), after in 0_usize..12) {
        let days: Vec<Day> = pairs.iter().map(|&(n, sum)| Day { n: n.abs(), sum }).collect();
        let of: Vec<Pair> = days.iter().map(|day| Pair { numerator: day.sum, denominator: day.n }).collect();
        for found in [delta::independent(&of), delta::consecutive(&of)].into_iter().flatten() {
            let numbers = [found.value, found.standard_error, found.linearised_error, found.autocorrelation];
            prop_assert!(numbers.iter().all(|number| number.is_finite()), "{:?}", found);
            prop_assert!((1.5..=(found.units as f64).max(1.5)).contains(&found.effective_units), "{:?}", found);
            prop_assert!(found.interval(0.95).map_or(true, |interval| holds(interval, found.value)));
        }
        if let Ok(found) = daily::pool(&days) {
            prop_assert!(found.value.is_finite() && found.standard_error.is_finite(), "{:?}", found);
            prop_assert!(found.effective_days <= found.days as f64 && found.days as usize <= days.len());
        }
        let residuals: Vec<f64> = pairs.iter().map(|pair| pair.1).collect();
        let worth = daily::worth(&residuals, 1.0);
        prop_assert!((0.0..1.0).contains(&worth.autocorrelation) && worth.days.is_finite());
        prop_assert!(daily::autocorrelation(&residuals).is_none_or(|found| (-1.0..=1.0).contains(&found)));
        let (after, before) = days.split_at(after.min(days.len()));
        let period = |days, first_weekday| Period { days, first_weekday };
        for effect in [Effect::Additive, Effect::Proportional] {
            let Ok(found) = compare(period(after, 3), period(before, 0), effect) else { continue };
            for change in [found.absolute(0.95), found.relative(0.95)].into_iter().flatten() {
                prop_assert!(holds(change.interval, change.value), "{:?}", change);
            }
        }
    }

    #[test]
    fn p_values_and_intervals_of_means_decide_alike(
        n in 2_u32..400, m in 2_u32..400, mean in -5.0..5.0_f64, spread in 0.1..9.0_f64, bound in -2.0..2.0_f64,
        confidence in 0.6..0.999_f64, cautious: bool,
    ) {
        let sample = |n: u32, mean: f64, spread: f64| {
            Sample { n: f64::from(n), mean, m2: spread * spread * f64::from(n) }
        };
        let found = welch(&sample(n, mean, spread), &sample(m, 0.0, 2.0)).expect("a spread");
        let found = if cautious { found.cautious() } else { found };
        let rate = libm::log10(1.0 - confidence);
        for alternative in [Alternative::TwoSided, Alternative::Greater, Alternative::Less] {
            let interval = found.interval(alternative.interval_confidence(confidence)).expect("an interval");
            let apart = match alternative {
                Alternative::TwoSided => bound < interval.low || interval.high < bound,
                Alternative::Greater => bound < interval.low,
                Alternative::Less => interval.high < bound,
            };
            let p = found.log10_p(bound, alternative).expect("a p-value");
            prop_assert!((p - rate).abs() < 1e-9 || (p < rate) == apart, "{:?} {} {}", alternative, p, rate);
        }
    }

    #[test]
    fn exact_limits_rise_with_successes_and_widen_with_confidence(
        trials in 1_u32..3_000, part in 0.0..1.0_f64, confidence in 0.5..0.999_f64,
    ) {
        let successes = libm::floor(f64::from(trials) * part);
        let of = |successes: f64, confidence: f64| {
            clopper_pearson(successes, f64::from(trials), confidence).expect("limits")
        };
        let (found, more) = (of(successes, confidence), of(successes + 1.0, confidence));
        prop_assert!(found.low <= more.low && found.high <= more.high);
        let surer = of(successes, confidence + 0.0009);
        prop_assert!(surer.low <= found.low && found.high <= surer.high);
    }
}

/// The difference and the ratio of two estimates with limits.
fn around(treatment: &Limits, control: &Limits) -> Result<(), TestCaseError> {
    if let Ok(interval) = difference(treatment, control) {
        prop_assert!(holds(interval, treatment.value - control.value), "{:?}", interval);
    }
    if let Ok(found) = ratio(treatment, control) {
        let value = treatment.value / control.value;
        prop_assert!(found.low.is_none_or(|low| low.is_finite() && low <= value), "{:?} {}", found, value);
        prop_assert!(
            found.high.is_none_or(|high| high.is_finite() && value <= high),
            "{:?} {}",
            found,
            value
        );
    }
    Ok(())
}
