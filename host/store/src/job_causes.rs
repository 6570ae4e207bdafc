//! What makes jobs due: launches, values that arrive.

use jiff::Timestamp;
use serde_json::json as object;
use sqlx::AssertSqlSafe;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::{MetricKey, ReleaseSlug, TeamKey};
use yardstick_domain::job::{JobKind, NewJob, Priority};
use yardstick_domain::people::Actor;

use crate::database::{Lock, Store, Tx};
use crate::error::Result;
use crate::rows::values;

/// Launches `l` of releases that were not cancelled and whose sealed terms, or those of an amendment that was approved,
/// name the metric that is the first value.
const RESTING: &str = "FROM (SELECT s.release FROM terms_metrics m JOIN seals s ON s.hash = m.terms \
    WHERE m.metric = $1 UNION SELECT a.release FROM terms_metrics m JOIN amendments a ON a.hash = m.terms \
    WHERE m.metric = $1 AND a.approved_by IS NOT NULL) o \
    JOIN launches l ON l.release = o.release AND l.undone_at IS NULL WHERE TRUE \
    AND NOT EXISTS (SELECT 1 FROM cancellations c WHERE c.release = l.release)";

/// A release whose official verdicts rest on a metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedWith {
    /// The release.
    pub release: ReleaseSlug,
    /// Its team.
    pub team: TeamKey,
    /// When it launched.
    pub launched_at: Timestamp,
    /// The hash of its sealed terms.
    pub terms: Digest,
    /// What is stored under it. The caller checks that it still hashes to it.
    pub bytes: Vec<u8>,
    /// The checkpoints that have an official verdict.
    pub checkpoints: Vec<Checkpoint>,
}

impl Store {
    /// Brings the jobs forward to now that wait for something and are about releases resting on a metric: how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wake_jobs_with(&self, metric: &MetricKey, now: Timestamp) -> Result<u64> {
        let mut tx = self.write().await?;
        tx.by_index().await?;
        tx.lock(Lock::Jobs).await?;
        // One that runs may have looked before the values were there. They come first: one that stops running to wait
        // is then found waiting.
        let sql = format!(
            "UPDATE jobs SET again = TRUE WHERE state = 'running' AND id IN (SELECT j.id \
             FROM (SELECT DISTINCT l.release {RESTING}) n CROSS JOIN jobs j \
             WHERE j.release = n.release AND j.state = 'running' AND j.kind = 'judge')"
        );
        tx.execute(AssertSqlSafe(sql), values![metric.as_str()]).await?;
        let sql = format!(
            "UPDATE jobs SET due_at = $2, wanted_at = $2 WHERE waits_for IS NOT NULL AND due_at > $2 AND id IN (SELECT j.id \
             FROM (SELECT DISTINCT l.release {RESTING}) n CROSS JOIN jobs j \
             WHERE j.release = n.release AND j.state = 'waiting' AND j.kind = 'judge')"
        );
        let woken = tx.execute(AssertSqlSafe(sql), values![metric.as_str(), now]).await?;
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
        let rows = self.all(sql, values![]).await?;
        rows.iter().map(|row| row.parse("release")).collect()
    }

    /// Releases that have launched, were not cancelled, have official verdicts, and whose sealed terms name this metric:
    /// by slug, those after `after`, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn judged_with(
        &self,
        metric: &MetricKey,
        after: Option<&ReleaseSlug>,
        limit: u32,
    ) -> Result<Vec<JudgedWith>> {
        let mut tx = self.read().await?;
        tx.by_index().await?;
        // A seal taken by or after a launch counts only while that launch stands; the newest one that counts does,
        // and an amendment that was approved before it.
        let sql = format!(
            "SELECT r.slug, r.team, l.launched_at, t.hash, t.bytes FROM (SELECT DISTINCT l.release {RESTING} \
             AND l.release > $2 AND EXISTS (SELECT 1 FROM verdicts v \
             WHERE v.release = l.release AND v.standing = 'official') ORDER BY l.release LIMIT $3) n \
             JOIN releases r ON r.slug = n.release \
             JOIN launches l ON l.release = n.release AND l.undone_at IS NULL \
             JOIN seals s ON s.id = (SELECT max(x.id) FROM seals x \
             WHERE x.release = n.release AND (x.launch IS NULL OR x.launch = l.id)) \
             JOIN terms t ON t.hash = COALESCE((SELECT a.hash FROM amendments a WHERE a.release = n.release \
             AND a.launch = l.id AND a.approved_by IS NOT NULL ORDER BY a.id DESC LIMIT 1), s.hash) \
             ORDER BY r.slug"
        );
        let after = after.map_or("", ReleaseSlug::as_str);
        let rows = tx.all(AssertSqlSafe(sql), values![metric.as_str(), after, limit]).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            let release = row.parse("slug")?;
            found.push(JudgedWith {
                checkpoints: tx.judged_checkpoints(&release).await?,
                release,
                team: row.parse("team")?,
                launched_at: row.instant("launched_at")?,
                terms: row.parse("hash")?,
                bytes: row.get("bytes")?,
            });
        }
        Ok(found)
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
