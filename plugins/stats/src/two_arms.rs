//! Difference and ratio of two independent estimates from the limits of each: the method of variance
//! estimates recovery.
//!
//! With Wilson's limits for two proportions the difference is Newcombe's hybrid score interval (R. G.
//! Newcombe, "Interval Estimation for the Difference between Independent Proportions", Statistics in Medicine
//! 17 (1998), method 10; with the continuity correction, method 11). With symmetrical limits the ratio is
//! Fieller's. The ratio inverts the contrast `treatment - k control`, as in A. Donner and G. Y. Zou,
//! "Closed-form Confidence Intervals for Functions of the Normal Mean and Standard Deviation", Statistical
//! Methods in Medical Research 21 (2012).

use crate::{Degenerate, Interval};

/// An estimate with its own limits; `low <= value <= high`, all finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The estimate.
    pub value: f64,
    /// Its interval.
    pub interval: Interval,
}

impl Limits {
    fn below(&self) -> f64 {
        self.value - self.interval.low
    }

    fn above(&self) -> f64 {
        self.interval.high - self.value
    }
}

/// Interval for `treatment - control`, of the coverage that the limits have.
///
/// # Errors
/// [`Degenerate::OutOfRange`] when a number is not finite.
pub fn difference(treatment: &Limits, control: &Limits) -> Result<Interval, Degenerate> {
    let difference = treatment.value - control.value;
    let low = difference - libm::hypot(treatment.below(), control.above());
    let high = difference + libm::hypot(treatment.above(), control.below());
    if low <= high && low.is_finite() && high.is_finite() {
        Ok(Interval { low, high })
    } else {
        Err(Degenerate::OutOfRange("finite limits"))
    }
}

/// An interval that may be without end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OpenInterval {
    /// Lower bound; `None`: any number below is possible.
    pub low: Option<f64>,
    /// Upper bound; `None`: any number above is possible.
    pub high: Option<f64>,
}

/// Interval for `treatment / control` of a control above 0, of the coverage that the limits have. It contains
/// `k` exactly when that of `treatment - k control` contains 0, and has no end where the control may be 0.
///
/// # Errors
/// [`Degenerate::ZeroDenominator`] when the control is not above 0, [`Degenerate::OutOfRange`] when a number
/// is not finite.
pub fn ratio(treatment: &Limits, control: &Limits) -> Result<OpenInterval, Degenerate> {
    if control.value <= 0.0 {
        return Err(Degenerate::ZeroDenominator);
    }
    // In units of the control, so that squares neither overflow nor vanish.
    let unit = control.value;
    let value = treatment.value / unit;
    let low = root(value, treatment.below() / unit, control.above() / unit, Side::Low);
    let high = root(value, treatment.above() / unit, control.below() / unit, Side::High);
    if !value.is_finite() || [low, high].into_iter().flatten().any(|bound| !bound.is_finite()) {
        return Err(Degenerate::OutOfRange("finite limits"));
    }
    // Rounding must not put the estimate outside.
    Ok(OpenInterval { low: low.map(|low| low.min(value)), high: high.map(|high| high.max(value)) })
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Low,
    High,
}

/// The `k` at which `value - k` is as large as its error, `sqrt(a^2 + k^2 b^2)`: the root of
/// `(1 - b^2) k^2 - 2 value k + (value^2 - a^2)` on this side of `value`.
fn root(value: f64, a: f64, b: f64, side: Side) -> Option<f64> {
    let (square, constant) = (1.0 - b * b, value * value - a * a);
    let spread = libm::sqrt((a * a + b * b * constant).max(0.0));
    match side {
        // Written so that nearly equal numbers are not subtracted.
        Side::Low if value > 0.0 && (square > 0.0 || constant >= 0.0) => Some(constant / (value + spread)),
        Side::Low if value == 0.0 && constant == 0.0 => Some(0.0),
        Side::Low if square > 0.0 => Some((value - spread) / square),
        Side::High if square > 0.0 => Some((value + spread) / square),
        Side::Low | Side::High => None,
    }
}
