//! `cargo xtask bench`: builds Yardstick, the benchmark and its peers, runs it, and has it write
//! docs/benchmarks.md. What is measured and how is in `xtask/bench/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;

use crate::guests::{self, Which};
use crate::workspace::{Workspace, cargo};

/// What the Extism peer's guest is compiled for.
const EXTISM_TARGET: &str = "wasm32-unknown-unknown";

/// Builds everything and measures; arguments choose measurements by name, `--quick` takes few samples of each.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (flags, names): (Vec<&String>, Vec<&String>) =
        arguments.iter().partition(|word| word.starts_with('-'));
    if let Some(unknown) = flags.iter().find(|flag| **flag != "--quick") {
        bail!("takes names of measurements and --quick, found {unknown:?}");
    }
    let workspace = Workspace::load()?;
    let root = &workspace.root;
    let peers = root.join("xtask/bench/peers");
    // Everything the peers need lies in here; `cargo clean` removes it.
    let folder = workspace.target.join("bench");

    eprintln!("building the judges for WebAssembly");
    guests::make(Which::Bench)?;
    eprintln!("building yardstick and the benchmark; the first time this takes minutes");
    build(root, &["release", "--package", "yardstick-server", "--package", "yardstick-bench", "--bins"])?;
    // A peer is there for one measurement each.
    let is_asked = |name: &str| names.is_empty() || names.iter().any(|asked| asked.as_str() == name);
    let not_asked = || Err("it is not measured".to_owned());
    let extism = if is_asked("evaluate") {
        eprintln!("building the peer Extism; the first time this takes minutes");
        or_why(extism(&peers.join("extism"), &folder.join("extism")))
    } else {
        not_asked()
    };
    let gbstats = if is_asked("compare") {
        eprintln!("installing the peer gbstats");
        or_why(gbstats(&peers.join("gbstats"), &folder.join("gbstats")))
    } else {
        not_asked()
    };

    let release = workspace.target.join("release");
    let built = root.join("plugins/built");
    let places = json!({
        "names": names,
        "quick": !flags.is_empty(),
        "rustc": output(Command::new("rustc").arg("--version"))?,
        "document": root.join("docs/benchmarks.md"),
        "judge": built.join("bench/judge.wasm"),
        "judges": built,
        "yardstick": release.join("yardstick"),
        "subprocess": release.join("bench-subprocess"),
        "extism": extism,
        "gbstats": gbstats,
    });
    // In a file, so that the same run can be repeated under a profiler.
    let told = folder.join("run.json");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::write(&told, places.to_string()).with_context(|| format!("cannot write {}", told.display()))?;
    let status = Command::new(release.join("yardstick-bench")).arg(told).status();
    ensure!(status.context("cannot run the benchmark")?.success(), "the benchmark failed; it says above why");
    Ok(())
}

/// A peer that cannot be built is left out of the tables, which then say why.
fn or_why<T>(built: Result<T>) -> std::result::Result<T, String> {
    built.map_err(|error| {
        let why = format!("{error:#}");
        eprintln!("left out: {why}");
        why
    })
}

fn build(workspace: &Path, what: &[&str]) -> Result<()> {
    let status = Command::new(cargo())
        .current_dir(workspace)
        .args(["build", "--quiet", "--profile"])
        .args(what)
        .status()
        .context("cannot run cargo build")?;
    ensure!(status.success(), "cargo build {} failed", what.join(" "));
    Ok(())
}

/// Builds Extism's host and guest. They are a workspace of their own, since Extism needs another wasmtime.
fn extism(source: &Path, target: &Path) -> Result<(PathBuf, PathBuf)> {
    guests::ensure_target(EXTISM_TARGET)?;
    let folder = target.to_str().context("the target folder's name is not UTF-8")?;
    let into = ["--locked", "--target-dir", folder, "--package"];
    build(source, &[&["release"], &into[..], &["bench-extism"]].concat())?;
    build(source, &[&["guest"], &into[..], &["bench-extism-guest", "--target", EXTISM_TARGET]].concat())?;
    let wasm = target.join(EXTISM_TARGET).join("guest/bench_extism_guest.wasm");
    Ok((target.join("release/bench-extism"), wasm))
}

/// Installs gbstats into a virtual environment; gives the interpreter and the script to run.
fn gbstats(source: &Path, folder: &Path) -> Result<(PathBuf, PathBuf)> {
    let python = folder.join("bin/python");
    if !python.exists() {
        output(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    }
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    output(Command::new(&python).args(install).arg(source.join("requirements.txt")))?;
    Ok((python, source.join("peer.py")))
}

/// What a program writes, when it succeeds.
fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().display().to_string();
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {name}"))?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{name} failed: {}", told.trim());
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
