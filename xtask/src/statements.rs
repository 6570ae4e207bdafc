//! `cargo xtask statements`: keeps what this version asks its databases, so that later versions are known not to take it
//! away: services of the version before go on while a database is brought up to date.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::guests::{self, Which};
use crate::workspace::{Workspace, cargo};

/// The folder of kept statements.
const KEPT: &str = "tests/fixtures/statements";
/// Longer ones only repeat their rows.
const LONGEST: usize = 2_000;
/// How what reads and writes rows begins.
const BEGIN: [&str; 5] = ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE"];

/// Runs the tests of the store and of the use cases and writes down every statement that they ran, a line each and a file
/// per database, named by the version.
pub(crate) fn run(_: &[String]) -> Result<()> {
    let workspace = Workspace::load()?;
    let folder = workspace.target.join("statements");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    guests::make(Which::All)?;
    let status = Command::new(cargo())
        .current_dir(&workspace.root)
        .args(["nextest", "run", "--package", "yardstick-tests", "--no-fail-fast", "--filterset"])
        // All but the test that reads what is kept, and those that use both databases at once.
        .arg("(test(/^store::/) | test(/^app::/)) - test(/^store::kept/) - test(/^app::copied/)")
        .env("YARDSTICK_STATEMENTS_TO", &folder)
        .status()
        .context("cannot run cargo nextest")?;
    ensure!(status.success(), "the tests failed");
    let mut kept = [("sqlite", BTreeSet::new()), ("postgres", BTreeSet::new())];
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        let of =
            |(kind, _): &&mut (&str, BTreeSet<String>)| path.extension().is_some_and(|found| found == *kind);
        let Some((_, all)) = kept.iter_mut().find(of) else { continue };
        let is_kept = |line: &&str| {
            line.len() <= LONGEST
                && BEGIN.iter().any(|begin| line.starts_with(begin))
                // What copies a database asks by quoted names, of both databases at once.
                && !line.contains("(\"")
                && !line.starts_with("SELECT \"")
                // A table of one transaction.
                && !line.contains("import_seen")
                // About the schema itself, by whatever is newest.
                && !line.contains("schema_versions")
                && !line.contains("sqlite_schema")
        };
        all.extend(text.lines().filter(is_kept).map(str::to_owned));
    }
    let into = workspace.root.join(KEPT);
    fs::create_dir_all(&into)?;
    for (kind, all) in kept {
        let path = into.join(format!("{}.{kind}.sql", workspace.version()?));
        let text: String = all.iter().map(|line| format!("{line}\n")).collect();
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        println!("{} statements in {}", all.len(), path.display());
    }
    Ok(())
}
