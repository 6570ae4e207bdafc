//! Lints: what in a release's criteria is allowed and probably not meant, or will be regretted when it is judged.
//!
//! A lint never refuses. Each has a stable code, the field it concerns as a release file names it, and a sentence that
//! says what to do. What a launch of each level is usually goaled on, and how a criterion is told to be about it, is in
//! [`subject`].

use std::collections::BTreeMap;

use yardstick_stats::{Quantity, format};

use crate::asked::Asked;
use crate::checkpoint::Days;
use crate::criteria::Criterion;
use crate::ids::{CriterionId, MetricKey};
use crate::level::Level;
use crate::metric::{Kind, Metric};
use crate::question::Role;
use crate::release::Release;

mod code;
mod contradiction;
pub mod subject;
#[cfg(test)]
pub(crate) mod tests;

pub use code::{Code, Grade};
use subject::Subject;

/// Days of a week: a shorter window sees some weekdays and not others.
const WEEK: u32 = 7;

/// One lint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lint {
    /// What it is, for ever.
    pub code: Code,
    /// The field of the release file, such as `goals[0].with.at_least`.
    pub field: String,
    /// What was found and what to do.
    pub text: String,
}

/// What is known beside the release.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The metrics that are defined, by key. One that is not here is judged by its key alone.
    pub metrics: BTreeMap<MetricKey, Metric>,
    /// What a criterion's metric comes to on the newest data before the launch, in its unit, where that is known: the
    /// level, or the total over as many days as will count. Of criteria with one metric.
    pub today: BTreeMap<CriterionId, f64>,
}

/// The lints of a release: of the whole, then of its criteria in their order.
#[must_use]
pub fn lint(release: &Release, known: &Known) -> Vec<Lint> {
    let mut lints = of_level(release, known);
    let fields = release.criteria.fields();
    for (criterion, field) in release.criteria.list.iter().zip(&fields) {
        let look = Look { release, known, criterion, field };
        lints.extend(look.all());
    }
    lints.extend(contradiction::find(release, known, &fields));
    lints
}

fn of_level(release: &Release, known: &Known) -> Vec<Lint> {
    let level = release.level;
    let criteria = &release.criteria;
    let mut lints = Vec::new();
    let mut add =
        |code: Code, field: &str, text: String| lints.push(Lint { code, field: field.to_owned(), text });
    if level.must_be_measured() && !criteria.has_goal() {
        let text =
            format!("there is no goal, and {level} releases must be measured; add one before the launch");
        add(Code::NoGoal, "goals", text);
    } else if let Some((code, text)) = off_level(release, known) {
        add(code, "goals", text);
    }
    if level.must_be_measured() {
        if !criteria.list.iter().any(|criterion| criterion.role == Role::Guardrail) {
            let text = "nothing says what the launch must not harm; add a guardrail, such as errors or response times \
                        at most so much worse";
            add(Code::NoGuardrail, "guardrails", text.to_owned());
        }
        if release.confidence.is_none() {
            let text = "nobody says how sure the team is; write confidence: 75%, or whatever it is today. It judges \
                        nothing and shows later how good such guesses were";
            add(Code::NoConfidence, "confidence", text.to_owned());
        }
    }
    lints
}

/// What no criterion that counts is about, although launches of this level are for it.
fn off_level(release: &Release, known: &Known) -> Option<(Code, String)> {
    let (code, what, wanted) = match release.level {
        Level::L1 => (Code::NoRevenueOrAdoption, "no goal", [Subject::Revenue, Subject::Adoption]),
        Level::L2 => (Code::NoAdoptionOrLeads, "no goal or guardrail", [Subject::Adoption, Subject::Leads]),
        Level::L3 => (Code::NoAdoptionOrUsage, "no goal or guardrail", [Subject::Adoption, Subject::Usage]),
    };
    let counts = |role: Role| role == Role::Goal || role == Role::Guardrail && release.level != Level::L1;
    let mut counting = release.criteria.list.iter().filter(|criterion| counts(criterion.role));
    let is_about = |criterion: &Criterion| {
        let metrics = criterion.metrics.values().map(|key| (key, known.metrics.get(key)));
        let found = subject::of(criterion, metrics);
        wanted.iter().any(|subject| found.contains(subject))
    };
    if counting.any(is_about) {
        return None;
    }
    let [one, other] = wanted;
    let text = format!(
        "{what} is about {} or {}, what an {} launch is for. Add one; if one is, let its metric's unit, title or \
         definition, or its own id or sentence say so: {}, or {}",
        one.as_str(),
        other.as_str(),
        release.level,
        one.hint(),
        other.hint()
    );
    Some((code, text))
}

