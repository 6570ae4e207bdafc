//! Two periods compared: coverage and false alarms by simulation with a fixed seed, laws, degenerate inputs.

use proptest::prelude::*;
use yardstick_stats::before_after::{Change, Comparison, Effect, Period, Spread, compare, compare_given};
use yardstick_stats::daily::Day;
use yardstick_stats::{Degenerate, normal};

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 + f64::EPSILON / 4.0
    }

    fn normal(&mut self) -> f64 {
        normal::ppf(self.uniform()).expect("strictly between 0 and 1")
    }

    /// Days around 20 with a weekday pattern, whose neighbours have this autocorrelation; the first `quiet`
    /// of them with a standard deviation of 1, the others with `sd`.
    fn gauge(&mut self, days: usize, rho: f64, quiet: usize, sd: f64) -> Vec<Day> {
        const PATTERN: [f64; 7] = [3.0, 2.0, 2.5, 2.0, 1.0, -5.0, -5.5];
        let mut off = self.normal();
        let day = |at: usize| {
            off = rho * off + libm::sqrt(1.0 - rho * rho) * self.normal();
            let spread = if at < quiet { 1.0 } else { sd };
            Day { n: 1.0, sum: 20.0 + PATTERN[at % 7] + spread * off }
        };
        (0..days).map(day).collect()
    }

    /// Days of a share of about 20 % whose denominator is small on two days of the week, and whose weekdays
    /// have different shares.
    fn ratio(&mut self, days: usize, rho: f64) -> Vec<Day> {
        const SIZE: [f64; 7] = [1.0, 1.1, 1.2, 1.1, 0.9, 0.3, 0.25];
        let share = self.gauge(days, rho, days, 1.0);
        let day = |(at, share): (usize, &Day)| {
            let n = libm::floor(1_000.0 * SIZE[at % 7] * (1.0 + 0.1 * self.normal())).max(1.0);
            let p = (share.sum / 100.0).clamp(0.0, 1.0);
            let sum = n * p + libm::sqrt(n * p * (1.0 - p)) * self.normal();
            Day { n, sum: sum.clamp(0.0, n) }
        };
        share.iter().enumerate().map(day).collect()
    }
}

/// The days before a launch day, and those after it.
fn split(series: &[Day], before: usize) -> (Period<'_>, Period<'_>) {
    let after = Period { days: &series[before + 1..], first_weekday: before + 1 };
    (after, Period { days: &series[..before], first_weekday: 0 })
}

fn change(found: &Comparison, effect: Effect) -> Result<Change, Degenerate> {
    match effect {
        Effect::Additive => found.absolute(0.95),
        Effect::Proportional => found.relative(0.95),
    }
}

/// How often the interval holds the truth, which is no change.
fn covered(
    (after, before): (usize, usize),
    rho: f64,
    effect: Effect,
    series: impl Fn(&mut Random, usize) -> Vec<Day>,
) -> f64 {
    let mut random = Random(2_026 + after as u64 * 1_000 + before as u64 * 17 + (rho * 100.0) as u64);
    let mut hits = 0;
    for _ in 0..RUNS {
        let days = series(&mut random, after + 1 + before);
        let (after, before) = split(&days, before);
        let found = compare(after, before, effect).and_then(|found| change(&found, effect));
        hits += u32::from(match found {
            Ok(change) => change.interval.low <= 0.0 && 0.0 <= change.interval.high,
            // What is not answered raises no alarm.
            Err(why) => why == Degenerate::NotPositive,
        });
    }
    f64::from(hits) / f64::from(RUNS)
}

/// Series of each simulation.
const RUNS: u32 = 300;
/// The coverage claimed, less one and a half standard errors of a simulation of so few; longer ones are in
/// the table of `before_after`.
const LEAST: f64 = 0.95 - 0.019;
const WINDOWS: [(usize, usize); 8] =
    [(1, 28), (2, 7), (2, 14), (2, 28), (7, 14), (7, 28), (14, 14), (28, 28)];

