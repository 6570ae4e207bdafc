//! The commands of an example's README, run as they stand there.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use yardstick_client::document::VerdictDocument;

/// A command of a README, and what it says that it exits with.
#[derive(Debug)]
pub struct Step {
    /// Line of the README.
    pub line: usize,
    /// Its words, without `yardstick`.
    pub words: Vec<String>,
    /// What stands behind `#`; 0 where nothing does.
    pub exits: i32,
}

/// The commands in a README's blocks of code, in order.
///
/// # Panics
/// When the file cannot be read, or a number behind `#` is none.
#[must_use]
pub fn steps(readme: &Path) -> Vec<Step> {
    let text = std::fs::read_to_string(readme).expect("a README");
    let lines = (1..).zip(text.lines()).filter(|(_, line)| line.starts_with("yardstick "));
    lines
        .map(|(line, text)| {
            let (command, exits) = text.split_once('#').unwrap_or((text, "0"));
            Step {
                line,
                words: command.split_whitespace().skip(1).map(str::to_owned).collect(),
                exits: exits.trim().parse().expect("an exit code"),
            }
        })
        .collect()
}

/// A `yardstick` at the root of the repository, with a database of its own.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The binary.
    pub program: PathBuf,
    /// The root of the repository.
    pub root: PathBuf,
    /// The folder of the database.
    pub data: PathBuf,
}

impl Reader {
    /// Runs a command.
    ///
    /// # Panics
    /// When the binary cannot be run.
    #[must_use]
    pub fn run(&self, words: &[String]) -> Output {
        let mut command = Command::new(&self.program);
        command.current_dir(&self.root).env_remove("YARDSTICK_DATABASE").env("YARDSTICK_DATA", &self.data);
        command.args(words).output().expect("the binary runs")
    }

    /// Runs all commands of a README; each must exit as it says.
    ///
    /// # Panics
    /// When one does not, or none of them judges.
    pub fn follow(&self, readme: &Path) {
        let steps = steps(readme);
        assert!(steps.iter().any(|step| step.words[0] == "judge"), "the README has no commands");
        for step in &steps {
            let output = self.run(&step.words);
            let text = || String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(step.exits), "README.md:{}: {}", step.line, text());
        }
    }

    /// A verdict's document.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn verdict(&self, at: &str) -> VerdictDocument {
        let words = ["--output", "json", "verdict", "show", at].map(str::to_owned);
        serde_json::from_slice(&self.run(&words).stdout).expect("a verdict")
    }
}
