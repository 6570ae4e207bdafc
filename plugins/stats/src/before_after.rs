//! A level after a launch against the level before it, weekday by weekday.
//!
//! *Matching.* The level after is that of its days: the mean of daily values, or one sum over the other for
//! ratios and means. The level before is taken over the same mixture of weekdays: each of its days counts as
//! often as its weekday comes after the launch, divided by how often it comes before. Comparing Monday to
//! Friday with a window that holds a weekend is the classic false regression, and cannot happen here.
//!
//! A day without any `n` has no value and counts for nothing.
//!
//! *Error.* A day is one observation: its deviation from the level, weighted by its `n` where the level is a
//! ratio (the linearised variance: Cochran, "Sampling Techniques", 6.4). Weekday effects, which both periods
//! share, are fitted and taken out; for a relative change they are parts of each period's level, so that a
//! pattern that grows with the level is no noise. Neighbouring days resemble each other, as in a first-order
//! autoregressive series; how much is read from the residuals with the bias of short series taken out exactly
//! and almost a standard error on the cautious side. Resemblance below 0 is not believed. Each period has its
//! own spread, and the difference is judged by Welch's t with degrees of freedom that resemblance makes
//! fewer. With less than a week of days in a period its own spread says too little: then all days together tell
//! it, or the few days themselves where they show a larger one. A week or more of days that are all the same says
//! nothing of how they differ, and is not compared.
//!
//! A relative change is judged by Fieller's interval (E. C. Fieller, "Some Problems in Interval Estimation",
//! JRSS B 16, 1954), which does not take the baseline for known.
//!
//! Coverage in per cent, nominal 95, of the absolute change of a gauge (the relative one is the same within
//! 0.5 points), in
//! 3,000 simulated series each, with a weekday pattern, by the autocorrelation of days;
//! `tests/before_after.rs` repeats a part of it:
//!
//! | days after / before | 0 | 0.3 | 0.6 | 0.8 | 0.9 |
//! |---|---|---|---|---|---|
//! | 1 / 14 | 96.8 | 97.6 | 97.2 | 97.6 | 97.2 |
//! | 1 / 28 | 95.3 | 96.6 | 97.2 | 98.1 | 98.8 |
//! | 2 / 7 | 99.2 | 98.9 | 98.6 | 97.9 | 97.9 |
//! | 2 / 14 | 98.3 | 98.0 | 97.5 | 97.3 | 97.2 |
//! | 2 / 28 | 97.7 | 97.6 | 97.5 | 98.7 | 98.4 |
//! | 5 / 14 | 98.4 | 97.5 | 96.6 | 96.5 | 95.8 |
//! | 7 / 7 | 99.0 | 97.9 | 96.2 | 95.4 | 95.4 |
//! | 7 / 14 | 98.4 | 97.7 | 96.8 | 96.5 | 96.3 |
//! | 7 / 28 | 98.0 | 97.7 | 97.8 | 98.7 | 98.6 |
//! | 14 / 14 | 98.2 | 97.0 | 96.2 | 96.0 | 96.0 |
//! | 14 / 28 | 98.3 | 97.4 | 96.6 | 97.5 | 97.3 |
//! | 28 / 7 | 97.4 | 97.1 | 97.6 | 98.6 | 98.1 |
//! | 28 / 14 | 97.8 | 96.9 | 96.5 | 97.2 | 96.7 |
//! | 28 / 28 | 97.2 | 96.9 | 96.7 | 96.4 | 96.9 |
//! | 90 / 90 | 96.1 | 96.7 | 95.9 | 97.1 | 97.8 |
//!
//! The same for the relative change of a ratio of about 20 % with a few hundred to a thousand in the
//! denominator, by the autocorrelation of the true daily rate. Chance in each day's count hides a part of it
//! from the residuals: where it is strong, a slow movement under that noise is trusted too much over long
//! windows.
//!
//! | days after / before | 0 | 0.3 | 0.6 | 0.8 |
//! |---|---|---|---|---|
//! | 1 / 28 | 96.2 | 96.8 | 96.5 | 96.8 |
//! | 2 / 7 | 99.3 | 99.4 | 98.2 | 98.8 |
//! | 2 / 14 | 99.0 | 98.7 | 97.9 | 96.8 |
//! | 7 / 14 | 99.0 | 98.0 | 96.5 | 94.7 |
//! | 7 / 28 | 98.9 | 98.6 | 97.0 | 94.6 |
//! | 14 / 28 | 98.6 | 97.8 | 95.7 | 89.7 |
//! | 28 / 28 | 97.8 | 97.0 | 95.5 | 89.3 |
//! | 28 / 56 | 98.5 | 96.1 | 94.5 | 87.5 |
//! | 90 / 90 | 97.7 | 96.7 | 94.6 | 86.0 |
//!
//! With half as much spread again after the launch as before it, a week or more after it still covers 95.5
//! and more, up to an autocorrelation of 0.6; two to six days cover 92.6 and more, and a single day, whose
//! spread nothing shows, 84 to 95.

