//! Reminders, once each, to the person who can do something.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use yardstick_domain::event::{EventKind, NewEvent};
use yardstick_domain::ids::{PersonId, ReleaseSlug};
use yardstick_domain::people::{Organisation, Team};
use yardstick_domain::release::ReleaseFacts;
use yardstick_domain::time::{day_of, days_between, plus_days, start_of_day, zone};
use yardstick_store::Stale;

use crate::App;
use crate::error::{AppError, Result};
use crate::fetch::Fetcher;
use crate::question::{Moment, measured, window};

/// Days before the planned one on which somebody is reminded that it is not sealed, the nearest first.
const BEFORE: [i32; 2] = [3, 14];
/// Working days after the planned one, after which its owner is asked about the launch, and after which its team is.
const AFTER: [u32; 2] = [1, 7];
/// Releases planned longer ago than this were forgotten before anybody was reminded.
const FORGOTTEN_DAYS: i32 = 60;
const A_DAY: SignedDuration = SignedDuration::from_hours(24);
/// How long after an owner, of a metric or a release, the team hears, at least.
const TEAM_HEARS_AFTER: SignedDuration = SignedDuration::from_hours(3 * 24);
/// Verdicts judged longer ago than this are not looked at for missing values: the team has heard.
const LOOKED_AT: SignedDuration = SignedDuration::from_hours(14 * 24);

impl App {
    /// Reminders about releases that have not launched. They are made while people work, so that none says what was done
    /// meanwhile; and not on the day on which a release is registered.
    pub(super) async fn launch_nudges(
        &self,
        now: Timestamp,
        company: &Organisation,
    ) -> Result<Vec<NewEvent>> {
        // A day around, for the zones of all teams.
        let today = day_of(now, &jiff::tz::TimeZone::UTC);
        let days = (plus_days(today, -FORGOTTEN_DAYS), plus_days(today, BEFORE[1] + 1));
        let registered_by = now.checked_sub(A_DAY).map_err(AppError::fault)?;
        let mut events = Vec::new();
        for slug in self.store.not_launched(days, registered_by).await? {
            match self.about_launch(&slug, now, company).await {
                Ok(some) => events.extend(some),
                // One that cannot be read must not keep the others from being reminded.
                Err(error) => tracing::error!("nobody can be reminded of {slug}: {error}"),
            }
        }
        Ok(events)
    }

    async fn about_launch(
        &self,
        slug: &ReleaseSlug,
        now: Timestamp,
        company: &Organisation,
    ) -> Result<Vec<NewEvent>> {
        let facts = self.facts(slug).await?;
        let team = self.team(&facts.release.team).await?;
        if company.working_from(now, &zone(&team.time_zone)) != now {
            return Ok(Vec::new());
        }
        let mut events: Vec<NewEvent> = before_launch(&facts, &team, now).into_iter().collect();
        let key = format!("{} {}", facts.release.slug, facts.release.planned);
        let asked = self.store.event_at(EventKind::NotLaunched, &format!("{key} owner")).await?;
        events.extend(after_planned(&facts, &team, company, (now, asked)));
        Ok(events)
    }

    /// Reminders about values that verdicts waited for in vain, while people work.
    pub(super) async fn data_nudges(&self, now: Timestamp, company: &Organisation) -> Result<Vec<NewEvent>> {
        let since = now.checked_sub(LOOKED_AT).map_err(AppError::fault)?;
        let mut events = Vec::new();
        for stale in self.store.stale_since(since).await? {
            match self.late_metrics(&stale, now, company).await {
                Ok(some) => events.extend(some),
                Err(error) => tracing::error!("nobody can be reminded of {}: {error}", stale.at),
            }
        }
        Ok(events)
    }

