//! Work that comes due by itself: claimed, done, ended. Whatever is done twice does nothing the second time.

mod arrived;
mod judge;

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};

use futures_util::FutureExt as _;
use jiff::Timestamp;
use yardstick_domain::ids::{MetricKey, ReleaseSlug};
use yardstick_domain::job::{Ended, Job, JobKind, Lane, MOST_TRIES};
use yardstick_domain::people::Actor;
use yardstick_domain::verdict::VerdictRef;
use yardstick_store::{JobCounts, JobFilter, Page, Waker};

use crate::error::{AppError, Result};
use crate::judge::Stopped;
use crate::{App, Caller, crash};

pub(crate) use judge::verdict_job;

/// A job that runs in this process, for as long as this lives.
struct Running<'a>(&'a Mutex<BTreeMap<i64, u32>>, i64);

impl<'a> Running<'a> {
    fn begin(all: &'a Mutex<BTreeMap<i64, u32>>, job: i64) -> Self {
        // Twice, where another try of this process took it over before the first one ended.
        *all.lock().unwrap_or_else(PoisonError::into_inner).entry(job).or_default() += 1;
        Self(all, job)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.1);
            }
        }
    }
}

impl App {
    /// Does the next job that is due and verdicts come from, if there is one, in the name of `worker`, which names this process and no other.
    /// Whoever calls this holds the job meanwhile by [`App::hold_jobs`].
    ///
    /// # Errors
    /// When the database fails. What a job fails by is kept with the job.
    pub async fn work(&self, worker: &str) -> Result<Option<Job>> {
        self.work_in(Lane::Verdicts, worker).await
    }

    /// Makes the next delivery that is due, if there is one and this process has a courier. As [`App::work`].
    ///
    /// # Errors
    /// As [`App::work`].
    pub async fn deliver(&self, worker: &str) -> Result<Option<Job>> {
        self.work_in(Lane::Deliveries, worker).await
    }

    async fn work_in(&self, lane: Lane, worker: &str) -> Result<Option<Job>> {
        let Some(job) = self.claim(lane, worker).await? else { return Ok(None) };
        let running = Running::begin(&self.running, job.id);
        let ended = self.tried(&job).await;
        self.store.end_job(&job, &ended, (self.clock)()).await?;
        drop(running);
        crash::point("job-ended");
        Ok(Some(job))
    }

