//! The chi-square distribution, and whether groups are as large as they should be.

use crate::{CompensatedSum, Degenerate};

/// Natural logarithm of the probability that a chi-square variable with `df` degrees of freedom (need not be
/// whole) exceeds `x`; finite also where the probability is too small for a float.
///
/// # Errors
/// [`Degenerate::OutOfRange`] unless `x` is finite and at least 0 and `df` lies between 1e-9 and 1e6.
pub fn ln_chi_square_sf(x: f64, df: f64) -> Result<f64, Degenerate> {
    if !(x >= 0.0 && x.is_finite() && (1e-9..=1e6).contains(&df)) {
        return Err(Degenerate::OutOfRange("x of at least 0 and degrees of freedom between 1e-9 and 1e6"));
    }
    let (a, x) = (0.5 * df, 0.5 * x);
    if x == 0.0 {
        return Ok(0.0);
    }
    let ln_power = a * libm::log(x) - x - libm::lgamma(a);
    Ok(if x < a + 1.0 {
        let lower = libm::exp(ln_power) * lower_series(a, x);
        libm::log1p(-lower.clamp(0.0, 1.0)).max(f64::MIN)
    } else {
        (ln_power + libm::log(upper_fraction(a, x))).min(0.0)
    })
}

/// Steps after which both expansions have converged for any `df` up to 1e6; most take a few dozen.
const MOST_STEPS: u32 = 100_000;
const CONVERGED: f64 = 1e-16;

/// The series of the lower incomplete gamma function without its power (DLMF 8.11.4), for x below a + 1.
fn lower_series(a: f64, x: f64) -> f64 {
    let mut term = 1.0 / a;
    let mut sum = term;
    for step in 1..=MOST_STEPS {
        term *= x / (a + f64::from(step));
        sum += term;
        if term <= CONVERGED * sum {
            break;
        }
    }
    sum
}

/// The continued fraction of the upper incomplete gamma function without its power (DLMF 8.9.2), in Lentz's
/// way, for x from a + 1.
fn upper_fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = 1e300;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for step in 1..=MOST_STEPS {
        let i = f64::from(step);
        let above = i * (a - i);
        b += 2.0;
        d = 1.0 / (above * d + b);
        c = b + above / c;
        let change = c * d;
        fraction *= change;
        if (change - 1.0).abs() <= CONVERGED {
            break;
        }
    }
    fraction
}

/// How far the sizes of randomised groups are from what their weights promise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleRatio {
    /// Pearson's chi-square.
    pub chi_square: f64,
    /// Groups that have a weight, less one.
    pub df: f64,
    /// Decimal logarithm of the p-value, at most 0.
    pub log10_p: f64,
}

/// Compares group sizes with their weights (any positive scale; 0: nobody should be there). A group without a
/// weight that has units after all is as wrong as can be and is refused.
///
/// # Errors
/// [`Degenerate::NoData`] without units, [`Degenerate::OneValue`] with fewer than two weighted groups,
/// [`Degenerate::OutOfRange`] when a size or weight is negative or not finite, or a group without a weight
/// has units.
pub fn sample_ratio(groups: &[(f64, f64)]) -> Result<SampleRatio, Degenerate> {
    let usable = |number: f64| number >= 0.0 && number.is_finite();
    if !groups.iter().all(|&(size, weight)| usable(size) && usable(weight) && (weight > 0.0 || size == 0.0)) {
        return Err(Degenerate::OutOfRange("sizes of at least 0, and a weight where there are units"));
    }
    let weighted = || groups.iter().filter(|(_, weight)| *weight > 0.0);
    let units = weighted().map(|(size, _)| *size).collect::<CompensatedSum>().value();
    let weight = weighted().map(|(_, weight)| *weight).collect::<CompensatedSum>().value();
    if units == 0.0 {
        return Err(Degenerate::NoData);
    }
    let df = weighted().count() as f64 - 1.0;
    if df < 1.0 {
        return Err(Degenerate::OneValue);
    }
    let off = weighted().map(|(size, part)| {
        let expected = units * (part / weight);
        (size - expected) * (size - expected) / expected
    });
    let chi_square = off.collect::<CompensatedSum>().value();
    let log10_p = ln_chi_square_sf(chi_square, df)? / std::f64::consts::LN_10;
    Ok(SampleRatio { chi_square, df, log10_p: log10_p.min(0.0) })
}
