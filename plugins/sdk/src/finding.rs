//! What a judge answers, made so that nothing a report needs can be left out.

use crate::bounds::Call;
use crate::stats::{Interval, format};
use crate::{Estimate, Finding, Grade, Outcome, Reason, Table, Value, Why};

/// The outcomes that decide a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decided {
    /// The bound is missed.
    Fail,
    /// Only the second, weaker bound is met.
    Marginal,
    /// The bound is met.
    Pass,
}

/// What every finding about a measured number says.
#[derive(Debug, Clone, PartialEq)]
pub struct Says {
    /// One sentence a product manager understands, with the numbers that decide.
    pub headline: String,
    /// The method in a few words, such as `Wilson 95 %`.
    pub method: String,
    /// How strong the evidence is that the release caused what is seen.
    pub grade: Grade,
    /// The bound, in the unit of `primary`.
    pub target: f64,
    /// The number that decided.
    pub primary: Estimate,
    /// What would change the outcome, such as `fails with 313 fewer users`.
    pub flip: String,
}

/// What a finding says when there is no number to decide by.
#[derive(Debug, Clone, PartialEq)]
pub struct Undecided {
    /// Why; a reason and the judge's precise code for it.
    pub reason: Reason,
    /// `a-z 0-9 -`, 1 to 40 characters, such as `too-few`.
    pub code: &'static str,
    /// One sentence that says what is missing.
    pub headline: String,
    /// The method that would have decided, in a few words.
    pub method: String,
    /// How strong its evidence would have been.
    pub grade: Grade,
    /// The bound, where it is known.
    pub target: Option<f64>,
}

impl Undecided {
    /// `120 observations are fewer than the 500 that are asked for`, against a target only.
    #[must_use]
    pub fn too_few(found: f64, least: u32, target: f64) -> Self {
        let found = format::count(found.max(0.0) as u64);
        Self {
            reason: Reason::InsufficientData,
            code: "too-few",
            headline: format!(
                "{found} observations are fewer than the {} that are asked for",
                format::count(u64::from(least))
            ),
            method: String::new(),
            grade: Grade::TargetOnly,
            target: Some(target),
        }
    }
}

impl Undecided {
    /// `Days of the window are missing`, against a target only: what is there may be less than there was.
    #[must_use]
    pub fn gap(target: f64) -> Self {
        Self {
            reason: Reason::UntrustedData,
            code: "gap",
            headline: "Days of the window are missing".to_owned(),
            method: String::new(),
            grade: Grade::TargetOnly,
            target: Some(target),
        }
    }
}

impl Finding {
    /// What a rule says of a measured number; where it fits both sides of the bound, inconclusive.
    #[must_use]
    pub fn called(call: Call, says: Says) -> Self {
        match call {
            Call::Pass => Self::decided(Decided::Pass, says),
            Call::Marginal => Self::decided(Decided::Marginal, says),
            Call::Fail => Self::decided(Decided::Fail, says),
            Call::Straddles => Self::inconclusive("straddles", says),
        }
    }

    /// A decided criterion.
    #[must_use]
    pub fn decided(outcome: Decided, says: Says) -> Self {
        let outcome = match outcome {
            Decided::Pass => Outcome::Pass,
            Decided::Marginal => Outcome::Marginal,
            Decided::Fail => Outcome::Fail,
        };
        Self::said(outcome, says)
    }

    /// Enough data, and they fit both sides of the bound.
    #[must_use]
    pub fn inconclusive(code: &'static str, says: Says) -> Self {
        Self::said(Outcome::Undecided(Why { reason: Reason::Inconclusive, code: code.to_owned() }), says)
    }

    /// An honest "cannot say".
    #[must_use]
    pub fn undecided(undecided: Undecided) -> Self {
        let Undecided { reason, code, headline, method, grade, target } = undecided;
        Self {
            outcome: Outcome::Undecided(Why { reason, code: code.to_owned() }),
            headline,
            method,
            grade,
            target,
            primary: None,
            others: Vec::new(),
            flip: None,
            warnings: Vec::new(),
            tables: Vec::new(),
            state: None,
            more: Vec::new(),
        }
    }

    fn said(outcome: Outcome, says: Says) -> Self {
        let Says { headline, method, grade, target, primary, flip } = says;
        Self {
            outcome,
            headline,
            method,
            grade,
            target: Some(target),
            primary: Some(primary),
            others: Vec::new(),
            flip: Some(flip),
            warnings: Vec::new(),
            tables: Vec::new(),
            state: None,
            more: Vec::new(),
        }
    }

    /// The number as far as it goes, in a finding that could not decide by it.
    #[must_use]
    pub fn so_far(mut self, estimate: Estimate) -> Self {
        self.primary = Some(estimate);
        self
    }

    /// A further number.
    #[must_use]
    pub fn other(mut self, estimate: Estimate) -> Self {
        self.others.push(estimate);
        self
    }

    /// What a reader must know before trusting the finding.
    #[must_use]
    pub fn warn(mut self, sentence: impl Into<String>) -> Self {
        self.warnings.push(sentence.into());
        self
    }

    /// A small table for the evidence page.
    #[must_use]
    pub fn table(mut self, table: Table) -> Self {
        self.tables.push(table);
        self
    }

    /// Gives the next look this text, as its criterion's `state`: for methods that go on from look to look. At most
    /// 4,096 characters.
    #[must_use]
    pub fn remember(mut self, state: impl Into<String>) -> Self {
        self.state = Some(state.into());
        self
    }

    /// A further fact. `detail` is shown as the finding's second line.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.push((name.to_owned(), value.into()));
        self
    }
}

impl Estimate {
    /// A number by itself.
    #[must_use]
    pub fn new(name: &str, unit: &str, value: f64) -> Self {
        Self {
            name: name.to_owned(),
            unit: unit.to_owned(),
            value,
            low: None,
            high: None,
            confidence: None,
            n: None,
            log10_p: None,
            more: Vec::new(),
        }
    }

    /// Its interval, with this coverage (such as 0.95).
    #[must_use]
    pub fn within(mut self, interval: Interval, confidence: f64) -> Self {
        self.low = Some(interval.low);
        self.high = Some(interval.high);
        self.confidence = Some(confidence);
        self
    }

    /// Units behind it.
    #[must_use]
    pub fn of(mut self, n: u64) -> Self {
        self.n = Some(n);
        self
    }
}
