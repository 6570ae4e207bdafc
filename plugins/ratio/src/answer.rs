//! What a judgement comes to, and how it becomes a finding.

use yardstick_sdk::bounds::Call;
use yardstick_sdk::stats::{Degenerate, Interval};
use yardstick_sdk::{Decided, Estimate, Finding, Grade, Reason, Says, Undecided, Value};

use crate::request::{How, Request};

/// A ratio that could be compared with the bounds.
pub(crate) struct Measured {
    pub(crate) value: f64,
    /// `None`: complete counts, or a spread that is unknown and does not decide.
    pub(crate) interval: Option<Interval>,
    /// Days or units behind it.
    pub(crate) units: u64,
    pub(crate) call: Call,
    pub(crate) detail: String,
    pub(crate) flip: String,
    pub(crate) warnings: Vec<String>,
    /// Further facts for the evidence page.
    pub(crate) facts: Vec<(&'static str, Value)>,
}

impl Measured {
    pub(crate) fn finding(self, request: &Request<'_>) -> Finding {
        let mut primary = Estimate::new("ratio", &request.unit, self.value).of(self.units);
        if let Some(interval) = self.interval {
            primary = primary.within(interval, request.confidence);
        }
        let by_estimate = request.how == How::Estimate;
        let headline =
            request.bounds.headline(self.value, self.interval, self.call, by_estimate, &request.unit);
        let says = Says {
            headline,
            method: request.method(self.interval.is_some()),
            grade: Grade::TargetOnly,
            target: request.bounds.target,
            primary,
            flip: self.flip,
        };
        let finding = match self.call {
            Call::Pass => Finding::decided(Decided::Pass, says),
            Call::Marginal => Finding::decided(Decided::Marginal, says),
            Call::Fail => Finding::decided(Decided::Fail, says),
            Call::Straddles => Finding::inconclusive("straddles", says),
        };
        let finding = finding.with("detail", self.detail);
        self.facts.into_iter().fold(finding, |finding, (name, value)| finding.with(name, value))
    }
}

/// Why there is nothing to compare.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) reason: Reason,
    /// A code of the host's table.
    pub(crate) code: &'static str,
    pub(crate) headline: String,
    /// The ratio as far as it goes, and the days or units behind it.
    pub(crate) so_far: Option<(f64, u64)>,
}

impl Trouble {
    pub(crate) fn untrusted(code: &'static str, headline: String) -> Self {
        Self { reason: Reason::UntrustedData, code, headline, so_far: None }
    }

    pub(crate) fn insufficient(code: &'static str, headline: String) -> Self {
        Self { reason: Reason::InsufficientData, code, headline, so_far: None }
    }

    /// A finding's words for a method without an answer.
    pub(crate) fn of(why: Degenerate, request: &Request<'_>) -> Self {
        let (above, below) = (&request.numerator.key, &request.denominator.key);
        match why {
            Degenerate::ZeroDenominator => Self::insufficient(
                why.code(),
                format!("{below} adds up to nothing in the window, so there is no ratio"),
            ),
            Degenerate::OneValue => Self::insufficient(
                why.code(),
                format!("all of {below} is of one of the {}, so the error is unknown", request.units()),
            ),
            Degenerate::ZeroVariance => Self::insufficient(
                why.code(),
                format!("the ratio is the same on all {}, so their spread is unknown", request.units()),
            ),
            Degenerate::OutOfRange(_) => Self::untrusted(
                why.code(),
                format!("{above} over {below} is no number that could be compared"),
            ),
            other => Self::insufficient(other.code(), other.to_string()),
        }
    }

    pub(crate) fn finding(self, request: &Request<'_>) -> Finding {
        let finding = Finding::undecided(Undecided {
            reason: self.reason,
            code: self.code,
            headline: self.headline,
            method: request.method(false),
            grade: Grade::TargetOnly,
            target: Some(request.bounds.target),
        });
        match self.so_far {
            Some((value, n)) => finding.so_far(Estimate::new("ratio", &request.unit, value).of(n)),
            None => finding,
        }
    }
}
