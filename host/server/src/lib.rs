//! The binary `yardstick`: command line and wiring.

use std::process::ExitCode;

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    // The engine starts this executable again to compile an upload under its own limits.
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == yardstick_engine::CHILD_ARGUMENT)
        && arguments.next().is_none()
    {
        return yardstick_engine::compile_child();
    }
    ExitCode::SUCCESS
}
