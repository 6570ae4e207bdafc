//! Tries: jobs are claimed with a lease, held, and ended. What was not held in time is taken over.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;
use yardstick_domain::job::{Ended, Job, LEASE, Lane, next_try};

use crate::database::{Store, Tx};
use crate::error::Result;
use crate::jobs::{COLUMNS, job, of_lane};
use crate::rows::values;

/// Says what time it is.
pub type Clock<'a> = dyn Fn() -> Timestamp + Send + Sync + 'a;

/// Until when a worker that was heard of now need not be heard of again.
fn lease(now: Timestamp) -> Timestamp {
    now.checked_add(LEASE).unwrap_or(Timestamp::MAX)
}

impl Store {
    /// Takes the next job of a lane that is due: of the highest priority, of the team with the fewest running, of these
    /// the one that has waited longest for its turn; `None`: there is none. Two workers never take the same one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_job(&self, worker: &str, lane: Lane, clock: &Clock<'_>) -> Result<Option<Job>> {
        let mut tx = self.write().await?;
        // Only now: whoever waited for their turn to write would begin with a lease that is over.
        let job = tx.claim(worker, lane, clock()).await?;
        tx.commit().await?;
        Ok(job)
    }

    /// Says that this worker still does these jobs; those that were taken over by others meanwhile stay theirs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hold_jobs(&self, worker: &str, ids: &[i64], clock: &Clock<'_>) -> Result<()> {
        for id in ids {
            // Each by itself: whoever changes several at once takes them in another order.
            let mut tx = self.write().await?;
            let sql = "UPDATE jobs SET lease_until = $1 WHERE id = $2 AND state = 'running' AND worker = $3";
            tx.execute(sql, values![lease(clock()), *id, worker]).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Ends the try that was claimed as `job`. If it was taken over from this worker meanwhile, it is left as it is:
    /// `false`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_job(&self, job: &Job, ended: &Ended, now: Timestamp) -> Result<bool> {
        let mut tx = self.write().await?;
        let is_ended = tx.end(job, ended, now).await?;
        tx.commit().await?;
        Ok(is_ended)
    }

    /// As [`Store::end_job`], and takes the next one of its lane in the same transaction, as [`Store::claim_job`] does: a worker
    /// that has much to do waits for the disk once between two jobs, not twice.
    ///
    /// # Errors
    /// When the database fails; then nothing was ended either.
    pub async fn end_and_claim(
        &self,
        job: &Job,
        ended: &Ended,
        worker: &str,
        clock: &Clock<'_>,
    ) -> Result<Option<Job>> {
        let mut tx = self.write().await?;
        let now = clock();
        tx.end(job, ended, now).await?;
        let next = tx.claim(worker, job.kind.lane(), now).await?;
        tx.commit().await?;
        Ok(next)
    }
}

impl Tx {
    async fn claim(&mut self, worker: &str, lane: Lane, now: Timestamp) -> Result<Option<Job>> {
        let lease_until = lease(now);
        self.take_over(now).await?;
        let Some((id, team)) = self.next_due(lane, now).await? else { return Ok(None) };
        let sql = format!(
            "UPDATE jobs SET state = 'running', worker = $1, lease_until = $2, started_at = $3, \
             attempts = attempts + 1, again = FALSE, waits_for = NULL WHERE id = $4 RETURNING {COLUMNS}"
        );
        let values = values![worker, lease_until, now, id];
        let row = self.one(AssertSqlSafe(sql), values).await?;
        let sql = "INSERT INTO job_turns (team, turn) SELECT $1, COALESCE(MAX(turn), 0) + 1 FROM job_turns WHERE TRUE \
                   ON CONFLICT (team) DO UPDATE SET turn = excluded.turn";
        self.execute(sql, values![format!("{}{team}", turns(lane))]).await?;
        job(&row).map(Some)
    }

