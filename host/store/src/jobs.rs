//! Jobs: put by whatever causes them in its own transaction, claimed by whichever worker is free.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::ids::{ReleaseSlug, SinkName, TeamKey};
use yardstick_domain::job::{Job, JobKind, JobState, Lane, NewJob, Priority};
use yardstick_domain::people::Actor;

use crate::audit::Act;
use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::page::Page;
use crate::releases::Sees;
use crate::rows::{Row, Value, values};

pub(crate) const COLUMNS: &str = "id, kind, key, team, release, priority, state, due_at, attempts, worker, created_at, \
                       started_at, ended_at, waits_for, error, result";

/// Which jobs to list. The default: all.
#[derive(Debug, Clone, Default)]
pub struct JobFilter {
    /// Where they stand.
    pub state: Option<JobState>,
    /// Of this kind.
    pub kind: Option<JobKind>,
    /// About this release.
    pub release: Option<ReleaseSlug>,
    /// About releases that whoever asks may see, or none.
    pub sees: Sees,
    /// Of deliveries only those to these sinks; `None`: all.
    pub sinks: Option<Vec<SinkName>>,
}

/// How many jobs there are, and how late the oldest is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobCounts {
    /// Those that wait for their time or for a worker.
    pub waiting: u64,
    /// Those that could run now.
    pub due: u64,
    /// Those that run.
    pub running: u64,
    /// Those that were given up.
    pub dead: u64,
    /// Since when the oldest that could run now could.
    pub oldest_due: Option<Timestamp>,
}

