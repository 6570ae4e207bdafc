//! `yardstick status`

use std::process::ExitCode;

use yardstick_client::api::StatusLine;

use super::context::{Context, Failure};
use super::output::{Format, json, put, table};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

/// Exits with 1 when something needs somebody.
pub(super) async fn run(context: &Context) -> Result<ExitCode, Failure> {
    let status = context.open().await?.status().await?;
    if context.output == Format::Json {
        json(&status)?;
    } else {
        put(&format!("Yardstick {} · {}\n", status.version, status.database));
        let row = |line: &StatusLine| {
            let word = if line.ok { "ok" } else { "needs somebody" };
            vec![
                word.to_owned(),
                line.name.clone(),
                line.text.clone(),
                line.advice.clone().unwrap_or_default(),
            ]
        };
        let rows: Vec<Vec<String>> = status.lines.iter().map(row).collect();
        table(context.output, &["", "what", "how it stands", "what to do"], &rows, "");
    }
    Ok(ExitCode::from(u8::from(!status.ok)))
}
