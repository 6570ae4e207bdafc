//! Student's t distribution.

use crate::{Degenerate, beta, normal};

/// Below this ratio of the squared normal quantile to the degrees of freedom the quantile comes from its
/// expansion around the normal one: the first term left out is about its fourth power.
const NEARLY_NORMAL: f64 = 2e-4;
const LEAST_DF: f64 = 1e-9;
/// Above it the normal distribution is as good.
const MOST_DF: f64 = 1e10;

/// Probability of a value above `t` with `df` degrees of freedom (need not be whole); above 1e10 of them the
/// normal one.
///
/// # Errors
/// [`Degenerate::OutOfRange`] when `t` is NaN or `df` is below 1e-9 or not finite.
pub fn sf(t: f64, df: f64) -> Result<f64, Degenerate> {
    if t.is_nan() || !(df >= LEAST_DF && df.is_finite()) {
        return Err(Degenerate::OutOfRange("positive degrees of freedom"));
    }
    if df > MOST_DF {
        return Ok(normal::sf(t));
    }
    let square = t * t;
    let (x, y) = if square.is_finite() { (df / (df + square), square / (df + square)) } else { (0.0, 1.0) };
    let half = 0.5 * beta::beta_cdf_split(0.5 * df, 0.5, x, y)?;
    Ok(if t < 0.0 { 1.0 - half } else { half })
}

/// Natural logarithm of [`sf`], finite also where the probability is too small for a float.
///
/// # Errors
/// [`Degenerate::OutOfRange`] when `t` is not finite or `df` is below 1e-9 or not finite.
pub fn ln_sf(t: f64, df: f64) -> Result<f64, Degenerate> {
    /// Below it the logarithm of the number itself would lose digits.
    const SMALL: f64 = 1e-280;
    let tail = sf(t, df)?;
    if t.is_infinite() {
        return Err(Degenerate::OutOfRange("a finite t"));
    }
    if t < 0.0 {
        return Ok(libm::log1p(-sf(-t, df)?));
    }
    if tail > SMALL {
        return Ok(libm::log(tail));
    }
    if df > MOST_DF {
        return normal::ln_sf(t);
    }
    let square = t * t;
    let (x, y) = (df / (df + square), square / (df + square));
    let ln_two_tails = if x > SMALL {
        beta::ln_tail(0.5 * df, 0.5, x, y)
    } else {
        // The first term of the series; the next is smaller by a factor of x.
        let ln_beta = libm::lgamma(0.5 * df) + libm::lgamma(0.5) - libm::lgamma(0.5 * df + 0.5);
        0.5 * df * (libm::log(df) - 2.0 * libm::log(t)) - libm::log(0.5 * df) - ln_beta
    };
    Ok(ln_two_tails - std::f64::consts::LN_2)
}

/// The value exceeded with probability `1 - p`.
///
/// # Errors
/// [`Degenerate::OutOfRange`] unless `p` lies strictly between 0 and 1 and `df` is finite and at least 1e-9.
pub fn ppf(p: f64, df: f64) -> Result<f64, Degenerate> {
    if !(p > 0.0 && p < 1.0) {
        return Err(Degenerate::OutOfRange("a probability between 0 and 1"));
    }
    if p <= 0.5 { upper(p, df).map(|t| 0.0 - t) } else { upper(1.0 - p, df) }
}

/// Critical value of a two-sided interval with `df` degrees of freedom.
///
/// # Errors
/// [`Degenerate::OutOfRange`] unless `confidence` lies strictly between 0 and 1 and `df` is finite and
/// at least 1e-9.
pub fn two_sided(confidence: f64, df: f64) -> Result<f64, Degenerate> {
    upper(normal::upper_tail(confidence)?, df)
}

/// The non-negative value exceeded with probability `q`, at most one half.
fn upper(q: f64, df: f64) -> Result<f64, Degenerate> {
    if !(df >= LEAST_DF && df.is_finite()) {
        return Err(Degenerate::OutOfRange("positive degrees of freedom"));
    }
    if q >= 0.5 {
        return Ok(0.0);
    }
    let z = -normal::ppf(q)?;
    if z * z + 2.0 < NEARLY_NORMAL * df {
        return Ok(expanded(z, df));
    }
    // The t quantile is never below the normal one.
    let mut low = z;
    let mut high = 2.0 * z + 1.0;
    while sf(high, df)? > q && high < f64::MAX / 4.0 {
        low = high;
        high *= 2.0;
    }
    refine(q, df, low, high)
}

/// Newton's method on the logarithm of the tail, kept inside a bracket that always shrinks.
fn refine(q: f64, df: f64, mut low: f64, mut high: f64) -> Result<f64, Degenerate> {
    let ln_scale =
        libm::lgamma(0.5 * (df + 1.0)) - libm::lgamma(0.5 * df) - 0.5 * libm::log(df * std::f64::consts::PI);
    let mut t = low;
    for _ in 0..200 {
        let tail = sf(t, df)?;
        if tail > q {
            low = t;
        } else {
            high = t;
        }
        let density = libm::exp(ln_scale - 0.5 * (df + 1.0) * libm::log1p(t * t / df));
        let step = (libm::log(tail) - libm::log(q)) * tail / density;
        let next = if (low..=high).contains(&(t + step)) { t + step } else { 0.5 * (low + high) };
        if (next - t).abs() <= 1e-14 * next.abs() {
            return Ok(next);
        }
        t = next;
    }
    Ok(t)
}

/// Cornish and Fisher's expansion of the t quantile in powers of `1 / df` (Abramowitz and Stegun 26.7.5).
fn expanded(z: f64, df: f64) -> f64 {
    let w = z * z;
    let g1 = z * (w + 1.0) / 4.0;
    let g2 = z * ((5.0 * w + 16.0) * w + 3.0) / 96.0;
    let g3 = z * (((3.0 * w + 19.0) * w + 17.0) * w - 15.0) / 384.0;
    z + (g1 + (g2 + g3 / df) / df) / df
}
