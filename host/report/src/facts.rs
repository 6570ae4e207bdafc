//! A verdict in words: plain texts that each rendering escapes and lays out in its own way.

use yardstick_client::document::{FindingPart, VerdictDocument};
use yardstick_stats::{Quantity, format};

use crate::dates::{self, Calendar};
use crate::finding::{FindingFacts, clause};
use crate::who;

/// A document and the calendar of its release.
pub(crate) struct Facts<'a> {
    pub(crate) document: &'a VerdictDocument,
    pub(crate) calendar: Calendar,
}

impl<'a> Facts<'a> {
    pub(crate) fn new(document: &'a VerdictDocument) -> Self {
        let release = &document.release;
        Self { document, calendar: Calendar::new(&release.time_zone, &release.launched_at) }
    }

    pub(crate) fn findings(&'a self) -> impl Iterator<Item = FindingFacts<'a>> {
        self.document.findings.iter().map(|finding| FindingFacts::new(self, finding))
    }

    /// `PASS`.
    pub(crate) fn outcome(&self) -> String {
        self.document.outcome.to_uppercase()
    }

    /// `too early`; empty for a decided verdict.
    pub(crate) fn reason(&self) -> String {
        self.document.reason.as_deref().map(reason_words).unwrap_or_default()
    }

    /// `d28, final · revision 1`.
    pub(crate) fn standing(&self) -> String {
        let document = self.document;
        let last = if document.is_final { "final" } else { "not final" };
        let which = match (document.standing.as_str(), document.revision) {
            ("official", Some(revision)) => format!("revision {revision}"),
            ("official", None) => "official".to_owned(),
            _ => "look, not official: never reported or counted".to_owned(),
        };
        format!("{}, {last} · {which}", document.checkpoint)
    }

    /// `launched Tue 10 Mar 2026, 7 days late · criteria sealed 2 Mar (8f3c1a), unchanged · all goals must
    /// pass`.
    pub(crate) fn background(&self) -> String {
        let release = &self.document.release;
        let launched = self.calendar.launch().unwrap_or_else(|| release.launched_at.clone());
        let lateness = dates::lateness(release.days_late);
        format!("launched {launched}, {lateness} · {} · {}", self.sealed(), self.document.policy)
    }

    pub(crate) fn sealed(&self) -> String {
        let seal = &self.document.seal;
        let short: String = seal.terms.trim_start_matches("sha256:").chars().take(6).collect();
        let on = seal.at.as_deref().map(|at| format!(" {}", self.calendar.day(at))).unwrap_or_default();
        let since = match seal.amendments {
            0 => "unchanged".to_owned(),
            count => format!("{} since, not judged here", format::counted(count.into(), "amendments")),
        };
        match seal.state.as_str() {
            "sealed-by-launch" if !self.has_goal() => "launched without criteria".to_owned(),
            "sealed" => format!("criteria sealed{on} ({short}), {since}"),
            "sealed-by-launch" => format!("criteria sealed by the launch ({short}), {since}"),
            "sealed-after-launch" => {
                let days = seal.days_after_launch.unwrap_or(0);
                let when = if days == 0 {
                    "on the launch day, after the launch".to_owned()
                } else {
                    format!("{} after launch", format::counted(days.into(), "days"))
                };
                format!("criteria sealed {when} ({short}), {since}")
            }
            "amended" => {
                let why = seal.reason.as_deref().map(|why| format!(": {}", clause(why))).unwrap_or_default();
                format!("criteria amended{on} ({short}){why}")
            }
            _ => "criteria not sealed".to_owned(),
        }
    }

    fn has_goal(&self) -> bool {
        self.document.findings.iter().any(|finding| finding.role == "goal")
    }

    /// Of a verdict whose code no finding carries: what it means and who can do something.
    pub(crate) fn why(&self) -> Option<String> {
        let document = self.document;
        let mut counted = document.findings.iter().filter(|finding| finding.role != "watch");
        if document.code.is_none() || counted.any(|finding| finding.code == document.code) {
            return None;
        }
        let who = document.addressee.as_deref().map(|word| who::addressee(document, word, None, None));
        sentence(document.sentence.as_deref(), document.code.as_deref(), who)
    }

    /// How far the goals' evidence reaches, for those that were decided.
    pub(crate) fn evidence(&self) -> Option<String> {
        let goals: Vec<&FindingPart> =
            self.document.findings.iter().filter(|finding| finding.role == "goal").collect();
        let mut grades: Vec<(&str, Vec<&FindingPart>)> = Vec::new();
        for goal in goals.iter().filter(|goal| goal.outcome != "undecided") {
            match grades.iter_mut().find(|(grade, _)| *grade == goal.grade) {
                Some((_, alike)) => alike.push(goal),
                None => grades.push((&goal.grade, vec![goal])),
            }
        }
        let parts = grades.into_iter().map(|(grade, alike)| {
            let whose = match (alike.len(), goals.len()) {
                (1, 1) => "the goal".to_owned(),
                (2, 2) => "both goals".to_owned(),
                (some, all) if some == all => format!("all {all} goals"),
                _ => alike.iter().map(|goal| goal.criterion.as_str()).collect::<Vec<_>>().join(", "),
            };
            format!("{grade} for {whose}: {}", reach(grade, &alike))
        });
        joined(parts)
    }

    /// Up to when the data are complete, what was corrected, and as of when the world was looked at.
    pub(crate) fn data(&self) -> Option<String> {
        let mut whole: Vec<(String, Vec<&str>)> = Vec::new();
        let mut nothing = Vec::new();
        let mut corrected = Vec::new();
        for finding in self.document.findings.iter().filter(|finding| !finding.metrics.is_empty()) {
            let id = finding.criterion.as_str();
            if finding.corrections > 0 {
                corrected.push(format!("{} for {id}", format::counted(finding.corrections, "values")));
            }
            let Some(day) = finding.complete_through.as_deref().map(|at| self.calendar.last_whole_day(at))
            else {
                nothing.push(id);
                continue;
            };
            match whole.iter_mut().find(|(known, _)| *known == day) {
                Some((_, ids)) => ids.push(id),
                None => whole.push((day, vec![id])),
            }
        }
        let whole = match whole.as_slice() {
            [] => None,
            [(day, _)] => Some(format!("complete through {day}")),
            several => {
                let days = several.iter().map(|(day, ids)| format!("{day} ({})", ids.join(", ")));
                Some(format!("complete through {}", days.collect::<Vec<_>>().join(", ")))
            }
        };
        let nothing =
            (!nothing.is_empty()).then(|| format!("nothing imported yet for {}", nothing.join(", ")));
        let corrected = (!corrected.is_empty()).then(|| format!("corrected: {}", corrected.join(", ")));
        joined([whole, nothing, corrected, self.as_of(), self.known_at()].into_iter().flatten())
    }

    /// What a further revision changed: `revision 1 was pass; uses: pass → fail`.
    pub(crate) fn revises(&self) -> Option<String> {
        let revises = self.document.revises.as_ref()?;
        let was = format!("revision {} was {}", revises.revision, revises.outcome);
        joined(std::iter::once(was).chain(revises.changes.iter().cloned()))
    }

    /// Where the audit has it.
    pub(crate) fn audited(&self) -> Option<String> {
        self.document.audited.clone()
    }

    /// What people decided, as it stands; what was withdrawn or has expired is in the document only.
    pub(crate) fn decided(&self) -> Option<String> {
        joined(self.document.decisions.iter().filter_map(|decision| {
            let waits = match decision.standing.as_str() {
                "stands" => "",
                "waits-for-approval" => " (waits for a second person)",
                _ => return None,
            };
            let until = decision.until.as_deref().map(|until| self.calendar.day(until));
            let stance = match (decision.stance.as_deref(), &decision.outcome) {
                (Some("override"), Some(outcome)) => {
                    Some(format!("holds it for {outcome} until {}", until.unwrap_or_default()))
                }
                (Some(_), _) => Some("accepts it".to_owned()),
                _ => None,
            };
            let action = decision.action.as_deref().map(|action| match (action, &decision.extend_to) {
                ("extend", Some(to)) => format!("judges it at {to} as well"),
                ("roll-back", _) => "rolls the feature back".to_owned(),
                ("retire", _) => "retires the feature".to_owned(),
                ("iterate", _) => "goes on with the feature".to_owned(),
                _ => "keeps the feature".to_owned(),
            });
            let what = [stance, action].into_iter().flatten().collect::<Vec<_>>().join(" and ");
            let why = decision.reason.as_deref().map(|why| format!(": {}", clause(why))).unwrap_or_default();
            let second = decision.approved_by.as_deref().map(|by| format!(" (approved by {by})"));
            Some(format!("{} {what}{why}{}{waits}", decision.by, second.unwrap_or_default()))
        }))
    }

    /// Questions and disputes that nobody has answered.
    pub(crate) fn asked(&self) -> Option<String> {
        let open = self.document.comments.iter().filter(|comment| comment.open);
        joined(open.map(|comment| {
            let about = comment.about.as_deref().map(|about| format!(" about {about}")).unwrap_or_default();
            let on = comment.criterion.as_deref().map(|id| format!(" on {id}")).unwrap_or_default();
            format!(
                "open {}{about}{on} by {}: {} → {}",
                comment.kind,
                comment.by,
                clause(&comment.text),
                comment.to.join(", ")
            )
        }))
    }

    /// What peers found.
    pub(crate) fn reviewed(&self) -> Option<String> {
        joined(self.document.reviews.iter().map(|review| {
            let finds = if review.agrees { "agrees" } else { "objects" };
            let text = review.text.as_deref().map(|text| format!(": {}", clause(text))).unwrap_or_default();
            format!("{} {finds}{text}", review.by)
        }))
    }

    /// Only a look may speak of another instant than its checkpoint's end.
    fn as_of(&self) -> Option<String> {
        (self.document.standing != "official")
            .then(|| format!("as of {}", self.calendar.moment(&self.document.as_of)))
    }

    fn known_at(&self) -> Option<String> {
        let at = self.document.known_at.as_deref()?;
        Some(format!("only what was known at {}", self.calendar.moment(at)))
    }

    /// What the team expected: `adoption 4,500 · merge-rate 65 % · confidence 75 %`.
    pub(crate) fn expected(&self) -> Option<String> {
        let of_findings = self
            .findings()
            .filter_map(|finding| Some(format!("{} {}", finding.criterion(), finding.expected()?)));
        let confidence =
            self.document.release.confidence.map(|share| format!("confidence {}", format::confidence(share)));
        joined(of_findings.chain(confidence))
    }

    /// Commands worth typing next.
    pub(crate) fn next(&self) -> String {
        let VerdictDocument { at, release, checkpoint, reason, addressee, .. } = self.document;
        let slug = &release.slug;
        match (reason.as_deref(), addressee.as_deref()) {
            (Some("too-early"), _) => match self.first_due() {
                Some((checkpoint, day)) => {
                    format!("from {day}: yardstick judge {slug} --checkpoint {checkpoint}")
                }
                None => format!("yardstick release show {slug}"),
            },
            (Some("untrusted-data" | "insufficient-data"), _) | (Some("error"), Some("metric-owner")) => {
                let again = format!("then: yardstick judge {slug} --checkpoint {checkpoint}");
                let look = self.metric_to_mend().map(|metric| format!("yardstick metric show {metric} · "));
                look.unwrap_or_default() + &again
            }
            (Some("error"), Some("release-owner")) => format!("yardstick release show {slug}"),
            (Some("error"), _) => format!("yardstick replay {at}"),
            _ => format!("yardstick verdict show {at} --output markdown · yardstick replay {at}"),
        }
    }

    /// The next checkpoint that decides something, and the day of its end.
    fn first_due(&self) -> Option<(&str, String)> {
        let due = self.document.findings.iter().filter(|finding| finding.role != "watch");
        let due =
            due.filter_map(|finding| Some((finding.decided_on.as_deref()?, finding.decided_at.as_deref()?)));
        due.min().map(|(on, checkpoint)| (checkpoint, self.calendar.day(on)))
    }

    /// The first metric of the finding that leaves the verdict open.
    fn metric_to_mend(&self) -> Option<&String> {
        let mut counted = self.document.findings.iter().filter(|finding| finding.role != "watch");
        counted.find(|finding| finding.code == self.document.code)?.metrics.values().next()
    }
}

/// `too early` of `too-early`.
pub(crate) fn reason_words(reason: &str) -> String {
    reason.replace('-', " ")
}

/// `Days are missing from the metric (gap) → grace.kim@example.com (owner of site.errors)`.
pub(crate) fn sentence(sentence: Option<&str>, code: Option<&str>, who: Option<String>) -> Option<String> {
    let mut text = clause(sentence?).to_owned();
    if let Some(code) = code {
        text.push_str(&format!(" ({code})"));
    }
    if let Some(who) = who {
        text.push_str(&format!(" → {who}"));
    }
    Some(text)
}

/// A number of an evidence table: in full, unless that takes more digits than anybody reads.
pub(crate) fn number(number: &serde_json::Number) -> String {
    match (number.as_u64(), number.as_f64()) {
        (Some(count), _) => format::count(count),
        (None, Some(value)) if (1e-9..1e15).contains(&value.abs()) || value == 0.0 => {
            format::chosen(value, "")
        }
        (None, Some(value)) => format::value(value, ""),
        (None, None) => number.to_string(),
    }
}

/// What the evidence of goals of one grade can carry.
fn reach(grade: &str, goals: &[&FindingPart]) -> String {
    let met = goals.iter().all(|goal| goal.outcome == "pass");
    match (grade, goals.len()) {
        ("target-only", 1) if met => {
            "the target was met; nothing here shows that the launch caused it".to_owned()
        }
        ("target-only", _) if met => {
            "the targets were met; nothing here shows that the launch caused it".to_owned()
        }
        ("target-only", _) => {
            "compared with a target only; nothing here shows what the launch caused".to_owned()
        }
        ("before-after", _) => {
            "compared with the time before; whatever else changed since then is in it".to_owned()
        }
        ("matched-control", _) => {
            "compared with others chosen to be alike; what was not matched may be in it".to_owned()
        }
        ("randomised", _) => "assigned at random, so the difference is the change's doing".to_owned(),
        _ => "a grade of evidence that this version does not know".to_owned(),
    }
}

/// A quantity as written in a file, as people read it; any other text stays as it is.
pub(crate) fn quantity(text: &str, unit: &str) -> String {
    match text.parse() {
        Ok(Quantity::Plain(value)) => format::chosen_short(value, ""),
        Ok(Quantity::Percent(value)) if unit == "relative" => format::chosen_short(value, unit),
        Ok(Quantity::Percent(value)) => format::chosen_short(value, "share"),
        Ok(Quantity::Points(value)) => format::chosen_short(value, "pp"),
        Err(_) => text.to_owned(),
    }
}

fn joined(parts: impl IntoIterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}
