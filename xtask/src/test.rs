//! `cargo xtask test`: every test there is.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::guests::{self, Which};
use crate::workspace::{Workspace, cargo};

/// Builds the guests, runs the examples in the documentation, then everything else; the runner's closing line
/// is the last one. Arguments go to the runner, to choose tests by name.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let workspace = Workspace::load()?;
    println!("building the guests that tests run");
    println!("{} guests are up to date", guests::make(Which::All)?.len());
    match postgres() {
        Some(programs) => println!("PostgreSQL for the store's tests: {}", programs.display()),
        None => println!(
            "no PostgreSQL server found: tests run on SQLite only, those of PostgreSQL are skipped and say so \
             (to install one on Debian: `apt-get install postgresql`; tests start and remove their own server)"
        ),
    }
    let nextest = has_nextest();
    if !nextest {
        println!(
            "cargo-nextest is not installed: running `cargo test`, which is slower and stops at the first \
             package that fails (to install it: `cargo install --locked cargo-nextest`)"
        );
    }
    let runner: &[&str] = if nextest { &["nextest", "run", "--no-fail-fast"] } else { &["test"] };
    if nextest && arguments.is_empty() {
        println!("running the examples in the documentation");
        cargo_over(&workspace, &["test", "--quiet", "--doc"], &[])?;
    }
    println!("running the tests");
    cargo_over(&workspace, runner, arguments)
}

/// Whether `cargo nextest` is there.
fn has_nextest() -> bool {
    let asked = Command::new(cargo())
        .args(["nextest", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    asked.is_ok_and(|status| status.success())
}

/// The folder of the server's programs, looked for where `tests/src/postgres.rs` looks.
fn postgres() -> Option<PathBuf> {
    let by_config = Command::new("pg_config").arg("--bindir").output().ok();
    let by_config = by_config.and_then(|output| String::from_utf8(output.stdout).ok());
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> =
        by_config.map(|folder| PathBuf::from(folder.trim_end())).into_iter().collect();
    folders.extend(installed.map(|entry| entry.path().join("bin")));
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}

/// Runs a test command over the workspace.
fn cargo_over(workspace: &Workspace, command: &[&str], arguments: &[String]) -> anyhow::Result<()> {
    let status = Command::new(cargo())
        .current_dir(&workspace.root)
        .args(command)
        // Guests made for tests are components: they link for WebAssembly only, and `guests` built them.
        .arg("--workspace")
        .args(guests::TEST_GUESTS.iter().flat_map(|(package, _)| ["--exclude", package]))
        .args(arguments)
        .status()
        .with_context(|| format!("cannot run cargo {}", command.join(" ")))?;
    ensure!(status.success(), "cargo {} failed", command.join(" "));
    Ok(())
}