mod change;

use crate::daily::Day;
use crate::serial::{self, Found, Point, WEEK};
use crate::{CompensatedSum, Degenerate, Interval};

/// Days of a period from which on their own spread is believed.
const OWN_SPREAD_FROM: usize = WEEK;
/// A spread that is a smaller part of the values than this is rounding.
const ROUNDING: f64 = 1e-13;

/// The smallest share of a usual day's `n` (the mean or the median, whichever is less) that a day's deviation is
/// divided by: of a day with next to nothing in it the rate says next to nothing. The median, since one enormous
/// day must not make all others look alike.
const LEAST_SIZE: f64 = 0.25;

/// Whole days in the order of time. Gauges and sums have 1 in each day's `n`.
#[derive(Debug, Clone, Copy)]
pub struct Period<'a> {
    /// One per day; a missing day is [`Day::MISSING`], and one whose `n` is 0 has no value either.
    pub days: &'a [Day],
    /// Which weekday the first day is, counted from any day that both periods agree on; only its remainder by
    /// seven matters.
    pub first_weekday: usize,
}

impl Period<'_> {
    fn weekday(&self, at: usize) -> usize {
        (self.first_weekday % WEEK + at) % WEEK
    }

    /// Days that have a value: their place in the period, their weekday and the values.
    fn present(&self) -> impl Iterator<Item = (usize, usize, Day)> {
        let days = self.days.iter().enumerate().filter(|(_, day)| day.is_present() && day.n != 0.0);
        days.map(|(at, day)| (at, self.weekday(at), *day))
    }

    /// # Errors
    /// When no day has a value, or one has what no day can.
    fn check(&self) -> Result<(), Degenerate> {
        let known = || self.days.iter().filter(|day| day.is_present());
        if known().any(|day| day.n < 0.0) {
            return Err(Degenerate::OutOfRange("no negative counts"));
        }
        if known().any(|day| day.n == 0.0 && day.sum != 0.0) {
            return Err(Degenerate::OutOfRange("no sum of nothing"));
        }
        match (known().next(), self.present().next()) {
            (None, _) => Err(Degenerate::NoData),
            (Some(_), None) => Err(Degenerate::ZeroDenominator),
            _ => Ok(()),
        }
    }
}

/// What a change does to days that are larger or smaller by their weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It adds as much to each: a change in the metric's unit.
    Additive,
    /// It multiplies each: a relative change.
    Proportional,
}

/// Whose spread the error comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// Each period has its own.
    Own,
    /// Too few days in a period: all days together, or its few days where they spread more.
    Shared,
}

/// The level of one period and its error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// The level, over the weekdays after the launch.
    pub value: f64,
    /// Days that have a value and count.
    pub days: u64,
    /// Independent days they are worth.
    pub effective_days: f64,
    /// Standard error of `value`.
    pub standard_error: f64,
    /// Degrees of freedom of the standard error; of both periods' alike where the spread is shared.
    df: f64,
}

/// Two periods compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// After the launch.
    pub after: Level,
    /// Before it.
    pub before: Level,
    /// Autocorrelation of neighbouring days in 0..=0.95, weekday effects taken out, on the cautious side.
    pub autocorrelation: f64,
    /// Whose spread the error comes from.
    pub spread: Spread,
}

