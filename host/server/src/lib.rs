//! The binary `yardstick`: command line and wiring.

mod ambient;
mod built_in;
mod cli;
mod wiring;

use std::process::ExitCode;

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    // The compiler's child takes no options and must set its limits before anything else happens.
    if std::env::args().len() == 2 && std::env::args().nth(1).is_some_and(|only| only == "compile-plugin") {
        return yardstick_engine::compile_child();
    }
    cli::main()
}