/// One criterion looked at.
struct Look<'a> {
    release: &'a Release,
    known: &'a Known,
    criterion: &'a Criterion,
    field: &'a str,
}

impl Look<'_> {
    fn all(&self) -> Vec<Lint> {
        [
            self.after_the_last(),
            self.window_after_the_last(),
            self.short_window(),
            self.looks_back(),
            self.no_margin(),
            self.any_improvement(),
            self.met_already(),
            self.expectation(),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn lint(&self, code: Code, at: &str, text: String) -> Option<Lint> {
        Some(Lint { code, field: format!("{}.{at}", self.field), text })
    }

    fn metric(&self) -> Option<&Metric> {
        self.criterion.only_metric(|key| self.known.metrics.get(key))
    }

    /// The days that count when it is decided; `None`: it never is.
    fn days(&self) -> Option<Days> {
        let checkpoints = &self.release.criteria.checkpoints;
        let decides = self.criterion.decided_at(self.release.criteria.last()?, checkpoints)?;
        self.criterion.days(decides)
    }

    /// Whether the newest level alone decides, whatever the window.
    fn is_level(&self) -> bool {
        let is_gauge = self.metric().is_some_and(|metric| metric.kind == Kind::Gauge);
        is_gauge && self.criterion.asked().is_some_and(|asked| !asked.is_change())
    }

    fn after_the_last(&self) -> Option<Lint> {
        let (due, last) = (self.criterion.due?, self.release.criteria.last()?);
        if due <= last {
            return None;
        }
        let text = format!(
            "it is due at {due}, after the last checkpoint {last}, and would never be decided; add {due} to \
             checkpoints, or make it due at {last}"
        );
        self.lint(Code::DueAfterLast, "due", text)
    }

    fn window_after_the_last(&self) -> Option<Lint> {
        let (window, last) = (self.criterion.window?, self.release.criteria.last()?);
        let until =
            self.criterion.due.filter(|_| self.criterion.role != Role::Guardrail).unwrap_or(last).min(last);
        if window.to <= until.days() {
            return None;
        }
        let text = format!(
            "{window} runs beyond {until}, when it is decided, and is cut there; end it with d{}, or add a later \
             checkpoint",
            until.days()
        );
        self.lint(Code::WindowAfterLast, "window", text)
    }

    fn short_window(&self) -> Option<Lint> {
        let days = self.days()?.count();
        if days >= WEEK || self.is_level() || self.criterion.role == Role::Watch {
            return None;
        }
        let text = format!(
            "{} after the launch decide it, which hold some weekdays and not others; let at least 7 days count",
            format::counted(u64::from(days), "days")
        );
        self.lint(Code::ShortWindow, if self.criterion.window.is_some() { "window" } else { "due" }, text)
    }

    fn looks_back(&self) -> Option<Lint> {
        let days = self.days()?;
        let mut metrics = self.criterion.metrics.values().filter_map(|key| self.known.metrics.get(key));
        let (metric, covers) = metrics.find_map(|metric| {
            let covers = metric.covers_days.filter(|covers| *covers > days.to)?;
            Some((metric, covers))
        })?;
        if self.criterion.role == Role::Watch {
            return None;
        }
        let text = format!(
            "a value of {} covers {covers} days, so at d{} it still holds {} from before; decide it at d{covers} or later",
            metric.key,
            days.to,
            format::counted(u64::from(covers - days.to), "days")
        );
        self.lint(Code::LooksBack, if self.criterion.due.is_some() { "due" } else { "metric" }, text)
    }

    fn no_margin(&self) -> Option<Lint> {
        if self.criterion.role != Role::Guardrail {
            return None;
        }
        let compares =
            ["before-after", "experiment"].contains(&self.criterion.judge.name.to_string().as_str());
        let (at, found) = match self.criterion.asked() {
            Some(asked) if asked.is_change() && asked.quantity().value() == 0.0 => {
                (format!("with.{}", asked.parameter()), "a margin of 0")
            }
            None if compares => ("with".to_owned(), "no margin"),
            _ => return None,
        };
        let text = format!(
            "{found} cannot be shown to be kept: no data prove that nothing at all got worse. Write how much is \
             accepted, such as worse_by_at_most: 2%"
        );
        self.lint(Code::NoMargin, &at, text)
    }

    fn any_improvement(&self) -> Option<Lint> {
        let asked = self.criterion.asked().filter(|asked| asked.is_change())?;
        if self.criterion.role != Role::Goal || asked.quantity().value() != 0.0 {
            return None;
        }
        let text = match asked {
            Asked::WorseBy(_) => {
                "staying as it was before the launch is no success to launch for; ask for an improvement, or make it a \
                 guardrail"
            }
            _ => {
                "any improvement at all passes, were it worth nothing; ask for the least that is worth the launch, such \
                 as better_by_at_least: 2%"
            }
        };
        self.lint(Code::TargetIsBaseline, &format!("with.{}", asked.parameter()), text.to_owned())
    }

    fn met_already(&self) -> Option<Lint> {
        let asked = self.criterion.asked().filter(|asked| !asked.is_change())?;
        let (metric, today) = (self.metric()?, *self.known.today.get(&self.criterion.id)?);
        let bound = asked.bound(metric.better)?;
        if self.criterion.role != Role::Goal || !bound.is_met_by(today) {
            return None;
        }
        let text = format!(
            "{} is at {} before the launch, which meets {}: it would pass without being launched. Ask for more, or make \
             it a guardrail",
            metric.key,
            format::value_beside(today, bound.at, &metric.unit),
            self.written(asked, metric)
        );
        self.lint(Code::MetAlready, &format!("with.{}", asked.parameter()), text)
    }

    fn written(&self, asked: Asked, metric: &Metric) -> String {
        let at = format::chosen(asked.quantity().value(), &metric.unit);
        if matches!(asked, Asked::AtLeast(_)) { format!("at least {at}") } else { format!("at most {at}") }
    }

    fn expectation(&self) -> Option<Lint> {
        let (asked, expected) = (self.criterion.asked()?, self.criterion.expected()?);
        let at = asked.quantity().value();
        let is_least = matches!(asked, Asked::AtLeast(_) | Asked::BetterBy(_));
        // A guardrail that is expected to be just kept is as it should be.
        if self.criterion.role == Role::Watch || matches!(asked, Asked::WorseBy(_)) {
            return None;
        }
        let written = |value: f64| match asked.quantity() {
            Quantity::Plain(_) => Quantity::Plain(value),
            Quantity::Percent(_) => Quantity::Percent(value),
            Quantity::Points(_) => Quantity::Points(value),
        };
        if expected == at {
            let text = format!(
                "what is expected is the bound itself, {}, so that it would be missed about every second time; ask for \
                 less than is expected, or expect more",
                written(at)
            );
            return self.lint(Code::ExpectedIsTarget, "expected", text);
        }
        if (expected > at) == is_least {
            return None;
        }
        let text = format!(
            "{} is expected, which fails {}: {}; mend whichever is wrong",
            written(expected),
            asked.parameter(),
            written(at)
        );
        self.lint(Code::ExpectedToFail, "expected", text)
    }
}
