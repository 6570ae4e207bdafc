//! Developer commands, run as `cargo xtask COMMAND`. One file per command.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a terminal program")]
#![expect(clippy::disallowed_methods, reason = "a developer's command looks at the machine it runs on")]

mod bench;
mod demo;
mod guests;
mod statements;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

/// A command: its word, what it does, and the function that does it with the remaining arguments.
struct Command {
    word: &'static str,
    does: &'static str,
    run: fn(&[String]) -> anyhow::Result<()>,
}

/// All commands. A new one is one line here and one file beside this one.
const COMMANDS: &[Command] = &[
    Command {
        word: "demo",
        does: "build everything and judge the example releases in a temporary database",
        run: demo::run,
    },
    Command { word: "test", does: "build the guests and run every test", run: test::run },
    Command {
        word: "tidy",
        does: "formatting, lints and the rules of the house; --fix formats",
        run: tidy::run,
    },
    Command {
        word: "guests",
        does: "build the built-in plugins and the test guests into plugins/built",
        run: guests::run,
    },
    Command {
        word: "statements",
        does: "keep what this version asks its databases, for the test that later schemas still answer it",
        run: statements::run,
    },
    Command {
        word: "bench",
        does: "measure the figures we promise beside peers, into docs/benchmarks.md",
        run: bench::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let word = arguments.first().map_or("", String::as_str);
    let Some(command) = COMMANDS.iter().find(|command| command.word == word) else {
        usage(word);
        return ExitCode::from(2);
    };
    match (command.run)(&arguments[1..]) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cargo xtask {word}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn usage(word: &str) {
    if !word.is_empty() {
        eprintln!("cargo xtask: there is no command {word:?}\n");
    }
    eprintln!("Usage: cargo xtask COMMAND\n");
    for Command { word, does, .. } in COMMANDS {
        eprintln!("  {word:<10} {does}");
    }
}
