//! What every answer has: an id, a line in the log, a problem document when it refuses, headers that keep
//! browsers honest.

use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName, RETRY_AFTER,
    WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use yardstick_client::api::Problem;

use super::Shared;
use super::keyed::REPLAYED;
use super::refused::Refused;
use crate::operations::codes;
use crate::operations::problem;

/// The id of a request, in its answer and in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const REFERRER_POLICY: HeaderName = HeaderName::from_static("referrer-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// A document that is no page may load nothing at all.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// An answer with a status of refusal that says everything itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct SaysItself;

/// Gives the request an id, writes its problem document if it was refused, and logs one line.
pub(super) async fn answered(State(service): State<Shared>, request: Request, next: Next) -> Response {
    let began = (service.surroundings.clock)();
    let id = format!("{:x}-{}", began.as_millisecond(), service.requests.fetch_add(1, Ordering::Relaxed));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    if response.status().is_client_error() || response.status().is_server_error() {
        response = told(response, &id);
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    let took = (service.surroundings.clock)().duration_since(began).as_millis();
    tracing::info!("{id} {method} {path:?} {} {took} ms", response.status().as_u16());
    response
}

/// The refusal as a problem document. What happened inside is logged and not told.
fn told(mut response: Response, id: &str) -> Response {
    if response.extensions().get::<SaysItself>().is_some() {
        return response;
    }
    let mut kept = HeaderMap::new();
    for name in [ALLOW, ETAG, RETRY_AFTER, REPLAYED] {
        kept.extend(response.headers_mut().remove(&name).map(|value| (name, value)));
    }
    let mut found = match response.extensions_mut().remove::<Refused>() {
        Some(refused) => *refused.0,
        None => of_status(response.status()),
    };
    if found.code == codes::INTERNAL.code {
        tracing::error!("{id} {}", found.detail);
        "something failed here; whoever runs the service finds it in the log by the id in instance"
            .clone_into(&mut found.detail);
    }
    found.instance = Some(id.to_owned());
    let status = StatusCode::from_u16(found.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let text = serde_json::to_string(&found).unwrap_or_default();
    let mut answer = (status, [(CONTENT_TYPE, "application/problem+json")], text).into_response();
    answer.headers_mut().extend(kept);
    if status == StatusCode::UNAUTHORIZED {
        let bearer = HeaderValue::from_static("Bearer realm=\"yardstick\"");
        answer.headers_mut().insert(WWW_AUTHENTICATE, bearer);
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        answer.headers_mut().entry(RETRY_AFTER).or_insert(HeaderValue::from_static("1"));
    }
    answer
}

/// A refusal that the framework made: a method the address does not take, mostly.
fn of_status(status: StatusCode) -> Problem {
    let code = codes::ALL.iter().find(|code| code.status == status.as_u16()).copied();
    let other = if status.is_server_error() { codes::INTERNAL } else { codes::MALFORMED };
    let code = code.unwrap_or(other);
    problem(code, code.title)
}

/// Headers that keep browsers and caches honest. What a handler says itself stays.
pub(super) async fn headers(request: Request, next: Next) -> Response<Body> {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        // No page of another site may embed it, and learn from its size or from its being there.
        (RESOURCE_POLICY, "same-origin"),
        (CONTENT_SECURITY_POLICY, NOTHING),
        // What is asked is what is known now.
        (CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
