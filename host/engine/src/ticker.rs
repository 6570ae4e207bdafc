//! The clock behind deadlines: one thread that raises the epoch once a millisecond, only while calls run.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use wasmtime::{Engine, EngineWeak};

use crate::limits;

/// Raises the epoch of its engines while calls run.
pub(crate) struct Ticker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    running: usize,
    stop: bool,
}

/// A call that runs; time passes for guests while one exists.
pub(crate) struct Running<'a>(&'a Shared);

impl Ticker {
    /// Starts the thread, at rest.
    ///
    /// # Errors
    /// When no thread can be started.
    pub(crate) fn start(engines: &[&Engine]) -> std::io::Result<Self> {
        let shared = Arc::new(Shared { state: Mutex::new(State::default()), changed: Condvar::new() });
        // Weak, so that the thread keeps no engine alive.
        let engines: Vec<EngineWeak> = engines.iter().map(|engine| engine.weak()).collect();
        let inner = Arc::clone(&shared);
        let thread =
            thread::Builder::new().name("plugin-ticker".into()).spawn(move || tick(&inner, &engines))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Says that a call runs, until the answer is dropped.
    pub(crate) fn run(&self) -> Running<'_> {
        self.shared.change(|state| state.running += 1);
        Running(&self.shared)
    }
}

impl Shared {
    fn change(&self, change: impl FnOnce(&mut State)) {
        // Nothing that holds this lock can panic half-way.
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.change(|state| state.running -= 1);
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.change(|state| state.stop = true);
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported where it happened.
            let _ = thread.join();
        }
    }
}

fn tick(shared: &Shared, engines: &[EngineWeak]) {
    loop {
        let state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        let state = shared
            .changed
            .wait_while(state, |state| state.running == 0 && !state.stop)
            .unwrap_or_else(PoisonError::into_inner);
        if state.stop {
            return;
        }
        // A tick passes, unless it is time to stop.
        let waited = shared.changed.wait_timeout_while(state, limits::TICK, |state| !state.stop);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
        for engine in engines.iter().filter_map(EngineWeak::upgrade) {
            engine.increment_epoch();
        }
    }
}