    async fn late_metrics(
        &self,
        stale: &Stale,
        now: Timestamp,
        company: &Organisation,
    ) -> Result<Vec<NewEvent>> {
        let facts = self.facts(&stale.at.release).await?;
        let Some(launch) = facts.launch.as_ref().filter(|_| facts.cancelled.is_none()) else {
            return Ok(Vec::new());
        };
        let own = self.team(&facts.release.team).await?;
        if company.working_from(now, &zone(&own.time_zone)) != now {
            return Ok(Vec::new());
        }
        let terms = self.terms(stale.terms).await?;
        let (checkpoint, team) = (stale.at.checkpoint, zone(&terms.time_zone));
        let moment = Moment { launch: launch.at, checkpoint, as_of: now, known_at: None, team };
        let Some(whole) = window(&stale.judgement.criterion, &moment) else { return Ok(Vec::new()) };
        let mut fetcher = Fetcher::new(&self.store);
        let mut events = Vec::new();
        for (name, key) in &stale.judgement.criterion.metrics {
            let Some((metric, complete)) = fetcher.metric(key, None).await? else { continue };
            let measured = measured(name, metric, complete);
            if measured.covers(whole, &moment) {
                continue;
            }
            let day = plus_days(day_of(measured.end(whole, &moment), &measured.zone), -1);
            let says = format!(
                "{key} is not complete through {day}, so {}/{checkpoint} is undecided ({})",
                facts.release.slug, facts.release.name
            );
            let advice = format!("import what is missing: yardstick import FILE --metric {key}");
            let name = |who: &str| format!("{}/{checkpoint} {key} {who}", facts.release.slug);
            let event = |who: &str, to: Vec<PersonId>| {
                nudge(EventKind::DataLate, name(who), &facts, now, (says.clone(), advice.clone()), to)
            };
            // Values may go on trickling in; the days count from when the owner was told.
            let told = self.store.event_at(EventKind::DataLate, &name("owner")).await?;
            events.push(event("owner", vec![measured.metric.owner.clone()]));
            if told.is_some_and(|told| now.duration_since(told) >= TEAM_HEARS_AFTER) {
                events.push(event("team", own.maintainers()));
            }
        }
        Ok(events)
    }
}

/// A release that is planned soon needs criteria, and a seal over them. One that need not be measured is reminded of
/// the seal only, where it has a goal.
fn before_launch(facts: &ReleaseFacts, team: &Team, now: Timestamp) -> Option<NewEvent> {
    let release = &facts.release;
    let left = days_between(day_of(now, &zone(&team.time_zone)), release.planned);
    let nearest = BEFORE.into_iter().find(|days| left <= *days).filter(|_| left >= 0)?;
    let has_goal = release.criteria.has_goal();
    let is_sealed = facts.seal.as_ref().is_some_and(|seal| seal.version == facts.version);
    let (kind, says, advice) = match (has_goal, is_sealed) {
        (true, true) => return None,
        (false, _) if !release.level.must_be_measured() => return None,
        (false, _) => (
            EventKind::NoCriteria,
            "has no goal, so nothing says what its success would be".to_owned(),
            format!("write goals into its file, then: yardstick apply, yardstick seal {}", release.slug),
        ),
        (true, false) => (
            EventKind::NotSealed,
            "has criteria that are not sealed".to_owned(),
            format!(
                "see whether they can be decided: yardstick check {0}, then: yardstick seal {0}",
                release.slug
            ),
        ),
    };
    let says = format!("{} ({}), planned {}, {says}", release.name, release.level, release.planned);
    let key = format!("{} {} d-{nearest}", release.slug, release.planned);
    Some(nudge(kind, key, facts, now, (says, advice), vec![release.owner.clone()]))
}

/// Whoever planned a launch says whether it happened. `asked`: when its owner was; the team is not before they had days
/// to answer.
fn after_planned(
    facts: &ReleaseFacts,
    team: &Team,
    company: &Organisation,
    (now, asked): (Timestamp, Option<Timestamp>),
) -> Vec<NewEvent> {
    let release = &facts.release;
    let zone = zone(&team.time_zone);
    let whom = [("owner", vec![release.owner.clone()]), ("team", team.maintainers())];
    let passed = |days: u32| {
        let last = company.working_days_after(release.planned, days);
        now >= start_of_day(plus_days(last, 1), &zone)
    };
    let had_days = asked.is_some_and(|asked| now.duration_since(asked) >= TEAM_HEARS_AFTER);
    let due =
        AFTER.into_iter().zip(whom).filter(|(days, (who, _))| passed(*days) && (*who == "owner" || had_days));
    due
        .map(|(_, (who, to))| {
            let says = format!(
                "{} ({}) was planned for {} and has not launched, as far as is known",
                release.name, release.level, release.planned
            );
            let advice = format!(
                "yardstick launch {0} --at INSTANT if it has, yardstick reschedule {0} or yardstick cancel {0} if not",
                release.slug
            );
            let key = format!("{} {} {who}", release.slug, release.planned);
            nudge(EventKind::NotLaunched, key, facts, now, (says, advice), to)
        })
        .collect()
}

fn nudge(
    kind: EventKind,
    key: String,
    facts: &ReleaseFacts,
    now: Timestamp,
    (says, advice): (String, String),
    to: Vec<PersonId>,
) -> NewEvent {
    NewEvent {
        kind,
        key,
        at: now,
        team: Some(facts.release.team.clone()),
        release: Some(facts.release.slug.clone()),
        verdict: None,
        urgent: false,
        says,
        advice: Some(advice),
        to: to.into_iter().collect::<BTreeSet<_>>().into_iter().collect(),
    }
}
