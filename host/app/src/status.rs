//! How the service fares: what needs somebody.

use jiff::{SignedDuration, Timestamp};
use yardstick_domain::ids::{MetricKey, PersonId, PluginName};
use yardstick_domain::time::{day_of, plus_days, start_of_day, zone};
use yardstick_store::JobCounts;

use crate::error::Result;
use crate::{App, Caller};

/// A verdict that could be given for this long, and was not, is overdue: no worker works, or there are too few.
const OVERDUE: SignedDuration = SignedDuration::from_mins(15);

/// How the service fares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Jobs, and how late the oldest is.
    pub jobs: JobCounts,
    /// Whether the oldest job that could run has been waiting for longer than it should.
    pub overdue: bool,
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
    /// How the service fares.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn status(&self, caller: &Caller) -> Result<Status> {
        let jobs = self.store.job_counts(caller.now).await?;
        let overdue = |since: Timestamp| caller.now.duration_since(since) > OVERDUE;
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
            overdue: jobs.oldest_due.is_some_and(overdue),
            jobs,
            late,
            suspended: suspended.into_iter().map(|(name, ..)| name).collect(),
            not_loaded: self.judges_not_loaded(),
        })
    }
}
