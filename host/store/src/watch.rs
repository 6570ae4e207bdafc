//! What nobody does anything to cause, and has to be looked for: days that pass, values that do not come.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::AssertSqlSafe;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::job::{Job, Priority};
use yardstick_domain::verdict::{Judgement, Standing, VerdictRef};

use crate::database::Store;
use crate::error::Result;
use crate::jobs::{COLUMNS, job};
use crate::rows::values;
use crate::verdicts::nth;

/// A criterion that a metric's values were missing for when it was judged.
#[derive(Debug, Clone)]
pub struct Stale {
    /// The verdict, the newest of its checkpoint.
    pub at: VerdictRef,
    /// The terms it was judged by.
    pub terms: Digest,
    /// When it was judged.
    pub judged_at: Timestamp,
    /// The criterion.
    pub judgement: Judgement,
}

impl Store {
    /// Releases planned within these days and registered by then that neither launched nor were cancelled, by day.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn not_launched(
        &self,
        (from, to): (Date, Date),
        registered_by: Timestamp,
    ) -> Result<Vec<ReleaseSlug>> {
        let sql = "SELECT r.slug FROM releases r WHERE r.planned >= $1 AND r.planned <= $2 AND r.registered_at <= $3 \
                   AND NOT EXISTS (SELECT 1 FROM launches l WHERE l.release = r.slug AND l.undone_at IS NULL) \
                   AND NOT EXISTS (SELECT 1 FROM cancellations c WHERE c.release = r.slug) \
                   ORDER BY r.planned, r.slug";
        let rows = self.all(sql, values![from.to_string(), to.to_string(), registered_by]).await?;
        rows.iter().map(|row| row.parse("slug")).collect()
    }

    /// How many verdicts could have been given before an instant, and were not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn overdue_count(&self, before: Timestamp) -> Result<u64> {
        let sql = "SELECT COUNT(*) AS n FROM jobs WHERE state IN ('waiting', 'running') AND kind = 'judge' \
                   AND priority <= $1 AND COALESCE(wanted_at, due_at) < $2";
        self.one(sql, values![Priority::DUE.0, before]).await?.count("n")
    }

    /// Jobs for verdicts that could have been given before an instant, and were not; the oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn overdue_verdicts(&self, before: Timestamp, limit: u32) -> Result<Vec<(Job, Timestamp)>> {
        let sql = format!(
            "SELECT {COLUMNS}, COALESCE(wanted_at, due_at) AS wanted FROM jobs \
             WHERE state IN ('waiting', 'running') AND kind = 'judge' AND priority <= $1 \
             AND COALESCE(wanted_at, due_at) < $2 ORDER BY wanted, id LIMIT $3"
        );
        let rows = self.all(AssertSqlSafe(sql), values![Priority::DUE.0, before, limit]).await?;
        rows.iter().map(|row| Ok((job(row)?, row.instant("wanted")?))).collect()
    }

    /// Since when the oldest event waits to be delivered that could be; `None`: none does.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn oldest_undelivered(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        let sql = "SELECT MIN(COALESCE(wanted_at, due_at)) AS at FROM jobs WHERE kind = 'deliver' \
                   AND state IN ('waiting', 'running') AND COALESCE(wanted_at, due_at) <= $1";
        self.one(sql, values![now]).await?.maybe_instant("at")
    }

    /// Criteria whose metric's values were missing in the newest official verdicts judged since, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stale_since(&self, since: Timestamp) -> Result<Vec<Stale>> {
        let sql = "SELECT v.release, v.checkpoint, v.number, v.terms, v.judged_at, f.judgement \
                   FROM findings f JOIN verdicts v ON v.id = f.verdict \
                   WHERE f.code = 'stale' AND v.standing = 'official' AND v.judged_at >= $1 \
                   AND NOT EXISTS (SELECT 1 FROM verdicts w WHERE w.release = v.release \
                   AND w.standing = 'official' AND w.checkpoint = v.checkpoint AND w.number > v.number) \
                   ORDER BY v.id, f.position";
        let rows = self.all(sql, values![since]).await?;
        rows.iter()
            .map(|row| {
                let release: ReleaseSlug = row.parse("release")?;
                let checkpoint = crate::verdicts::checkpoint(row)?;
                let judgement = row.json("judgement", &format!("{release}/{checkpoint}"))?;
                let number = nth(Standing::Official, row.count("number")?);
                Ok(Stale {
                    at: VerdictRef { release, checkpoint, number },
                    terms: row.parse("terms")?,
                    judged_at: row.instant("judged_at")?,
                    judgement,
                })
            })
            .collect()
    }
}
