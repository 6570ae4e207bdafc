//! `yardstick seal`

use std::process::ExitCode;

use yardstick_domain::ids::ReleaseSlug;

use super::context::{Context, Failure, checked};
use super::output::{Format, json, put, say};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The release.
    #[arg(value_parser = checked::<ReleaseSlug>)]
    release: String,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let slug = &arguments.release;
    let release = context.open().await?.seal(slug).await?;
    for warning in &release.warnings {
        say(&format!("warning: {warning}"));
    }
    if context.output == Format::Json {
        json(&release)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(seal) = &release.seal {
        put(&format!("{slug} sealed at {} by {}: ", seal.at, seal.by));
        let count = release.criteria.len();
        let criteria = if count == 1 { "criterion" } else { "criteria" };
        put(&format!("{count} {criteria}, planned {}\n{}\n", release.planned, seal.hash));
    }
    put(&format!(
        "Until the launch a change takes a new seal; after it, an amendment with a reason.\n\
         Next: yardstick launch {slug}\n"
    ));
    Ok(ExitCode::SUCCESS)
}