#[test]
fn without_a_change_false_alarms_stay_below_what_is_claimed() {
    for window in WINDOWS {
        for rho in [0.0, 0.3, 0.6] {
            let gauge = |random: &mut Random, days| random.gauge(days, rho, days, 1.0);
            let share = covered(window, rho, Effect::Additive, gauge);
            assert!(share >= LEAST, "{window:?} with autocorrelation {rho}: {share}");
        }
    }
}

#[test]
fn relative_changes_of_ratios_hold_what_they_claim_too() {
    for (window, rho) in [((2, 28), 0.0), ((7, 14), 0.6), ((7, 28), 0.3), ((14, 28), 0.0), ((28, 28), 0.6)] {
        let ratio = |random: &mut Random, days| random.ratio(days, rho);
        let share = covered(window, rho, Effect::Proportional, ratio);
        assert!(share >= LEAST, "{window:?} with autocorrelation {rho}: {share}");
    }
}

#[test]
fn a_launch_that_unsettles_the_days_does_not_fool_it() {
    for window in [(7, 28), (14, 28), (28, 28), (28, 14)] {
        for rho in [0.0, 0.6] {
            let uneven = |random: &mut Random, days| random.gauge(days, rho, window.1, 2.0);
            let share = covered(window, rho, Effect::Additive, uneven);
            assert!(share >= LEAST, "{window:?} with autocorrelation {rho}: {share}");
        }
    }
}

#[test]
fn a_real_change_is_found() {
    let mut random = Random(7);
    let mut found = 0;
    for _ in 0..200 {
        let mut days = random.gauge(57, 0.3, 57, 1.0);
        days[29..].iter_mut().for_each(|day| day.sum += 2.0);
        let (after, before) = split(&days, 28);
        let change = compare(after, before, Effect::Additive)
            .and_then(|found| found.absolute(0.95))
            .expect("a change");
        found += u32::from(change.interval.low > 0.0);
    }
    assert!(found >= 190, "{found} of 200");
}

/// Days without noise but for a saw tooth, on a weekday pattern.
fn patterned(days: usize, change_from: usize, change: f64) -> Vec<Day> {
    const PATTERN: [f64; 7] = [100.0, 120.0, 125.0, 130.0, 118.0, 60.0, 55.0];
    let tooth = |at: usize| [0.0, 1.0, -1.0, 0.5, -0.5][at % 5];
    let day = |at: usize| Day {
        n: 1.0,
        sum: PATTERN[at % 7] + tooth(at) + if at < change_from { 0.0 } else { change },
    };
    (0..days).map(day).collect()
}

#[test]
fn monday_to_friday_is_not_compared_with_a_weekend() {
    // Baseline of four weeks from a Monday; the five days after the launch are Tuesday to Saturday.
    let days = patterned(34, 99, 0.0);
    let (after, before) = split(&days, 28);
    let change =
        compare(after, before, Effect::Additive).and_then(|found| found.absolute(0.95)).expect("a change");
    assert!(change.value.abs() < 1.0, "{change:?}");
    let mean = |days: &[Day]| days.iter().map(|day| day.sum).sum::<f64>() / days.len() as f64;
    assert!(mean(after.days) - mean(before.days) > 8.0, "the naive comparison is off");
}

#[test]
fn a_pattern_that_grows_with_the_level_is_no_noise() {
    let mut days = patterned(57, 99, 0.0);
    days[29..].iter_mut().for_each(|day| day.sum *= 1.5);
    let (after, before) = split(&days, 28);
    let width = |effect: Effect| {
        let found = compare(after, before, effect).and_then(|found| found.relative(0.95));
        let interval = found.expect("a change").interval;
        assert!(interval.low <= 0.5 && 0.5 <= interval.high, "{interval:?}");
        interval.high - interval.low
    };
    assert!(width(Effect::Proportional) < 0.02 && width(Effect::Additive) > 0.05);
}

