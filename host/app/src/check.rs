//! Before the launch: can this release be decided, and when?
//!
//! Every judge is asked in a dress rehearsal: as if the release had launched so long ago that its window ends
//! with the newest data. What counts is how much data it finds, never what it would have concluded.

use jiff::Timestamp;
use jiff::civil::Date;
use yardstick_domain::checkpoint::{Checkpoint, GRACE};
use yardstick_domain::criteria::{SealedCriterion, Terms};
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::level::Level;
use yardstick_domain::lint::{self, Lint};
use yardstick_domain::metric::Metric;
use yardstick_domain::point::Coverage;
use yardstick_domain::question::Role;
use yardstick_domain::release::Lifecycle;
use yardstick_domain::time::{day_of, days_between, plus_days, start_of_day, zone};
use yardstick_stats::format;

use crate::error::Result;
use crate::fetch::Fetcher;
use crate::question::{Measured, ask, measured, window};
use crate::{App, Caller};

mod prospect;
mod rehearse;

pub(crate) use prospect::Before;
pub use prospect::{Prospect, ProspectLook, Way};
use rehearse::{baseline, rehearsal, rehearsed};

/// How a line of a check reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// In order.
    Ok,
    /// Worth knowing.
    Note,
    /// It can be sealed, and may not be decided.
    Warn,
    /// It cannot be sealed.
    Error,
}

impl Grade {
    /// The word in lists.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

impl From<lint::Grade> for Grade {
    fn from(grade: lint::Grade) -> Self {
        match grade {
            lint::Grade::Note => Self::Note,
            lint::Grade::Warn => Self::Warn,
        }
    }
}

/// One line of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckLine {
    /// How it reads.
    pub grade: Grade,
    /// The criterion, or what else it is about; empty: the release.
    pub subject: String,
    /// What was found.
    pub text: String,
}

/// Whether a release can be decided, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The release.
    pub release: String,
    /// Its name.
    pub name: String,
    /// How big the launch is.
    pub level: Level,
    /// The planned day.
    pub planned: Date,
    /// Where it stands.
    pub lifecycle: Lifecycle,
    /// What was looked at.
    pub lines: Vec<CheckLine>,
    /// What in the criteria is probably not meant.
    pub lints: Vec<Lint>,
    /// What can be told of each criterion, in their order.
    pub criteria: Vec<Prospect>,
    /// The final checkpoint.
    pub decided_at: Option<Checkpoint>,
    /// The day its data are promised, if it launches as planned.
    pub decided_on: Option<Date>,
    /// Whole days and the longest freshness promise that lead there, as a text.
    pub because: String,
}

impl Check {
    /// The worst of its lines, lints and criteria.
    #[must_use]
    pub fn worst(&self) -> Grade {
        let lines = self.lines.iter().map(|line| line.grade);
        let lints = self.lints.iter().map(|lint| lint.code.grade().into());
        lines.chain(lints).chain(self.criteria.iter().map(Prospect::grade)).max().unwrap_or(Grade::Ok)
    }
}

fn line(grade: Grade, subject: &str, text: impl Into<String>) -> CheckLine {
    CheckLine { grade, subject: subject.to_owned(), text: text.into() }
}

impl App {
    /// Looks whether a release can be decided, and when. Writes nothing.
    ///
    /// # Errors
    /// When there is no such release, or the database fails.
    pub async fn check(&self, caller: &Caller, slug: &ReleaseSlug) -> Result<Check> {
        let facts = self.visible(caller, slug).await?;
        let release = &facts.release;
        let resolved = self.resolve(release).await?;
        let terms = resolved.terms;
        let team = zone(&terms.time_zone);
        let mut lines = vec![summary(&terms)];
        if !release.criteria.has_goal() {
            lines.push(line(
                Grade::Error,
                "",
                "there is no goal, so there is nothing to succeed at; add one",
            ));
        }
        lines.extend(resolved.problems.iter().map(|problem| line(Grade::Error, "", problem.to_string())));
        let mut fetcher = Fetcher::new(&self.store);
        let mut promise = jiff::SignedDuration::ZERO;
        for sealed in &terms.criteria {
            let Some(metrics) = self.defined(sealed).await? else { continue };
            for (measured, _) in &metrics {
                promise = promise.max(measured.metric.fresh_within);
            }
            lines.extend(self.check_one(caller, sealed, &terms, &metrics, &team, &mut fetcher).await?);
        }
        let metrics = self.metrics_of(&release.criteria, &[]).await?;
        let before =
            Before { caller, launch: facts.launch.as_ref().map(|launch| launch.at), metrics: &metrics };
        let outlook = self.outlook(&before, release, &terms.time_zone, true).await?;
        let decided_at = terms.last();
        let launch = facts.launch.as_ref().map_or(start_of_day(release.planned, &team), |launch| launch.at);
        let decided_on = decided_at.map(|last| {
            let ready = last.end(launch, &team).checked_add(promise).unwrap_or(Timestamp::MAX);
            day_of(ready, &team)
        });
        let because = decided_at.map_or(String::new(), |last| {
            format!(
                "{} whole days + {} h until the data are promised, at the latest {} h later",
                last.days(),
                promise.as_hours(),
                GRACE.as_hours()
            )
        });
        Ok(Check {
            release: slug.to_string(),
            name: release.name.clone(),
            level: release.level,
            planned: release.planned,
            lifecycle: facts.lifecycle(),
            lines,
            lints: outlook.lints,
            criteria: outlook.prospects,
            decided_at,
            decided_on,
            because,
        })
    }

