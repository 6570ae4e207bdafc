//! `yardstick work`

use std::process::ExitCode;
use std::sync::Arc;

use tokio::sync::watch;
use yardstick_stats::format::counted;

use super::context::{Context, Failure};
use super::output::put;
use super::serve::told_to_end;
use crate::{ambient, wiring, worker};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// End when nothing is due: for those who start it by a timer of their own.
    #[arg(long)]
    once: bool,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).with_ansi(false).init();
    let app = wiring::app(&context.database(), &context.data, Arc::new(ambient::now)).await?;
    app.load_judges().await?;
    if arguments.once {
        let done = worker::work_off(Arc::new(app)).await?;
        put(&format!("{} done\n", counted(done, "jobs")));
        return Ok(ExitCode::SUCCESS);
    }
    put(&format!("Yardstick works on {}\n", app.store().name()));
    let (stop, stopped) = watch::channel(false);
    let ending = told_to_end()?;
    tokio::spawn(async move {
        ending.await;
        stop.send_replace(true);
        // Whoever waits for it hears of it for as long as this lives.
        stop.closed().await;
    });
    worker::work(Arc::new(app), stopped).await?;
    Ok(ExitCode::SUCCESS)
}