#[test]
fn days_that_do_not_fill_weeks_count_as_often_as_their_weekdays() {
    for (before, after) in [(28, 10), (30, 28), (24, 9), (14, 3)] {
        let days = patterned(before + 1 + after, before + 1, 7.0);
        let (after, before) = split(&days, before);
        let found = compare(after, before, Effect::Additive).expect("a comparison");
        let change = found.absolute(0.95).expect("a change");
        assert!((change.value - 7.0).abs() < 1.0, "{change:?}");
        assert!(change.interval.low <= 7.0 && 7.0 <= change.interval.high, "{change:?}");
        let shared = if after.days.len() < 7 { Spread::Shared } else { Spread::Own };
        assert_eq!(found.spread, shared);
    }
}

#[test]
fn a_ratio_is_pooled_and_never_a_mean_of_daily_ratios() {
    let day = |at: usize| Day { n: if at % 7 < 5 { 900.0 } else { 100.0 }, sum: [90.0, 10.0][at % 2] };
    let days: Vec<Day> = (0..57).map(day).collect();
    let (after, before) = split(&days, 28);
    let found = compare(after, before, Effect::Additive).expect("a comparison");
    let pooled = |days: &[Day]| {
        days.iter().map(|day| day.sum).sum::<f64>() / days.iter().map(|day| day.n).sum::<f64>()
    };
    assert!((found.after.value - pooled(after.days)).abs() < 1e-12);
    assert!((found.before.value - pooled(before.days)).abs() < 1e-12);
}

#[test]
fn degenerate_inputs_say_why() {
    use Degenerate::{NoData, NotPositive, OneValue, OutOfRange, Unmatched, ZeroDenominator, ZeroVariance};
    let days = |values: &[f64]| -> Vec<Day> {
        values.iter().map(|sum| Day { n: if sum.is_nan() { f64::NAN } else { 1.0 }, sum: *sum }).collect()
    };
    let noisy = patterned(28, 99, 0.0);
    fn period(days: &[Day]) -> Period<'_> {
        Period { days, first_weekday: 0 }
    }
    let why = |after: &[Day], before: &[Day]| compare(period(after), period(before), Effect::Additive).err();
    assert_eq!(why(&[], &noisy), Some(NoData));
    assert_eq!(why(&noisy, &days(&[f64::NAN; 9])), Some(NoData));
    assert_eq!(why(&noisy, &noisy[..5]), Some(Unmatched));
    assert_eq!(why(&noisy[..1], &noisy[..7]), Some(OneValue));
    assert_eq!(why(&days(&[5.0; 7]), &days(&[5.0; 14])), Some(ZeroVariance));
    assert_eq!(why(&[Day { n: 0.0, sum: 0.0 }; 7], &noisy), Some(ZeroDenominator));
    assert_eq!(why(&[Day { n: -1.0, sum: 3.0 }; 7], &noisy), Some(OutOfRange("no negative counts")));
    let pattern: Vec<Day> =
        (0..28).map(|at| Day { n: 1.0, sum: [1.0, 2.0, 4.0, 8.0, 9.0, 3.0, 5.0][at % 7] }).collect();
    assert_eq!(why(&pattern[..14], &pattern), Some(ZeroVariance));
    let around_zero: Vec<Day> =
        patterned(28, 99, 0.0).iter().map(|day| Day { sum: day.sum - 101.0, ..*day }).collect();
    let found = compare(period(&noisy), period(&around_zero), Effect::Proportional).expect("a comparison");
    assert_eq!(found.relative(0.95), Err(NotPositive));
    assert!(found.absolute(0.95).is_ok());
}

