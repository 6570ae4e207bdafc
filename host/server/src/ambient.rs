//! The one place that looks at the world around the process: clock, user, environment, terminal.

use std::io::IsTerminal;

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
