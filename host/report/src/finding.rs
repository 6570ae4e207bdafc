//! One finding in words: plain texts that each rendering escapes and lays out in its own way.

use yardstick_client::document::{EstimatePart, FindingPart, TablePart};
use yardstick_stats::format;

use crate::facts::{Facts, quantity, reason_words, sentence};
use crate::who;

/// A finding of a document.
#[derive(Clone, Copy)]
pub(crate) struct FindingFacts<'a> {
    facts: &'a Facts<'a>,
    finding: &'a FindingPart,
}

impl<'a> FindingFacts<'a> {
    pub(crate) fn new(facts: &'a Facts<'a>, finding: &'a FindingPart) -> Self {
        Self { facts, finding }
    }

    /// Its criterion's id.
    pub(crate) fn criterion(&self) -> &'a str {
        &self.finding.criterion
    }

    /// `goal`, `guardrail` or `watch`.
    pub(crate) fn role(&self) -> &'a str {
        &self.finding.role
    }

    /// Its criterion's sentence.
    pub(crate) fn says(&self) -> &'a str {
        &self.finding.says
    }

    /// Its evidence tables.
    pub(crate) fn tables(&self) -> &'a [TablePart] {
        &self.finding.tables
    }

    /// What a reader must know first.
    pub(crate) fn warnings(&self) -> &'a [String] {
        &self.finding.warnings
    }

    /// `PASS`, `UNDECIDED`.
    pub(crate) fn outcome(&self) -> String {
        self.finding.outcome.to_uppercase()
    }

    /// The number its outcome rests on; `None` when it rests on none.
    fn deciding(&self) -> Option<&'a EstimatePart> {
        let rests_on_it = matches!(self.finding.reason.as_deref(), None | Some("inconclusive"));
        self.finding.observed.as_ref().filter(|_| rests_on_it)
    }

    /// `64.4 % [63.5, 65.4]`, with as many decimals as it takes to see on which side of the bound it lies.
    pub(crate) fn observed(&self) -> Option<String> {
        let EstimatePart { unit, value, low, high, .. } = self.deciding()?;
        let bound = self.finding.target.unwrap_or(f64::NAN);
        let one = |number: f64| format::value_beside(number, bound, unit);
        Some(match (*low, *high) {
            (Some(low), Some(high)) => format::estimate_beside(*value, low, high, bound, unit),
            (Some(low), None) => format!("{} [{} or more]", one(*value), one(low)),
            (None, Some(high)) => format!("{} [{} or less]", one(*value), one(high)),
            (None, None) => one(*value),
        })
    }

    /// `target 60 % or more`, `at most +5 %`.
    pub(crate) fn target(&self) -> Option<String> {
        let (bound, unit) = (self.finding.target?, &self.deciding()?.unit);
        let bound = if bound == 0.0 { "0".to_owned() } else { format::chosen_short(bound, unit) };
        Some(match self.finding.bound.as_deref() {
            Some("at-least") => format!("target {bound} or more"),
            Some("at-most") => format!("at most {bound}"),
            Some("above") => format!("target above {bound}"),
            Some("below") => format!("target below {bound}"),
            _ => format!("target {bound}"),
        })
    }

    /// `p 0.00155`.
    pub(crate) fn p(&self) -> Option<String> {
        let log10_p = self.deciding()?.log10_p.filter(|log10_p| log10_p.is_finite())?;
        Some(format!("p {}", format::p_value(log10_p)))
    }

    /// `n 9,640`.
    pub(crate) fn n(&self) -> Option<String> {
        Some(format!("n {}", format::count(self.deciding()?.n?)))
    }

    /// How the comparison was made, where there was more than a target to compare with.
    pub(crate) fn comparison(&self) -> Option<&'a str> {
        self.deciding()?;
        match self.finding.grade.as_str() {
            "target-only" => None,
            "before-after" => Some("before/after"),
            "matched-control" => Some("matched control"),
            grade => Some(grade),
        }
    }

    /// What is said in place of the numbers when the outcome rests on none.
    pub(crate) fn instead(&self) -> Option<String> {
        if self.deciding().is_some() {
            return None;
        }
        let aside = if self.finding.role == "watch" { " (does not count)" } else { "" };
        let words = self.own_words();
        Some(match self.finding.reason.as_deref() {
            None => words.to_owned(),
            Some("too-early") if aside.is_empty() => self.so_far(),
            Some("too-early") => format!("{} · does not count", self.so_far()),
            Some(reason) if words.is_empty() => {
                let sentence = self.sentence().unwrap_or_default();
                format!("{}{aside}: {sentence}", reason_words(reason))
            }
            Some(reason) => format!("{}: {words}{aside}", reason_words(reason)),
        })
    }

    /// What is there before it is due, and when it is decided:
    /// `1,912 of 4,000 users so far · decided at d28 (about 8 Apr)`.
    fn so_far(&self) -> String {
        let headline = clause(&self.finding.headline);
        let Some(when) = self.decided() else { return headline.to_owned() };
        // The host may have said it in the same words; once is enough.
        let words = headline.strip_suffix(when.as_str()).unwrap_or(headline).trim_end_matches([' ', ';']);
        if words.is_empty() { when } else { format!("{words} · {when}") }
    }

    /// The headline, without what its code's sentence says anyway.
    fn own_words(&self) -> &'a str {
        let headline = self.finding.headline.trim();
        let sentence = self.finding.sentence.as_deref().unwrap_or_default();
        clause(headline.strip_prefix(sentence).unwrap_or(headline))
    }

    /// Of an undecided finding, unless only time is missing: what its code means and who can do something.
    pub(crate) fn why(&self) -> Option<String> {
        match (self.finding.reason.as_deref()?, self.deciding()) {
            ("too-early", _) => None,
            (reason, Some(_)) => Some(format!("{}: {}", reason_words(reason), self.sentence()?)),
            (_, None) if self.own_words().is_empty() => None,
            (_, None) => self.sentence(),
        }
    }

    fn sentence(&self) -> Option<String> {
        let finding = self.finding;
        let who = finding
            .addressee
            .as_deref()
            .map(|word| who::addressee(self.facts.document, word, Some(finding), self.decided()));
        sentence(finding.sentence.as_deref(), finding.code.as_deref(), who)
    }

    /// What stands behind the numbers, then what did not fit beside them:
    /// `6,212 merged; Wilson 95 % · inconclusive with 334 fewer merged · n 9,640`.
    pub(crate) fn evidence(&self, left_over: &[String]) -> Option<String> {
        let (told, flip) = (self.told(), self.flip().unwrap_or_default());
        let parts = [told.as_str(), flip].into_iter().chain(left_over.iter().map(String::as_str));
        joined(parts)
    }

    /// What stands behind the numbers, without what would change the outcome.
    pub(crate) fn how(&self, left_over: &[String]) -> Option<String> {
        let told = self.told();
        joined(std::iter::once(told.as_str()).chain(left_over.iter().map(String::as_str)))
    }

    /// What would change the outcome.
    pub(crate) fn flip(&self) -> Option<&'a str> {
        self.finding.flip.as_deref().map(clause)
    }

    /// `6,212 merged; Wilson 95 %`.
    fn told(&self) -> String {
        // A finding without words of its own for the evidence still has its one sentence, if not shown yet.
        let words = match self.finding.detail.as_deref().map(clause) {
            Some(detail) => detail,
            None if self.deciding().is_none() => "",
            None => self.own_words(),
        };
        // Details that name the method already need not be told it.
        let method = if words.contains(self.method()) { "" } else { self.method() };
        let told = [words, method].into_iter().filter(|part| !part.is_empty());
        told.collect::<Vec<_>>().join("; ")
    }

    /// What the team expected, as people read it.
    pub(crate) fn expected(&self) -> Option<String> {
        let unit = self.finding.observed.as_ref().map_or("", |observed| observed.unit.as_str());
        Some(quantity(self.finding.expected.as_deref()?, unit))
    }

    /// Why it is open and who can do something, in one go.
    pub(crate) fn open_because(&self) -> String {
        [self.instead(), self.why()].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// The method, where a number was found by it.
    fn method(&self) -> &'a str {
        if self.deciding().is_some() { clause(&self.finding.method) } else { "" }
    }

    /// `decided at d28 (about 8 Apr)`.
    pub(crate) fn decided(&self) -> Option<String> {
        let checkpoint = self.finding.decided_at.as_deref()?;
        let about = self.finding.decided_on.as_deref().map(|on| self.facts.calendar.day(on));
        let about = about.map(|day| format!(" (about {day})")).unwrap_or_default();
        Some(format!("decided at {checkpoint}{about}"))
    }
}

fn joined<'a>(parts: impl Iterator<Item = &'a str>) -> Option<String> {
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// A sentence as part of a line: without its full stop.
pub(crate) fn clause(text: &str) -> &str {
    let text = text.trim();
    text.strip_suffix('.').filter(|stem| !stem.ends_with('.')).unwrap_or(text)
}
