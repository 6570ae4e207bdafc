//! Uncertainty of a pooled mean or ratio from its daily values.
//!
//! People, requests and answers of one day have more in common than those of different days, and days
//! resemble the day before. A standard error that counts units as independent is then too small. Here a day
//! is one observation (linearised: its sum less what the pooled value would have given), and resemblance
//! between neighbours is worth fewer days.

use crate::{CompensatedSum, Degenerate, Interval, t_interval};

/// One day: `n` units or denominator, `sum` of values or numerator. A missing day holds NaN in both, so that
/// its neighbours are not taken for neighbours of each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Day {
    /// Units of a mean, denominator of a ratio.
    pub n: f64,
    /// Sum of a mean, numerator of a ratio.
    pub sum: f64,
}

impl Day {
    /// A day without a value.
    pub const MISSING: Self = Self { n: f64::NAN, sum: f64::NAN };

    pub(crate) fn is_present(self) -> bool {
        self.n.is_finite() && self.sum.is_finite()
    }
}

/// A series whose days resemble each other more than this says next to nothing however long it is.
const MOST_ALIKE: f64 = 0.99;

/// A pooled value with its day-to-day error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pooled {
    /// `sum of sums / sum of n`.
    pub value: f64,
    /// Days that have a value.
    pub days: u64,
    /// Lag-1 autocorrelation of the daily residuals in 0..1, corrected for the bias of short series and
    /// taken half a standard error on the cautious side; resemblance below 0 is not believed.
    pub autocorrelation: f64,
    /// Days this is worth if days were independent, between 2 and `days`.
    pub effective_days: f64,
    /// Standard error of `value` between days.
    pub standard_error: f64,
}

impl Pooled {
    /// The t interval on `effective_days - 1` degrees of freedom.
    ///
    /// Coverage at a nominal 95 %, measured on 4,000 simulated series each of normal days whose
    /// autocorrelation is known (`tests/coverage.rs` repeats a part of it):
    ///
    /// | days | 0 | 0.3 | 0.6 | 0.8 |
    /// |---|---|---|---|---|
    /// | 3 | 96.6 % | 95.5 % | 90.5 % | 83.1 % |
    /// | 7 | 97.4 % | 94.7 % | 90.7 % | 87.2 % |
    /// | 14 | 97.0 % | 95.7 % | 93.9 % | 91.4 % |
    /// | 28 | 97.3 % | 95.9 % | 95.3 % | 93.4 % |
    /// | 56 | 96.5 % | 95.6 % | 95.8 % | 95.7 % |
    /// | 90 | 96.1 % | 95.9 % | 95.9 % | 95.8 % |
    ///
    /// So one or two weeks of days that resemble each other strongly are still trusted too much. A weekday
    /// pattern counts as resemblance and widens the interval, also over whole weeks, where it cancels out.
    ///
    /// # Errors
    /// As [`t_interval`].
    pub fn interval(&self, confidence: f64) -> Result<Interval, Degenerate> {
        t_interval(self.value, self.standard_error, self.effective_days - 1.0, confidence)
    }
}

/// Pools days, in the order of time, and measures how they differ.
///
/// The variance is the linearised (delta-method) one of a ratio of sums, `D sum(r^2) / ((E - 1) N^2)` with
/// residuals `r = sum - value * n`, `D` days worth `E`, and `N` the sum of `n`: for `E = D` the textbook
/// estimator (Cochran, "Sampling Techniques", 6.4); the form for `E < D` takes the bias out that
/// autocorrelation gives to `sum(r^2)`.
///
/// # Errors
/// [`Degenerate::NoData`] without days, [`Degenerate::ZeroDenominator`] when `n` adds up to nothing,
/// [`Degenerate::OneValue`] with a single day, [`Degenerate::OutOfRange`] when an `n` is negative or sums
/// overflow.
pub fn pool(days: &[Day]) -> Result<Pooled, Degenerate> {
    let present = || days.iter().filter(|day| day.is_present());
    let count = present().count();
    if count == 0 {
        return Err(Degenerate::NoData);
    }
    if present().any(|day| day.n < 0.0) {
        return Err(Degenerate::OutOfRange("no negative counts"));
    }
    let n = present().map(|day| day.n).collect::<CompensatedSum>().value();
    let sum = present().map(|day| day.sum).collect::<CompensatedSum>().value();
    if n == 0.0 {
        return Err(Degenerate::ZeroDenominator);
    }
    let value = sum / n;
    if !(n.is_finite() && value.is_finite()) {
        return Err(Degenerate::OutOfRange("sums that do not overflow"));
    }
    if count == 1 {
        return Err(Degenerate::OneValue);
    }
    // In units of `value * n` per day, so that squares neither overflow nor vanish whatever the unit.
    let per_day = n / count as f64;
    let residuals: Vec<f64> = days.iter().map(|day| (day.sum - value * day.n) / per_day).collect();
    let squares = residuals.iter().filter(|r| r.is_finite()).map(|r| r * r);
    let squares = squares.collect::<CompensatedSum>().value();
    let count = count as f64;
    let Worth { autocorrelation, days: effective_days } = worth(&residuals, 0.5);
    let standard_error = libm::sqrt(squares / count / (effective_days - 1.0));
    // A spread that rounding of the sums alone can make is no spread.
    let largest = present().map(|day| (day.sum / per_day).abs()).fold(0.0, f64::max);
    let standard_error = if standard_error <= 1e-14 * largest { 0.0 } else { standard_error };
    if !standard_error.is_finite() {
        return Err(Degenerate::OutOfRange("sums that do not overflow"));
    }
    Ok(Pooled { value, days: count as u64, autocorrelation, effective_days, standard_error })
}