    /// The metrics of a criterion with the state of their data; `None`: one is not defined, which is said elsewhere.
    async fn defined(&self, sealed: &SealedCriterion) -> Result<Option<Vec<(Measured, Coverage)>>> {
        let mut metrics = Vec::new();
        for (name, key) in &sealed.criterion.metrics {
            let Some(metric) = self.store.metric(key).await? else { return Ok(None) };
            let coverage = self.store.coverage(key, None).await?;
            metrics.push((measured(name, metric, coverage.complete_through), coverage));
        }
        Ok(Some(metrics))
    }

    async fn check_one(
        &self,
        caller: &Caller,
        sealed: &SealedCriterion,
        terms: &Terms,
        metrics: &[(Measured, Coverage)],
        team: &jiff::tz::TimeZone,
        fetcher: &mut Fetcher<'_>,
    ) -> Result<Vec<CheckLine>> {
        let id = sealed.criterion.id.as_str();
        let mut lines = arrival(id, sealed, metrics, caller.now);
        let complete = metrics.iter().map(|(measured, _)| measured.complete_through).min().flatten();
        let (Some(complete), Some(plugin), Some(last)) = (complete, &sealed.plugin, terms.last()) else {
            return Ok(lines);
        };
        let days = sealed.criterion.decided_at(last, &terms.checkpoints).unwrap_or(last);
        let moment = rehearsal(complete, days, team);
        let Some(window) = window(&sealed.criterion, &moment) else { return Ok(lines) };
        let metrics: Vec<Measured> = metrics.iter().map(|(measured, _)| measured.clone()).collect();
        let question = ask(&sealed.criterion, terms, &moment, window, &metrics);
        let Ok(judge) = self.load_judge(plugin.hash).await? else { return Ok(lines) };
        if let (Some(finding), _) = self.suspended(caller, &judge).await? {
            lines.push(line(Grade::Warn, id, finding.headline));
            return Ok(lines);
        }
        if let Some(why) = self.deprecation(&sealed.criterion.judge).await? {
            let text = format!("{} {} is deprecated: {why}", plugin.name, plugin.version);
            lines.push(line(Grade::Warn, id, text));
        }
        let asked = self.ask_judge(&judge, &question, &metrics, &moment, fetcher).await?;
        if let Some(days) = sealed.criterion.baseline_days {
            if asked.queries.iter().all(|query| query.window.start >= moment.launch) {
                let text = format!("{} does not look at a baseline; this one changes nothing", plugin.name);
                lines.push(line(Grade::Note, id, text));
            } else {
                lines.extend(baseline(id, days, complete, &moment, &metrics, fetcher).await?);
            }
        }
        lines.extend(rehearsed(&sealed.criterion, &asked, days));
        Ok(lines)
    }
}

fn summary(terms: &Terms) -> CheckLine {
    let count = |role: Role| terms.criteria.iter().filter(|sealed| sealed.criterion.role == role).count();
    let counted = |role: Role, one: &str| {
        let n = count(role);
        if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
    };
    let text = format!(
        "{}, {}, {} watched",
        counted(Role::Goal, "goal"),
        counted(Role::Guardrail, "guardrail"),
        count(Role::Watch)
    );
    line(Grade::Ok, "", text)
}

/// Whether data arrive as promised.
fn arrival(
    id: &str,
    sealed: &SealedCriterion,
    metrics: &[(Measured, Coverage)],
    now: Timestamp,
) -> Vec<CheckLine> {
    let judge = sealed
        .plugin
        .as_ref()
        .map_or(sealed.criterion.judge.to_string(), |plugin| format!("{} {}", plugin.name, plugin.version));
    let mut texts = Vec::new();
    let mut lines = Vec::new();
    for (measured, coverage) in metrics {
        let metric = &measured.metric;
        let Some(newest) = coverage.newest else {
            let text = format!(
                "{} has no values yet; import some: yardstick import FILE --metric {}",
                metric.key, metric.key
            );
            lines.push(line(Grade::Warn, id, text));
            continue;
        };
        let day = day_of(newest, &measured.zone);
        texts.push(format!(
            "{}: {} days, newest {day} (promise {} h)",
            metric.key,
            format::count(coverage.buckets),
            metric.fresh_within.as_hours()
        ));
        if let Some(late) = overdue(metric, measured, coverage, now) {
            lines.push(line(Grade::Warn, id, late));
        }
    }
    if !texts.is_empty() {
        lines.insert(0, line(Grade::Ok, id, format!("{judge} · {}", texts.join("; "))));
    }
    lines
}

fn overdue(metric: &Metric, measured: &Measured, coverage: &Coverage, now: Timestamp) -> Option<String> {
    let complete = coverage.complete_through?;
    let next = start_of_day(plus_days(day_of(complete, &measured.zone), 1), &measured.zone);
    let promised = next.checked_add(metric.fresh_within).ok()?;
    (promised < now).then(|| {
        let through = plus_days(day_of(complete, &measured.zone), -1);
        let days = days_between(through, day_of(now, &measured.zone)) - 1;
        format!(
            "{} is complete through {through}, {days} days behind; {} promises {} h",
            metric.key,
            metric.owner,
            metric.fresh_within.as_hours()
        )
    })
}
