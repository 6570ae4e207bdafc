//! What Cargo knows of this workspace.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};
use serde::Deserialize;

/// The part of `cargo metadata` that the commands need.
#[derive(Debug, Deserialize)]
pub(crate) struct Workspace {
    /// The checkout.
    #[serde(rename = "workspace_root")]
    pub(crate) root: PathBuf,
    /// Where Cargo builds, whatever set it.
    #[serde(rename = "target_directory")]
    pub(crate) target: PathBuf,
    /// The members.
    pub(crate) packages: Vec<Package>,
}

impl Workspace {
    /// The version that all members have.
    pub(crate) fn version(&self) -> anyhow::Result<&str> {
        let first = self.packages.first().context("a workspace has members")?;
        Ok(&first.version)
    }
}

/// A member of the workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Its `Cargo.toml`.
    pub(crate) manifest_path: PathBuf,
    pub(crate) targets: Vec<Target>,
    pub(crate) dependencies: Vec<Dependency>,
}

/// What a package uses.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `dev`, `build`; `None`: the package itself needs it.
    pub(crate) kind: Option<String>,
}

/// What a package builds.
#[derive(Debug, Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    /// `lib`, `cdylib`, `example`, …
    pub(crate) kind: Vec<String>,
}

impl Workspace {
    /// Asks Cargo.
    pub(crate) fn load() -> anyhow::Result<Self> {
        let output = Command::new(cargo())
            .args(["metadata", "--format-version", "1", "--no-deps"])
            .output()
            .context("cannot run cargo metadata")?;
        if !output.status.success() {
            bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        serde_json::from_slice(&output.stdout).context("cannot read what cargo metadata says")
    }
}

impl Package {
    /// Names of the targets of this kind, with `_` for `-`, as Cargo names the files it builds.
    pub(crate) fn artifacts(&self, kind: &str) -> Vec<String> {
        let of_kind = self.targets.iter().filter(|target| target.kind.iter().any(|known| known == kind));
        of_kind.map(|target| target.name.clone()).collect()
    }
}

/// The Cargo that runs this, or the one on the path.
pub(crate) fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
