//! Tests and limits for comparing two proportions.

use crate::beta::{beta_cdf_split, ln_power_over_beta};
use crate::two_arms::Limits;
use crate::{Alternative, Degenerate, Interval, normal, wilson};

/// Successes among trials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Successes.
    pub successes: f64,
    /// Trials.
    pub trials: f64,
}

impl Share {
    /// # Errors
    /// [`Degenerate::ZeroDenominator`] without trials, [`Degenerate::OutOfRange`] unless
    /// `0 <= successes <= trials`.
    pub fn new(successes: f64, trials: f64) -> Result<Self, Degenerate> {
        if trials == 0.0 {
            return Err(Degenerate::ZeroDenominator);
        }
        if trials > 0.0 && trials.is_finite() && (0.0..=trials).contains(&successes) {
            Ok(Self { successes, trials })
        } else {
            Err(Degenerate::OutOfRange("0 <= successes <= trials"))
        }
    }

    /// Successes over trials.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.successes / self.trials
    }

    fn failures(&self) -> f64 {
        self.trials - self.successes
    }

    /// Wilson's limits; [`crate::two_arms::difference`] makes Newcombe's interval of two of them.
    ///
    /// # Errors
    /// [`Degenerate::OutOfRange`] unless `confidence` lies strictly between 0 and 1.
    pub fn wilson(&self, confidence: f64) -> Result<Limits, Degenerate> {
        let interval = wilson(self.successes, self.trials, confidence)?;
        Ok(Limits { value: self.value(), interval })
    }

    /// Limits that are never too narrow: the exact ones of [`clopper_pearson`] where there are few successes
    /// or failures, Wilson's with continuity correction where there are many.
    ///
    /// Plain score limits are on average right and a little too narrow at many places, much too narrow for a
    /// few units: at 95 % and no difference, Newcombe's interval from them says "different" in 12.5 % of
    /// experiments with 2 units each, 8.2 % with 2 and 20, 5.7 % with 50 each, 5.5 % with 300 each. With
    /// these limits it is at most the error rate at every size, split and confidence that was tried, in total
    /// and (within 2 % of itself) in each tail; `tests/two_samples.rs` computes a part of it.
    ///
    /// # Errors
    /// [`Degenerate::OutOfRange`] unless `confidence` lies strictly between 0 and 1.
    pub fn cautious(&self, confidence: f64) -> Result<Limits, Degenerate> {
        /// From so many successes and failures on, the corrected score limits are as good as exact ones.
        const MANY: f64 = 500.0;
        let interval = if self.successes.min(self.failures()) < MANY {
            clopper_pearson(self.successes, self.trials, confidence)?
        } else {
            self.corrected(normal::two_sided(confidence)?)
        };
        Ok(Limits { value: self.value(), interval })
    }

    /// Wilson's limits with continuity correction, for any number of successes but none and all (R. G.
    /// Newcombe, "Two-sided Confidence Intervals for the Single Proportion", Statistics in Medicine 17
    /// (1998), method 4).
    fn corrected(&self, z: f64) -> Interval {
        let low = corrected_low(self.successes, self.trials, z);
        let high = 1.0 - corrected_low(self.failures(), self.trials, z);
        let value = self.value();
        Interval { low: low.min(value), high: high.max(value) }
    }
}

fn corrected_low(successes: f64, trials: f64, z: f64) -> f64 {
    let (share, square) = (successes / trials, z * z);
    let under = square - 2.0 - 1.0 / trials + 4.0 * share * (trials - successes + 1.0);
    let low = 2.0 * successes + square - 1.0 - z * libm::sqrt(under.max(0.0));
    (low / (2.0 * (trials + square))).max(0.0)
}