    /// The next job of a lane that is due and that nobody else is just taking, with its team.
    async fn next_due(&mut self, lane: Lane, now: Timestamp) -> Result<Option<(i64, String)>> {
        let (of, turns) = (of_lane(lane), turns(lane));
        // Each priority and team that has jobs waiting is a line, of which the index gives the first one that is due,
        // however many wait behind it. Each lane has turns of its own.
        let sql = format!(
            "WITH RECURSIVE lines (priority, team) AS (SELECT * FROM (SELECT priority, team FROM jobs \
             WHERE state = 'waiting' AND {of} ORDER BY priority, team LIMIT 1) first \
             UNION ALL SELECT j.priority, j.team FROM lines l CROSS JOIN jobs j WHERE j.id = COALESCE( \
             (SELECT x.id FROM jobs x WHERE x.state = 'waiting' AND x.{of} AND x.priority = l.priority \
             AND x.team > l.team ORDER BY x.team LIMIT 1), \
             (SELECT x.id FROM jobs x WHERE x.state = 'waiting' AND x.{of} AND x.priority > l.priority \
             ORDER BY x.priority, x.team LIMIT 1))) \
             SELECT l.priority, l.team FROM lines l JOIN jobs j ON j.id = \
             (SELECT x.id FROM jobs x WHERE x.state = 'waiting' AND x.{of} AND x.priority = l.priority \
             AND x.team = l.team AND x.due_at <= $1 ORDER BY x.due_at, x.id LIMIT 1) \
             LEFT JOIN (SELECT team, COUNT(*) AS busy FROM jobs WHERE state = 'running' AND {of} GROUP BY team) r \
             ON r.team = l.team LEFT JOIN job_turns t ON t.team = '{turns}' || l.team \
             ORDER BY l.priority, COALESCE(r.busy, 0), COALESCE(t.turn, 0), j.due_at, j.id"
        );
        // Others' claims are passed over, not waited for.
        let skip = match self {
            Self::Sqlite { .. } => "",
            Self::Postgres(_) => " FOR UPDATE SKIP LOCKED",
        };
        for line in self.all(AssertSqlSafe(sql), values![now]).await? {
            let (priority, team): (i64, String) = (line.get("priority")?, line.get("team")?);
            let sql = format!(
                "SELECT id FROM jobs WHERE state = 'waiting' AND {of} AND priority = $1 AND team = $2 AND due_at <= $3 \
                 ORDER BY due_at, id LIMIT 1{skip}"
            );
            let values = values![priority, team.as_str(), now];
            if let Some(row) = self.optional(AssertSqlSafe(sql), values).await? {
                return Ok(Some((row.get("id")?, team)));
            }
        }
        Ok(None)
    }

