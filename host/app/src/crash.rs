//! Named points at which tests kill the process, so that what a crash leaves behind is seen, not argued.
//! Release builds have none of it.

use std::sync::OnceLock;

static AT: OnceLock<(String, u32)> = OnceLock::new();

/// Kills this process with SIGKILL when it passes this point for the `pass`-th time, from 1. For tests; does
/// nothing in a release build.
pub fn crash_at(point: &str, pass: u32) {
    let _ = AT.set((point.to_owned(), pass));
}

/// Passing a named point.
#[cfg(debug_assertions)]
pub(crate) fn point(name: &str) {
    use std::sync::atomic::{AtomicU32, Ordering};
    static PASSES: AtomicU32 = AtomicU32::new(0);
    let Some((at, pass)) = AT.get() else { return };
    if at == name && PASSES.fetch_add(1, Ordering::SeqCst) + 1 == *pass {
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
        // The signal is delivered before this returns to user code on this thread; if not, nothing may follow.
        std::process::abort();
    }
}

/// Passing a named point.
#[cfg(not(debug_assertions))]
pub(crate) fn point(_name: &str) {}
