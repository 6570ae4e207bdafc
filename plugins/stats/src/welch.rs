//! Difference of two means without taking their variances for equal.
//!
//! B. L. Welch, "The Generalization of 'Student's' Problem when Several Different Population Variances are
//! Involved", Biometrika 34 (1947); degrees of freedom after F. E. Satterthwaite (1946).

use crate::interval::mean_and_spread;
use crate::{Alternative, Degenerate, Interval, Moments, student, t_interval};

/// What the difference needs to know of one sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Values; need not be whole, such as days that are worth fewer.
    pub n: f64,
    /// Their mean.
    pub mean: f64,
    /// Sum of squared deviations from the mean.
    pub m2: f64,
}

impl Sample {
    /// From totals of independent units. A spread that rounding of the sums can hide is taken as none.
    ///
    /// # Errors
    /// [`Degenerate::NoData`] without units, [`Degenerate::OutOfRange`] when the sums are not finite or
    /// contradict each other.
    pub fn from_sums(n: f64, sum: f64, sum_sq: f64) -> Result<Self, Degenerate> {
        let (mean, spread) = mean_and_spread(n, sum, sum_sq)?;
        Ok(Self { n, mean, m2: spread * n })
    }

    /// Unbiased variance of the mean, at most rounding of the mean itself being no spread.
    fn variance_of_mean(&self) -> Result<f64, Degenerate> {
        /// Relative error that values and their mean may have from rounding alone.
        const ROUNDING: f64 = 1e-14;
        if self.n == 0.0 {
            return Err(Degenerate::NoData);
        }
        let finite = self.n.is_finite() && self.mean.is_finite() && self.m2.is_finite();
        if !(finite && self.n > 0.0 && self.m2 >= 0.0) {
            return Err(Degenerate::OutOfRange("finite moments of at least one value"));
        }
        if self.n < 2.0 {
            return Err(Degenerate::OneValue);
        }
        let noise = ROUNDING * self.mean.abs();
        let variance = self.m2 / (self.n - 1.0);
        Ok(if libm::sqrt(variance) <= noise { 0.0 } else { variance / self.n })
    }
}

impl From<&Moments> for Sample {
    fn from(moments: &Moments) -> Self {
        Self { n: moments.n as f64, mean: moments.mean, m2: moments.m2 }
    }
}

/// Difference of two means and its error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Welch {
    /// Mean of the treatment (the later period) minus mean of the control (the earlier one).
    pub difference: f64,
    /// Its standard error, above 0.
    pub standard_error: f64,
    /// Satterthwaite's degrees of freedom, between the smaller `n - 1` and `n_treatment + n_control - 2`.
    pub df: f64,
}

/// Compares two samples. A sample without any spread of its own leaves the other's error and degrees of
/// freedom.
///
/// # Errors
/// [`Degenerate::NoData`] or [`Degenerate::OneValue`] when a sample has no or a single value,
/// [`Degenerate::ZeroVariance`] when neither has a spread, [`Degenerate::OutOfRange`] when moments are not
/// finite.
pub fn welch(treatment: &Sample, control: &Sample) -> Result<Welch, Degenerate> {
    let of_treatment = treatment.variance_of_mean()?;
    let of_control = control.variance_of_mean()?;
    let variance = of_treatment + of_control;
    let difference = treatment.mean - control.mean;
    if variance == 0.0 {
        return Err(Degenerate::ZeroVariance);
    }
    if !(variance.is_finite() && difference.is_finite()) {
        return Err(Degenerate::OutOfRange("values whose spread is a finite number"));
    }
    // As shares of the variance, so that nothing over- or underflows whatever the unit.
    let (treated, untreated) = (of_treatment / variance, of_control / variance);
    let df = 1.0 / (treated * treated / (treatment.n - 1.0) + untreated * untreated / (control.n - 1.0));
    Ok(Welch { difference, standard_error: libm::sqrt(variance), df })
}

impl Welch {
    /// The t interval; see [`Alternative::interval_confidence`] for a one-sided bound.
    ///
    /// # Errors
    /// [`Degenerate::OutOfRange`] unless `confidence` lies strictly between 0 and 1.
    pub fn interval(&self, confidence: f64) -> Result<Interval, Degenerate> {
        t_interval(self.difference, self.standard_error, self.df, confidence)
    }

    /// How many standard errors the difference lies above `bound`.
    #[must_use]
    pub fn t(&self, bound: f64) -> f64 {
        (self.difference - bound) / self.standard_error
    }

    /// Decimal logarithm, at most 0, of the p-value of the null hypothesis that the true difference is
    /// `bound`.
    ///
    /// # Errors
    /// [`Degenerate::OutOfRange`] when the bound is not finite.
    pub fn log10_p(&self, bound: f64, alternative: Alternative) -> Result<f64, Degenerate> {
        alternative.log10_p(self.t(bound), |t| student::ln_sf(t, self.df))
    }
}
