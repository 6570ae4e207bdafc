//! `yardstick demo`

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

pub(super) async fn run(_: &super::context::Context, _: &Arguments) -> Result<std::process::ExitCode, super::context::Failure> {
    Ok(std::process::ExitCode::SUCCESS)
}
