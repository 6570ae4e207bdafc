//! Sample sizes and what they tell: against independently computed values, each other, and the intervals that judges
//! take.

use proptest::prelude::*;
use yardstick_stats::before_after::{Effect, Period, compare};
use yardstick_stats::daily::{self, Day};
use yardstick_stats::power::{
    Aim, Limits, TwoShares, design, mean_told, mean_values, means_told, means_values, over_days, share_told,
    share_trials,
};
use yardstick_stats::two_arms::difference;
use yardstick_stats::{Degenerate, Share, clopper_pearson, normal, student, t_interval, wilson};

fn aim(confidence: f64, power: f64) -> Aim {
    Aim::new(confidence, power).expect("an aim")
}

fn close(found: f64, expected: f64, within: f64) {
    assert!((found - expected).abs() <= within * expected, "{found} is not {expected}");
}

/// `statsmodels` 0.15, `normal_sample_size_one_tail` with the standard deviations under the bound and the truth.
#[test]
fn one_proportion_needs_what_statsmodels_says() {
    for (bound, truth, confidence, power, trials) in [
        (0.6, 0.65, 0.95, 0.8, 741.592802889513),
        (0.6, 0.5, 0.95, 0.9, 256.3066895728946),
        (0.02, 0.03, 0.99, 0.8, 2542.034519538388),
        (0.5, 0.51, 0.95, 0.8, 19619.841297277737),
    ] {
        let quantiles = aim(confidence, power).normal().expect("quantiles");
        close(share_trials(quantiles, bound, truth, Limits::Score).expect("trials"), trials, 1e-9);
    }
}

/// `statsmodels` 0.15, `samplesize_proportions_2indep_onetail`; the first is R's `power.prop.test` too.
#[test]
fn two_proportions_need_what_statsmodels_says() {
    let quantiles = aim(0.95, 0.8).normal().expect("quantiles");
    for (control, treatment, per_control, trials) in [
        (0.5, 0.75, 1.0, 57.673436738908386),
        (0.1, 0.12, 1.0, 3840.847482436278),
        (0.2, 0.15, 0.5, 2.0 * 688.7559766065145),
    ] {
        let two = TwoShares { control, factor: 1.0, margin: 0.0, per_control };
        close(two.trials(quantiles, treatment).expect("trials"), trials, 1e-9);
    }
    // Chow, Shao and Wang (2008), section 4.2.3: non-inferiority with a margin of 10 points.
    let two = TwoShares { control: 0.65, factor: 1.0, margin: -0.1, per_control: 1.0 };
    let one_sided = aim(0.9, 0.8).normal().expect("quantiles");
    close(two.trials(one_sided, 0.85).expect("trials"), 24.47, 1e-2);
}

/// `statsmodels` 0.15, `TTestPower` and `TTestIndPower` (noncentral t).
#[test]
fn means_need_what_statsmodels_says() {
    for (effect, power, one, two, twice) in [
        (0.5, 0.8, 33.36713118431779, 63.76561058891169, 47.741920646056975),
        (0.2, 0.8, 198.150820955562, 393.4056930002526, 294.9738781442879),
        (0.8, 0.9, 18.446224616418817, 33.825542344160304, 25.284497392411772),
    ] {
        let aim = aim(0.95, power);
        close(mean_values(aim, 1.0, effect).expect("values"), one, 4e-3);
        close(means_values(aim, (1.0, 1.0), 1.0, effect).expect("values"), two, 4e-3);
        // Welch's degrees of freedom are fewer than those of pooled variances.
        close(means_values(aim, (1.0, 1.0), 2.0, effect).expect("values"), twice, 2e-2);
    }
}

