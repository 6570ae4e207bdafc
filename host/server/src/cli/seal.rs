//! `yardstick seal`

use std::process::ExitCode;

use yardstick_domain::ids::ReleaseSlug;

use super::context::{Context, Failure, parsed};
use super::output::{Format, json, put};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The release.
    #[arg(value_parser = parsed::<ReleaseSlug>)]
    release: ReleaseSlug,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (app, caller) = context.open().await?;
    let facts = app.seal(&caller, &arguments.release).await?;
    let Some(seal) = &facts.seal else { return Err(Failure::could("internal fault: no seal after sealing")) };
    if context.output == Format::Json {
        json(seal)?;
        return Ok(ExitCode::SUCCESS);
    }
    let slug = &arguments.release;
    let criteria = facts.release.criteria.list.len();
    put(&format!(
        "{slug} sealed at {} by {}: {criteria} criteria, planned {}\n{}\n\
         Until the launch a change takes a new seal; after it, an amendment with a reason.\n\
         Next: yardstick launch {slug}\n",
        seal.at, seal.by, facts.release.planned, seal.hash
    ));
    Ok(ExitCode::SUCCESS)
}
