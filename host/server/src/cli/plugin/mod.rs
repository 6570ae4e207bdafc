//! `yardstick plugin`: one file per command.

mod backtest;
mod bench;
mod build;
mod change;
mod check;
mod grant;
mod inspect;
mod list;
mod logs;
mod new;
mod publish;
mod sandbox;
mod sdk;
mod show;
mod test;
mod verdict;

use std::process::ExitCode;

use super::context::{Context, Failure};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Start a project that builds and passes its own cases as it is.
    New(new::Arguments),
    /// Build the component, with its manifest, files and cases inside.
    Build(build::Arguments),
    /// Build, and run the cases in the sandbox under the limits of the service.
    Test(test::Arguments),
    /// Build, and measure each case.
    Bench(bench::Arguments),
    /// Build, and look at what publishing looks at, and how near it comes to its limits.
    Check(check::Arguments),
    /// What a component or a published plugin is, asks for, and cannot do.
    Inspect(inspect::Arguments),
    /// Build, test, and make this version available to releases, for good.
    Publish(publish::Arguments),
    /// List all plugins.
    List,
    /// Show a plugin with its versions, grants and history.
    Show(show::Arguments),
    /// What a plugin used and wrote when it judged.
    Logs(logs::Arguments),
    /// Give a plugin leave to read a metric.
    Grant(grant::Arguments),
    /// Take leave back.
    Revoke(grant::Arguments),
    /// Warn seals that find a version.
    Deprecate(change::WithReason),
    /// Keep new seals from finding a version.
    Yank(change::WithReason),
    /// Make a shadow a version that new seals find.
    Promote(change::Promote),
    /// Try a version on verdicts that were given. Stores nothing.
    Backtest(backtest::Arguments),
    /// What projects are built with.
    #[command(subcommand)]
    Sdk(sdk::Command),
}

pub(super) async fn run(context: &Context, command: &Command) -> Result<ExitCode, Failure> {
    match command {
        Command::New(arguments) => new::run(arguments),
        Command::Build(arguments) => build::run(context, arguments),
        Command::Test(arguments) => test::run(context, arguments).await,
        Command::Bench(arguments) => bench::run(context, arguments).await,
        Command::Check(arguments) => check::run(context, arguments).await,
        Command::Inspect(arguments) => inspect::run(context, arguments).await,
        Command::Publish(arguments) => publish::run(context, arguments).await,
        Command::List => list::run(context).await,
        Command::Show(arguments) => show::run(context, arguments).await,
        Command::Logs(arguments) => logs::run(context, arguments).await,
        Command::Grant(arguments) => grant::grant(context, arguments).await,
        Command::Revoke(arguments) => grant::revoke(context, arguments).await,
        Command::Deprecate(arguments) => change::deprecate(context, arguments).await,
        Command::Yank(arguments) => change::yank(context, arguments).await,
        Command::Promote(arguments) => change::promote(context, arguments).await,
        Command::Backtest(arguments) => backtest::run(context, arguments).await,
        Command::Sdk(command) => sdk::run(command),
    }
}
