//! The example's data come from its generator.

use std::fs;
use std::process::Command;

use anyhow::{Context, ensure};

use super::{Files, Problems};

const FOLDER: &str = "examples/batch-changes";

/// Generates the data again, elsewhere, and compares.
pub(super) fn check(files: &Files) -> anyhow::Result<Problems> {
    if !Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success()) {
        println!("     no python3 here: not generated again");
        return Ok(Problems::new());
    }
    let fresh = tempfile::tempdir().context("cannot make a temporary folder")?;
    let folder = files.root.join(FOLDER);
    let output = Command::new("python3").arg(folder.join("generate.py")).arg(fresh.path()).output()?;
    ensure!(output.status.success(), "generate.py: {}", String::from_utf8_lossy(&output.stderr).trim());
    let mut problems = Problems::new();
    for entry in fs::read_dir(fresh.path())? {
        let name = entry?.file_name();
        let path = folder.join("data").join(&name);
        if fs::read(&path).ok() != Some(fs::read(fresh.path().join(&name))?) {
            let shown = name.to_string_lossy();
            problems.push(format!("{FOLDER}/data/{shown}: not what generate.py writes; run it again"));
        }
    }
    Ok(problems)
}
