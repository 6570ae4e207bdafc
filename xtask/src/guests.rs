//! `cargo xtask guests`: builds the plugins of this repository.
//!
//! The same source gives the same bytes wherever the checkout, Cargo's home and the toolchain lie: their
//! paths are remapped, and everything else that goes into a digest is pinned by `Cargo.lock` and
//! `rust-toolchain.toml`. Each component carries its `plugin.toml` as a custom section.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use yardstick_domain::component;
use yardstick_domain::digest::Digest;
use yardstick_domain::manifest::{self, Manifest};

use crate::workspace::{Package, Workspace, cargo};

const TARGET: &str = "wasm32-wasip2";
const PROFILE: &str = "guest";
/// Packages whose examples are guests for tests, and the folder that takes them. They link for WebAssembly only.
pub(crate) const TEST_GUESTS: [(&str, &str); 2] =
    [("yardstick-test-guests", "test"), ("yardstick-sketches", "sketches")];
/// The package that is the benchmark's judge.
const BENCH_JUDGE: &str = "yardstick-bench-judge";

/// Settings of the linker. A guest that calls `memory.grow` contends for the host process's memory lock, so a
/// guest starts with what it needs: 64 KiB of stack (Rust's default is 1 MiB) and a heap within 256 KiB.
const LINK: [&str; 2] = ["-Clink-arg=-zstack-size=65536", "-Clink-arg=--initial-memory=262144"];

/// A component to build and where to put it.
struct Guest {
    /// What Cargo writes.
    artifact: PathBuf,
    /// What this command writes.
    built: PathBuf,
    /// `None`: a guest of tests or of the benchmark, whose manifest is their business.
    manifest: Option<Manifest>,
}

/// Which guests to build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// The plugins that the binary embeds.
    Plugins,
    /// These, and the guests that tests run.
    All,
    /// All of them, and the judge that the benchmark runs.
    Bench,
}

/// Builds all guests and lists them.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    ensure!(arguments.is_empty(), "takes no arguments, found {:?}", arguments.join(" "));
    for line in make(Which::All)? {
        println!("{line}");
    }
    Ok(())
}

/// Builds, embeds, and gives a line about each guest.
pub(crate) fn make(which: Which) -> anyhow::Result<Vec<String>> {
    let workspace = Workspace::load()?;
    ensure_target(TARGET)?;
    let toolchain = Toolchain::find()?;
    let guests_target = workspace.target.join("guests");
    let flags = flags(&workspace, &guests_target, &toolchain)?;
    let output = guests_target.join(TARGET).join(PROFILE);
    let built = workspace.root.join("plugins/built");

    let mut guests = Vec::new();
    let mut plugins = Vec::new();
    for package in &workspace.packages {
        let manifest_path = package.manifest_path.with_file_name("plugin.toml");
        if manifest_path.starts_with(workspace.root.join("plugins")) && manifest_path.exists() {
            guests.push(plugin(package, &manifest_path, &output, &built)?);
            plugins.push(package.name.as_str());
        }
    }
    ensure!(!plugins.is_empty(), "no folder of plugins/ has a plugin.toml");
    let packages = plugins.iter().flat_map(|name| ["--package", name]);
    build(&guests_target, &flags, packages.chain(["--lib"]))?;

    for (package, folder) in TEST_GUESTS.into_iter().filter(|_| which != Which::Plugins) {
        build(&guests_target, &flags, ["--package", package, "--examples"])?;
        let found = workspace.packages.iter().find(|known| known.name == package);
        for name in found.map(|package| package.artifacts("example")).unwrap_or_default() {
            let file = format!("{name}.wasm");
            let artifact = output.join("examples").join(&file);
            guests.push(Guest { artifact, built: built.join(folder).join(file), manifest: None });
        }
    }
    if which == Which::Bench {
        build(&guests_target, &flags, ["--package", BENCH_JUDGE, "--lib"])?;
        let artifact = output.join(format!("{}.wasm", BENCH_JUDGE.replace('-', "_")));
        guests.push(Guest { artifact, built: built.join("bench/judge.wasm"), manifest: None });
    }
    guests.iter().map(|guest| finish(guest, &workspace.root)).collect()
}

