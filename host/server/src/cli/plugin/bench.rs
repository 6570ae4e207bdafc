//! `yardstick plugin bench`

use std::path::PathBuf;
use std::process::ExitCode;

use yardstick_app::run_cases;
use yardstick_report::list;
use yardstick_stats::format;

use super::{build, sandbox};
use crate::cli::context::{Context, Failure};
use crate::cli::output::{WIDTH, put};
use crate::project::Project;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The project's folder.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// How often each case is run.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    runs: u32,
}

pub(super) async fn run(_: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let project = Project::open(&arguments.folder)?;
    let built = project.build()?;
    let (engine, plugin) = sandbox::load(&built).await?;
    let cases = project.cases()?;
    put(&format!("{}\n\n", build::line(&project, &built)));
    // The first turn finds what does not work, and warms up.
    let first = run_cases(&engine, &plugin, &cases, |_| {}).await;
    let mut times: Vec<Vec<u64>> = vec![Vec::new(); first.len()];
    for _ in 0..arguments.runs {
        let runs = run_cases(&engine, &plugin, &cases, |_| {}).await;
        for (times, run) in times.iter_mut().zip(&runs) {
            times.push(run.cost.micros);
        }
    }
    let mut rows = Vec::new();
    for (run, mut times) in first.iter().zip(times) {
        times.sort_unstable();
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        rows.push(vec![
            run.file.clone(),
            if run.passed() { "ok".to_owned() } else { "FAIL".to_owned() },
            sandbox::time(at(0.5)),
            sandbox::time(at(0.99)),
            format::count(run.cost.plan_fuel + run.cost.evaluate_fuel),
            sandbox::bytes(run.cost.memory_peak),
        ]);
    }
    let headers = ["case", "", "median", "p99", "fuel", "memory"];
    put(&list::table_or(&headers, &rows, WIDTH, "There is no case to measure."));
    put(&format!("\n{} runs of each; plan and evaluate, a fresh instance for both\n", arguments.runs));
    Ok(ExitCode::SUCCESS)
}
