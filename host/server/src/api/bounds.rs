//! How many requests are answered at a time, how often somebody may ask, and how long an answer may take.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

use super::keyed::Answering;
use super::limits::Limits;
use super::refused::Refused;
use super::{Shared, health};
use crate::operations::codes;

/// What bounds requests.
pub(super) struct Bounds {
    /// A place for every request that is being answered.
    pub(super) places: Semaphore,
    /// How often somebody may ask.
    pub(super) limits: Limits,
    /// Requests with an idempotency key.
    pub(super) answering: Answering,
}

/// Requests that are answered at a time; a further one is told to come again rather than kept waiting.
pub(super) const PLACES: usize = 64;

/// A question that is looked up.
const LOOK_UP: Duration = Duration::from_secs(30);
/// A question that takes work: fifty criteria, each with a judge that runs to its limit.
const WORK: Duration = Duration::from_secs(5 * 60);
/// An import, with the time it takes to send the file, and to wait for another import to end.
const IMPORT: Duration = Duration::from_secs(20 * 60);

/// Answers within bounds.
pub(super) async fn bounded(State(service): State<Shared>, request: Request, next: Next) -> Response {
    if health::PATHS.contains(&request.uri().path()) {
        // Whoever watches the service must hear of it however busy it is.
        return next.run(request).await;
    }
    let Ok(_place) = service.bounds.places.try_acquire() else {
        let detail = format!("{PLACES} requests are being answered already; try again");
        return Refused::of(codes::BUSY, detail).into_response();
    };
    let most = most(request.method(), request.uri().path());
    match tokio::time::timeout(most, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let detail = format!(
                "it took more than {} s and was given up; look whether it was done before you ask again",
                most.as_secs()
            );
            Refused::of(codes::TIMEOUT, detail).into_response()
        }
    }
}

/// By the method and the last word of the address: what is done.
pub(super) fn most(method: &Method, path: &str) -> Duration {
    let is_read = method.is_safe();
    match path.rsplit('/').next().unwrap_or_default() {
        "imports" if !is_read => IMPORT,
        _ if path.starts_with("/api/v1/exports/") => WORK,
        "check" | "replay" | "metrics" | "backtest" => WORK,
        // Whatever writes may have to wait for an import to end.
        _ if !is_read => WORK,
        _ => LOOK_UP,
    }
}