/// A change and its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// After less before, or their quotient less one.
    pub value: f64,
    /// Where the true change may lie.
    pub interval: Interval,
}

/// Compares the days after a launch with those before it. `effect` says which change will be asked for.
///
/// # Errors
/// [`Degenerate::NoData`] when a period has no value, [`Degenerate::Unmatched`] when a weekday after the
/// launch does not come before it, [`Degenerate::ZeroDenominator`] when the `n` of a period add up to
/// nothing, [`Degenerate::OneValue`] when no weekday comes twice, so that nothing tells how days differ,
/// [`Degenerate::ZeroVariance`] when days do not differ but by their weekday, or not at all in a period of a week
/// or more, [`Degenerate::NotPositive`] when such days leave nothing that a proportional effect is relative to,
/// [`Degenerate::OutOfRange`] when an `n` is negative, a sum is one of nothing, or sums overflow.
pub fn compare(after: Period<'_>, before: Period<'_>, effect: Effect) -> Result<Comparison, Degenerate> {
    fitted(after, before, effect, None)
}

/// [`compare`] for days whose autocorrelation is known, such as 0 for independent ones.
/// Over one week each, additive and with 0 this is the paired t test of weekdays.
///
/// # Errors
/// As [`compare`]; [`Degenerate::OutOfRange`] unless it lies in 0..=0.95.
pub fn compare_given(
    after: Period<'_>,
    before: Period<'_>,
    effect: Effect,
    autocorrelation: f64,
) -> Result<Comparison, Degenerate> {
    if !(0.0..=0.95).contains(&autocorrelation) {
        return Err(Degenerate::OutOfRange("an autocorrelation in 0..=0.95"));
    }
    fitted(after, before, effect, Some(autocorrelation))
}

fn fitted(
    after: Period<'_>,
    before: Period<'_>,
    effect: Effect,
    known: Option<f64>,
) -> Result<Comparison, Degenerate> {
    after.check()?;
    before.check()?;
    let counts = [&after, &before].map(|period| {
        let mut counts = [0.0; WEEK];
        period.present().for_each(|(_, weekday, _)| counts[weekday] += 1.0);
        counts
    });
    let [wanted, there] = counts;
    if (0..WEEK).any(|weekday| wanted[weekday] > 0.0 && there[weekday] == 0.0) {
        return Err(Degenerate::Unmatched);
    }
    let mut points = Vec::new();
    let level_after = level(&after, 0, |_| 1.0, &mut points)?;
    let level_before = level(&before, 1, |weekday| wanted[weekday] / there[weekday], &mut points)?;
    let levels = [level_after, level_before];
    let units = units(&points, levels, effect)?;
    points.iter_mut().for_each(|point| point.off /= units[point.period]);
    let found = serial::find(&points, known)?;
    let all = [0, 1].map(|period| points.iter().filter(|point| point.period == period).count());
    // Where the pattern of weekdays explains everything, rounding is what is left.
    let is_noise = |squares: f64| libm::sqrt(squares) <= ROUNDING * points.len() as f64;
    let own = all.iter().all(|days| *days >= OWN_SPREAD_FROM);
    if is_noise(found.squares[0] + found.squares[1]) || own && found.squares.into_iter().any(is_noise) {
        return Err(Degenerate::ZeroVariance);
    }
    let weigh = [0, 1].map(|period| {
        points.iter().filter(|point| point.period == period && point.weight > 0.0).count() as u64
    });
    Ok(comparison(levels, (all, weigh), units, &found))
}