#[test]
fn what_cannot_be_asked_is_refused() {
    assert!(Aim::new(0.4, 0.8).is_err() && Aim::new(0.95, 1.0).is_err() && Aim::new(f64::NAN, 0.8).is_err());
    let quantiles = aim(0.95, 0.8).normal().expect("quantiles");
    assert!(share_trials(quantiles, 0.5, 0.5, Limits::Score).is_err());
    assert!(share_trials(quantiles, 1.1, 0.5, Limits::Score).is_err());
    assert!(share_told(quantiles, 0.5, 0.5, Limits::Score).is_err());
    assert!(mean_values(aim(0.95, 0.8), 1.0, 0.0).is_err() && mean_told(aim(0.95, 0.8), 1.0, 1.0).is_err());
    assert!(means_values(aim(0.95, 0.8), (f64::NAN, 1.0), 1.0, 1.0).is_err());
    assert!(over_days(&[] as &[Day], 7, daily::pool, |found| found.standard_error).is_err());
}

#[test]
fn a_bound_at_the_end_of_all_shares_is_told_from_one_side_only() {
    let quantiles = aim(0.95, 0.8).normal().expect("quantiles");
    let told = share_told(quantiles, 0.0, 1000.0, Limits::Score).expect("shares");
    assert!(told.low.is_none() && told.high.is_some_and(|high| high > 0.0 && high < 0.01), "{told:?}");
    let few = share_told(quantiles, 0.6, 2.0, Limits::Score).expect("shares");
    assert_eq!((few.low, few.high), (None, None));
}

#[test]
fn a_short_past_is_taken_again_in_its_weekdays() {
    let past: Vec<usize> = (0..10).collect();
    let all = |days: &[usize]| Ok::<_, Degenerate>(days.to_vec());
    let seen = over_days(&past, 16, all, |_| 0.0).expect("days");
    assert_eq!(seen, [8, 9, 3, 4, 5, 6, 7, 8, 9, 3, 4, 5, 6, 7, 8, 9]);
    let seen = over_days(&past[..3], 7, all, |_| 0.0).expect("days");
    assert_eq!(seen, [2, 0, 1, 2, 0, 1, 2]);
}

#[test]
fn the_middle_window_of_the_past_counts() {
    let past: Vec<f64> = (0..28).map(|day| if day >= 21 { 100.0 } else { f64::from(day / 7) }).collect();
    let first = |days: &[f64]| days.first().copied().ok_or(Degenerate::NoData);
    // The windows hold 100, 2, 1 and 0 and are ordered by what they hold.
    assert_eq!(over_days(&past, 7, first, |found| *found), Ok(2.0));
    // What has no answer is left out; without any, the newest says why.
    let refused = |days: &[f64]| if days[0] < 2.0 { Err(Degenerate::OneValue) } else { Ok(days[0]) };
    assert_eq!(over_days(&past, 7, refused, |found| *found), Ok(100.0));
    assert_eq!(
        over_days(&past, 7, |_: &[f64]| Err::<f64, _>(Degenerate::ZeroVariance), |_| 0.0),
        Err(Degenerate::ZeroVariance)
    );
}

/// Days of a pattern that never repeats itself within a year, and varies by chance of no generator.
fn days(count: usize, n: f64, rate: f64, spread: f64) -> Vec<Day> {
    let golden = 0.618_033_988_749_894_9_f64;
    (0..count)
        .map(|day| {
            let place = ((day + 1) as f64 * golden).fract();
            let off = normal::ppf(0.01 + 0.98 * place).expect("a quantile");
            Day { n, sum: libm::round(n * (rate + spread * off)) }
        })
        .collect()
}

/// With the n that is named, a sample of exactly the true share decides: the judge's interval leaves the bound out.
#[test]
fn at_the_n_that_is_named_the_interval_of_a_share_leaves_the_bound_out() {
    for bound in [0.02, 0.3, 0.6, 0.95] {
        for apart in [-0.01, 0.01, 0.04] {
            for confidence in [0.9, 0.95, 0.99] {
                let truth: f64 = bound + apart;
                let quantiles = aim(confidence, 0.8).normal().expect("quantiles");
                let trials = share_trials(quantiles, bound, truth, Limits::Score).expect("trials").ceil();
                let interval = wilson(truth * trials, trials, confidence).expect("an interval");
                assert!(bound < interval.low || bound > interval.high, "{bound} {truth} {interval:?}");
                // Even where the sample is off by as much as it may be.
                let off = quantiles.reach * libm::sqrt(truth * (1.0 - truth) / trials);
                let worst = (truth - off * apart.signum()).clamp(0.0, 1.0);
                let interval = wilson(worst * trials, trials, confidence).expect("an interval");
                assert!(bound < interval.low || bound > interval.high, "{bound} {worst} {interval:?}");
                let exact = share_trials(quantiles, bound, truth, Limits::Exact).expect("trials").ceil();
                let interval = clopper_pearson(truth * exact, exact, confidence).expect("an interval");
                assert!(bound < interval.low || bound > interval.high, "{bound} {truth} {interval:?}");
            }
        }
    }
}

