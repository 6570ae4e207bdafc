//! One variant against the control.

use yardstick_sdk::bounds::Call;
use yardstick_sdk::stats::two_arms::{Limits, difference, ratio};
use yardstick_sdk::stats::{
    Degenerate, Interval, Sample, log10_p_of_z, pooled_z, unpooled_z, welch, welch_limits,
};

use crate::arms::Arm;
use crate::request::{Kind, Request, Scale};

/// A difference to the control.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Compared {
    /// Variant less control, or variant over control less one.
    pub(crate) value: f64,
    /// Infinite on a side without an end.
    pub(crate) interval: Interval,
    /// Coverage of the interval.
    pub(crate) confidence: f64,
    pub(crate) call: Call,
}

/// The control, ready for variants.
pub(crate) struct Against<'a> {
    request: &'a Request<'a>,
    control: &'a Arm,
    confidence: f64,
    /// Of a share; a mean's depend on the variant too.
    limits: Option<Limits>,
}

impl<'a> Against<'a> {
    /// `error`: the error rate of one comparison.
    pub(crate) fn new(request: &'a Request<'a>, control: &'a Arm, error: f64) -> Result<Self, Degenerate> {
        let confidence = request.interval_confidence(error);
        let limits = match request.kind {
            Kind::Share => Some(control.share()?.cautious(confidence)?),
            Kind::Mean => None,
        };
        Ok(Self { request, control, confidence, limits })
    }

    pub(crate) fn compare(&self, arm: &Arm) -> Result<Compared, Degenerate> {
        let (treatment, control) = match self.limits {
            Some(control) => (arm.share()?.cautious(self.confidence)?, control),
            None => {
                let (factor, _) = self.request.bound.contrast();
                welch_limits(&arm.sample()?, &self.control.sample()?, factor, self.confidence)?
            }
        };
        let (value, interval) = match self.request.bound.scale {
            Scale::Absolute => (treatment.value - control.value, difference(&treatment, &control)?),
            Scale::Relative => {
                let found = ratio(&treatment, &control).map_err(not_positive)?;
                let low = found.low.map_or(f64::NEG_INFINITY, |low| low - 1.0);
                let high = found.high.map_or(f64::INFINITY, |high| high - 1.0);
                (treatment.value / control.value - 1.0, Interval { low, high })
            }
        };
        let call = self.request.bound.bounds.call(interval);
        Ok(Compared { value, interval, confidence: self.confidence, call })
    }
}

fn not_positive(why: Degenerate) -> Degenerate {
    if why == Degenerate::ZeroDenominator { Degenerate::NotPositive } else { why }
}

/// Decimal logarithm of the p-value of a difference of exactly the bound; `None`: without spread there is
/// none.
pub(crate) fn log10_p(request: &Request<'_>, arm: &Arm, control: &Arm) -> Option<f64> {
    let (factor, margin) = request.bound.contrast();
    let alternative = request.alternative();
    let log10_p = match request.kind {
        Kind::Share => {
            let (treatment, control) = (arm.share().ok()?, control.share().ok()?);
            let z = if factor == 1.0 && margin == 0.0 {
                pooled_z(&treatment, &control)
            } else {
                unpooled_z(&treatment, &control, factor, margin)
            };
            z.and_then(|z| log10_p_of_z(z, alternative))
        }
        Kind::Mean => {
            let control: Sample = control.sample().ok()?.times(factor);
            arm.sample()
                .and_then(|treatment| welch(&treatment, &control))
                .and_then(|found| found.cautious().log10_p(margin, alternative))
        }
    };
    log10_p.ok()
}
