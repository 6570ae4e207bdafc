//! Building a plugin in JavaScript, by componentize-js.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{Project, vendor};

/// Runs in the project's folder, so that Node.js finds the package there.
const SCRIPT: &str = "\
import { componentize } from '@bytecodealliance/componentize-js';
import { writeFile } from 'node:fs/promises';
const [witPath, out] = process.argv.slice(1);
const disableFeatures = ['random', 'stdio', 'clocks', 'http', 'fetch-event'];
const { component } = await componentize({ sourcePath: 'judge.js', witPath, worldName: 'plugin', disableFeatures });
await writeFile(out, component);
";

/// The component, with its engine inside and no imports but the contract's.
pub(super) fn build(project: &Project) -> Result<Vec<u8>> {
    let package = project.root.join("node_modules/@bytecodealliance/componentize-js");
    ensure!(package.is_dir(), "componentize-js is not installed; install it into the project: npm install");
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let out = folder.path().join("component.wasm");
    let status = Command::new("node")
        .current_dir(&project.root)
        .args(["--input-type=module", "--eval", SCRIPT, vendor::WIT])
        .arg(&out)
        .status()
        .context("cannot run node; install Node.js")?;
    ensure!(status.success(), "componentize-js could not build judge.js; what is wrong stands above");
    std::fs::read(&out).context("componentize-js made no component")
}
