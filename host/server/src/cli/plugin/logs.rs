//! `yardstick plugin logs`

use std::process::ExitCode;

use yardstick_client::api::{RunDocument, RunsRequest};
use yardstick_domain::ids::PluginName;
use yardstick_stats::format;

use super::change::{At, at};
use super::sandbox;
use crate::cli::context::{Context, Failure, checked};
use crate::cli::output::{Format, json, put};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// Its name, such as `growth/merge-rate`, or one version, `growth/merge-rate@1.2.0`.
    #[arg(value_name = "PLUGIN[@VERSION]", value_parser = which)]
    which: Which,
    /// Only runs that failed.
    #[arg(long)]
    failed: bool,
    /// Only runs as a shadow: what they would have changed.
    #[arg(long)]
    shadow: bool,
    /// At most so many, the newest first.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=500))]
    limit: u32,
}

/// A plugin, or a version of it.
#[derive(Debug, Clone)]
struct Which {
    plugin: String,
    version: Option<String>,
}

fn which(text: &str) -> Result<Which, String> {
    match text.contains('@') {
        true => at(text).map(|At { plugin, version }| Which { plugin, version: Some(version) }),
        false => checked::<PluginName>(text).map(|plugin| Which { plugin, version: None }),
    }
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let request = RunsRequest {
        version: arguments.which.version.clone(),
        failed: arguments.failed,
        shadow: arguments.shadow,
        limit: Some(arguments.limit),
        cursor: None,
    };
    let page = context.open().await?.plugin_runs(&arguments.which.plugin, &request).await?;
    if context.output == Format::Json {
        json(&page)?;
        return Ok(ExitCode::SUCCESS);
    }
    if page.items.is_empty() {
        put("No runs.\n");
    }
    for run in &page.items {
        put(&yardstick_report::terminal::escaped(&told(run)));
    }
    if page.next.is_some() {
        put("… and older ones: --limit\n");
    }
    Ok(ExitCode::SUCCESS)
}

fn told(run: &RunDocument) -> String {
    let fuel = run.cost.plan_fuel + run.cost.evaluate_fuel;
    let share =
        100.0 * run.cost.plan_fuel.max(run.cost.evaluate_fuel) as f64 / run.cost.fuel_limit.max(1) as f64;
    let (verdict, criterion) = match (&run.verdict, &run.criterion) {
        (Some(verdict), Some(criterion)) => (verdict.as_str(), criterion.as_str()),
        _ => ("a private", "release"),
    };
    let mut text = format!(
        "{:.0}  {verdict} {criterion}  {}  fuel {} ({share:.1} %), {}, {}\n",
        run.at,
        run.version,
        format::count(fuel),
        sandbox::bytes(run.cost.memory_peak),
        sandbox::time(run.cost.micros)
    );
    if let Some(failure) = &run.failure {
        text.push_str(&format!("  {}: {}\n", failure.code, failure.message));
    }
    if let Some(shadow) = &run.shadow {
        let sign = if shadow.differs { "would change" } else { "agrees" };
        text.push_str(&format!(
            "  shadow {sign}: {} instead of {}: {}\n",
            shadow.outcome, shadow.decided, shadow.headline
        ));
    }
    match &run.log {
        None => text.push_str("  (what it wrote belongs to the team of the release)\n"),
        Some(lines) => {
            for line in lines {
                let fields: String =
                    line.fields.iter().map(|(name, value)| format!(" {name}={value}")).collect();
                text.push_str(&format!("  {:<5} {}{fields}\n", line.level, line.message));
            }
        }
    }
    if run.dropped_lines > 0 {
        text.push_str(&format!("  … {} lines had no room\n", run.dropped_lines));
    }
    text
}
