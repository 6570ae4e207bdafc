//! The clock behind deadlines: one thread that raises the epoch once a millisecond, only while calls run.
//!
//! Calls take microseconds, so starting and ending one costs two additions and no lock. The thread goes to
//! sleep after a whole tick in which no call ran; only the call that then comes first wakes it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use wasmtime::{Engine, EngineWeak};

use crate::limits;

/// Raises the epoch of its engines while calls run.
pub(crate) struct Ticker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    /// Calls that run.
    running: AtomicUsize,
    /// Whether a call has started since the last tick.
    started: AtomicBool,
    /// Whether the thread sleeps. It says so before it looks at `started` a last time, and a call sets
    /// `started` before it looks here: one of the two sees the other.
    asleep: AtomicBool,
    /// Whether to end.
    stop: Mutex<bool>,
    changed: Condvar,
}

/// A call that runs; time passes for guests while one exists.
pub(crate) struct Running<'a>(&'a Shared);

impl Ticker {
    /// Starts the thread, at rest.
    ///
    /// # Errors
    /// When no thread can be started.
    pub(crate) fn start(engines: &[&Engine]) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        // Weak, so that the thread keeps no engine alive.
        let engines: Vec<EngineWeak> = engines.iter().map(|engine| engine.weak()).collect();
        let inner = Arc::clone(&shared);
        let thread =
            thread::Builder::new().name("plugin-ticker".into()).spawn(move || inner.tick(&engines))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Says that a call runs, until the answer is dropped.
    pub(crate) fn run(&self) -> Running<'_> {
        let shared = &*self.shared;
        shared.running.fetch_add(1, Ordering::Relaxed);
        shared.started.store(true, Ordering::SeqCst);
        if shared.asleep.load(Ordering::SeqCst) {
            // Under the lock, so that the thread either waits already or has not looked yet.
            let _stop = shared.lock();
            shared.changed.notify_one();
        }
        Running(shared)
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, bool> {
        // Nothing that holds this lock can panic half-way.
        self.stop.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tick(&self, engines: &[EngineWeak]) {
        let mut stop = self.lock();
        loop {
            if !self.started.swap(false, Ordering::AcqRel) && self.running.load(Ordering::Relaxed) == 0 {
                stop = self.sleep(stop);
            }
            // A tick passes, unless it is time to stop.
            let waited = self.changed.wait_timeout_while(stop, limits::TICK, |stop| !*stop);
            stop = waited.unwrap_or_else(PoisonError::into_inner).0;
            if *stop {
                return;
            }
            for engine in engines.iter().filter_map(EngineWeak::upgrade) {
                engine.increment_epoch();
            }
        }
    }

    /// Waits for a call, or for the end.
    fn sleep<'a>(&'a self, stop: MutexGuard<'a, bool>) -> MutexGuard<'a, bool> {
        self.asleep.store(true, Ordering::SeqCst);
        let idle = |stop: &mut bool| !*stop && !self.started.load(Ordering::SeqCst);
        let stop = self.changed.wait_while(stop, idle).unwrap_or_else(PoisonError::into_inner);
        self.asleep.store(false, Ordering::Relaxed);
        stop
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        *self.shared.lock() = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported where it happened.
            let _ = thread.join();
        }
    }
}
