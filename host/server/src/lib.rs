//! The binary `yardstick`: command line and wiring.

mod ambient;
mod api;
mod built_in;
mod cli;
mod courier;
mod operations;
mod project;
mod wiring;
mod worker;

use std::process::ExitCode;

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    // The compiler's child takes no options and must set its limits before anything else happens.
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|only| only == yardstick_engine::CHILD_ARGUMENT)
        && arguments.next().is_none()
    {
        return yardstick_engine::compile_child();
    }
    cli::main()
}
