//! `yardstick plugin new`

use std::path::PathBuf;
use std::process::ExitCode;

use yardstick_domain::ids::PluginName;

use crate::cli::context::{Failure, parsed};
use crate::cli::output::put;
use crate::project::{self, Language};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// Its name: the team and its own, such as `growth/merge-rate`.
    #[arg(value_name = "TEAM/NAME", value_parser = parsed::<PluginName>)]
    name: PluginName,
    /// What it is written in.
    #[arg(long, value_enum, default_value_t = Language::Rust)]
    lang: Language,
    /// The folder to make; the plugin's own name unless given.
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let folder = project::start(&arguments.name, arguments.lang, arguments.to.as_deref())?;
    let here = folder.display();
    let tools = match arguments.lang {
        Language::Rust => "",
        Language::Python => "python3 -m venv .venv && .venv/bin/pip install componentize-py==0.25.1\n  ",
        Language::Js => "npm install\n  ",
    };
    put(&format!("{} is in {here}. Next:\n  cd {here}\n  {tools}yardstick plugin test\n", arguments.name));
    Ok(ExitCode::SUCCESS)
}