    /// As [`App::work`] or [`App::deliver`], one job of a lane after another until none is due. `goes_on` is asked after
    /// each, before the next is taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn work_on(&self, worker: &str, lane: Lane, goes_on: &(dyn Fn() -> bool + Sync)) -> Result<()> {
        let mut next = self.claim(lane, worker).await?;
        while let Some(job) = next {
            let running = Running::begin(&self.running, job.id);
            let ended = self.tried(&job).await;
            next = if goes_on() {
                self.store.end_and_claim(&job, &ended, worker, &*self.clock).await?
            } else {
                self.store.end_job(&job, &ended, (self.clock)()).await?;
                None
            };
            drop(running);
            crash::point("job-ended");
        }
        Ok(())
    }

    /// Takes the next job of a lane that is due; without a courier there is none to deliver.
    async fn claim(&self, lane: Lane, worker: &str) -> Result<Option<Job>> {
        if lane == Lane::Deliveries && self.courier.is_none() {
            return Ok(None);
        }
        Ok(self.store.claim_job(worker, lane, &*self.clock).await?)
    }

    /// Tries a job that was claimed.
    async fn tried(&self, job: &Job) -> Ended {
        crash::point("job-claimed");
        // A fault of ours must not stop everybody's verdicts.
        let ended = match AssertUnwindSafe(self.run(job)).catch_unwind().await {
            Ok(Ok(ended)) => ended,
            // What failed inside is for whoever runs the service, not for whoever lists jobs.
            Ok(Err(error @ (AppError::Store(_) | AppError::Fault(_)))) => {
                tracing::error!(job = job.id, "{error}");
                Ended::Failed("the host failed while it ran; its log says more".to_owned())
            }
            Ok(Err(error)) => Ended::Failed(error.to_string()),
            Err(_) => Ended::Failed("the host failed while it ran; its log says more".to_owned()),
        };
        crash::point("job-worked");
        if let Some(why) = ended.failure() {
            tracing::warn!(
                job = job.id,
                attempt = job.attempts,
                "{} {} failed: {why}",
                job.kind.as_str(),
                job.key
            );
        }
        ended
    }

    async fn run(&self, job: &Job) -> Result<Ended> {
        let caller = Caller::here(Actor::Host, (self.clock)());
        match job.kind {
            JobKind::Judge => {
                let at = job.key.parse::<VerdictRef>().map_err(AppError::fault)?;
                let is_last = job.attempts >= MOST_TRIES;
                let stopped = if is_last { Stopped::Counts } else { Stopped::FailsTheTry };
                self.judge_due(&caller, &at, stopped).await
            }
            JobKind::Arrived => {
                self.arrived(&caller, &job.key.parse::<MetricKey>().map_err(AppError::fault)?).await
            }
            JobKind::Deliver => {
                let courier = self.courier.as_ref();
                let courier = courier.ok_or_else(|| AppError::fault("this process delivers nothing"))?;
                self.deliver_one(job, courier).await
            }
        }
    }

    /// Says that a worker still does the jobs that run in this process. Those that it could not end are not among
    /// them: others take them over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hold_jobs(&self, worker: &str) -> Result<()> {
        let ids: Vec<i64> =
            self.running.lock().unwrap_or_else(PoisonError::into_inner).keys().copied().collect();
        Ok(self.store.hold_jobs(worker, &ids, &*self.clock).await?)
    }

    /// Asks for the verdicts of releases that launched before this service looked after them by itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn schedule_launched(&self) -> Result<()> {
        let now = (self.clock)();
        for slug in self.store.launched_without_jobs().await? {
            // One that cannot be read must not keep the others from theirs.
            if let Err(error) = self.schedule_one(&slug, now).await {
                tracing::error!("the verdicts of {slug} cannot be asked for: {error}");
            }
        }
        Ok(())
    }

    async fn schedule_one(&self, slug: &ReleaseSlug, now: Timestamp) -> Result<()> {
        let facts = self.facts(slug).await?;
        let jobs = self.verdicts_due(&facts).await?;
        Ok(self.store.put_jobs(&jobs, now).await?)
    }

    /// Listens for jobs.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn waker(&self) -> Result<Waker> {
        Ok(self.store.waker().await?)
    }

    /// When the next job of a lane is due, as far as is known now; `None`: none waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_job_at(&self, lane: Lane) -> Result<Option<Timestamp>> {
        Ok(self.store.next_job_at(lane).await?)
    }

    /// Jobs, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn jobs(
        &self,
        caller: &Caller,
        filter: &JobFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<Job, i64>> {
        let mut filter = JobFilter { sees: self.sees(caller).await?, ..filter.clone() };
        if !self.sees_everything(caller).await? {
            filter.sinks = Some(self.sinks(caller).await?.into_iter().map(|sink| sink.name).collect());
        }
        Ok(self.store.jobs(&filter, before, limit).await?)
    }

    /// A job.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none of this number.
    pub async fn job(&self, caller: &Caller, id: i64) -> Result<Job> {
        let none = || AppError::NotFound { what: format!("job {id}"), hint: String::new() };
        let job = self.store.job(id).await?.ok_or_else(none)?;
        // A delivery is for those who look after its sink.
        if let Some(sink) = job.sink()
            && !self.sees_everything(caller).await?
            && !self.sinks(caller).await?.iter().any(|own| own.name == sink)
        {
            return Err(none());
        }
        match &job.release {
            // Of what they may not see there are no jobs either.
            Some(release) => match self.visible(caller, release).await {
                Ok(_) => Ok(job),
                Err(AppError::NotFound { .. }) => Err(none()),
                Err(error) => Err(error),
            },
            None => Ok(job),
        }
    }

    /// Refuses whoever works neither in the job's team nor for the operators.
    async fn require_job(&self, caller: &Caller, id: i64, what: &str) -> Result<()> {
        let job = self.job(caller, id).await?;
        if let Some(sink) = job.sink() {
            return match self.store.sink(&sink).await?.filter(|sink| sink.removed_at.is_none()) {
                Some(sink) => self.changed_sink(caller, &sink.name, "change deliveries to").await.map(drop),
                None => self.require_operator(caller, "change deliveries to sinks that are no more").await,
            };
        }
        match job.release {
            // Of the team that has it now.
            Some(release) => self.own_release(caller, &release, what).await.map(drop),
            None => self.require_operator(caller, "change the host's own jobs").await,
        }
    }

    /// Puts a job that was given up or cancelled, or that waits, in line now.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it runs or is done.
    pub async fn retry_job(&self, caller: &Caller, id: i64) -> Result<Job> {
        self.require_job(caller, id, "try jobs again of").await?;
        Ok(self.store.retry_job(id, &caller.actor, caller.now).await?)
    }

    /// Takes a job that waits or was given up out of line.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it runs or has ended.
    pub async fn cancel_job(&self, caller: &Caller, id: i64) -> Result<Job> {
        self.require_job(caller, id, "cancel jobs of").await?;
        Ok(self.store.cancel_job(id, &caller.actor, caller.now).await?)
    }

    /// How many jobs there are, and how late the oldest is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn job_counts(&self, now: Timestamp) -> Result<JobCounts> {
        Ok(self.store.job_counts(now).await?)
    }
}
