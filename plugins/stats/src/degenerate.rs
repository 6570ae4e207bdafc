//! Why a method has no answer.

use std::fmt;

/// Why a method has no answer for its input. Each maps to one word that findings carry as their code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Degenerate {
    /// No values.
    NoData,
    /// A single value has no spread.
    OneValue,
    /// All values are the same, so their spread is unknown.
    ZeroVariance,
    /// A rate over nothing.
    ZeroDenominator,
    /// Days of a weekday have no day of the same weekday to be compared with.
    Unmatched,
    /// What a relative change is taken of is not clearly above zero.
    NotPositive,
    /// An input lies outside what the method is for; holds what was expected.
    OutOfRange(&'static str),
}

impl Degenerate {
    /// The code of a finding that says so.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoData => "no-data",
            Self::OneValue => "one-value",
            Self::ZeroVariance => "zero-variance",
            Self::ZeroDenominator => "zero-denominator",
            Self::Unmatched => "unmatched-weekday",
            Self::NotPositive => "baseline-not-positive",
            Self::OutOfRange(_) => "out-of-range",
        }
    }
}

impl fmt::Display for Degenerate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoData => f.write_str("there are no values"),
            Self::OneValue => f.write_str("one value has no spread to judge by"),
            Self::ZeroVariance => f.write_str("all values are the same, so their spread is unknown"),
            Self::ZeroDenominator => f.write_str("the denominator is zero, so there is no rate"),
            Self::Unmatched => f.write_str("a weekday has nothing to be compared with"),
            Self::NotPositive => {
                f.write_str("the baseline is not clearly above zero, so a relative change means nothing")
            }
            Self::OutOfRange(expected) => write!(f, "an input is out of range; expected {expected}"),
        }
    }
}

impl std::error::Error for Degenerate {}
