//! Moments and quantiles of a column, in one documented order, so that host and guest agree to the bit.

use crate::CompensatedSum;

/// Moments of the finite values of a column, taken in row order. Everything that is not finite (NaN is
/// "null") counts as a null.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// Finite values.
    pub n: u64,
    /// Values that were not finite.
    pub nulls: u64,
    /// Neumaier-compensated sum in row order; 0 when `n` is 0, infinite when it overflows.
    pub sum: f64,
    /// `sum / n`; NaN when `n` is 0, infinite when `sum` is.
    pub mean: f64,
    /// Sum of squared deviations from `mean`, in a second pass in row order, compensated; 0 when `n` is 0,
    /// infinite when a square overflows.
    pub m2: f64,
    /// Smallest value; NaN when `n` is 0.
    pub min: f64,
    /// Largest value; NaN when `n` is 0.
    pub max: f64,
}

impl Moments {
    /// Unbiased variance `m2 / (n - 1)`; `None` with fewer than two values.
    #[must_use]
    pub fn variance(&self) -> Option<f64> {
        (self.n >= 2).then(|| self.m2 / (self.n - 1) as f64)
    }
}

/// Moments of the finite values of `values`.
#[must_use]
pub fn moments(values: &[f64]) -> Moments {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let n = finite().count() as u64;
    let nulls = values.len() as u64 - n;
    if n == 0 {
        return Moments { n, nulls, sum: 0.0, mean: f64::NAN, m2: 0.0, min: f64::NAN, max: f64::NAN };
    }
    let sum = finite().collect::<CompensatedSum>().value();
    let mean = sum / n as f64;
    let m2 = finite().map(|value| (value - mean) * (value - mean)).collect::<CompensatedSum>().value();
    let min = finite().fold(f64::INFINITY, f64::min);
    let max = finite().fold(f64::NEG_INFINITY, f64::max);
    Moments { n, nulls, sum, mean, m2, min, max }
}

/// Quantile `q` of values sorted ascending, linear between order statistics (type 7 of Hyndman and Fan,
/// "Sample Quantiles in Statistical Packages", 1996). `None` without values, for a `q` outside 0..=1, and
/// when one of the two order statistics is not finite.
#[must_use]
pub fn quantile_type7(sorted: &[f64], q: f64) -> Option<f64> {
    if sorted.is_empty() || !(0.0..=1.0).contains(&q) {
        return None;
    }
    let position = q * (sorted.len() - 1) as f64;
    let below = libm::floor(position);
    let low = *sorted.get(below as usize)?;
    let high = *sorted.get(below as usize + 1).unwrap_or(&low);
    let part = position - below;
    // Weighted rather than `low + part * (high - low)`: the difference of two finite values may overflow.
    let value = if part == 0.0 || low == high { low } else { low * (1.0 - part) + high * part };
    (low.is_finite() && high.is_finite()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::{moments, quantile_type7};

    #[test]
    fn nulls_are_counted_and_left_out() {
        let m = moments(&[1.0, f64::NAN, 3.0, f64::NAN, 8.0]);
        assert_eq!((m.n, m.nulls, m.sum, m.mean, m.m2, m.min, m.max), (3, 2, 12.0, 4.0, 26.0, 1.0, 8.0));
        assert_eq!(m.variance(), Some(13.0));
    }

    #[test]
    fn nothing_has_no_mean() {
        let m = moments(&[f64::NAN]);
        assert_eq!((m.n, m.nulls, m.sum, m.m2), (0, 1, 0.0, 0.0));
        assert!(m.mean.is_nan() && m.min.is_nan() && m.max.is_nan());
        assert_eq!(m.variance(), None);
    }

    #[test]
    fn a_large_offset_does_not_swallow_the_spread() {
        let m = moments(&[1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0]);
        assert_eq!(m.variance(), Some(30.0));
    }

    #[test]
    fn quantiles_interpolate_and_refuse_nonsense() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(quantile_type7(&sorted, 0.0), Some(1.0));
        assert_eq!(quantile_type7(&sorted, 0.5), Some(3.0));
        assert_eq!(quantile_type7(&sorted, 1.0), Some(8.0));
        assert_eq!(quantile_type7(&[], 0.5), None);
        assert_eq!(quantile_type7(&sorted, 1.5), None);
        assert_eq!(quantile_type7(&sorted, f64::NAN), None);
    }
}