/// The exact interval for a proportion: each tail is at most half of what `confidence` leaves out.
///
/// C. J. Clopper and E. S. Pearson, "The Use of Confidence or Fiducial Limits Illustrated in the Case of the
/// Binomial", Biometrika 26 (1934).
///
/// # Errors
/// As [`Share::new`]; [`Degenerate::OutOfRange`] unless `confidence` lies strictly between 0 and 1.
pub fn clopper_pearson(successes: f64, trials: f64, confidence: f64) -> Result<Interval, Degenerate> {
    let share = Share::new(successes, trials)?;
    let tail = normal::upper_tail(confidence)?;
    let low = exact_low(successes, share.failures(), tail)?;
    let high = 1.0 - exact_low(share.failures(), successes, tail)?;
    Ok(Interval { low: low.min(share.value()), high: high.max(share.value()) })
}

/// The share at which so many successes or more have probability `tail`, by Newton's method on the logarithm
/// inside a bracket that always shrinks.
fn exact_low(successes: f64, failures: f64, tail: f64) -> Result<f64, Degenerate> {
    if successes == 0.0 {
        return Ok(0.0);
    }
    let (a, b) = (successes, failures + 1.0);
    let (mut low, mut high) = (0.0, successes / (successes + failures));
    let z = -normal::ppf(tail)?;
    let mut p = corrected_low(successes, successes + failures, z).clamp(high * 1e-6, high * (1.0 - 1e-9));
    for _ in 0..200 {
        let reached = beta_cdf_split(a, b, p, 1.0 - p)?;
        if reached > tail {
            high = p;
        } else {
            low = p;
        }
        let density = libm::exp(ln_power_over_beta(a, b, p, 1.0 - p)) / (p * (1.0 - p));
        let step = (libm::log(tail) - libm::log(reached)) * reached / density;
        let next = if (low..=high).contains(&(p + step)) { p + step } else { 0.5 * (low + high) };
        if (next - p).abs() <= 1e-14 * next {
            return Ok(next);
        }
        p = next;
    }
    Ok(p)
}

/// The pooled z statistic of no difference.
///
/// # Errors
/// [`Degenerate::ZeroVariance`] when all trials of both succeed or all fail, [`Degenerate::OutOfRange`] when a
/// number is not finite.
pub fn pooled_z(treatment: &Share, control: &Share) -> Result<f64, Degenerate> {
    let successes = treatment.successes + control.successes;
    let failures = treatment.failures() + control.failures();
    let trials = treatment.trials + control.trials;
    if successes == 0.0 || failures == 0.0 {
        return Err(Degenerate::ZeroVariance);
    }
    let variance =
        (successes / trials) * (failures / trials) * (1.0 / treatment.trials + 1.0 / control.trials);
    let z = (treatment.value() - control.value()) / libm::sqrt(variance);
    if z.is_finite() { Ok(z) } else { Err(Degenerate::OutOfRange("counts whose sum is a finite number")) }
}

/// The z statistic, by the unpooled (Wald) error, of `treatment - factor * control = margin`: the test beside
/// a bound other than no difference.
///
/// # Errors
/// [`Degenerate::ZeroVariance`] when neither share leaves any doubt, [`Degenerate::OutOfRange`] when a number
/// is not finite.
pub fn unpooled_z(treatment: &Share, control: &Share, factor: f64, margin: f64) -> Result<f64, Degenerate> {
    let variance = |share: &Share| share.value() * (share.failures() / share.trials) / share.trials;
    let variance = variance(treatment) + factor * factor * variance(control);
    if variance == 0.0 {
        return Err(Degenerate::ZeroVariance);
    }
    let z = (treatment.value() - factor * control.value() - margin) / libm::sqrt(variance);
    if z.is_finite() { Ok(z) } else { Err(Degenerate::OutOfRange("a finite factor and margin")) }
}

/// Decimal logarithm, at most 0, of the p-value of a z statistic.
///
/// # Errors
/// [`Degenerate::OutOfRange`] unless `z` is finite and not so large that its square overflows.
pub fn log10_p_of_z(z: f64, alternative: Alternative) -> Result<f64, Degenerate> {
    alternative.log10_p(z, normal::ln_sf)
}
