//! The work that comes due by itself, done by this process beside or without the HTTP interface.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use yardstick_app::App;
use yardstick_domain::job::Lane;

use crate::ambient;

/// How often a worker looks for work that nobody told it of, such as another process on a SQLite file may bring.
const LOOKS: Duration = Duration::from_secs(10);
/// How often it says that it still does its jobs: a few times within a lease.
const HOLDS: Duration = Duration::from_secs(30);
/// How often it links what was done to the audit's chain.
const CHAINS: Duration = Duration::from_secs(5);
/// How often it writes down which tokens were used.
const NOTES: Duration = Duration::from_secs(10);
/// How long it leaves a database alone that fails.
const BREATH: Duration = Duration::from_secs(5);
/// How often it looks for what time alone causes: verdicts that are overdue, people who forget.
const WATCHES: Duration = Duration::from_secs(5 * 60);
/// Deliveries at a time, at most: they wait for others most of the time.
const DELIVERIES: usize = 4;
/// Jobs at a time, at most: each judges with the engine's few threads and the database's few connections.
const AT_ONCE: usize = 4;

/// Works until it is told to stop; what runs then is finished.
pub(crate) async fn work(app: Arc<App>, stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    let name: Arc<str> = ambient::worker_name()?.into();
    while let Err(error) = app.schedule_launched().await {
        tracing::error!("looking for releases that launched failed, and is tried again: {error}");
        tokio::select! {
            () = asleep(BREATH) => {}
            () = stopped(stop.clone()) => return Ok(()),
        }
    }
    let told = Arc::new(Notify::new());
    let mut tasks = JoinSet::new();
    for (lane, at_once) in [(Lane::Verdicts, AT_ONCE), (Lane::Deliveries, DELIVERIES)] {
        for _ in 0..at_once {
            let (app, name, told) = (Arc::clone(&app), Arc::clone(&name), Arc::clone(&told));
            tasks.spawn(one_after_another(app, name, lane, told, stop.clone()));
        }
    }
    let listening = tokio::spawn(listen(Arc::clone(&app), Arc::clone(&told)));
    let holding = tokio::spawn(hold(Arc::clone(&app), Arc::clone(&name)));
    let chaining = tokio::spawn(chain(Arc::clone(&app)));
    let watching = tokio::spawn(watch_time(Arc::clone(&app)));
    stopped(stop).await;
    told.notify_waiters();
    while tasks.join_next().await.is_some() {}
    listening.abort();
    holding.abort();
    chaining.abort();
    watching.abort();
    // What this process did last is in the chain before it ends.
    app.chain_audit().await?;
    Ok(())
}

/// Does what is due, until nothing is; gives how many jobs that were.
pub(crate) async fn work_off(app: Arc<App>) -> anyhow::Result<u64> {
    let name: Arc<str> = ambient::worker_name()?.into();
    app.schedule_launched().await?;
    let holding = tokio::spawn(hold(Arc::clone(&app), Arc::clone(&name)));
    let worked = both_lanes(&app, &name).await;
    holding.abort();
    let done = worked?;
    app.chain_audit().await?;
    Ok(done)
}

/// First what verdicts come from, then what is to be told of.
async fn both_lanes(app: &Arc<App>, name: &Arc<str>) -> anyhow::Result<u64> {
    let done = lane_off(app, name, Lane::Verdicts, AT_ONCE).await?;
    // Whatever that comes to, what is to be told of already is.
    if let Err(error) = app.watch(true).await {
        tracing::error!("what is overdue cannot be looked for: {error}");
    }
    Ok(done + lane_off(app, name, Lane::Deliveries, DELIVERIES).await?)
}

async fn lane_off(app: &Arc<App>, name: &Arc<str>, lane: Lane, at_once: usize) -> anyhow::Result<u64> {
    let counts = Arc::new(Counts::default());
    let mut tasks = JoinSet::new();
    for _ in 0..at_once {
        tasks.spawn(until_nothing_is_due(Arc::clone(app), Arc::clone(name), lane, Arc::clone(&counts)));
    }
    // What failed is told when the others have ended what they do.
    let mut came = Ok(());
    while let Some(ended) = tasks.join_next().await {
        came = came.and(ended.context("a worker failed").flatten());
    }
    came?;
    Ok(counts.done.load(Ordering::Relaxed))
}

