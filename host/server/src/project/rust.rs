//! Building a plugin in Rust, by Cargo.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use yardstick_domain::component;

use super::Project;
use crate::ambient;

const TARGET: &str = "wasm32-wasip2";

/// Settings of the linker. A guest that grows its memory contends for the host process's memory lock, so a guest
/// starts with what it needs: 64 KiB of stack (Rust's default is 1 MiB) and a heap within 256 KiB.
const LINK: [&str; 2] = ["-Clink-arg=-zstack-size=65536", "-Clink-arg=--initial-memory=262144"];

/// What Cargo says of something it made.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    manifest_path: PathBuf,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

/// The component as the compiler left it, with the names of the author's own functions.
pub(super) fn build(project: &Project) -> Result<Vec<u8>> {
    let sysroot = output("rustc", &project.root, ["--print", "sysroot"])?;
    ensure_target(Path::new(sysroot.trim()), &project.root)?;
    let manifest = project.root.join("Cargo.toml");
    let built = Command::new("cargo")
        .current_dir(&project.root)
        .args(["build", "--release", "--lib", "--target", TARGET, "--message-format=json-render-diagnostics"])
        .arg("--manifest-path")
        .arg(&manifest)
        .env("CARGO_ENCODED_RUSTFLAGS", flags(project, Path::new(sysroot.trim())))
        .env_remove("RUSTFLAGS")
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run cargo; install Rust from https://rustup.rs")?;
    ensure!(built.status.success(), "cargo could not build the plugin; what is wrong stands above");
    let messages = String::from_utf8_lossy(&built.stdout);
    let is_wasm = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "wasm");
    let artifact = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok())
        .filter(|message| message.reason == "compiler-artifact" && message.manifest_path == manifest)
        .find_map(|message| message.filenames.into_iter().find(is_wasm));
    let Some(path) = artifact else {
        bail!("cargo made no component; under [lib], Cargo.toml needs crate-type = [\"cdylib\", \"rlib\"]");
    };
    let component = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    component::with_names(&component, |name| !component::is_standard_library(name))
        .with_context(|| format!("{} is no component", path.display()))
}

/// Settings of the linker, and fixed names for folders that differ between machines, so that the same source gives the
/// same bytes. Where two folders contain each other, the later one wins.
fn flags(project: &Project, sysroot: &Path) -> String {
    let home = ambient::variable("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| ambient::variable("HOME").map(|home| Path::new(&home).join(".cargo")));
    let mut folders =
        vec![(project.root.clone(), "/plugin".to_owned()), (sysroot.to_owned(), "/sysroot".to_owned())];
    if let Some(home) = home {
        let registries = fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten();
        let registries: Vec<PathBuf> = registries.map(|registry| registry.path()).collect();
        folders.push((home, "/cargo".to_owned()));
        folders.extend(registries.into_iter().map(|registry| (registry, "/cargo/registry".to_owned())));
    }
    let mut flags: Vec<String> = LINK.map(str::to_owned).to_vec();
    for (folder, name) in folders {
        if let Some(folder) = folder.to_str() {
            flags.push(format!("--remap-path-prefix={folder}={name}"));
        }
    }
    flags.join("\u{1f}")
}

fn ensure_target(sysroot: &Path, root: &Path) -> Result<()> {
    if sysroot.join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    crate::cli::say(&format!("installing the Rust target {TARGET}"));
    let added = Command::new("rustup").current_dir(root).args(["target", "add", TARGET]).status();
    ensure!(
        added.is_ok_and(|status| status.success()),
        "the Rust target {TARGET} is missing and rustup could not add it; install it by hand: rustup target add {TARGET}"
    );
    Ok(())
}

/// What a program prints.
pub(super) fn output<S: AsRef<OsStr>>(
    program: &str,
    folder: &Path,
    arguments: impl IntoIterator<Item = S>,
) -> Result<String> {
    let output = Command::new(program)
        .current_dir(folder)
        .args(arguments)
        .output()
        .with_context(|| format!("cannot run {program}; is it installed?"))?;
    ensure!(output.status.success(), "{program} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    String::from_utf8(output.stdout).with_context(|| format!("{program} did not answer in UTF-8"))
}

/// Where a program is found: in one of these folders of the project, or in the path.
pub(super) fn found(project: &Project, folders: &[&str], program: &str) -> Option<PathBuf> {
    let own = folders.iter().map(|folder| project.root.join(folder));
    let path = ambient::variable("PATH").unwrap_or_default();
    own.chain(env::split_paths(&path)).map(|folder| folder.join(program)).find(|program| program.is_file())
}