    async fn end(&mut self, job: &Job, ended: &Ended, now: Timestamp) -> Result<bool> {
        let (id, worker) = (job.id, job.worker.as_deref());
        // Held, so that whoever asks for it again meanwhile waits, and finds it ended.
        let held = match self {
            Self::Sqlite { .. } => "",
            Self::Postgres(_) => " FOR UPDATE",
        };
        let sql = format!(
            "SELECT attempts, again FROM jobs WHERE id = $1 AND state = 'running' AND worker = $2 \
             AND started_at = $3 AND attempts = $4{held}"
        );
        let values = values![id, worker, job.started_at, job.attempts];
        let Some(row) = self.optional(AssertSqlSafe(sql), values).await? else { return Ok(false) };
        let (attempts, again): (u32, bool) = (row.count("attempts")?, row.get("again")?);
        match ended {
            Ended::Done(result) if again => {
                let sql = "UPDATE jobs SET state = 'waiting', due_at = $1, wanted_at = $1, attempts = 0, worker = NULL, \
                           lease_until = NULL, error = NULL, result = $2 WHERE id = $3";
                self.execute(sql, values![now, result.as_str(), id]).await?;
            }
            Ended::Done(result) => {
                let sql = "UPDATE jobs SET state = 'done', ended_at = $1, worker = NULL, lease_until = NULL, \
                           error = NULL, result = $2 WHERE id = $3";
                self.execute(sql, values![now, result.as_str(), id]).await?;
            }
            Ended::Later { at, waits_for } => {
                let at = if again { now } else { *at };
                let sql = "UPDATE jobs SET state = 'waiting', due_at = $1, wanted_at = $1, attempts = 0, worker = NULL, \
                           lease_until = NULL, error = NULL, waits_for = $2 WHERE id = $3";
                self.execute(sql, values![at, waits_for.as_str(), id]).await?;
            }
            Ended::NotNow { at, waits_for } => {
                let sql = "UPDATE jobs SET state = 'waiting', due_at = $1, attempts = $2, worker = NULL, \
                           lease_until = NULL, waits_for = $3 WHERE id = $4";
                self.execute(sql, values![*at, attempts.saturating_sub(1), waits_for.as_str(), id]).await?;
            }
            Ended::Failed(why) => self.failed(id, (attempts, again), (why, Again::When(None)), now).await?,
            Ended::FailedUntil { why, at } => {
                self.failed(id, (attempts, again), (why, Again::When(Some(*at))), now).await?;
            }
            Ended::GivenUp(why) => self.failed(id, (attempts, again), (why, Again::Never), now).await?,
        }
        Ok(true)
    }

    /// Jobs whose worker has gone count as tried.
    async fn take_over(&mut self, now: Timestamp) -> Result<()> {
        let skip = match self {
            Self::Sqlite { .. } => "",
            Self::Postgres(_) => " FOR UPDATE SKIP LOCKED",
        };
        let sql = format!(
            "SELECT id, attempts, again, worker FROM jobs WHERE state = 'running' AND lease_until < $1{skip}"
        );
        for row in self.all(AssertSqlSafe(sql), values![now]).await? {
            let worker: String = row.get("worker")?;
            let why = format!("the worker {worker} went away while it ran");
            let tried = (row.count("attempts")?, row.get("again")?);
            self.failed(row.get("id")?, tried, (&why, Again::When(None)), now).await?;
        }
        Ok(())
    }

    /// A try failed. `tried`: which one it was, from 1; `again`: it was asked for again while it ran; `why`, and how it is
    /// tried again. A job that is given up is an event.
    async fn failed(
        &mut self,
        id: i64,
        (tried, again): (u32, bool),
        (why, how): (&str, Again),
        now: Timestamp,
    ) -> Result<()> {
        let (next, not_before) = match how {
            Again::When(not_before) => (next_try(tried, now), not_before),
            Again::Never => (None, None),
        };
        let (state, at, ended, attempts) = match next {
            Some(at) => ("waiting", not_before.map_or(at, |other| other.max(at)), None, tried),
            // Somebody wants it anew, for a reason that the tries before did not know.
            None if again => ("waiting", now, None, 0),
            None => ("dead", now, Some(now), tried),
        };
        let sql = format!(
            "UPDATE jobs SET state = $1, due_at = $2, ended_at = $3, attempts = $4, worker = NULL, \
             lease_until = NULL, error = $5 WHERE id = $6 RETURNING {COLUMNS}"
        );
        let row = self.one(AssertSqlSafe(sql), values![state, at, ended, attempts, why, id]).await?;
        if state == "dead" {
            self.given_up(&job(&row)?, now).await?;
        }
        Ok(())
    }
}

/// When what failed is tried again.
#[derive(Debug, Clone, Copy)]
enum Again {
    /// When the next try is due, or at this instant where that is later.
    When(Option<Timestamp>),
    /// Not at all.
    Never,
}

/// What keeps the turns of lanes apart: no team is called so.
fn turns(lane: Lane) -> &'static str {
    match lane {
        Lane::Verdicts => "",
        Lane::Deliveries => "deliver ",
    }
}
