//! A new project, as an author makes it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

use super::TEST;
use crate::inputs;
use crate::report::Row;
use crate::samples::{Summary, nanos};

/// A project in a folder of its own.
pub(crate) struct Project {
    yardstick: PathBuf,
    folder: TempDir,
}

impl Project {
    /// Made and built.
    pub(crate) fn new(yardstick: &Path) -> Result<Self> {
        let project = Self { yardstick: yardstick.to_owned(), folder: tempfile::tempdir()? };
        project.run(&["plugin", "new", "bench/finish-rate", "--to", "project"])?;
        project.run(&["plugin", "build", "project"])?;
        Ok(project)
    }

    fn run(&self, words: &[&str]) -> Result<()> {
        let folder = self.folder.path();
        let output = Command::new(&self.yardstick)
            .current_dir(folder)
            .args(words)
            .env("CARGO_TARGET_DIR", folder.join("target"))
            .env_remove("YARDSTICK_DATABASE")
            .stdin(Stdio::null())
            .output()
            .context("cannot start yardstick")?;
        let told = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "yardstick {} failed: {}", words.join(" "), told.trim());
        Ok(())
    }

    /// Tests it this many times.
    pub(super) fn tests(&self, count: usize) -> Result<Row> {
        let test = |_| {
            let start = Instant::now();
            self.run(&["plugin", "test", "project"])?;
            Ok(nanos(start.elapsed()))
        };
        let samples = (0..count).map(test).collect::<Result<Vec<_>>>()?;
        Ok(Row { what: TEST.to_owned(), summary: Summary::of(&samples).context("it was tested")? })
    }

    /// The component that was built.
    pub(crate) fn component(&self) -> Result<Vec<u8>> {
        let dist = self.folder.path().join("project/dist");
        let mut files = fs::read_dir(&dist).with_context(|| format!("cannot read {}", dist.display()))?;
        inputs::read(&files.next().context("nothing was built")??.path())
    }
}
