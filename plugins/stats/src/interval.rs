//! Intervals for one proportion and one mean.

use crate::{Degenerate, normal, student};

/// A two-sided interval; `low <= high`, both finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

impl Interval {
    /// The interval around `estimate` that reaches as far on both sides.
    ///
    /// # Errors
    /// [`Degenerate::OutOfRange`] when a bound is not finite.
    pub fn around(estimate: f64, half_width: f64) -> Result<Self, Degenerate> {
        let (low, high) = (estimate - half_width, estimate + half_width);
        if low <= high && low.is_finite() && high.is_finite() {
            Ok(Self { low, high })
        } else {
            Err(Degenerate::OutOfRange("values whose spread is a finite number"))
        }
    }
}

/// Wilson's interval for a proportion at `confidence` (such as 0.95): never empty, never outside 0..=1, and
/// honest at 0 and 1.
///
/// E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927).
///
/// # Errors
/// [`Degenerate::ZeroDenominator`] without trials, [`Degenerate::OutOfRange`] unless
/// `0 <= successes <= trials` and `confidence` lies between 0 and 1.
pub fn wilson(successes: f64, trials: f64, confidence: f64) -> Result<Interval, Degenerate> {
    wilson_with(successes, trials, normal::two_sided(confidence)?)
}

/// [`wilson`] with a critical value of the caller's. Trials need not be whole: divide successes and trials by
/// a design effect to widen the interval.
///
/// # Errors
/// As [`wilson`]; the critical value must be finite and at least 0.
pub fn wilson_with(successes: f64, trials: f64, critical: f64) -> Result<Interval, Degenerate> {
    if trials == 0.0 {
        return Err(Degenerate::ZeroDenominator);
    }
    if !(trials > 0.0 && trials.is_finite() && (0.0..=trials).contains(&successes)) {
        return Err(Degenerate::OutOfRange("0 <= successes <= trials"));
    }
    if !(critical >= 0.0 && critical.is_finite()) {
        return Err(Degenerate::OutOfRange("a critical value of at least 0"));
    }
    let share = successes / trials;
    let z2 = critical * critical;
    let centre = (successes + z2 / 2.0) / (trials + z2);
    let half = critical * libm::sqrt(share * (1.0 - share) * trials + z2 / 4.0) / (trials + z2);
    if !(centre.is_finite() && half.is_finite()) {
        return Err(Degenerate::OutOfRange("numbers whose squares are finite"));
    }
    // At 0 and 1 the bound is exact; rounding must not move it, nor put the estimate outside.
    let low = if successes == 0.0 { 0.0 } else { (centre - half).clamp(0.0, share) };
    let high = if successes == trials { 1.0 } else { (centre + half).clamp(share, 1.0) };
    Ok(Interval { low, high })
}

/// Interval for a mean with this standard error by Student's t.
///
/// # Errors
/// [`Degenerate::ZeroVariance`] when the standard error is 0, [`Degenerate::OutOfRange`] when a number is not
/// finite or `confidence` and `df` are not what [`student::two_sided`] takes.
pub fn t_interval(mean: f64, standard_error: f64, df: f64, confidence: f64) -> Result<Interval, Degenerate> {
    if standard_error == 0.0 {
        return Err(Degenerate::ZeroVariance);
    }
    Interval::around(mean, student::two_sided(confidence, df)? * standard_error)
}

/// Standard error of a mean of `n` independent units, from their sum and sum of squares; 0 when the squares
/// leave no spread beyond what rounding of the sums can hide.
///
/// # Errors
/// [`Degenerate::NoData`] without units, [`Degenerate::OneValue`] with fewer than two,
/// [`Degenerate::OutOfRange`] when the sums are not finite or contradict each other (`n * sum_sq < sum^2`).
pub fn standard_error(n: f64, sum: f64, sum_sq: f64) -> Result<f64, Degenerate> {
    let (_, spread) = mean_and_spread(n, sum, sum_sq)?;
    if n < 2.0 {
        return Err(Degenerate::OneValue);
    }
    Ok(libm::sqrt(spread / (n - 1.0)))
}

/// Mean and mean squared deviation from it, of independent units by their totals; the deviation is 0 when it
/// is within what rounding of the sums can hide.
///
/// # Errors
/// [`Degenerate::NoData`] without units, [`Degenerate::OutOfRange`] when the sums are not finite or
/// contradict each other.
pub(crate) fn mean_and_spread(n: f64, sum: f64, sum_sq: f64) -> Result<(f64, f64), Degenerate> {
    /// Relative error that daily sums of squares, rounded when they were written, may bring along.
    const ROUNDING: f64 = 1e-9;
    if n == 0.0 {
        return Err(Degenerate::NoData);
    }
    if !(n >= 0.0 && n.is_finite() && sum.is_finite() && sum_sq.is_finite()) {
        return Err(Degenerate::OutOfRange("finite sums of at least one unit"));
    }
    let mean = sum / n;
    let spread = sum_sq / n - mean * mean;
    let noise = ROUNDING * (sum_sq / n).max(mean * mean);
    if spread.is_nan() || noise.is_infinite() || spread < -noise {
        return Err(Degenerate::OutOfRange("a sum of squares that its sum allows"));
    }
    Ok((mean, if spread <= noise { 0.0 } else { spread }))
}
