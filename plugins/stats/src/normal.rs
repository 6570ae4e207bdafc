//! The standard normal distribution.

use crate::Degenerate;

/// Probability of a value at most `x`. NaN gives NaN.
#[must_use]
pub fn cdf(x: f64) -> f64 {
    sf(-x)
}

/// Probability of a value above `x` (accurate in the tail, down to the smallest number there is). NaN gives
/// NaN.
#[must_use]
pub fn sf(x: f64) -> f64 {
    0.5 * libm::erfc(x * std::f64::consts::FRAC_1_SQRT_2)
}

/// Natural logarithm of [`sf`], finite also where the probability is too small for a float.
///
/// # Errors
/// [`Degenerate::OutOfRange`] unless `x` is finite and not so large that its square overflows.
pub fn ln_sf(x: f64) -> Result<f64, Degenerate> {
    /// From here on six terms of the asymptotic series (Abramowitz and Stegun 26.2.12) have all digits.
    const FAR: f64 = 30.0;
    if !(x * x).is_finite() {
        return Err(Degenerate::OutOfRange("a number whose square is finite"));
    }
    if x < 0.0 {
        return Ok(libm::log1p(-sf(-x)));
    }
    if x < FAR {
        return Ok(libm::log(sf(x)));
    }
    let w = 1.0 / (x * x);
    let series = -w * (1.0 - w * (3.0 - w * (15.0 - w * (105.0 - w * 945.0))));
    Ok(-0.5 * x * x - libm::log(x) - 0.5 * libm::log(2.0 * std::f64::consts::PI) + libm::log1p(series))
}

/// The value that is exceeded with probability `1 - p`: the inverse of [`cdf`]. Relative error about 1e-16.
///
/// M. J. Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution", Applied Statistics
/// 37 (1988), routine PPND16.
///
/// # Errors
/// [`Degenerate::OutOfRange`] unless `p` lies strictly between 0 and 1.
pub fn ppf(p: f64) -> Result<f64, Degenerate> {
    if !(p > 0.0 && p < 1.0) {
        return Err(Degenerate::OutOfRange("a probability between 0 and 1"));
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return Ok(q * quotient(&CENTRE, r));
    }
    let tail = libm::sqrt(-libm::log(if q < 0.0 { p } else { 1.0 - p }));
    let magnitude = if tail <= 5.0 { quotient(&TAIL, tail - 1.6) } else { quotient(&FAR_TAIL, tail - 5.0) };
    Ok(if q < 0.0 { -magnitude } else { magnitude })
}

/// Critical value of a two-sided interval: `two_sided(0.95)` is about 1.96.
///
/// # Errors
/// [`Degenerate::OutOfRange`] unless `confidence` lies strictly between 0 and 1.
pub fn two_sided(confidence: f64) -> Result<f64, Degenerate> {
    upper_tail(confidence).and_then(ppf).map(|z| -z)
}

/// Half of what a two-sided interval leaves out.
pub(crate) fn upper_tail(confidence: f64) -> Result<f64, Degenerate> {
    if confidence > 0.0 && confidence < 1.0 {
        Ok((1.0 - confidence) / 2.0)
    } else {
        Err(Degenerate::OutOfRange("a confidence between 0 and 1"))
    }
}

/// Coefficients of a numerator and a denominator, constant term first.
type Rational = [[f64; 8]; 2];

fn quotient([above, below]: &Rational, r: f64) -> f64 {
    let polynomial = |terms: &[f64; 8]| terms.iter().rev().fold(0.0, |sum, term| sum * r + term);
    polynomial(above) / polynomial(below)
}

const CENTRE: Rational = [
    [
        3.387_132_872_796_366_5,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_854e3,
    ],
];

const TAIL: Rational = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];

const FAR_TAIL: Rational = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];
