//! `cargo xtask demo`: from a fresh clone to verdicts, on a machine with Rust and a C compiler.

use std::process::Command;

use anyhow::{Context, ensure};

use crate::guests::{self, Which};
use crate::workspace::{Workspace, cargo};

/// Builds the guests and the binary, runs `yardstick demo`, and says what to try next.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let workspace = Workspace::load()?;
    println!("1/3  building the judges for WebAssembly");
    for line in guests::make(Which::Plugins)? {
        println!("     {line}");
    }
    println!(
        "2/3  building yardstick; the first time this compiles a WebAssembly compiler and takes minutes"
    );
    let built = cargo_yardstick(&workspace, "build").status().context("cannot run cargo build")?;
    ensure!(built.success(), "yardstick could not be built; cargo says above what is missing");
    println!("3/3  judging examples/batch-changes and examples/cookie-cats\n");
    let shown =
        cargo_yardstick(&workspace, "run").arg("--quiet").args(["--", "demo"]).args(arguments).status();
    ensure!(shown.context("cannot run yardstick")?.success(), "yardstick demo failed; it says above why");
    println!(
        "\nHere `yardstick` is `cargo run --bin yardstick --`. The same story by hand, command by command: \
         examples/batch-changes/README.md. Every test: `cargo xtask test`."
    );
    Ok(())
}

/// `cargo build` or `cargo run` of the binary.
fn cargo_yardstick(workspace: &Workspace, command: &str) -> Command {
    let mut cargo = Command::new(cargo());
    cargo.current_dir(&workspace.root).args([command, "--package", "yardstick-server", "--bin", "yardstick"]);
    cargo
}
