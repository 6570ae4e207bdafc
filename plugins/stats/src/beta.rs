//! Log-gamma and the regularised incomplete beta function.

use crate::Degenerate;

/// Parameters for which the continued fraction converges within its steps and nothing under- or overflows.
const PARAMETERS: std::ops::RangeInclusive<f64> = 1e-10..=1e10;

/// Natural logarithm of the gamma function of a positive number.
///
/// # Errors
/// [`Degenerate::OutOfRange`] unless `x` is positive and the logarithm finite, as it is up to 2.5e305.
pub fn ln_gamma(x: f64) -> Result<f64, Degenerate> {
    let found = if x > 0.0 { libm::lgamma(x) } else { f64::NAN };
    if found.is_finite() { Ok(found) } else { Err(Degenerate::OutOfRange("a positive number up to 2.5e305")) }
}

/// The regularised incomplete beta function I_x(a, b): the probability that a Beta(a, b) variable is at most
/// `x`. Relative error below 1e-10 also for parameters in the millions and far in the tail.
///
/// # Errors
/// [`Degenerate::OutOfRange`] unless `x` lies in 0..=1 and both parameters between 1e-10 and 1e10.
pub fn beta_cdf(a: f64, b: f64, x: f64) -> Result<f64, Degenerate> {
    if !(0.0..=1.0).contains(&x) {
        return Err(Degenerate::OutOfRange("x in 0..=1"));
    }
    beta_cdf_split(a, b, x, 1.0 - x)
}

/// [`beta_cdf`] for a caller that knows `y = 1 - x` more exactly than the difference would give it.
pub(crate) fn beta_cdf_split(a: f64, b: f64, x: f64, y: f64) -> Result<f64, Degenerate> {
    if !(PARAMETERS.contains(&a) && PARAMETERS.contains(&b)) {
        return Err(Degenerate::OutOfRange("parameters between 1e-10 and 1e10"));
    }
    if x <= 0.0 || y <= 0.0 {
        return Ok(if x <= 0.0 { 0.0 } else { 1.0 });
    }
    // The fraction converges fast on the near side of the mean; the other side is its complement.
    let (value, complement) =
        if x <= (a + 1.0) / (a + b + 2.0) { (tail(a, b, x, y), false) } else { (tail(b, a, y, x), true) };
    let value = value.clamp(0.0, 1.0);
    Ok(if complement { 1.0 - value } else { value })
}

/// I_x(a, b) for x on the near side of the mean.
fn tail(a: f64, b: f64, x: f64, y: f64) -> f64 {
    libm::exp(ln_power_over_beta(a, b, x, y)) * fraction(a, b, x) / a
}

/// Natural logarithm of I_x(a, b) for x on the near side of the mean, where the number itself may be too
/// small for a float.
pub(crate) fn ln_tail(a: f64, b: f64, x: f64, y: f64) -> f64 {
    ln_power_over_beta(a, b, x, y) + libm::log(fraction(a, b, x) / a)
}

/// The continued fraction DLMF 8.17.22 in Lentz's way, for x on the near side of the mean.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    /// Convergence takes about the square root of the larger parameter; this is enough for 1e10.
    const MOST: u32 = 100_000;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for step in 1..=MOST {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        let change = d * c;
        fraction *= change;
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    fraction
}

/// `ln(x^a y^b / B(a, b))` without the cancellation of three large log-gammas: the saddle-point form of
/// C. Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000).
pub(crate) fn ln_power_over_beta(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    let off = b * x - a * y;
    // `ln(n part / weight)` without losing digits, near 1 or far from it.
    let ln_share = |part: f64, weight: f64, off: f64| {
        let relative = off / weight;
        if relative.abs() < 0.5 { libm::log1p(relative) } else { libm::log(n * part / weight) }
    };
    a * ln_share(x, a, off)
        + b * ln_share(y, b, -off)
        + 0.5 * (libm::log(a) + libm::log(b / n) - libm::log(2.0 * std::f64::consts::PI))
        + (stirling_error(n) - stirling_error(a) - stirling_error(b))
}

/// What Stirling's formula leaves of log-gamma: `lgamma(z) - ((z - 1/2) ln z - z + ln(2 pi) / 2)`.
fn stirling_error(z: f64) -> f64 {
    if z < 10.0 {
        let half_ln_two_pi = 0.5 * libm::log(2.0 * std::f64::consts::PI);
        return libm::lgamma(z) - ((z - 0.5) * libm::log(z) - z + half_ln_two_pi);
    }
    let w = 1.0 / (z * z);
    let series =
        1.0 / 12.0 - w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w * (1.0 / 1680.0 - w * (1.0 / 1188.0))));
    series / z
}
