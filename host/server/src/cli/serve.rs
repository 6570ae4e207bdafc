//! `yardstick serve`

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::context::{Context, Failure};
use super::output::put;
use crate::api::{self, Settings, Surroundings};
use crate::{ambient, wiring, worker};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Where to listen: an address of this machine and a port; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7070")]
    listen: SocketAddr,
    /// Leave the work that comes due to others: to `yardstick work`, or to another service.
    #[arg(long)]
    no_work: bool,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).with_ansi(false).init();
    let app = wiring::app(&context.database(), &context.data, Arc::new(ambient::now)).await?;
    let actor = ambient::user();
    let name = app.store().name().to_owned();
    // Before anybody can ask, so that nobody waits for it.
    app.load_judges().await?;
    let settings = Settings {
        listen: arguments.listen,
        spool: wiring::spool(&context.data)?,
        surroundings: Surroundings { clock: ambient::now, actor: actor.clone() },
    };
    let ready = |address: SocketAddr| {
        put(&format!("Yardstick on http://{address} · API http://{address}/api · {name} as {actor}\n"));
    };
    let (stop, stopped) = watch::channel(false);
    let app = Arc::new(app);
    let working = (!arguments.no_work).then(|| tokio::spawn(worker::work(Arc::clone(&app), stopped)));
    api::serve(app, settings, ready, told_to_end()?).await?;
    stop.send_replace(true);
    if let Some(working) = working {
        working.await.context("the worker failed")??;
    }
    Ok(ExitCode::SUCCESS)
}

/// Comes when somebody ends this process, by Ctrl-C or by `kill`. A second time ends it at once.
pub(super) fn told_to_end() -> anyhow::Result<impl Future<Output = ()>> {
    let cannot = "signals cannot be received";
    let mut interrupt = signal(SignalKind::interrupt()).context(cannot)?;
    let mut terminate = signal(SignalKind::terminate()).context(cannot)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("ending: running requests are finished, nothing new is taken");
        tokio::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            std::process::exit(1);
        });
    })
}
