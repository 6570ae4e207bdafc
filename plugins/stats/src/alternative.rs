//! One side or two: what a test asks, and p-values too small for a float.

use crate::Degenerate;

/// What is held against the null hypothesis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alternative {
    /// The true value is different, on whichever side.
    TwoSided,
    /// The true value is greater.
    Greater,
    /// The true value is less.
    Less,
}

impl Alternative {
    /// The coverage a two-sided interval needs so that the end this alternative asks for has an error rate of
    /// `1 - confidence`: the lower end for [`Alternative::Greater`], the upper end for [`Alternative::Less`].
    #[must_use]
    pub fn interval_confidence(self, confidence: f64) -> f64 {
        match self {
            Self::TwoSided => confidence,
            Self::Greater | Self::Less => 1.0 - 2.0 * (1.0 - confidence),
        }
    }

    /// Decimal logarithm, at most 0, of the p-value of a statistic that is symmetric around 0, from the
    /// natural logarithm of its upper tail.
    pub(crate) fn log10_p(
        self,
        statistic: f64,
        ln_upper_tail: impl Fn(f64) -> Result<f64, Degenerate>,
    ) -> Result<f64, Degenerate> {
        let ln_p = match self {
            Self::TwoSided => std::f64::consts::LN_2 + ln_upper_tail(statistic.abs())?,
            Self::Greater => ln_upper_tail(statistic)?,
            Self::Less => ln_upper_tail(-statistic)?,
        };
        Ok((ln_p / std::f64::consts::LN_10).min(0.0))
    }
}
