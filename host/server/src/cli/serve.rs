//! `yardstick serve`

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::context::{Context, Failure};
use super::output::put;
use crate::api::{self, Access, Rates, Settings, Surroundings};
use crate::{ambient, wiring, worker};

/// Far more than people and their programs ask; what it keeps away is a program that has gone wild.
const DEFAULT_PER_SECOND: NonZeroU32 = NonZeroU32::new(2_000).unwrap();
const TWICE: NonZeroU32 = NonZeroU32::new(2).unwrap();

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Where to listen: an address of this machine and a port; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7070")]
    listen: SocketAddr,
    /// Who may ask: whoever has a token, or, on this machine's own address only, whoever reaches it, as the user the
    /// service runs as.
    #[arg(long, value_enum, default_value_t = AccessWord::Tokens)]
    access: AccessWord,
    /// A name under which the service is asked, with its port where that is not the scheme's own, such as
    /// yardstick.example.com; several times for several. Its own addresses need not be named.
    #[arg(long = "host", value_name = "NAME[:PORT]")]
    hosts: Vec<String>,
    /// Requests per second that are answered of each caller, over time; of whoever is not known, by address.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_PER_SECOND)]
    requests_per_second: NonZeroU32,
    /// Requests that a caller may make at once after a time without any; default: twice as many as per second.
    #[arg(long, value_name = "N")]
    burst: Option<NonZeroU32>,
    /// Attempts per second without a token that is taken, from each address; twenty times as many at once.
    #[arg(long, value_name = "N", default_value_t = NonZeroU32::MIN)]
    failures_per_second: NonZeroU32,
    /// Leave the work that comes due to others: to `yardstick work`, or to another service.
    #[arg(long)]
    no_work: bool,
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum AccessWord {
    Tokens,
    Local,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).with_ansi(false).init();
    let app = wiring::app(&context.database(), &context.data, Arc::new(ambient::now)).await?;
    let name = app.store().name().to_owned();
    let access = match arguments.access {
        AccessWord::Tokens => Access::Tokens,
        AccessWord::Local => Access::Local(ambient::user()),
    };
    let who = match &access {
        Access::Local(user) => format!("as {user}"),
        Access::Tokens => {
            if let Some(made) = wiring::first_token(&app, &context.data).await? {
                tracing::info!("a token of an operator is in {}", made.display());
            }
            "with tokens".to_owned()
        }
    };
    // Before anybody can ask, so that nobody waits for it.
    app.load_judges().await?;
    let settings = Settings {
        listen: arguments.listen,
        spool: wiring::spool(&context.data)?,
        hosts: arguments.hosts.clone(),
        surroundings: Surroundings { clock: ambient::now, access },
        rates: Rates {
            per_second: arguments.requests_per_second,
            burst: arguments.burst.unwrap_or(arguments.requests_per_second.saturating_mul(TWICE)),
            failures_per_second: arguments.failures_per_second,
        },
        ticks: ambient::ticks,
        process: ambient::worker_name()?,
    };
    let (stop, stopped) = watch::channel(false);
    let app = Arc::new(app);
    let mut tasks: JoinSet<anyhow::Result<()>> = JoinSet::new();
    // Not before the address is taken: whoever cannot serve does nothing else either.
    let ready = |address: SocketAddr| {
        if !arguments.no_work {
            let work = worker::work(Arc::clone(&app), stopped.clone());
            tasks.spawn(async move {
                let ended = work.await;
                if let Err(error) = &ended {
                    tracing::error!("nothing that comes due is done any more: {error:#}");
                }
                ended
            });
        }
        let noting = worker::note_uses(Arc::clone(&app), stopped.clone());
        tasks.spawn(async move {
            noting.await;
            Ok(())
        });
        put(&format!("Yardstick on http://{address} · API http://{address}/api · {name} {who}\n"));
    };
    api::serve(Arc::clone(&app), settings, ready, told_to_end()?).await?;
    stop.send_replace(true);
    while let Some(ended) = tasks.join_next().await {
        ended.context("a task of the service failed")??;
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