fn plugin(package: &Package, manifest: &Path, output: &Path, built: &Path) -> anyhow::Result<Guest> {
    let text = fs::read_to_string(manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
    let parsed: Manifest = toml::from_str(&text).with_context(|| manifest.display().to_string())?;
    let library = package.artifacts("cdylib");
    let [library] = library.as_slice() else {
        bail!("{}: a plugin needs crate-type = [\"cdylib\", \"rlib\"] under [lib]", package.name);
    };
    let name = parsed.plugin.name.to_string();
    ensure!(!name.contains('/'), "{}: a built-in plugin has no team, found {name:?}", manifest.display());
    Ok(Guest {
        artifact: output.join(format!("{}.wasm", library.replace('-', "_"))),
        built: built.join(format!("{name}.wasm")),
        manifest: Some(parsed),
    })
}

/// Where the compiler lives and what its own sources are called.
struct Toolchain {
    sysroot: PathBuf,
    commit: String,
}

impl Toolchain {
    fn find() -> anyhow::Result<Self> {
        let sysroot = PathBuf::from(rustc(&["--print", "sysroot"])?.trim());
        let version = rustc(&["--version", "--verbose"])?;
        let commit = version.lines().find_map(|line| line.strip_prefix("commit-hash: "));
        Ok(Self { sysroot, commit: commit.unwrap_or("unknown").to_owned() })
    }
}

/// Installs a target of Rust when rustup is there to do it.
pub(crate) fn ensure_target(target: &str) -> anyhow::Result<()> {
    let sysroot = rustc(&["--print", "sysroot"])?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(target).is_dir() {
        return Ok(());
    }
    println!("installing the Rust target {target}");
    let added = Command::new("rustup").args(["target", "add", target]).status();
    ensure!(
        added.is_ok_and(|status| status.success()),
        "the Rust target {target} is not installed and rustup could not add it; install it by hand \
         (`rustup target add {target}`) and run this again"
    );
    Ok(())
}

fn rustc(arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("rustc").args(arguments).output().context("cannot run rustc")?;
    ensure!(output.status.success(), "rustc {} failed", arguments.join(" "));
    String::from_utf8(output.stdout).context("rustc did not answer in UTF-8")
}

/// Compiler flags: link settings, and a fixed name for each folder that differs between machines. Where two
/// folders contain each other, the later one wins.
fn flags(workspace: &Workspace, target: &Path, toolchain: &Toolchain) -> anyhow::Result<String> {
    let home = match std::env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => std::env::home_dir().context("neither CARGO_HOME nor a home folder is set")?.join(".cargo"),
    };
    let mut folders = vec![
        (workspace.root.clone(), "/yardstick".to_owned()),
        (home.clone(), "/cargo".to_owned()),
        (toolchain.sysroot.clone(), "/sysroot".to_owned()),
        (toolchain.sysroot.join("lib/rustlib/src/rust"), format!("/rustc/{}", toolchain.commit)),
        (target.to_owned(), "/target".to_owned()),
    ];
    // Sources of dependencies lie in a folder named after the registry, which may be a mirror.
    let registries = fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten();
    folders.extend(registries.map(|registry| (registry.path(), "/cargo/registry".to_owned())));
    let mut flags: Vec<String> = LINK.iter().map(|&flag| flag.to_owned()).collect();
    for (folder, name) in folders {
        let folder = folder.to_str().with_context(|| format!("{} is not UTF-8", folder.display()))?;
        flags.push(format!("--remap-path-prefix={folder}={name}"));
    }
    Ok(flags.join("\u{1f}"))
}

fn build<'a>(target: &Path, flags: &str, what: impl IntoIterator<Item = &'a str>) -> anyhow::Result<()> {
    let status = Command::new(cargo())
        .args(["build", "--quiet", "--profile", PROFILE, "--target", TARGET])
        .arg("--target-dir")
        .arg(target)
        .args(what)
        .env("CARGO_ENCODED_RUSTFLAGS", flags)
        .env_remove("RUSTFLAGS")
        .status()
        .context("cannot run cargo build")?;
    ensure!(status.success(), "cargo build for {TARGET} failed");
    Ok(())
}

/// Puts the component in its place, unless the same bytes are there already, and gives a line about it.
fn finish(guest: &Guest, root: &Path) -> anyhow::Result<String> {
    let component =
        fs::read(&guest.artifact).with_context(|| format!("cannot read {}", guest.artifact.display()))?;
    let component = component::with_names(&component, |name| !component::is_standard_library(name))?;
    let component = match &guest.manifest {
        Some(manifest) => manifest::embed(&component, manifest),
        None => component,
    };
    let changed = fs::read(&guest.built).ok().as_deref() != Some(component.as_slice());
    if changed {
        if let Some(folder) = guest.built.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        fs::write(&guest.built, &component)
            .with_context(|| format!("cannot write {}", guest.built.display()))?;
    }
    let shown = guest.built.strip_prefix(root).unwrap_or(&guest.built);
    Ok(format!(
        "{:<44} {:>7.1} KiB  {}{}",
        shown.display(),
        component.len() as f64 / 1024.0,
        Digest::of(&component),
        if changed { "" } else { "  (unchanged)" }
    ))
}
