//! The figures of a portfolio.

use std::collections::BTreeMap;

/// What is measured, for whoever reads the figure.
pub const DEFINITION: &str = "A release belongs to the fiscal quarter of its launch, with the level that was sealed. Due: L1 \
    and L2 releases that launched and were not cancelled, whose final checkpoint is over, with all the time that its data may \
    take. Measured: those of them with a final official verdict of pass, marginal or fail. Pending: launched, not due yet. \
    Success: passed, of those measured. Overrides by people are counted apart and never merged.";

/// Figures of some releases that must be measured and have launched. Each counts releases.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    /// Launched, not cancelled.
    pub launched: u64,
    /// Due to be measured.
    pub due: u64,
    /// Launched, not due yet.
    pub pending: u64,
    /// Due, and passed.
    pub passed: u64,
    /// Due, and half passed.
    pub marginal: u64,
    /// Due, and failed.
    pub failed: u64,
    /// Due, with a final verdict that could not be decided.
    pub undecided: u64,
    /// Due, without a final verdict.
    pub missing: u64,
    /// Due, and given later than it was due, or not yet.
    pub late_verdicts: u64,
    /// Launched without a goal.
    pub without_criteria: u64,
    /// Launched, and sealed by the launch itself.
    pub sealed_by_launch: u64,
    /// Launched, and sealed afterwards.
    pub sealed_late: u64,
    /// Launched, and amended since.
    pub amended: u64,
    /// Launched, with an amendment that counts.
    pub amended_counting: u64,
    /// Due, and held for something else by two people now.
    pub overridden: u64,
    /// As `passed`, what people hold instead put in the place of verdicts.
    pub passed_after: u64,
    /// As `marginal`, likewise.
    pub marginal_after: u64,
    /// As `failed`, likewise.
    pub failed_after: u64,
    /// Measured, on time, and passed.
    pub on_time_passed: u64,
    /// Measured, on time, and not passed.
    pub on_time_not: u64,
    /// Measured, late, and passed.
    pub late_passed: u64,
    /// Measured, late, and not passed.
    pub late_not: u64,
    /// Due, and people said that the verdict is right.
    pub accepted: u64,
    /// Due, and two people held the verdict for something else, also where the time of that is over.
    pub disagreed: u64,
    /// Measured, and the team had said how sure it was.
    pub sure: u64,
    /// How sure it was of those, in shares, added up.
    pub sure_sum: f64,
    /// How many of those passed.
    pub sure_passed: u64,
    /// Squares of how far it was from what came, added up (Brier 1950, https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2).
    pub sure_squares: f64,
}

impl Figures {
    /// Those with a final verdict that was decided.
    #[must_use]
    pub fn measured(&self) -> u64 {
        self.passed + self.marginal + self.failed
    }

    /// The share of those measured that passed, in 0..=1; `None`: nothing was measured.
    #[must_use]
    pub fn success(&self) -> Option<f64> {
        share(self.passed as f64, self.measured())
    }

    /// As [`Figures::success`], with what people hold instead.
    #[must_use]
    pub fn success_after(&self) -> Option<f64> {
        share(self.passed_after as f64, self.passed_after + self.marginal_after + self.failed_after)
    }

    /// How sure teams were on average, in 0..=1; `None`: nobody said.
    #[must_use]
    pub fn confidence(&self) -> Option<f64> {
        share(self.sure_sum, self.sure)
    }

    /// The Brier score of how sure teams were: 0 is right every time, 0.25 what saying "50 %" gives; `None`: nobody said.
    #[must_use]
    pub fn brier(&self) -> Option<f64> {
        share(self.sure_squares, self.sure)
    }

    /// Adds others up with these.
    pub fn add(&mut self, other: &Self) {
        macro_rules! add {
            ($($field:ident),* $(,)?) => { $(self.$field += other.$field;)* };
        }
        add!(
            launched,
            due,
            pending,
            passed,
            marginal,
            failed,
            undecided,
            missing,
            late_verdicts,
            without_criteria,
            sealed_by_launch,
            sealed_late,
            amended,
            amended_counting,
            overridden,
            passed_after,
            marginal_after,
            failed_after,
            on_time_passed,
            on_time_not,
            late_passed,
            late_not,
            accepted,
            disagreed,
            sure,
            sure_sum,
            sure_passed,
            sure_squares,
        );
    }
}

/// What was expected of goals, and what was observed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Expectations {
    /// Goals of which both are known.
    pub goals: u64,
    /// Those that were met.
    pub met: u64,
    /// How far what was observed was from what was expected, as a share of that, added up.
    pub deviations: f64,
    /// Goals of which that can be said: something else than nothing was expected.
    pub compared: u64,
}

impl Expectations {
    /// The mean deviation, as a share of what was expected; negative: less was observed; `None`: it cannot be said.
    #[must_use]
    pub fn deviation(&self) -> Option<f64> {
        share(self.deviations, self.compared)
    }

    /// Adds others up with these.
    pub fn add(&mut self, other: &Self) {
        self.goals += other.goals;
        self.met += other.met;
        self.deviations += other.deviations;
        self.compared += other.compared;
    }
}

/// A portfolio of a span of days.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Portfolio<T: Ord> {
    /// By team.
    pub teams: BTreeMap<T, Figures>,
    /// Undecided ones that are due, by code.
    pub undecided: BTreeMap<String, u64>,
}

fn share(part: f64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part / whole as f64)
}
