//! How many observations or days it takes to tell a difference, and which difference so many can tell.
//!
//! Asked before anything is known: an interval decides when it leaves its bound out ([`crate::Interval`]), and a true
//! value far enough from the bound makes it do so in most samples. `power` is how many of them, such as 0.8. With the
//! critical value `c` of the interval and the quantile `b` of the power, a value is told from its bound when it lies
//! `(c + b)` standard errors away from it: so far that even a sample that is off by `b` of them decides.
//!
//! | question | sample size | source |
//! |---|---|---|
//! | one proportion against a bound | `((c sqrt(p0 q0) + b sqrt(p1 q1)) / (p1 - p0))^2` | J. L. Fleiss, B. Levin and M. C. Paik, "Statistical Methods for Rates and Proportions", 3rd edition (2003), section 2 |
//! | the same by exact limits | with the continuity correction `1 / (2 n)` | the same |
//! | two proportions | `((c sqrt(pq (1 + 1/k)) + b sqrt(p1 q1 / k + p2 q2)) / d)^2`, `p` of both together | the same, section 4 |
//! | two proportions against a margin | `((c + b) / d)^2 (p1 q1 / k + f^2 p2 q2)` | S.-C. Chow, J. Shao and H. Wang, "Sample Size Calculations in Clinical Research", 2nd edition (2008), section 4.2 |
//! | one mean against a bound | `((c + b) s / d)^2` with Student's quantiles | W. C. Guenther, "Sample Size Formulas for Normal Theory T Tests", The American Statistician 35 (1981) |
//! | two means | `((c + b) / d)^2 (s1^2 / k + s2^2)` likewise, with Welch's degrees of freedom | the same |
//!
//! Wilson's interval of `p` leaves `p0` out exactly when `p` lies `c` standard errors of `p0` away from it, which is
//! what the first line takes, so the line holds for it without approximation. Student's quantile in the place of the
//! noncentral t distribution's is right to a tenth of a value where there are ten or more.
//!
//! Days are no independent observations. How the error of so many days will be is not derived here but rehearsed
//! ([`over_days`]): what judges compute over days is computed over as many days of the past.

use crate::daily::{self, Day};
use crate::{Degenerate, normal, student};

/// The most sample size that is looked for; more is as good as never.
const MOST: f64 = 1e15;
/// Halvings of a bracket, which leave nothing of it.
const HALVINGS: u32 = 200;
/// The most windows of the past that are rehearsed.
const MOST_REHEARSALS: usize = 8;
const WEEK: usize = 7;

/// How surely a difference is to be told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aim {
    /// Coverage of the two-sided interval that decides, in 0.5..1.
    confidence: f64,
    /// Share of samples in which it is to decide, in 0.5..1.
    power: f64,
}

/// Quantiles of an [`Aim`]: of the interval and of the power.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantiles {
    /// Standard errors that the interval reaches to either side; at least 0.
    pub critical: f64,
    /// Standard errors that a sample may be off without that changing what is decided; at least 0.
    pub reach: f64,
}

impl Aim {
    /// # Errors
    /// [`Degenerate::OutOfRange`] unless both are at least 0.5 and below 1.
    pub fn new(confidence: f64, power: f64) -> Result<Self, Degenerate> {
        let usable = |share: f64| (0.5..1.0).contains(&share);
        if usable(confidence) && usable(power) {
            Ok(Self { confidence, power })
        } else {
            Err(Degenerate::OutOfRange("a confidence and a power of at least 0.5 and below 1"))
        }
    }

    /// For errors that are known, as of proportions.
    ///
    /// # Errors
    /// Never for an aim that could be made.
    pub fn normal(&self) -> Result<Quantiles, Degenerate> {
        Ok(Quantiles {
            critical: normal::two_sided(self.confidence)?,
            reach: normal::ppf(self.power)?.max(0.0),
        })
    }

    /// For errors that are estimated on `df` degrees of freedom, which need not be whole.
    ///
    /// # Errors
    /// [`Degenerate::OutOfRange`] when `df` is not finite or below 1e-9.
    pub fn student(&self, df: f64) -> Result<Quantiles, Degenerate> {
        Ok(Quantiles {
            critical: student::two_sided(self.confidence, df)?,
            reach: student::ppf(self.power, df)?.max(0.0),
        })
    }
}

