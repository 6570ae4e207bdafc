//! The change between two periods, and where it may lie.

use super::{Change, Comparison, Spread};
use crate::{Degenerate, Interval, Sample, Welch, student, welch};

impl Comparison {
    /// After less before with its standard error and degrees of freedom.
    ///
    /// # Errors
    /// [`Degenerate::OutOfRange`] when a number is beyond what a float holds.
    pub fn difference(&self) -> Result<Welch, Degenerate> {
        self.less(1.0)
    }

    /// After less before, in the metric's unit.
    ///
    /// # Errors
    /// [`Degenerate::OutOfRange`] unless `confidence` lies strictly between 0 and 1 and the bounds are
    /// finite.
    pub fn absolute(&self, confidence: f64) -> Result<Change, Degenerate> {
        let found = self.difference()?;
        Ok(Change { value: found.difference, interval: found.interval(confidence)? })
    }

    /// After over before, less one.
    ///
    /// # Errors
    /// [`Degenerate::NotPositive`] unless the level before lies clearly above 0: by more than its own error
    /// at this confidence; else as [`Self::absolute`].
    pub fn relative(&self, confidence: f64) -> Result<Change, Degenerate> {
        let (after, before) = (self.after.value, self.before.value);
        if before <= 0.0 {
            return Err(Degenerate::NotPositive);
        }
        let quotient = after / before;
        let critical = student::two_sided(confidence, self.less(quotient)?.df)?;
        // In units of the level before, so that nothing over- or underflows.
        let reach_before = critical * self.before.standard_error / before;
        let reach_after = critical * self.after.standard_error / before;
        let certain = 1.0 - reach_before * reach_before;
        let root = libm::sqrt(
            quotient * quotient * reach_before * reach_before + reach_after * reach_after * certain,
        );
        if certain.is_nan() || certain <= 0.0 {
            return Err(Degenerate::NotPositive);
        }
        let (low, high) = ((quotient - root) / certain - 1.0, (quotient + root) / certain - 1.0);
        if !(low.is_finite() && high.is_finite()) {
            return Err(Degenerate::OutOfRange("values whose spread is a finite number"));
        }
        let value = quotient - 1.0;
        Ok(Change { value, interval: Interval { low: low.min(value), high: high.max(value) } })
    }

    /// The level after less `times` the level before.
    fn less(&self, times: f64) -> Result<Welch, Degenerate> {
        let (after, before) = (&self.after, &self.before);
        let error_before = times.abs() * before.standard_error;
        match self.spread {
            Spread::Shared => {
                let difference = after.value - times * before.value;
                let standard_error = libm::hypot(after.standard_error, error_before);
                if !(difference.is_finite() && standard_error.is_finite()) {
                    return Err(Degenerate::OutOfRange("values whose spread is a finite number"));
                }
                Ok(Welch { difference, standard_error, df: after.df, least_df: after.df })
            }
            Spread::Own => {
                // As many independent values as have this error on these degrees of freedom.
                let sample = |mean: f64, error: f64, df: f64| {
                    let n = df + 1.0;
                    Sample { n, mean, m2: error * error * n * df }
                };
                let after = sample(after.value, after.standard_error, after.df);
                welch(&after, &sample(times * before.value, error_before, before.df))
            }
        }
    }
}
