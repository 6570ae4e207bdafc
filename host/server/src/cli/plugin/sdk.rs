//! `yardstick plugin sdk`

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::context::Failure;
use crate::cli::output::put;
use crate::project::{Project, update_vendor};

#[derive(Debug, clap::Subcommand)]
pub(in crate::cli) enum Command {
    /// Bring a project's vendor folder to what this program carries.
    Update {
        /// The project's folder.
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
}

pub(super) fn run(command: &Command) -> Result<ExitCode, Failure> {
    let Command::Update { folder } = command;
    let project = Project::open(folder)?;
    let changed = update_vendor(&project.root, &project.manifest.build.language)?;
    put(if changed {
        "vendor/ is brought up to date; build and test again\n"
    } else {
        "vendor/ is up to date; nothing to do\n"
    });
    Ok(ExitCode::SUCCESS)
}