impl Quantiles {
    /// The smallest difference that is told with this standard error.
    #[must_use]
    pub fn difference(&self, standard_error: f64) -> f64 {
        (self.critical + self.reach) * standard_error
    }
}

/// Which limits decide about a proportion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// Wilson's.
    Score,
    /// The exact ones, about half an observation wider.
    Exact,
}

/// How far a true share may be from a bound for so many trials to tell the two apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told {
    /// Up to this it is told to lie below; `None`: no share is.
    pub low: Option<f64>,
    /// From this on it is told to lie above; `None`: no share is.
    pub high: Option<f64>,
}

fn share(name: &'static str, value: f64) -> Result<f64, Degenerate> {
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err(Degenerate::OutOfRange(name)) }
}

fn deviation(share: f64) -> f64 {
    libm::sqrt(share * (1.0 - share))
}

/// Trials after which the interval of a proportion leaves out `bound` when `truth` is the true one.
///
/// # Errors
/// [`Degenerate::OutOfRange`] unless both lie in 0..=1 and differ.
pub fn share_trials(quantiles: Quantiles, bound: f64, truth: f64, limits: Limits) -> Result<f64, Degenerate> {
    let (bound, truth) = (share("a bound in 0..=1", bound)?, share("a share in 0..=1", truth)?);
    let apart = (truth - bound).abs();
    if apart == 0.0 {
        return Err(Degenerate::OutOfRange("a share other than the bound"));
    }
    let errors = quantiles.critical * deviation(bound) + quantiles.reach * deviation(truth);
    let half = match limits {
        Limits::Score => 0.0,
        Limits::Exact => 0.5,
    };
    // The root of `apart n - errors sqrt(n) - half`, the condition times the square root of `n`.
    let root = (errors + libm::sqrt(errors * errors + 4.0 * apart * half)) / (2.0 * apart);
    Ok((root * root).clamp(1.0, MOST))
}

/// The shares that so many trials tell from `bound`: the inverse of [`share_trials`].
///
/// # Errors
/// [`Degenerate::OutOfRange`] unless the bound lies in 0..=1 and there is a trial.
pub fn share_told(quantiles: Quantiles, bound: f64, trials: f64, limits: Limits) -> Result<Told, Degenerate> {
    let bound = share("a bound in 0..=1", bound)?;
    if !(trials >= 1.0 && trials.is_finite()) {
        return Err(Degenerate::OutOfRange("a number of trials of at least 1"));
    }
    let told = |truth: f64| {
        truth != bound && share_trials(quantiles, bound, truth, limits).is_ok_and(|needed| needed <= trials)
    };
    Ok(Told { low: first(bound, 0.0, told), high: first(bound, 1.0, told) })
}

/// The value nearest to `from` on the way to `to` that is told, where all beyond one that is are; `None`: none is.
fn first(from: f64, to: f64, told: impl Fn(f64) -> bool) -> Option<f64> {
    if !told(to) {
        return None;
    }
    let (mut near, mut far) = (from, to);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (near + far);
        if middle == near || middle == far {
            break;
        }
        if told(middle) { far = middle } else { near = middle }
    }
    Some(far)
}

/// Two proportions and the bound of `treatment - factor * control - margin`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoShares {
    /// The share of the control, in 0..=1.
    pub control: f64,
    /// By which the control is multiplied; 1 for a difference.
    pub factor: f64,
    /// What is taken from the difference.
    pub margin: f64,
    /// Trials of the treatment for each of the control, above 0.
    pub per_control: f64,
}

