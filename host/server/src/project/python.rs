//! Building a plugin in Python, by componentize-py.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{Project, rust, vendor};

/// The version that the templates were written with.
const VERSION: &str = "0.25.1";

/// The component, with its interpreter inside and no imports but the contract's.
pub(super) fn build(project: &Project) -> Result<Vec<u8>> {
    let program = rust::found(project, &[".venv/bin"], "componentize-py").with_context(|| {
        format!(
            "componentize-py is not installed; install it into the project: python3 -m venv .venv && \
             .venv/bin/pip install componentize-py=={VERSION}"
        )
    })?;
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let out = folder.path().join("component.wasm");
    let status = Command::new(program)
        .current_dir(&project.root)
        .args([
            "--wit-path",
            vendor::WIT,
            "--world",
            "plugin",
            "componentize",
            "app",
            "--stub-wasi",
            "--output",
        ])
        .arg(&out)
        // Its own stack says nothing to the author; Python's does.
        .env_remove("RUST_BACKTRACE")
        .stdout(std::process::Stdio::null())
        .status()
        .context("cannot run componentize-py")?;
    ensure!(status.success(), "componentize-py could not build app.py; what is wrong stands above");
    std::fs::read(&out).context("componentize-py made no component")
}
