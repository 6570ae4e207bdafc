//! The HTTP interface. A handler reads its request, calls one operation, and answers: whatever more there is to
//! do belongs into `operations` or below, so that the command line does it too.
//!
//! Whatever comes in passes, from the outside: `answers` (headers, an id, the log line, problem documents),
//! `guard` (whose request it is, and how long its address), `bounds` (how many at a time, how long), `who` (who asks,
//! and not too often), `keyed` (what was asked before under the same key), the route.

mod answers;
mod body;
mod bounds;
mod edits;
mod guard;
mod health;
mod keyed;
mod limits;
mod linger;
mod openapi;
mod pages;
mod path;
mod query;
mod refused;
mod responses;
mod serve;
mod spool;
mod state;
mod tagged;
mod v1;
mod who;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::operations::codes;
pub(crate) use limits::Rates;
use refused::Refused;
pub(crate) use serve::{Settings, serve};
use state::Service;
pub(crate) use state::Surroundings;
pub(crate) use who::Access;

/// Where the interface's version 1 is.
const V1: &str = "/api/v1";

/// What every handler is given.
type Shared = Arc<Service>;

/// Everything that is served.
fn router(service: &Shared) -> Router {
    let (routes, document) = OpenApiRouter::with_openapi(openapi::empty())
        .nest(V1, v1::routes())
        .merge(health::routes())
        .split_for_parts();
    let document = openapi::finished(document);
    service.bounds.answering.offers(&document);
    routes
        .merge(pages::routes(&document))
        // Where those look who watch many services.
        .route("/livez", get(health::live::live))
        .route("/readyz", get(health::ready::ready))
        .fallback(no_address)
        .with_state(Arc::clone(service))
        .layer(from_fn_with_state(Arc::clone(service), keyed::keyed))
        .layer(from_fn_with_state(Arc::clone(service), who::known))
        .layer(from_fn_with_state(Arc::clone(service), bounds::bounded))
        .layer(from_fn_with_state(Arc::clone(service), guard::guarded))
        .layer(CatchPanicLayer::custom(refused::panicked))
        .layer(from_fn_with_state(Arc::clone(service), answers::answered))
        .layer(from_fn(answers::headers))
}

async fn no_address(uri: axum::http::Uri) -> Refused {
    Refused::of(codes::NO_ADDRESS, format!("there is nothing at {}; see /api", uri.path()))
}
