//! `yardstick replay`

use std::process::ExitCode;

use yardstick_domain::verdict::VerdictRef;
use yardstick_stats::format::counted;

use super::context::{Context, Failure, checked};
use super::output::{Format, json, put};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The verdict, such as batch-changes-ga/d28.
    #[arg(value_parser = checked::<VerdictRef>)]
    verdict: String,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let replay = context.open().await?.replay(&arguments.verdict).await?;
    let same = replay.same;
    let code = if same { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    if context.output == Format::Json {
        json(&replay)?;
        return Ok(code);
    }
    let mut out = String::new();
    for difference in &replay.differences {
        let of = difference.criterion.as_ref().map_or(String::new(), |criterion| format!("{criterion}, "));
        out.push_str(&format!("DIFFERS  {of}{}: {}\n", difference.part, difference.detail));
    }
    let mut parts = vec![format!(
        "{} computed again, identical to the bit",
        counted(u64::from(replay.identical), "findings")
    )];
    if replay.by_host > 0 {
        parts.push(format!("{} by the host, records unchanged", replay.by_host));
    }
    if replay.not_replayable > 0 {
        parts.push(format!("{} stopped by the clock, not replayable", replay.not_replayable));
    }
    let fuel = if replay.fuel_compared { "fuel equal" } else { "another engine: fuel not compared" };
    let word = if same { "SAME" } else { "CHANGED" };
    if same {
        parts.push(fuel.to_owned());
    }
    out.push_str(&format!("{word}  {} · {}\n", replay.at, parts.join(" · ")));
    put(&out);
    Ok(code)
}