impl Store {
    /// Asks for jobs, all or none. One that is open already is not asked for twice: it is due at the earlier time,
    /// and one that runs will run again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_jobs(&self, jobs: &[NewJob], now: Timestamp) -> Result<()> {
        if jobs.is_empty() {
            return Ok(());
        }
        let mut tx = self.write().await?;
        tx.lock(Lock::Jobs).await?;
        for job in jobs {
            tx.insert_job(job, now).await?;
        }
        tx.wake().await?;
        tx.commit().await
    }

    /// A job; `None`: there is none of this number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn job(&self, id: i64) -> Result<Option<Job>> {
        let sql = format!("SELECT {COLUMNS} FROM jobs WHERE id = $1");
        let row = self.optional(AssertSqlSafe(sql), values![id]).await?;
        row.as_ref().map(job).transpose()
    }

    /// Jobs, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn jobs(&self, filter: &JobFilter, before: Option<i64>, limit: u32) -> Result<Page<Job, i64>> {
        let mut sql = format!("SELECT {COLUMNS} FROM jobs WHERE id < $1");
        let mut values: Vec<Value> = values![before.unwrap_or(i64::MAX)];
        if let Some(state) = filter.state {
            values.push(state.as_str().into());
            sql += &format!(" AND state = ${}", values.len());
        }
        if let Some(kind) = filter.kind {
            values.push(kind.as_str().into());
            sql += &format!(" AND kind = ${}", values.len());
        }
        if let Some(release) = &filter.release {
            values.push(release.as_str().into());
            sql += &format!(" AND release = ${}", values.len());
        }
        if let Some(sinks) = &filter.sinks {
            sql += " AND (kind <> 'deliver'";
            for sink in sinks {
                values.push(format!("%/{sink}").into());
                sql += &format!(" OR key LIKE ${}", values.len());
            }
            sql += ")";
        }
        if filter.sees != Sees::Everything {
            let condition = filter.sees.condition(&mut values);
            sql += &format!(
                " AND (release IS NULL OR EXISTS (SELECT 1 FROM releases r WHERE r.slug = jobs.release{condition}))"
            );
        }
        values.push((i64::from(limit) + 1).into());
        sql += &format!(" ORDER BY id DESC LIMIT ${}", values.len());
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let items = rows.iter().map(job).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, limit, |job| job.id))
    }

    /// Puts a job that was given up or cancelled, or that waits, in line now.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it runs, is done, or there is another open job about the same.
    pub async fn retry_job(&self, id: i64, by: &Actor, now: Timestamp) -> Result<Job> {
        let mut tx = self.write().await?;
        let found = tx.require_job(id).await?;
        match found.state {
            JobState::Waiting | JobState::Dead | JobState::Cancelled => {}
            JobState::Running => return Err(StoreError::conflict(format!("job {id} is running"))),
            JobState::Done => {
                return Err(StoreError::conflict(format!("job {id} is done; there is nothing to try again")));
            }
        }
        let sql = "SELECT id FROM jobs WHERE kind = $1 AND key = $2 AND state IN ('waiting', 'running') AND id <> $3";
        let values = values![found.kind.as_str(), found.key.as_str(), id];
        if let Some(row) = tx.optional(sql, values).await? {
            let other: i64 = row.get("id")?;
            return Err(StoreError::conflict(format!("job {other} does the same as {id} would")));
        }
        let sql = format!(
            "UPDATE jobs SET state = 'waiting', due_at = $1, wanted_at = $1, attempts = 0, ended_at = NULL, \
             waits_for = NULL WHERE id = $2 RETURNING {COLUMNS}"
        );
        let row = tx.one(AssertSqlSafe(sql), values![now, id]).await?;
        let job = job(&row)?;
        if let Some(sink) = job.sink() {
            tx.wake_sink(&sink, now).await?;
        }
        let detail = serde_json::json!({ "kind": job.kind, "key": job.key });
        tx.audit(Act { action: "retry-job", subject: format!("job {id}"), detail, by, at: now }).await?;
        tx.wake().await?;
        tx.commit().await?;
        Ok(job)
    }

    /// Takes a job that waits or was given up out of line.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it runs or has ended.
    pub async fn cancel_job(&self, id: i64, by: &Actor, now: Timestamp) -> Result<Job> {
        let mut tx = self.write().await?;
        let found = tx.require_job(id).await?;
        if !matches!(found.state, JobState::Waiting | JobState::Dead) {
            let state = found.state.as_str();
            return Err(StoreError::conflict(format!("job {id} is {state}, so it cannot be cancelled")));
        }
        let sql = format!(
            "UPDATE jobs SET state = 'cancelled', ended_at = $1, waits_for = NULL, result = $2 WHERE id = $3 \
             RETURNING {COLUMNS}"
        );
        let row = tx.one(AssertSqlSafe(sql), values![now, format!("cancelled by {by}"), id]).await?;
        let job = job(&row)?;
        let detail = serde_json::json!({ "kind": job.kind, "key": job.key });
        tx.audit(Act { action: "cancel-job", subject: format!("job {id}"), detail, by, at: now }).await?;
        // One that was given up was told of then.
        // Of one that was given and is looked at again, the newest revision stands.
        let is_due = job.priority <= Priority::DUE;
        if let (JobKind::Judge, JobState::Waiting, true, Some(release)) =
            (job.kind, found.state, is_due, &job.release)
        {
            tx.verdict_cancelled(&job, release, now).await?;
        }
        tx.commit().await?;
        Ok(job)
    }

    /// How many there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn job_counts(&self, now: Timestamp) -> Result<JobCounts> {
        let mut tx = self.read().await?;
        let sql = "SELECT COUNT(*) AS waiting, \
                   COALESCE(SUM(CASE WHEN due_at <= $1 THEN 1 ELSE 0 END), 0) AS due, \
                   MIN(CASE WHEN due_at <= $1 THEN due_at END) AS oldest FROM jobs WHERE state = 'waiting'";
        let waiting = tx.one(sql, values![now]).await?;
        let mut counted = Vec::new();
        for state in [JobState::Running, JobState::Dead] {
            let sql = "SELECT COUNT(*) AS n FROM jobs WHERE state = $1";
            counted.push(tx.one(sql, values![state.as_str()]).await?.count("n")?);
        }
        Ok(JobCounts {
            waiting: waiting.count("waiting")?,
            due: waiting.count("due")?,
            running: counted[0],
            dead: counted[1],
            oldest_due: waiting.maybe_instant("oldest")?,
        })
    }

    /// When the next job of a lane is due, as far as is known now; `None`: none waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_job_at(&self, lane: Lane) -> Result<Option<Timestamp>> {
        let of = of_lane(lane);
        let sql = format!(
            "SELECT MIN(at) AS at FROM (SELECT MIN(due_at) AS at FROM jobs WHERE state = 'waiting' AND {of} \
             UNION ALL SELECT MIN(lease_until) FROM jobs WHERE state = 'running' AND {of}) AS soon"
        );
        self.one(AssertSqlSafe(sql), values![]).await?.maybe_instant("at")
    }
}

impl Tx {
    /// As [`Store::put_jobs`], for one, within the transaction of its cause.
    pub(crate) async fn put_job(&mut self, job: &NewJob, now: Timestamp) -> Result<()> {
        self.insert_job(job, now).await?;
        self.wake().await
    }

