//! `yardstick plugin publish`

use std::path::PathBuf;
use std::process::ExitCode;

use yardstick_app::{CaseFiles, run_cases};
use yardstick_client::api::PublishRequest;

use super::{build, sandbox};
use crate::cli::context::{Context, Failure};
use crate::cli::output::{Format, json, put, say};
use crate::project::Project;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The project's folder, which is built, or a component that was built (`*.wasm`).
    #[arg(default_value = ".")]
    what: PathBuf,
    /// As a shadow: no seal finds it, it judges beside the version that decides until it is promoted.
    #[arg(long)]
    shadow: bool,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let built = match arguments.what.extension() {
        Some(ending) if ending == "wasm" => sandbox::read(&arguments.what)?,
        _ => {
            let project = Project::open(&arguments.what)?;
            let built = project.build()?;
            say(&build::line(&project, &built));
            built
        }
    };
    // Told here, a failing case comes with its particulars, and nothing is sent.
    let (engine, plugin) = sandbox::load(&built).await?;
    let cases = CaseFiles::of_component(&built.component).map_err(Failure::could)?;
    let runs = run_cases(&engine, &plugin, &cases, |_| {}).await;
    if let Some(failed) = runs.iter().find(|run| !run.passed()) {
        return Err(Failure::could(format!(
            "the case {} fails: {}; see yardstick plugin test",
            failed.file,
            failed.differences.join("; ")
        )));
    }
    let backend = context.open().await?;
    let request = PublishRequest { shadow: arguments.shadow };
    let published = backend.publish_plugin(&request, built.component).await?;
    if context.output == Format::Json {
        json(&published)?;
        return Ok(ExitCode::SUCCESS);
    }
    let (name, version) = (&published.name, &published.version.version);
    put(&match (published.is_new, arguments.shadow) {
        (false, _) => format!("{name} {version} is published already with these bytes; nothing to do\n"),
        (true, true) => format!(
            "{name} {version} is published as a shadow ({} cases passed); it judges beside the version that decides\n\
             See what it would change: yardstick plugin logs {name} --shadow\n",
            published.cases
        ),
        (true, false) => {
            let range =
                published.version.version.rsplit_once('.').map_or(version.as_str(), |(range, _)| range);
            format!(
                "{name} {version} is published ({} cases passed). Criteria use it by  judge: {name}@{range}\n",
                published.cases
            )
        }
    });
    Ok(ExitCode::SUCCESS)
}
