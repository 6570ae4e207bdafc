//! `yardstick plugin check`

use std::path::PathBuf;
use std::process::ExitCode;

use yardstick_app::run_cases;
use yardstick_report::list;

use super::{build, inspect, sandbox};
use crate::cli::context::{Context, Failure};
use crate::cli::output::{WIDTH, put};
use crate::project::Project;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The project's folder.
    #[arg(default_value = ".")]
    folder: PathBuf,
}

pub(super) async fn run(_: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let project = Project::open(&arguments.folder)?;
    let built = project.build()?;
    let (engine, plugin) = sandbox::load(&built).await?;
    put(&format!("{}\n", build::line(&project, &built)));
    let mut lines: Vec<(&str, String)> = vec![
        ("ok", format!("plain component, contract {}", plugin.contract())),
        ("ok", format!("imports {}", inspect::imports(&plugin))),
        ("ok", "parameters' schema".to_owned()),
    ];
    let cases = project.cases()?;
    let runs = run_cases(&engine, &plugin, &cases, |_| {}).await;
    let failed = runs.iter().filter(|run| !run.passed()).count();
    lines.push(match (runs.len(), failed) {
        (0, _) => ("error", "there is no case; publishing wants at least one".to_owned()),
        (all, 0) => ("ok", format!("{all} cases")),
        (all, failed) => ("error", format!("{failed} of {all} cases fail: yardstick plugin test")),
    });
    let most = sandbox::most(runs.iter().map(|run| &run.cost));
    for (name, used, limit, share) in sandbox::usage(&most, plugin.deadline_ms()) {
        if share >= sandbox::NEAR {
            let text =
                format!("{name}: {used} of {limit} ({:.0} %); a larger input may exceed it", 100.0 * share);
            lines.push(("warn", text));
        }
    }
    if most.memory_peak > plugin.initial_memory() && plugin.initial_memory() > 0 {
        let text = format!(
            "it grew its memory from {} to {}; growing makes plugins wait for each other, so start with more \
             (-Clink-arg=--initial-memory)",
            sandbox::bytes(plugin.initial_memory()),
            sandbox::bytes(most.memory_peak)
        );
        lines.push(("warn", text));
    }
    if project.manifest.asks.metrics.is_empty() || project.manifest.asks.shapes.is_empty() {
        lines.push((
            "warn",
            "plugin.toml asks for no metrics or no shapes, so it may read nothing".to_owned(),
        ));
    }
    let worst = lines.iter().any(|(grade, _)| *grade == "error");
    let rows: Vec<Vec<String>> =
        lines.into_iter().map(|(grade, text)| vec![grade.to_owned(), text]).collect();
    put(&list::table_or(&["", ""], &rows, WIDTH, ""));
    Ok(if worst { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