    async fn insert_job(&mut self, job: &NewJob, now: Timestamp) -> Result<()> {
        let sql = "INSERT INTO jobs (kind, key, team, release, priority, state, due_at, wanted_at, created_at) \
                   VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8) \
                   ON CONFLICT (kind, key) WHERE state IN ('waiting', 'running') DO UPDATE SET \
                   wanted_at = CASE WHEN excluded.wanted_at < COALESCE(jobs.wanted_at, jobs.due_at) \
                   THEN excluded.wanted_at ELSE jobs.wanted_at END, \
                   due_at = CASE WHEN excluded.due_at < jobs.due_at THEN excluded.due_at ELSE jobs.due_at END, \
                   priority = CASE WHEN excluded.priority < jobs.priority THEN excluded.priority \
                   ELSE jobs.priority END, \
                   again = CASE WHEN jobs.state = 'running' THEN TRUE ELSE jobs.again END";
        let values = values![
            job.kind.as_str(),
            job.key.as_str(),
            job.team.as_ref().map_or("", TeamKey::as_str),
            job.release.as_ref().map(ReleaseSlug::as_str),
            job.priority.0,
            job.due_at,
            // Nobody could have done it before it was asked for.
            job.due_at.max(now),
            now,
        ];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Takes the open jobs that verdicts of a release come from out of line; what runs finds out by itself. What is to
    /// be delivered about it is delivered.
    pub(crate) async fn cancel_jobs_of(
        &mut self,
        release: &ReleaseSlug,
        why: &str,
        now: Timestamp,
    ) -> Result<()> {
        let sql = "UPDATE jobs SET state = 'cancelled', ended_at = $1, waits_for = NULL, result = $2 \
                   WHERE release = $3 AND kind <> 'deliver' AND state IN ('waiting', 'dead')";
        self.execute(sql, values![now, why, release.as_str()]).await?;
        Ok(())
    }

    /// Takes the job that judges a release at a checkpoint out of line.
    pub(crate) async fn cancel_job_of(
        &mut self,
        release: &ReleaseSlug,
        checkpoint: Checkpoint,
        now: Timestamp,
    ) -> Result<()> {
        let sql = "UPDATE jobs SET state = 'cancelled', ended_at = $1, waits_for = NULL, result = $2 \
                   WHERE kind = 'judge' AND key = $3 AND state = 'waiting'";
        let key = format!("{release}/{checkpoint}");
        self.execute(sql, values![now, "the decision that added it was withdrawn", key]).await?;
        Ok(())
    }

    async fn require_job(&mut self, id: i64) -> Result<Job> {
        let sql = match self {
            Self::Sqlite { .. } => format!("SELECT {COLUMNS} FROM jobs WHERE id = $1"),
            Self::Postgres(_) => format!("SELECT {COLUMNS} FROM jobs WHERE id = $1 FOR UPDATE"),
        };
        match self.optional(AssertSqlSafe(sql), values![id]).await? {
            Some(row) => job(&row),
            None => Err(StoreError::not_found(format!("job {id}"))),
        }
    }
}

/// The condition that jobs are of a lane: as the indexes have it.
pub(crate) fn of_lane(lane: Lane) -> &'static str {
    match lane {
        Lane::Verdicts => "kind <> 'deliver'",
        Lane::Deliveries => "kind = 'deliver'",
    }
}

pub(crate) fn job(row: &Row) -> Result<Job> {
    let (kind, state, team): (String, String, String) =
        (row.get("kind")?, row.get("state")?, row.get("team")?);
    let unknown = |what: &str| StoreError::corrupt(format!("a job is {what}"));
    Ok(Job {
        id: row.get("id")?,
        kind: JobKind::ALL.into_iter().find(|known| known.as_str() == kind).ok_or_else(|| unknown(&kind))?,
        key: row.get("key")?,
        team: if team.is_empty() { None } else { Some(row.parse("team")?) },
        release: row.maybe_parse("release")?,
        priority: Priority(row.count("priority")?),
        state: JobState::ALL
            .into_iter()
            .find(|known| known.as_str() == state)
            .ok_or_else(|| unknown(&state))?,
        due_at: row.instant("due_at")?,
        attempts: row.count("attempts")?,
        worker: row.get("worker")?,
        created_at: row.instant("created_at")?,
        started_at: row.maybe_instant("started_at")?,
        ended_at: row.maybe_instant("ended_at")?,
        waits_for: row.get("waits_for")?,
        error: row.get("error")?,
        result: row.get("result")?,
    })
}