impl TwoShares {
    /// Trials of the control after which the interval leaves the bound out when the treatment's true share is this.
    ///
    /// # Errors
    /// [`Degenerate::OutOfRange`] unless shares lie in 0..=1, the treatment's is not at the bound, and `per_control`
    /// and `factor` are above 0.
    pub fn trials(&self, quantiles: Quantiles, treatment: f64) -> Result<f64, Degenerate> {
        let (control, treatment) =
            (share("a control in 0..=1", self.control)?, share("a treatment in 0..=1", treatment)?);
        if !(self.per_control > 0.0 && self.per_control.is_finite() && self.factor > 0.0) {
            return Err(Degenerate::OutOfRange("arms above 0"));
        }
        let apart = (treatment - self.factor * control - self.margin).abs();
        if apart == 0.0 {
            return Err(Degenerate::OutOfRange("a treatment beside the bound"));
        }
        let k = self.per_control;
        let true_error = libm::sqrt(
            treatment * (1.0 - treatment) / k + self.factor * self.factor * control * (1.0 - control),
        );
        // Without a difference both are one share, which both arms tell together.
        let null_error = if self.factor == 1.0 && self.margin == 0.0 {
            let both = (k * treatment + control) / (k + 1.0);
            libm::sqrt(both * (1.0 - both) * (1.0 + 1.0 / k))
        } else {
            true_error
        };
        let needed = (quantiles.critical * null_error + quantiles.reach * true_error) / apart;
        if needed.is_nan() {
            return Err(Degenerate::OutOfRange("a finite factor and margin"));
        }
        Ok((needed * needed).clamp(1.0, MOST))
    }

    /// The shares of the treatment that so many trials of the control tell from the bound.
    ///
    /// # Errors
    /// As [`TwoShares::trials`]; and unless there is a trial.
    pub fn told(&self, quantiles: Quantiles, trials: f64) -> Result<Told, Degenerate> {
        if !(trials >= 1.0 && trials.is_finite()) {
            return Err(Degenerate::OutOfRange("a number of trials of at least 1"));
        }
        let bound = (self.factor * share("a control in 0..=1", self.control)? + self.margin).clamp(0.0, 1.0);
        let told = |treatment: f64| self.trials(quantiles, treatment).is_ok_and(|needed| needed <= trials);
        Ok(Told { low: first(bound, 0.0, told), high: first(bound, 1.0, told) })
    }
}

/// Values after which the interval of a mean leaves out a bound that lies `difference` from the true mean.
///
/// # Errors
/// [`Degenerate::OutOfRange`] unless both numbers are finite and above 0.
pub fn mean_values(aim: Aim, deviation: f64, difference: f64) -> Result<f64, Degenerate> {
    means_values(aim, (deviation, 0.0), 1.0, difference)
}

/// The smallest difference from a bound that so many values (at least 2) of this standard deviation tell.
///
/// # Errors
/// [`Degenerate::OutOfRange`] unless the deviation is finite and at least 0 and there are at least 2 values.
pub fn mean_told(aim: Aim, deviation: f64, values: f64) -> Result<f64, Degenerate> {
    means_told(aim, (deviation, 0.0), (values, f64::INFINITY))
}

/// The smallest difference of two means that so many values of these standard deviations tell. A deviation of 0 and
/// infinitely many values are those of a mean that is known.
///
/// # Errors
/// [`Degenerate::OutOfRange`] unless deviations are finite and at least 0 and there are at least 2 values each.
pub fn means_told(aim: Aim, deviations: (f64, f64), values: (f64, f64)) -> Result<f64, Degenerate> {
    let known = |deviation: f64| deviation >= 0.0 && deviation.is_finite();
    if !(known(deviations.0) && known(deviations.1)) {
        return Err(Degenerate::OutOfRange("finite deviations of at least 0"));
    }
    if !(values.0 >= 2.0 && values.1 >= 2.0) {
        return Err(Degenerate::OutOfRange("at least two values each"));
    }
    let (one, other) = (deviations.0 * deviations.0 / values.0, deviations.1 * deviations.1 / values.1);
    let variance = one + other;
    if variance == 0.0 {
        return Ok(0.0);
    }
    let (one, other) = (one / variance, other / variance);
    let df = 1.0 / (one * one / (values.0 - 1.0) + other * other / (values.1 - 1.0));
    Ok(aim.student(df.clamp(1.0, MOST))?.difference(libm::sqrt(variance)))
}