#[test]
fn at_the_n_that_is_named_the_interval_of_two_shares_leaves_the_bound_out() {
    for (control, treatment, margin) in
        [(0.1, 0.12, 0.0), (0.5, 0.5, -0.05), (0.19, 0.18, 0.0), (0.3, 0.36, 0.02)]
    {
        let two = TwoShares { control, factor: 1.0, margin, per_control: 1.0 };
        let quantiles = aim(0.95, 0.8).normal().expect("quantiles");
        let n = two.trials(quantiles, treatment).expect("trials").ceil();
        let limits = |share: f64| Share::new(share * n, n).expect("a share").cautious(0.95).expect("limits");
        let interval = difference(&limits(treatment), &limits(control)).expect("an interval");
        assert!(margin < interval.low || margin > interval.high, "{control} {treatment} {interval:?}");
    }
}

#[test]
fn after_the_days_that_are_named_the_interval_of_days_leaves_the_bound_out() {
    let past = days(182, 1000.0, 0.6, 0.03);
    let aim = aim(0.95, 0.8);
    let told = |count: usize| {
        let pooled = over_days(&past, count, daily::pool, |found| found.standard_error).expect("days");
        aim.student(pooled.effective_days - 1.0).expect("quantiles").difference(pooled.standard_error)
    };
    let needed = (3..365).find(|count| told(*count) <= 0.008).expect("days");
    let after = days(needed, 1000.0, 0.608, 0.03);
    let interval = daily::pool(&after).expect("days").interval(0.95).expect("an interval");
    assert!(interval.low > 0.6, "{needed} {interval:?}");
}

#[test]
fn after_the_days_that_are_named_the_comparison_leaves_the_bound_out() {
    let past = days(182, 1000.0, 0.2, 0.01);
    let aim = aim(0.95, 0.8);
    let compared = |days: &[Day]| {
        let before = Period { days: &days[..28], first_weekday: 0 };
        compare(Period { days: &days[29..], first_weekday: 29 }, before, Effect::Proportional)
    };
    let told = |count: usize| {
        let error = |found: &yardstick_stats::before_after::Comparison| {
            found.difference().map_or(f64::NAN, |d| d.standard_error)
        };
        let found = over_days(&past, 29 + count, compared, error).expect("a comparison");
        let welch = found.difference().expect("a difference");
        aim.student(welch.df).expect("quantiles").difference(welch.standard_error) / found.before.value
    };
    let needed = (7..150).find(|count| told(*count) <= 0.04).expect("days");
    let mut series = days(29 + needed, 1000.0, 0.2, 0.01);
    for day in &mut series[29..] {
        day.sum *= 1.04;
    }
    let change = compared(&series).expect("a comparison").relative(0.95).expect("a change");
    assert!(change.interval.low > 0.0, "{needed} {change:?}");
}

#[test]
fn days_that_differ_more_than_by_chance_count_for_less() {
    let even = design(&days(28, 400.0, 0.5, 0.0)).expect("a design");
    assert_eq!((even.effect, even.df), (1.0, None));
    let uneven = design(&days(28, 4000.0, 0.5, 0.05)).expect("a design");
    assert!(uneven.effect > 5.0 && uneven.df.is_some_and(|df| df > 3.0), "{uneven:?}");
}

