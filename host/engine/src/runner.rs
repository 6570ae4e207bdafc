//! The threads that run guests. A guest never waits, so a few threads serve everyone; callers wait in a
//! queue that is fair per team, and outside it where their team has filled its part.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::{self, JoinHandle};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::limits;
use crate::queue::FairQueue;

type Job = Box<dyn FnOnce() + Send>;

/// Worker threads and what waits for them. Dropping it ends the threads; what still waits is not run.
pub(crate) struct Runner {
    shared: Arc<Shared>,
    /// Room in the queue, by team. A team stays here once it has asked; there are as many as have plugins.
    room: Mutex<HashMap<String, Arc<Semaphore>>>,
    per_team: usize,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

struct Waiting {
    jobs: FairQueue<Job>,
    /// Workers that wait for a job. Where none does, nobody needs to be woken, which spares a system call.
    idle: usize,
    stop: bool,
}

/// No worker took the job, or it panicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lost;

impl Runner {
    /// Starts the threads; at most `per_team` jobs of one team wait in the queue.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub(crate) fn start(threads: usize, per_team: usize) -> std::io::Result<Self> {
        let waiting = Mutex::new(Waiting { jobs: FairQueue::new(), idle: 0, stop: false });
        let shared = Arc::new(Shared { waiting, changed: Condvar::new() });
        // Built before the threads, so that those already started end when one cannot be.
        let mut runner =
            Self { shared, room: Mutex::new(HashMap::new()), per_team, threads: Vec::with_capacity(threads) };
        for index in 0..threads {
            let shared = Arc::clone(&runner.shared);
            let thread = thread::Builder::new()
                .name(format!("plugin-{index}"))
                .stack_size(limits::WORKER_STACK)
                .spawn(move || shared.work())?;
            runner.threads.push(thread);
        }
        Ok(runner)
    }

    /// Runs a job on a worker thread when it is the team's turn. A caller that goes away before takes
    /// its job along.
    ///
    /// # Errors
    /// When the job panicked or the runner has ended.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        team: &str,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Lost> {
        let room = self.room(team).acquire_owned().await.map_err(|_| Lost)?;
        let (answer, answered) = oneshot::channel();
        self.shared.push(
            team,
            leave_room(room, move || {
                if !answer.is_closed() {
                    // The caller may go away meanwhile.
                    let _ = answer.send(job());
                }
            }),
        );
        answered.await.map_err(|_| Lost)
    }

    /// The same for a caller that may block.
    ///
    /// # Errors
    /// As for [`Runner::run`].
    pub(crate) fn run_blocking<T: Send + 'static>(
        &self,
        team: &str,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Lost> {
        let (answer, answered) = mpsc::sync_channel(1);
        self.shared.push(
            team,
            Box::new(move || {
                let _ = answer.send(job());
            }),
        );
        answered.recv().map_err(|_| Lost)
    }

    fn room(&self, team: &str) -> Arc<Semaphore> {
        let mut room = self.room.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(room.entry(team.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(self.per_team))))
    }
}

/// The job, which gives its place in the queue back as soon as it starts.
fn leave_room(room: OwnedSemaphorePermit, job: impl FnOnce() + Send + 'static) -> Job {
    Box::new(move || {
        drop(room);
        job();
    })
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing that holds this lock can panic half-way.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, team: &str, job: Job) {
        let mut waiting = self.lock();
        waiting.jobs.push(team, job);
        let is_awaited = waiting.idle > 0;
        drop(waiting);
        if is_awaited {
            self.changed.notify_one();
        }
    }

    fn work(&self) {
        let mut done = None;
        while let Some((team, job)) = self.next(done) {
            // Whoever waits for the job's answer sees that none comes; the thread lives on.
            if catch_unwind(AssertUnwindSafe(job)).is_err() {
                tracing::error!("a call of a plugin panicked in the host");
            }
            done = Some(team);
        }
    }

    /// The next job with its team, after one of the team `done`.
    fn next(&self, done: Option<Arc<str>>) -> Option<(Arc<str>, Job)> {
        let mut waiting = self.lock();
        if let Some(team) = done {
            waiting.jobs.finish(&team);
        }
        waiting.idle += 1;
        waiting = self
            .changed
            .wait_while(waiting, |waiting| waiting.jobs.is_empty() && !waiting.stop)
            .unwrap_or_else(PoisonError::into_inner);
        waiting.idle -= 1;
        if waiting.stop { None } else { waiting.jobs.pop() }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.shared.lock().stop = true;
        self.shared.changed.notify_all();
        for thread in self.threads.drain(..) {
            // A panic of a worker has been reported where it happened.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, mpsc};

    use super::{Lost, Runner};

    /// Every thread runs a call of a loud team and fifty more of it wait when a quiet one comes: it starts as soon as
    /// the first of the threads is free, which takes one deadline at most.
    #[test]
    fn a_quiet_team_starts_when_the_first_thread_is_free() {
        for threads in [1, 2, 4] {
            let runner = Runner::start(threads, 64).unwrap();
            let (started, starts) = mpsc::channel();
            let (release, gate) = mpsc::channel::<()>();
            let gate = Arc::new(Mutex::new(gate));
            let call = |team: &'static str| {
                let (started, gate) = (started.clone(), Arc::clone(&gate));
                let job = move || {
                    started.send(team).unwrap();
                    gate.lock().unwrap().recv().unwrap();
                };
                runner.shared.push(team, Box::new(job));
            };
            (0..threads + 50).for_each(|_| call("loud"));
            let busy: Vec<_> = starts.iter().take(threads).collect();
            assert_eq!(busy, vec!["loud"; threads]);
            call("quiet");
            release.send(()).unwrap();
            assert_eq!(starts.recv(), Ok("quiet"), "with {threads} threads");
            (0..threads + 50).for_each(|_| release.send(()).unwrap());
            assert_eq!(starts.iter().take(50).filter(|team| *team == "loud").count(), 50);
        }
    }

    #[test]
    fn a_panicking_job_loses_its_answer_and_nothing_else() {
        let runner = Runner::start(1, 1).unwrap();
        assert_eq!(runner.run_blocking("a", || -> u8 { panic!("on purpose") }), Err(Lost));
        assert_eq!(runner.run_blocking("a", || 7), Ok(7));
    }

    #[tokio::test]
    async fn a_full_lane_waits_and_no_answer_is_mixed_up() {
        let runner = Runner::start(2, 1).unwrap();
        let (a, b, c, d) = tokio::join!(
            runner.run("a", || 1),
            runner.run("a", || 2),
            runner.run("b", || 3),
            runner.run("a", || 4)
        );
        assert_eq!([a, b, c, d], [Ok(1), Ok(2), Ok(3), Ok(4)]);
    }
}
