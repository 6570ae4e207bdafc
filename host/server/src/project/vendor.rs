//! What a project is built with, as this program carries it: the contract, and for Rust the SDK and the statistics. So
//! a plugin builds without this repository and without an entry in a registry.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// The folder in a project.
const FOLDER: &str = "vendor";
/// The contract in a project.
pub(super) const WIT: &str = "vendor/wit/v1.0";
/// Says that the folder is ours to replace, and what is in it.
const MARK: &str = "YARDSTICK.txt";

/// Files by their path below the folder: the contract's first.
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/vendor.rs"));

/// Writes the folder into a project, in place of what was there. Says whether anything changed.
///
/// # Errors
/// When the folder is not one of ours, or cannot be written.
pub(crate) fn update(project: &Path, language: &str) -> Result<bool> {
    let folder = project.join(FOLDER);
    let mark = folder.join(MARK);
    let text = format!(
        "What this plugin is built with, written by yardstick {}. Do not edit: `yardstick plugin sdk update` \
         replaces it.\n",
        env!("CARGO_PKG_VERSION")
    );
    let wanted: Vec<&(&str, &str)> =
        FILES.iter().filter(|(path, _)| language == "rust" || path.starts_with("wit/")).collect();
    if folder.exists() {
        ensure!(
            mark.is_file(),
            "{} is not what yardstick wrote ({MARK} is missing); move it away",
            folder.display()
        );
        let same = |(path, content): &&(&str, &str)| {
            fs::read_to_string(folder.join(path)).is_ok_and(|found| found == *content)
        };
        if wanted.iter().all(same) {
            return Ok(false);
        }
        fs::remove_dir_all(&folder).with_context(|| format!("cannot replace {}", folder.display()))?;
    }
    for (path, content) in wanted.into_iter().copied().chain([(MARK, text.as_str())]) {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        }
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(true)
}
