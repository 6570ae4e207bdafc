//! The command line, run as a process.

mod commands;
mod imports;
mod killed;
mod plugin_guide;
mod plugin_projects;
mod workers;

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A folder in which commands run, and the database they use.
pub(crate) struct Desk {
    folder: TempDir,
    database: Option<String>,
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Its exit code; `None`: a signal ended it.
    pub(crate) code: Option<i32>,
    /// The signal that ended it.
    pub(crate) signal: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Desk {
    /// A desk over a database of its own in the folder, or over this one.
    pub(crate) fn new(database: Option<&str>) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: database.map(str::to_owned) }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn write_bytes(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// Runs `yardstick` with these words, separated by blanks.
    pub(crate) fn run(&self, words: &str) -> Ran {
        self.run_at(words, None)
    }

    /// As [`Desk::run`]; the process is killed where it passes a named point.
    pub(crate) fn run_at(&self, words: &str, crash: Option<&str>) -> Ran {
        Self::ran(self.command(words).envs(crash.map(|point| ("YARDSTICK_CRASH_AT", point))))
    }

    /// The command `yardstick` with these words, separated by blanks.
    pub(crate) fn command(&self, words: &str) -> Command {
        let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_yardstick-under-test")));
        command.args(words.split_whitespace()).current_dir(self.folder.path()).env_clear();
        command.env("USER", "tester");
        command.envs(self.database.as_ref().map(|url| ("YARDSTICK_DATABASE", url)));
        command
    }

    /// Runs a command to its end.
    pub(crate) fn ran(command: &mut Command) -> Ran {
        let output = command.output().unwrap();
        Ran {
            code: output.status.code(),
            signal: output.status.signal(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs a command that must succeed; gives its standard output.
    pub(crate) fn must(&self, words: &str) -> String {
        let ran = self.run(words);
        assert_eq!(ran.code, Some(0), "{words}: {ran:?}");
        ran.out
    }

    /// The JSON a command answers.
    pub(crate) fn json(&self, words: &str) -> serde_json::Value {
        serde_json::from_str(&self.must(&format!("{words} --output json"))).unwrap()
    }
}