/// Values of the first sample, with `per_first` of the second for each, that tell two means `difference` apart.
///
/// # Errors
/// [`Degenerate::OutOfRange`] unless numbers are finite, `difference` and `per_first` above 0 and deviations at least 0.
pub fn means_values(
    aim: Aim,
    deviations: (f64, f64),
    per_first: f64,
    difference: f64,
) -> Result<f64, Degenerate> {
    if !(difference > 0.0 && difference.is_finite() && per_first > 0.0 && per_first.is_finite()) {
        return Err(Degenerate::OutOfRange("a difference above 0"));
    }
    let second =
        |values: f64| if deviations.1 == 0.0 { f64::INFINITY } else { (values * per_first).max(2.0) };
    let told = |values: f64| means_told(aim, deviations, (values, second(values)));
    let least = if deviations.1 == 0.0 { 2.0 } else { 2.0 / per_first.min(1.0) };
    told(least)?;
    let (mut few, mut many) = (least, least);
    while told(many)? > difference {
        if many >= MOST {
            return Ok(MOST);
        }
        (few, many) = (many, many * 2.0);
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (few + many);
        if middle == few || middle == many {
            break;
        }
        if told(middle)? > difference { few = middle } else { many = middle }
    }
    Ok(many)
}

/// How much less daily counts say than as many independent ones, the way the judge `threshold` reads it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Design {
    /// Variance over that of independent trials, at least 1: trials divided by it are what they are worth.
    pub effect: f64,
    /// Degrees of freedom of the days where they differ by more than chance; `None`: they do not.
    pub df: Option<f64>,
}

/// The design of these days of counts: 1 unless their shares vary clearly (once in a hundred times by chance) more
/// than chance makes them.
///
/// # Errors
/// As [`daily::pool`], where they do.
pub fn design(days: &[Day]) -> Result<Design, Degenerate> {
    /// "Clearly": the normal quantile of one in a hundred.
    const CLEAR: f64 = 2.326;
    let plain = Design { effect: 1.0, df: None };
    if daily::dispersion(days).is_none_or(|found| found.z <= CLEAR) {
        return Ok(plain);
    }
    let pooled = daily::pool(days)?;
    let trials: f64 = days.iter().filter(|day| day.is_present()).map(|day| day.n).sum();
    let binomial = pooled.value * (1.0 - pooled.value) / trials;
    let effect = (pooled.standard_error * pooled.standard_error / binomial).max(1.0);
    Ok(if effect.is_finite() { Design { effect, df: Some(pooled.effective_days - 1.0) } } else { plain })
}

/// What `measure` makes of `days` days, rehearsed on the past: the middle one, by the size of `error`, of up to eight
/// windows that end a week apart with the newest day. A past that is shorter is taken again and again, in whole weeks
/// where it has one, so that weekdays stay in their order.
///
/// Windows that `measure` has no answer for are left out; of an even number the larger middle one counts.
///
/// # Errors
/// [`Degenerate::NoData`] without days; what `measure` says of the newest window where it has an answer for none.
pub fn over_days<D: Copy, M>(
    past: &[D],
    days: usize,
    measure: impl Fn(&[D]) -> Result<M, Degenerate>,
    error: impl Fn(&M) -> f64,
) -> Result<M, Degenerate> {
    if past.is_empty() || days == 0 {
        return Err(Degenerate::NoData);
    }
    if days > past.len() {
        return measure(&again(past, days));
    }
    let mut why = Degenerate::NoData;
    let mut found = Vec::new();
    for back in (0..=past.len() - days).step_by(WEEK).take(MOST_REHEARSALS) {
        let end = past.len() - back;
        match measure(&past[end - days..end]) {
            Ok(measured) => found.push(measured),
            Err(degenerate) if back == 0 => why = degenerate,
            Err(_) => {}
        }
    }
    found.sort_by(|one, other| error(one).total_cmp(&error(other)));
    let middle = found.len() / 2;
    found.into_iter().nth(middle).ok_or(why)
}

/// `days` days that end as the past does.
fn again<D: Copy>(past: &[D], days: usize) -> Vec<D> {
    let period = if past.len() >= WEEK { past.len() / WEEK * WEEK } else { past.len() };
    let newest = &past[past.len() - period..];
    (0..days).rev().map(|back| newest[period - 1 - back % period]).collect()
}
