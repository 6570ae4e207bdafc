//! `yardstick plugin backtest`

use std::process::ExitCode;

use yardstick_client::api::{BacktestDocument, BacktestRequest};
use yardstick_stats::format::counted;

use super::change::{At, at};
use crate::cli::context::{Context, Failure};
use crate::cli::output::{Format, json, put};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The version, such as `growth/merge-rate@1.3.0`.
    #[arg(value_name = "PLUGIN@VERSION", value_parser = at)]
    at: At,
    /// Only verdicts given on this day (in UTC) or since this instant.
    #[arg(long, value_name = "DAY|INSTANT")]
    since: Option<String>,
    /// At most so many verdicts, the newest first.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=500))]
    limit: u32,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let At { plugin, version } = &arguments.at;
    let request = BacktestRequest { since: arguments.since.clone(), limit: Some(arguments.limit) };
    let found = context.open().await?.backtest(plugin, version, &request).await?;
    if context.output == Format::Json {
        json(&found)?;
    } else {
        put(&yardstick_report::terminal::escaped(&told(&found)));
    }
    Ok(ExitCode::SUCCESS)
}

fn told(found: &BacktestDocument) -> String {
    let mut text = format!(
        "{} {}: {} of {} computed again; {} would differ, {} would turn\n",
        found.name,
        found.version,
        counted(found.findings.into(), "findings"),
        counted(found.verdicts.into(), "verdicts"),
        counted(found.changed.len() as u64, "findings"),
        counted(found.turned.len() as u64, "verdicts")
    );
    for turned in &found.turned {
        text.push_str(&format!("  verdict  {}  {} → {}\n", turned.at, turned.then, turned.now));
    }
    for changed in &found.changed {
        text.push_str(&format!("  finding  {} {}\n", changed.at, changed.criterion));
        text.push_str(&format!("           - {}: {}\n", changed.then, changed.then_headline));
        text.push_str(&format!("           + {}: {}\n", changed.now, changed.now_headline));
    }
    for left in &found.left_out {
        text.push_str(&format!("  left out {} {}: {}\n", left.at, left.criterion, left.why));
    }
    text
}