/// What those do who work something off together.
#[derive(Debug, Default)]
struct Counts {
    busy: AtomicUsize,
    done: AtomicU64,
    /// A job has been done, which may have asked for others; or one of them is no longer busy.
    told: Notify,
}

/// One of several: whoever finds nothing that is due looks again for as long as another one does a job.
async fn until_nothing_is_due(
    app: Arc<App>,
    name: Arc<str>,
    lane: Lane,
    counts: Arc<Counts>,
) -> anyhow::Result<()> {
    loop {
        let mut told = pin!(counts.told.notified());
        told.as_mut().enable();
        counts.busy.fetch_add(1, Ordering::SeqCst);
        let goes_on = || {
            counts.done.fetch_add(1, Ordering::Relaxed);
            counts.told.notify_waiters();
            true
        };
        let worked = app.work_on(&name, lane, &goes_on).await;
        let others = counts.busy.fetch_sub(1, Ordering::SeqCst) - 1;
        if worked.is_err() || others == 0 {
            counts.told.notify_waiters();
            return Ok(worked?);
        }
        told.await;
    }
}

/// Writes down which tokens were used, and deletes answers that were kept for long enough, until it is told to stop.
pub(crate) async fn note_uses(app: Arc<App>, stop: watch::Receiver<bool>) {
    loop {
        let ends = tokio::select! {
            () = asleep(NOTES) => false,
            () = stopped(stop.clone()) => true,
        };
        if let Err(error) = app.note_uses().await {
            tracing::error!("cannot write down which tokens were used: {error}");
        }
        if let Err(error) = app.sweep_answers().await {
            tracing::error!("answers that were kept for long enough cannot be deleted: {error}");
        }
        if ends {
            return;
        }
    }
}

async fn stopped(mut stop: watch::Receiver<bool>) {
    // Without a sender nobody will ever say so, and whoever waits is dropped with the rest.
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn one_after_another(
    app: Arc<App>,
    name: Arc<str>,
    lane: Lane,
    told: Arc<Notify>,
    stop: watch::Receiver<bool>,
) {
    loop {
        // Whoever asks for a job after this is heard, even before this waits.
        let mut notified = pin!(told.notified());
        notified.as_mut().enable();
        if *stop.borrow() {
            return;
        }
        let wait = match app.work_on(&name, lane, &|| !*stop.borrow()).await {
            Ok(()) => until_next(&app, lane).await,
            Err(error) => {
                tracing::error!("looking for work failed: {error}");
                BREATH
            }
        };
        tokio::select! {
            () = notified => {}
            () = asleep(wait) => {}
            () = stopped(stop.clone()) => {}
        }
    }
}

/// How long nothing is due, as far as is known.
async fn until_next(app: &App, lane: Lane) -> Duration {
    let Ok(Some(at)) = app.next_job_at(lane).await else { return LOOKS };
    let left = at.duration_since(ambient::now());
    Duration::try_from(left).unwrap_or(Duration::from_millis(200)).clamp(Duration::from_millis(200), LOOKS)
}

async fn listen(app: Arc<App>, told: Arc<Notify>) {
    loop {
        match app.waker().await {
            Ok(mut waker) => {
                while waker.woken().await.is_ok() {
                    told.notify_waiters();
                }
            }
            Err(error) => tracing::error!("cannot listen for work: {error}"),
        }
        asleep(BREATH).await;
    }
}

async fn hold(app: Arc<App>, name: Arc<str>) {
    loop {
        asleep(HOLDS).await;
        if let Err(error) = app.hold_jobs(&name).await {
            tracing::error!("cannot say that this worker still works: {error}");
        }
    }
}

/// Looks for what time alone causes.
async fn watch_time(app: Arc<App>) {
    loop {
        if let Err(error) = app.watch(false).await {
            tracing::error!("what is overdue cannot be looked for: {error}");
        }
        asleep(WATCHES).await;
    }
}

/// Links what was done to the audit's chain.
async fn chain(app: Arc<App>) {
    loop {
        if let Err(error) = app.chain_audit().await {
            tracing::error!("the audit cannot be chained: {error}");
        }
        asleep(CHAINS).await;
    }
}

#[expect(clippy::disallowed_methods, reason = "time passing is what is waited for")]
async fn asleep(time: Duration) {
    tokio::time::sleep(time).await;
}