proptest! {
    #[test]
    fn more_trials_tell_more_and_what_is_told_needs_no_more(
        bound in 0.01..0.99_f64, trials in 30.0..1e7_f64, confidence in 0.6..0.999_f64, power in 0.55..0.95_f64,
        exact in any::<bool>(),
    ) {
        let limits = if exact { Limits::Exact } else { Limits::Score };
        let quantiles = aim(confidence, power).normal().expect("quantiles");
        let told = share_told(quantiles, bound, trials, limits).expect("shares");
        let more = share_told(quantiles, bound, trials * 1.5, limits).expect("shares");
        for (one, other) in [(told.low, more.low), (told.high, more.high)] {
            let Some(share) = one else { continue };
            let better = other.expect("more trials tell what fewer tell");
            prop_assert!((better - bound).abs() <= (share - bound).abs() + 1e-12);
            // The inverse.
            let needed = share_trials(quantiles, bound, share, limits).expect("trials");
            prop_assert!((needed / trials - 1.0).abs() < 1e-6 || share == 0.0 || share == 1.0, "{needed} {trials}");
        }
    }

    #[test]
    fn more_control_trials_tell_more(
        control in 0.02..0.98_f64, margin in -0.02..0.02_f64, per_control in 0.2..5.0_f64, trials in 100.0..1e6_f64,
    ) {
        let two = TwoShares { control, factor: 1.0, margin, per_control };
        let quantiles = aim(0.95, 0.8).normal().expect("quantiles");
        let (told, more) = (two.told(quantiles, trials).expect("shares"), two.told(quantiles, trials * 2.0).expect("shares"));
        if let (Some(high), Some(better)) = (told.high, more.high) {
            prop_assert!(better <= high + 1e-12);
            let needed = two.trials(quantiles, high).expect("trials");
            prop_assert!((needed / trials - 1.0).abs() < 1e-6 || high == 1.0, "{needed} {trials}");
        }
    }

    #[test]
    fn means_are_the_inverse_of_what_they_tell(
        deviation in 1e-6..1e6_f64, other in 1e-3..1e3_f64, values in 4.0..1e6_f64, per_first in 0.5..4.0_f64,
    ) {
        let aim = aim(0.95, 0.8);
        let told = mean_told(aim, deviation, values).expect("a difference");
        prop_assert!(mean_told(aim, deviation, values * 2.0).expect("a difference") < told);
        let needed = mean_values(aim, deviation, told).expect("values");
        prop_assert!((needed / values - 1.0).abs() < 1e-6, "{needed} {values}");
        let both = (deviation, deviation * other);
        let told = means_told(aim, both, (values, values * per_first)).expect("a difference");
        let needed = means_values(aim, both, per_first, told).expect("values");
        prop_assert!((needed / values - 1.0).abs() < 1e-6, "{needed} {values}");
    }

    #[test]
    fn what_a_mean_tells_is_left_out_by_its_interval(deviation in 0.1..100.0_f64, values in 5.0..1e5_f64) {
        let told = mean_told(aim(0.95, 0.8), deviation, values).expect("a difference");
        let error = deviation / libm::sqrt(values);
        let interval = t_interval(told, error, values - 1.0, 0.95).expect("an interval");
        prop_assert!(interval.low > 0.0);
        // By as much as the sample may be off.
        let reach = student::ppf(0.8, values - 1.0).expect("a quantile") * error;
        prop_assert!((interval.low - reach).abs() <= 1e-9 * told.abs());
    }

    #[test]
    fn nothing_that_is_asked_gives_nan(a in any::<f64>(), b in any::<f64>(), c in any::<f64>()) {
        let Ok(aim) = Aim::new(0.95, 0.8) else { return Ok(()) };
        let quantiles = aim.normal().expect("quantiles");
        let numbers = [
            share_trials(quantiles, a, b, Limits::Exact).ok(),
            share_told(quantiles, a, b, Limits::Score).ok().and_then(|told| told.high),
            TwoShares { control: a, factor: b, margin: c, per_control: 1.0 }.trials(quantiles, 0.5).ok(),
            mean_told(aim, a, b).ok(),
            mean_values(aim, a, b).ok(),
            means_told(aim, (a, b), (c, 10.0)).ok(),
        ];
        prop_assert!(numbers.iter().flatten().all(|number| !number.is_nan()), "{:?}", numbers);
    }
}