/// Lag-1 autocorrelation of residuals whose mean is 0, over neighbours that are both present (finite);
/// `None` without such neighbours or without spread.
#[must_use]
pub fn autocorrelation(residuals: &[f64]) -> Option<f64> {
    let present = residuals.iter().filter(|r| r.is_finite());
    let count = present.clone().count();
    let squares = present.map(|r| r * r).collect::<CompensatedSum>().value();
    let pairs = || residuals.windows(2).filter(|pair| pair.iter().all(|r| r.is_finite()));
    let neighbours = pairs().count();
    if neighbours == 0 || squares <= 0.0 || !squares.is_finite() {
        return None;
    }
    let products = pairs().map(|pair| pair[0] * pair[1]).collect::<CompensatedSum>().value();
    // With every day present this is the usual estimator, sum of products over sum of squares.
    let scale = (count - 1) as f64 / neighbours as f64;
    Some((products * scale / squares).clamp(-1.0, 1.0))
}

/// What days are worth that resemble their neighbours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worth {
    /// Lag-1 autocorrelation in 0..1, on the cautious side.
    pub autocorrelation: f64,
    /// Independent days that they are worth, at least 2.
    pub days: f64,
}

/// What days with these residuals are worth. Takes out the bias `-(1 + 3 rho) / n` of the usual estimator of
/// their autocorrelation (Marriott and Pope, "Bias in the Estimation of Autocorrelations", Biometrika 41,
/// 1954), adds `caution` standard errors, `sqrt((1 - rho^2) / n)`, since intervals suffer more from a value
/// too small than from one too large, and drops what is below 0.
#[must_use]
pub fn worth(residuals: &[f64], caution: f64) -> Worth {
    let n = residuals.iter().filter(|r| r.is_finite()).count().max(1) as f64;
    let found = autocorrelation(residuals).unwrap_or(0.0);
    let centred = found + (1.0 + 3.0 * found) / n;
    let known = centred.clamp(0.0, MOST_ALIKE);
    let cautious = (centred + caution * libm::sqrt((1.0 - known * known) / n)).clamp(0.0, MOST_ALIKE);
    Worth { autocorrelation: cautious, days: effective_days(n, cautious) }
}

/// Independent values that `n` values of a first-order autoregressive series are worth for their mean,
/// `n (1 - rho) / (1 + rho)`, at least 2.
#[must_use]
pub fn effective_days(n: f64, autocorrelation: f64) -> f64 {
    (n * (1.0 - autocorrelation) / (1.0 + autocorrelation)).max(2.0)
}

/// How much more daily proportions vary than chance alone would make them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dispersion {
    /// Pearson's chi-square over its degrees of freedom; about 1 for binomial days.
    pub factor: f64,
    /// How many standard deviations that is from binomial. Pearson's statistic is taken as a scaled
    /// chi-square with the variance it has for binomial days, `2 + (1 - 6 p q) / (n p q)` each (few expected
    /// events a day make it wild), and made normal by the cube root (Wilson and Hilferty, PNAS 17, 1931).
    pub z: f64,
}

/// Dispersion of daily proportions; `None` with fewer than two days that have a denominator, or when the
/// pooled proportion is 0 or 1.
#[must_use]
pub fn dispersion(days: &[Day]) -> Option<Dispersion> {
    let present = || days.iter().filter(|day| day.is_present() && day.n > 0.0);
    let n = present().map(|day| day.n).collect::<CompensatedSum>().value();
    let sum = present().map(|day| day.sum).collect::<CompensatedSum>().value();
    let share = sum / n;
    let count = present().count();
    if count < 2 || !(share > 0.0 && share < 1.0) {
        return None;
    }
    let one = share * (1.0 - share);
    let pearson = present().map(|day| {
        let off = day.sum - share * day.n;
        off * off / (day.n * one)
    });
    let excess = present().map(|day| (1.0 - 6.0 * one) / (day.n * one));
    let df = (count - 1) as f64;
    let factor = pearson.collect::<CompensatedSum>().value() / df;
    let variance = 2.0 + (excess.collect::<CompensatedSum>().value() / count as f64).max(0.0);
    let spread = variance / (9.0 * df);
    let z = (libm::cbrt(factor) - (1.0 - spread)) / libm::sqrt(spread);
    (factor.is_finite() && z.is_finite()).then_some(Dispersion { factor, z })
}
