//! What makes jobs due: launches, values that arrive.

use jiff::Timestamp;
use serde_json::json as object;
use yardstick_domain::ids::{MetricKey, ReleaseSlug};
use yardstick_domain::job::{JobKind, NewJob, Priority};
use yardstick_domain::people::Actor;

use crate::database::{Lock, Store, Tx};
use crate::error::Result;
use crate::rows::values;

impl Store {
    /// Brings the waiting jobs about a release that wait for something forward to now: how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wake_jobs_of(&self, release: &ReleaseSlug, now: Timestamp) -> Result<u64> {
        let mut tx = self.write().await?;
        let sql = "UPDATE jobs SET due_at = $1 WHERE release = $2 AND kind = 'judge' AND state = 'waiting' \
                   AND due_at > $1 AND waits_for IS NOT NULL";
        let woken = tx.execute(sql, values![now, release.as_str()]).await?;
        // One that runs may have looked before the values were there.
        let sql = "UPDATE jobs SET again = TRUE WHERE release = $1 AND kind = 'judge' AND state = 'running'";
        tx.execute(sql, values![release.as_str()]).await?;
        tx.wake().await?;
        tx.commit().await?;
        Ok(woken)
    }

    /// Releases that have launched, were not cancelled, and have never had a job that judges them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn launched_without_jobs(&self) -> Result<Vec<ReleaseSlug>> {
        let sql = "SELECT l.release FROM launches l WHERE l.undone_at IS NULL \
                   AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.release = l.release AND j.kind = 'judge') \
                   AND NOT EXISTS (SELECT 1 FROM cancellations c WHERE c.release = l.release) \
                   ORDER BY l.release";
        let rows = self.read().await?.all(sql, values![]).await?;
        rows.iter().map(|row| row.parse("release")).collect()
    }

    /// Releases that have launched, were not cancelled, and whose sealed terms name this metric.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn launched_with(&self, metric: &MetricKey) -> Result<Vec<ReleaseSlug>> {
        let sql = "SELECT DISTINCT s.release FROM terms_metrics m JOIN seals s ON s.hash = m.terms \
                   JOIN launches l ON l.release = s.release AND l.undone_at IS NULL \
                   WHERE m.metric = $1 \
                   AND NOT EXISTS (SELECT 1 FROM cancellations c WHERE c.release = s.release) \
                   ORDER BY s.release";
        let rows = self.read().await?.all(sql, values![metric.as_str()]).await?;
        rows.iter().map(|row| row.parse("release")).collect()
    }

    /// Writes down, once, that values arrived when a release's verdicts are no longer revised.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_late_values(
        &self,
        release: &ReleaseSlug,
        metric: &MetricKey,
        by: &Actor,
        at: Timestamp,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Release(release)).await?;
        let sql = "SELECT detail FROM release_events WHERE release = $1 AND kind = 'late-values'";
        let known = tx.all(sql, values![release.as_str()]).await?;
        let detail = object!({ "metric": metric });
        for row in known {
            if row.json::<serde_json::Value>("detail", "an event")? == detail {
                return Ok(());
            }
        }
        tx.event(release, at, by, "late-values", detail).await?;
        tx.commit().await
    }
}

impl Tx {
    /// Asks to look which verdicts the values of a metric concern, now that some arrived or were taken back.
    pub(crate) async fn values_arrived(&mut self, metric: &MetricKey, now: Timestamp) -> Result<()> {
        let job = NewJob {
            kind: JobKind::Arrived,
            key: metric.to_string(),
            team: None,
            release: None,
            priority: Priority::DUE,
            due_at: now,
        };
        self.put_job(&job, now).await
    }
}