#[test]
fn days_without_units_are_no_days() {
    let day = |at: usize| Day { n: 1_000.0, sum: 100.0 + (at * 37 % 23) as f64 };
    let series: Vec<Day> = (0..57).map(day).collect();
    let (after, before) = split(&series, 28);
    let mut empty = series.clone();
    let mut missing = series.clone();
    for at in (0..57).step_by(3) {
        empty[at] = Day { n: 0.0, sum: 0.0 };
        missing[at] = Day::MISSING;
    }
    let of = |days: &[Day]| {
        let (after, before) = split(days, 28);
        compare(after, before, Effect::Additive).expect("a comparison")
    };
    assert_eq!(of(&empty), of(&missing));
    assert!(of(&empty).after.days < compare(after, before, Effect::Additive).expect("one").after.days);
    let mut odd = series.clone();
    odd[40] = Day { n: 0.0, sum: 3.0 };
    let (after, before) = split(&odd, 28);
    let why = compare(after, before, Effect::Additive).err();
    assert_eq!(why, Some(Degenerate::OutOfRange("no sum of nothing")));
}

#[test]
fn a_week_or_more_of_equal_days_is_not_compared() {
    let noisy = patterned(28, 99, 0.0);
    let stuck = [Day { n: 1.0, sum: 100.0 }; 28];
    let period = |days| Period { days, first_weekday: 0 };
    for effect in [Effect::Additive, Effect::Proportional] {
        for (after, before) in [(&stuck[..], &noisy[..]), (&noisy, &stuck), (&stuck[..7], &noisy)] {
            let why = compare(period(after), period(before), effect).err();
            assert_eq!(why, Some(Degenerate::ZeroVariance), "{}", after.len());
        }
        // A few equal days borrow the spread of all.
        let few = compare(period(&stuck[..4]), period(&noisy), effect).expect("a comparison");
        assert_eq!(few.spread, Spread::Shared);
        assert!(few.after.standard_error > 0.0);
    }
}

#[test]
fn a_single_day_of_a_baseline_has_no_spread_of_its_own() {
    // Ten Mondays after the launch, one before it.
    let monday = |at: usize| at.is_multiple_of(7);
    let of = |days: usize, level: f64| -> Vec<Day> {
        let value = |at: usize| level + (at * 37 % 23) as f64;
        (0..days).map(|at| if monday(at) { Day { n: 1.0, sum: value(at) } } else { Day::MISSING }).collect()
    };
    let (after, before) = (of(70, 100.0), of(7, 130.0));
    let period = |days| Period { days, first_weekday: 0 };
    let found = compare(period(&after), period(&before), Effect::Additive).expect("a comparison");
    assert_eq!((found.spread, found.before.days), (Spread::Shared, 1));
    assert!(found.before.standard_error > found.after.standard_error, "{found:?}");
    let change = found.absolute(0.95).expect("a change");
    assert!(change.interval.high - change.interval.low > 20.0, "{change:?}");
}

#[test]
fn one_enormous_day_does_not_make_the_others_look_alike() {
    let small = |at: usize| Day { n: 10.0, sum: (at % 4) as f64 };
    let mut after: Vec<Day> = (0..28).map(small).collect();
    after[3] = Day { n: 1e6, sum: 1e5 };
    let before: Vec<Day> = (0..28).map(|at| Day { n: 1_000.0, sum: 120.0 + (at % 5) as f64 }).collect();
    let period = |days| Period { days, first_weekday: 0 };
    let found = compare(period(&after), period(&before), Effect::Additive).expect("a comparison");
    let change = found.absolute(0.95).expect("a change");
    assert!(change.interval.low < 0.0 && change.interval.high > 0.0, "{found:?} {change:?}");
}

