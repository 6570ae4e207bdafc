//! The one place that looks at the world around the process: clock, user, environment, terminal.

use std::io::IsTerminal;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use yardstick_domain::people::Actor;

/// The wall clock, to the millisecond the store keeps.
#[expect(clippy::disallowed_methods, reason = "time enters the program here and is passed on from here")]
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// The user of the machine this runs on. Acts, and can approve nothing.
pub(crate) fn user() -> Actor {
    let name = variable("USER").or_else(|| variable("LOGNAME"));
    let name = name.map(|name| name.chars().filter(|c| !c.is_control()).take(64).collect::<String>());
    let uid = || rustix::process::getuid().as_raw().to_string();
    Actor::Local(name.filter(|name| !name.is_empty()).unwrap_or_else(uid))
}

/// A name for this process that no other one has: of its machine, its number, and chance.
pub(crate) fn worker_name() -> anyhow::Result<String> {
    let machine = rustix::system::uname();
    let machine = machine.nodename().to_string_lossy().into_owned();
    let chance: String = secret()?.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{machine}:{}:{chance}", std::process::id()))
}

/// Whether a process of this name, as [`worker_name`] gives them, may still be there. Of another machine nobody knows.
pub(crate) fn may_live(name: &str) -> bool {
    let mut parts = name.rsplitn(3, ':').skip(1);
    let (pid, machine) = (parts.next().and_then(|pid| pid.parse::<i32>().ok()), parts.next());
    let here = rustix::system::uname();
    if machine != here.nodename().to_str().ok() {
        return true;
    }
    let Some(pid) = pid.and_then(rustix::process::Pid::from_raw) else { return true };
    // A process of our own number that is not this one was before it.
    pid != rustix::process::getpid()
        && !matches!(rustix::process::test_kill_process(pid), Err(rustix::io::Errno::SRCH))
}

/// Time since this process first asked for it; it only goes forward.
#[expect(
    clippy::disallowed_methods,
    reason = "what is counted per second must not stop when a clock is set back"
)]
pub(crate) fn ticks() -> Duration {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    BEGAN.get_or_init(Instant::now).elapsed()
}

/// Whether standard output is a terminal that wants colours (see no-color.org).
pub(crate) fn colours() -> bool {
    std::io::stdout().is_terminal() && variable("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// An environment variable that is set and readable.
#[expect(clippy::disallowed_methods, reason = "the environment enters the program here")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Bytes nobody can guess.
#[expect(clippy::disallowed_methods, reason = "chance enters the program here, for keys only")]
pub(crate) fn secret() -> anyhow::Result<[u8; 32]> {
    let mut key = [0; 32];
    getrandom::fill(&mut key)
        .map_err(|error| anyhow::anyhow!("the system gives no random bytes: {error}"))?;
    Ok(key)
}