/// What deviations of each period are divided by: its level, where the effect is a part of it and days lie
/// well above zero; else the largest deviation of all, so that squares neither overflow nor vanish whatever
/// the unit.
fn units(points: &[Point], levels: [f64; 2], effect: Effect) -> Result<[f64; 2], Degenerate> {
    let largest = points.iter().map(|point| point.off.abs()).fold(0.0, f64::max);
    let same = |period: usize| {
        let of_period = || points.iter().filter(|point| point.period == period).map(|point| point.off.abs());
        of_period().count() >= OWN_SPREAD_FROM
            && of_period().fold(0.0, f64::max) <= ROUNDING * levels[period].abs()
    };
    if largest <= ROUNDING * levels[0].abs().max(levels[1].abs()) || same(0) || same(1) {
        // Worse news than days without a spread.
        let is_relative_to_nothing = effect == Effect::Proportional && levels[1] <= 0.0;
        let why = if is_relative_to_nothing { Degenerate::NotPositive } else { Degenerate::ZeroVariance };
        return Err(why);
    }
    if !largest.is_finite() {
        return Err(Degenerate::OutOfRange("values whose spread is a finite number"));
    }
    let well_above_zero = |period: usize| {
        let of_period = points.iter().filter(|point| point.period == period);
        let (mut days, mut squares) = (0.0, 0.0);
        for point in of_period {
            days += 1.0;
            squares += (point.off / largest) * (point.off / largest);
        }
        levels[period] > largest * libm::sqrt(squares / days)
    };
    let proportional = effect == Effect::Proportional && well_above_zero(0) && well_above_zero(1);
    Ok(if proportional { levels } else { [largest; 2] })
}

/// The level of a period whose weekdays count as often as `times` says; adds its days to `points`.
fn level(
    period: &Period<'_>,
    index: usize,
    times: impl Fn(usize) -> f64,
    points: &mut Vec<Point>,
) -> Result<f64, Degenerate> {
    let overflow = Degenerate::OutOfRange("sums that do not overflow");
    let total = |of: &dyn Fn(usize, Day) -> f64| {
        period.present().map(|(_, weekday, day)| of(weekday, day)).collect::<CompensatedSum>().value()
    };
    let n = total(&|weekday, day| times(weekday) * day.n);
    let sum = total(&|weekday, day| times(weekday) * day.sum);
    if n == 0.0 {
        return Err(Degenerate::ZeroDenominator);
    }
    let value = sum / n;
    let mean = total(&|_, day| day.n) / period.present().count() as f64;
    if !(n.is_finite() && value.is_finite() && mean.is_finite()) {
        return Err(overflow);
    }
    let mut sizes: Vec<f64> = period.present().map(|(.., day)| day.n).collect();
    sizes.sort_by(f64::total_cmp);
    let least = LEAST_SIZE * sizes.get(sizes.len() / 2).copied().unwrap_or(mean).min(mean);
    points.extend(period.present().map(|(at, weekday, day)| {
        let size = day.n.max(least);
        let off = (day.sum - value * day.n) / size;
        Point { period: index, at, weekday, off, weight: times(weekday) * size / n }
    }));
    Ok(value)
}

/// `all`: days of each period that have a value; `weigh`: those of them that count in its level.
fn comparison(
    levels: [f64; 2],
    (all, weigh): ([usize; 2], [u64; 2]),
    units: [f64; 2],
    found: &Found,
) -> Comparison {
    let (expected, squares) = (&found.expected, found.squares);
    let own = [0, 1].map(|period| squares[period] / expected.squares[period]);
    let few = all.map(|days| days < OWN_SPREAD_FROM);
    let (spread, variances, df) = if few.contains(&true) {
        let shared = (squares[0] + squares[1]) / (expected.squares[0] + expected.squares[1]);
        // One day, or days of weekdays that nothing else fits, leave no residual of their own.
        let believed = |period: usize| few[period] && all[period] > 1 && own[period].is_finite();
        let variances = [0, 1].map(|period| if believed(period) { own[period].max(shared) } else { shared });
        (Spread::Shared, variances, [(found.df[0] + found.df[1]).max(1.0); 2])
    } else {
        (Spread::Own, own, found.df.map(|df| df.max(1.0)))
    };
    let [after, before] = [0, 1].map(|period| Level {
        value: levels[period],
        days: weigh[period],
        effective_days: 1.0 / expected.of_level[period],
        standard_error: units[period] * libm::sqrt(variances[period] * expected.of_level[period]),
        df: df[period],
    });
    Comparison { after, before, autocorrelation: found.autocorrelation, spread }
}