fn any_days(most: usize) -> impl Strategy<Value = Vec<Day>> {
    let day =
        (1_u32..500, -20.0..60.0_f64).prop_map(|(n, mean)| Day { n: f64::from(n), sum: f64::from(n) * mean });
    proptest::collection::vec(prop_oneof![9 => day, 1 => Just(Day::MISSING)], 1..most)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_input_is_answered_or_refused_never_nan(
        after in proptest::collection::vec((any::<f64>(), any::<f64>()), 0..20),
        before in proptest::collection::vec((any::<f64>(), any::<f64>()), 0..40),
        first in 0_usize..20, confidence in any::<f64>(), known in any::<f64>(),
    ) {
        let days = |days: &[(f64, f64)]| -> Vec<Day> {
            days.iter().map(|&(n, sum)| Day { n: n.abs(), sum }).collect()
        };
        let (after, before) = (days(&after), days(&before));
        let after = Period { days: &after, first_weekday: first };
        let before = Period { days: &before, first_weekday: 0 };
        for found in [Effect::Additive, Effect::Proportional]
            .into_iter()
            .flat_map(|effect| [compare(after, before, effect), compare_given(after, before, effect, known)])
            .flatten() {
            prop_assert!(found.after.value.is_finite() && found.before.value.is_finite());
            prop_assert!((0.0..=0.95).contains(&found.autocorrelation));
            for level in [found.after, found.before] {
                prop_assert!(!level.standard_error.is_nan() && level.effective_days > 0.0, "{:?}", level);
            }
            if let Ok(welch) = found.difference() {
                prop_assert!(welch.difference.is_finite() && welch.standard_error.is_finite());
            }
            for change in [found.absolute(confidence), found.relative(0.95)].into_iter().flatten() {
                prop_assert!(change.interval.low <= change.value && change.value <= change.interval.high);
                prop_assert!(change.interval.low.is_finite() && change.interval.high.is_finite());
            }
        }
    }

    #[test]
    fn units_scale_the_change(
        proportional: bool, after in any_days(30), before in any_days(60), first in 0_usize..7,
        power in -6_i32..=6,
    ) {
        let scale: f64 = format!("1e{power}").parse().expect("a number");
        let scaled = |days: &[Day]| -> Vec<Day> {
            days.iter().map(|day| Day { n: day.n, sum: day.sum * scale }).collect()
        };
        let effect = if proportional { Effect::Proportional } else { Effect::Additive };
        let of = |after: &[Day], before: &[Day]| {
            let after = Period { days: after, first_weekday: first };
            compare(after, Period { days: before, first_weekday: 0 }, effect)
        };
        match (of(&after, &before), of(&scaled(&after), &scaled(&before))) {
            (Ok(plain), Ok(other)) => {
                let close = |a: f64, b: f64| (a - b).abs() <= 1e-8 * (a.abs() + b.abs());
                prop_assert!((plain.autocorrelation - other.autocorrelation).abs() < 1e-9);
                prop_assert!(close(plain.after.standard_error * scale, other.after.standard_error));
                prop_assert!(close(plain.before.standard_error * scale, other.before.standard_error));
                match (plain.relative(0.95), other.relative(0.95)) {
                    (Ok(plain), Ok(other)) => {
                        prop_assert!((plain.value - other.value).abs() <= 1e-9 * (1.0 + plain.value.abs()));
                    }
                    (plain, other) => prop_assert_eq!(plain.map(|_| ()), other.map(|_| ())),
                }
            }
            (plain, other) => prop_assert_eq!(plain.map(|_| ()), other.map(|_| ())),
        }
    }

    #[test]
    fn a_larger_change_moves_the_interval_and_a_surer_one_widens_it(
        before in any_days(60), after in any_days(30), first in 0_usize..7, more in 0.0..50.0_f64,
    ) {
        let up: Vec<Day> = after.iter().map(|day| Day { n: day.n, sum: day.sum + more * day.n }).collect();
        let of = |after: &[Day]| {
            let after = Period { days: after, first_weekday: first };
            compare(after, Period { days: &before, first_weekday: 0 }, Effect::Additive)
        };
        if let (Ok(plain), Ok(raised)) = (of(&after), of(&up)) {
            let change = |found: &Comparison, confidence| found.absolute(confidence).expect("a change");
            let (was, is, surer) = (change(&plain, 0.95), change(&raised, 0.95), change(&plain, 0.99));
            prop_assert!((was.value + more - is.value).abs() <= 1e-9 * (1.0 + more + was.value.abs()));
            prop_assert!(surer.interval.low <= was.interval.low && was.interval.high <= surer.interval.high);
        }
    }
}
