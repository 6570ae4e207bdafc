//! `yardstick copy`

use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use yardstick_stats::format::counted;
use yardstick_store::{OnSchema, Store};

use super::context::Failure;
use super::output::put;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The database to copy: `sqlite:PATH` or `postgres://…`. Stop what uses it first.
    #[arg(long, value_name = "DATABASE")]
    from: String,
    /// The database to copy into. It is made or brought up to date, and must hold nothing.
    #[arg(long, value_name = "DATABASE")]
    to: String,
}

pub(super) async fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let from = Store::open(&arguments.from, OnSchema::Refuse).await.map_err(anyhow::Error::from)?;
    let to = Store::open(&arguments.to, OnSchema::Migrate).await.map_err(anyhow::Error::from)?;
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template(
        "{bar:40} {human_pos} of {human_len} rows, each counted twice · {eta} left",
    ) {
        bar.set_style(style);
    }
    let mut progress = |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    };
    let copied = from.copy_to(&to, &mut progress).await;
    bar.finish_and_clear();
    let copied = copied.map_err(anyhow::Error::from)?;
    put(&format!(
        "Copied {} of {} from {} to {}, and compared each\n",
        counted(copied.rows, "rows"),
        counted(copied.tables as u64, "tables"),
        from.name(),
        to.name()
    ));
    from.close().await;
    to.close().await;
    Ok(ExitCode::SUCCESS)
}
