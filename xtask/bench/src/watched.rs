//! A process that is run to its end, with the most memory it had.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

/// What it took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Watched {
    pub(crate) elapsed: Duration,
    /// The most memory it had, in KiB.
    pub(crate) peak: u64,
}

/// Runs a command that must succeed. `what` is what it does, for the message.
pub(crate) fn run(command: &mut Command, what: &str) -> Result<Watched> {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let mut child = quiet.spawn().with_context(|| format!("cannot start {what}"))?;
    let status = Path::new("/proc").join(child.id().to_string()).join("status");
    let mut peak = 0;
    let ended = loop {
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        // The mark only rises, so the last reading before the end is the one.
        peak = high_water(&status).unwrap_or(peak);
        std::thread::sleep(Duration::from_millis(2));
    };
    let elapsed = start.elapsed();
    ensure!(ended.success(), "{what} failed");
    Ok(Watched { elapsed, peak })
}

/// The most memory a process has had, in KiB.
fn high_water(status: &Path) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}
