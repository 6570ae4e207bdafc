//! What a judgement comes to, and how it becomes a finding.

use yardstick_sdk::bounds::Call;
use yardstick_sdk::stats::Interval;
use yardstick_sdk::{Decided, Estimate, Finding, Grade, Reason, Says, Undecided, Value};

use crate::request::{How, Kind, Request};

/// A number that could be compared with the bounds.
pub(crate) struct Measured {
    pub(crate) value: f64,
    /// `None`: a complete count, or a spread that is unknown and does not decide.
    pub(crate) interval: Option<Interval>,
    /// Units behind the number; `None` for a gauge.
    pub(crate) n: Option<u64>,
    pub(crate) call: Call,
    pub(crate) method: String,
    pub(crate) detail: String,
    pub(crate) flip: String,
    pub(crate) warnings: Vec<String>,
    /// Further facts for the evidence page.
    pub(crate) facts: Vec<(&'static str, Value)>,
}

impl Measured {
    pub(crate) fn finding(self, request: &Request<'_>) -> Finding {
        let metric = request.metric;
        let mut primary = Estimate::new("observed", &metric.unit, self.value);
        if let Some(interval) = self.interval {
            primary = primary.within(interval, request.confidence);
        }
        primary.n = self.n;
        let says = Says {
            headline: request.bounds.headline(
                self.value,
                self.interval,
                self.call,
                request.how == How::Estimate,
                &metric.unit,
            ),
            method: self.method,
            grade: Grade::TargetOnly,
            target: request.bounds.target,
            primary,
            flip: self.flip,
        };
        let mut finding = match self.call {
            Call::Pass => Finding::decided(Decided::Pass, says),
            Call::Marginal => Finding::decided(Decided::Marginal, says),
            Call::Fail => Finding::decided(Decided::Fail, says),
            Call::Straddles => Finding::inconclusive("straddles", says),
        };
        finding = finding.with("detail", self.detail);
        finding = self.facts.into_iter().fold(finding, |finding, (name, value)| finding.with(name, value));
        self.warnings.into_iter().fold(finding, Finding::warn)
    }
}

/// Why there is nothing to compare.
pub(crate) struct Trouble {
    pub(crate) reason: Reason,
    /// A code of the host's table.
    pub(crate) code: &'static str,
    pub(crate) headline: String,
    /// The number as far as it goes, and how many units are behind it.
    pub(crate) so_far: Option<(f64, u64)>,
}

impl Trouble {
    pub(crate) fn new(reason: Reason, code: &'static str, headline: String) -> Self {
        Self { reason, code, headline, so_far: None }
    }

    pub(crate) fn finding(self, request: &Request<'_>) -> Finding {
        let finding = Finding::undecided(Undecided {
            reason: self.reason,
            code: self.code,
            headline: self.headline,
            method: request.method(match (request.how, request.kind) {
                (How::Counted, _) | (_, Kind::Gauge | Kind::Sum) => None,
                (_, Kind::Ratio) if request.metric.is_share() => Some("Wilson"),
                _ => Some("t"),
            }),
            grade: Grade::TargetOnly,
            target: Some(request.bounds.target),
        });
        match self.so_far {
            Some((value, n)) => finding.so_far(Estimate::new("observed", &request.metric.unit, value).of(n)),
            None => finding,
        }
    }
}
