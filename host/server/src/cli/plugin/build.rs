//! `yardstick plugin build`

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::context::{Context, Failure};
use crate::cli::output::{Format, json, put};
use crate::project::{Built, Project};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The project's folder.
    #[arg(default_value = ".")]
    pub(super) folder: PathBuf,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let project = Project::open(&arguments.folder)?;
    let built = project.build()?;
    if context.output == Format::Json {
        json(&serde_json::json!({
            "path": built.path, "bytes": built.component.len(), "hash": built.digest.to_string(),
        }))?;
    } else {
        put(&format!("{}\n", line(&project, &built)));
    }
    Ok(ExitCode::SUCCESS)
}

/// `growth/merge-rate 1.2.0 · rust, lean · 148 KiB · dist/merge-rate-1.2.0.wasm · sha256:…`
pub(super) fn line(project: &Project, built: &Built) -> String {
    let about = &project.manifest.plugin;
    let build = &project.manifest.build;
    let path = built.path.strip_prefix(&project.root).unwrap_or(&built.path);
    format!(
        "{} {} · {}, {} · {} · {} · {}",
        about.name,
        about.version,
        build.language,
        build.profile.as_str(),
        super::sandbox::bytes(built.component.len() as u64),
        path.display(),
        built.digest.short()
    )
}
