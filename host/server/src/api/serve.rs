//! Listening, answering, and ending in good order.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::task::{Context, Poll};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_service::Service;
use yardstick_app::App;

use super::bounds::{Bounds, PLACES};
use super::guard::Own;
use super::keyed::Answering;
use super::limits::{Limits, Peer, Rates};
use super::linger::Lingering;
use super::router;
use super::state::{self, Surroundings};
use super::who::Access;

/// How long the head of a request may take to arrive, and an idle connection is kept.
const HEAD_ARRIVES: Duration = Duration::from_secs(10);
/// The largest head of a request in bytes, and how many headers it may have.
const HEAD_BYTES: usize = 32 * 1024;
const HEADERS: usize = 64;
/// Connections at a time; further ones wait to be accepted.
const CONNECTIONS: usize = 256;
/// How long nothing is accepted after accepting failed.
const BREATH: Duration = Duration::from_millis(500);
/// How long running requests may take to finish once the service is told to end.
const FINISHES: Duration = Duration::from_secs(25);

/// How a service is set up.
pub(crate) struct Settings {
    /// Where it listens; port 0: a free one.
    pub(crate) listen: SocketAddr,
    /// Names under which it is asked, beside its own addresses.
    pub(crate) hosts: Vec<String>,
    /// The folder in which uploads wait for their turn.
    pub(crate) spool: PathBuf,
    /// The world around it.
    pub(crate) surroundings: Surroundings,
    /// How often somebody may ask, by time that only goes forward.
    pub(crate) rates: Rates,
    /// That time.
    pub(crate) ticks: fn() -> Duration,
    /// What this process is called, unlike any other.
    pub(crate) process: String,
}

/// Serves until `stop` comes: then nothing new is taken, and what runs is finished, within bounds. `ready` is
/// told the address once requests are answered.
///
/// # Errors
/// When others could reach the address without a token, or it cannot be listened on.
pub(crate) async fn serve(
    app: Arc<App>,
    settings: Settings,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> Result<()> {
    let listener = listen(settings.listen, &settings.surroundings.access).await?;
    let address = listener.local_addr().context("the listening socket has no address")?;
    let service = Arc::new(state::Service {
        app,
        surroundings: settings.surroundings,
        own: Own::new(address, &settings.hosts),
        spool: settings.spool,
        bounds: Bounds {
            places: Semaphore::new(PLACES),
            limits: Limits::new(settings.rates, settings.ticks),
            answering: Answering::new(settings.process),
        },
        requests: AtomicU64::new(1),
    });
    let router = router(&service);
    ready(address);
    let running = GracefulShutdown::new();
    tokio::select! {
        () = accept(&listener, &router, &running) => {}
        () = stop => {}
    }
    drop(listener);
    let left = running.count();
    if tokio::time::timeout(FINISHES, running.shutdown()).await.is_err() {
        tracing::warn!("ending with requests unfinished after {} s", FINISHES.as_secs());
    } else if left > 0 {
        tracing::info!("all connections ended");
    }
    Ok(())
}

async fn listen(address: SocketAddr, access: &Access) -> Result<TcpListener> {
    if !address.ip().is_loopback() && !matches!(access, Access::Tokens) {
        bail!(
            "--listen {address}: others could reach this address; use --access tokens, or listen on 127.0.0.1 or [::1]"
        );
    }
    if !address.ip().is_loopback() {
        tracing::warn!(
            "{address} can be reached by others, and this service speaks no TLS: put something in front of it that does"
        );
    }
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

async fn accept(listener: &TcpListener, router: &Router, running: &GracefulShutdown) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, address)) => {
                let stream = Lingering::new(stream, place);
                let asked = Asked { router: router.clone(), peer: Peer::new(address) };
                let watched = running.watch(connection(stream, asked));
                tokio::spawn(async move {
                    // A peer that goes away, or that speaks no HTTP, is no event.
                    if let Err(error) = watched.await {
                        tracing::debug!("a connection ended early: {error}");
                    }
                });
            }
            // Out of file handles, or a peer that was gone already: the next one may do better.
            Err(error) => {
                tracing::warn!("cannot accept a connection: {error}");
                #[expect(clippy::disallowed_methods, reason = "there is no event to wait for")]
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// The routes, for requests of one connection.
#[derive(Clone)]
struct Asked {
    router: Router,
    peer: Peer,
}

impl Service<Request<Incoming>> for Asked {
    type Response = <Router as Service<Request<Incoming>>>::Response;
    type Error = <Router as Service<Request<Incoming>>>::Error;
    type Future = <Router as Service<Request<Incoming>>>::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Service::<Request<Incoming>>::poll_ready(&mut self.router, cx)
    }

    fn call(&mut self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(self.peer);
        self.router.call(request)
    }
}

type Connection = http1::Connection<TokioIo<Lingering>, TowerToHyperService<Asked>>;

fn connection(stream: Lingering, asked: Asked) -> Connection {
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_ARRIVES)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(asked))
}
