//! How the service fares: what needs somebody.

use jiff::{SignedDuration, Timestamp};
use yardstick_domain::ids::{MetricKey, PersonId, PluginName};
use yardstick_domain::people::Actor;
use yardstick_domain::time::{day_of, plus_days, start_of_day, zone};
use yardstick_store::{JobCounts, Sees};

use crate::error::{AppError, Result};
use crate::outbox::OVERDUE;
use crate::{App, Caller};

/// Jobs that could be done for this long, and were not: no worker works, or there are too few.
const LATE: SignedDuration = SignedDuration::from_mins(15);
/// How long whoever watches is told the same.
const LATELY: SignedDuration = SignedDuration::from_secs(5);
/// An event that could be delivered for this long, and was not, needs somebody.
const UNDELIVERED: SignedDuration = SignedDuration::from_hours(1);

/// Overdue verdicts that are named.
const NAMED: u32 = 5;

/// How the service fares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Jobs, and how late the oldest is.
    pub jobs: JobCounts,
    /// Whether the oldest job that could run has been waiting for longer than it should.
    pub late_jobs: bool,
    /// Official verdicts that could have been given for an hour, and were not: where, and since when; the oldest few first.
    pub overdue: Vec<(String, Timestamp)>,
    /// How many there are.
    pub overdue_count: u64,
    /// Since when the oldest event could be delivered and was not; `None`: none waits.
    pub undelivered: Option<Timestamp>,
    /// Whether it waits for longer than it should.
    pub undelivered_long: bool,
    /// Metrics whose values are later than promised, by key.
    pub late: Vec<LateMetric>,
    /// Plugins that are suspended, by name.
    pub suspended: Vec<PluginName>,
    /// Sentences about judges of this build that are not loaded.
    pub not_loaded: Vec<String>,
}

/// A metric whose values are later than promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateMetric {
    /// Its key.
    pub key: MetricKey,
    /// Who answers for it.
    pub owner: PersonId,
    /// When the next day was promised.
    pub promised: Timestamp,
}

impl App {
    /// How the service fared at most a few seconds ago, for those who watch it all the time: however many, they cost no
    /// more than one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn status_lately(&self) -> Result<Status> {
        let now = (self.clock)();
        let mut watched = self.watched.lock().await;
        if let Some((at, status)) = &*watched
            && now.duration_since(*at) < LATELY
        {
            return Ok(status.clone());
        }
        let status = self.status(&Caller::here(Actor::Host, now)).await?;
        *watched = Some((now, status.clone()));
        Ok(status)
    }

    /// How the service fares.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn status(&self, caller: &Caller) -> Result<Status> {
        let jobs = self.store.job_counts(caller.now).await?;
        let before = caller.now.checked_sub(OVERDUE).map_err(AppError::fault)?;
        let overdue_count = self.store.overdue_count(before).await?;
        let overdue = self.store.overdue_verdicts(before, NAMED).await?;
        let undelivered = self.store.oldest_undelivered(caller.now).await?;
        let sees = self.sees(caller).await?;
        let mut shown = Vec::new();
        for (job, since) in overdue {
            let hidden = match &job.release {
                Some(release) if sees != Sees::Everything => !self.is_visible(&sees, release).await?,
                _ => false,
            };
            // That there is one is no secret.
            shown.push((if hidden { "a private release's".to_owned() } else { job.key }, since));
        }
        let longer = |than: SignedDuration| move |since: Timestamp| caller.now.duration_since(since) > than;
        let mut late = Vec::new();
        for (metric, complete) in self.store.watermarks().await? {
            // Of what never had a value nobody knows when it should begin.
            let Some(complete) = complete else { continue };
            let zone = zone(&metric.time_zone);
            let next = start_of_day(plus_days(day_of(complete, &zone), 1), &zone);
            let Ok(promised) = next.checked_add(metric.fresh_within) else { continue };
            if promised < caller.now {
                late.push(LateMetric { key: metric.key, owner: metric.owner, promised });
            }
        }
        let suspended = self.store.suspended_plugins().await?;
        Ok(Status {
            late_jobs: jobs.oldest_due.is_some_and(longer(LATE)),
            overdue: shown,
            overdue_count,
            undelivered,
            undelivered_long: undelivered.is_some_and(longer(UNDELIVERED)),
            jobs,
            late,
            suspended: suspended.into_iter().map(|(name, ..)| name).collect(),
            not_loaded: self.judges_not_loaded(),
        })
    }
}
