//! `yardstick plugin test`

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use yardstick_app::{CaseRun, run_cases};
use yardstick_domain::ids::CriterionId;
use yardstick_domain::plugin::Cost;
use yardstick_domain::verdict::VerdictRef;

use super::{build, sandbox, verdict};
use crate::cli::context::{Context, Failure, checked};
use crate::cli::output::{Format, json, put, say};
use crate::project::Project;

/// How often files are looked at.
const LOOK: Duration = Duration::from_millis(400);

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The project's folder.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Build and test again whenever a file changes, until Ctrl-C.
    #[arg(long, conflicts_with = "verdict")]
    watch: bool,
    /// Run on what this verdict was judged from instead, and print how the finding differs.
    #[arg(long, value_name = "RELEASE/dN", value_parser = checked::<VerdictRef>, requires = "criterion")]
    verdict: Option<String>,
    /// The criterion of that verdict.
    #[arg(long, value_name = "ID", value_parser = checked::<CriterionId>, requires = "verdict")]
    criterion: Option<String>,
    /// Keep those inputs as a case of this name.
    #[arg(long, value_name = "NAME", requires = "verdict")]
    save_case: Option<String>,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    if let (Some(at), Some(criterion)) = (&arguments.verdict, &arguments.criterion) {
        let project = Project::open(&arguments.folder)?;
        return verdict::run(context, &project, at, criterion, arguments.save_case.as_deref()).await;
    }
    if !arguments.watch {
        return once(context, &arguments.folder).await;
    }
    loop {
        let seen = stamps(&arguments.folder);
        if let Err(failure) = once(context, &arguments.folder).await {
            failure.report();
        }
        say("\nwaiting for a change …");
        let mut ticks = tokio::time::interval(LOOK);
        loop {
            ticks.tick().await;
            if stamps(&arguments.folder) != seen {
                break;
            }
        }
    }
}

/// When each watched file was written.
fn stamps(folder: &std::path::Path) -> BTreeMap<PathBuf, Option<SystemTime>> {
    let Ok(project) = Project::open(folder) else { return BTreeMap::new() };
    let stamp = |path: PathBuf| {
        let written = std::fs::metadata(&path).and_then(|found| found.modified()).ok();
        (path, written)
    };
    project.watched().into_iter().map(stamp).collect()
}

async fn once(context: &Context, folder: &std::path::Path) -> Result<ExitCode, Failure> {
    let project = Project::open(folder)?;
    let built = project.build()?;
    let (engine, plugin) = sandbox::load(&built).await?;
    let cases = project.cases()?;
    if cases.count() == 0 {
        return Err(Failure::could(format!(
            "there is no case in {}; write one, such as `yardstick plugin new` makes",
            project.root.join(&project.manifest.test.cases).display()
        )));
    }
    let is_json = context.output == Format::Json;
    if !is_json {
        put(&format!("{}\n", build::line(&project, &built)));
    }
    let runs = run_cases(&engine, &plugin, &cases, |run| {
        if !is_json {
            put(&told(run));
        }
    })
    .await;
    let failed = runs.iter().filter(|run| !run.passed()).count();
    if is_json {
        json(&document(&runs))?;
    } else {
        let most = sandbox::most(runs.iter().map(|run| &run.cost));
        put(&format!("\n{}", sandbox::table(&most, plugin.deadline_ms())));
        put(&match failed {
            0 => format!("\nall {} cases passed\n", runs.len()),
            failed => format!("\n{failed} of {} cases failed\n", runs.len()),
        });
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A case in lines: what it shows, how it differs, and what the plugin wrote where it does.
fn told(run: &CaseRun) -> String {
    let word = if run.passed() { "ok  " } else { "FAIL" };
    let mut text = format!("  {word}  {}  {}\n", run.file, run.name);
    for difference in &run.differences {
        text.push_str(&format!("        {difference}\n"));
    }
    if !run.passed() {
        for line in &run.log.lines {
            text.push_str(&format!("        log {}: {}\n", line.level.as_str(), line.message));
        }
    }
    yardstick_report::terminal::escaped(&text)
}

fn document(runs: &[CaseRun]) -> serde_json::Value {
    let cost = |cost: &Cost| serde_json::to_value(cost).unwrap_or_default();
    let runs = runs.iter().map(|run| {
        serde_json::json!({
            "file": run.file, "case": run.name, "passed": run.passed(), "differences": run.differences,
            "cost": cost(&run.cost), "log": run.log, "finding": run.finding,
        })
    });
    serde_json::json!({ "cases": runs.collect::<Vec<_>>() })
}
