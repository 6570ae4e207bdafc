//! Requests with an `Idempotency-Key`: whatever writes may be sent again, and is done once. Imports have keys of their
//! own (`v1/metrics/import.rs`), which are kept with what they import.
//!
//! The answer is made in a task of its own: a peer that goes away in the middle, which is what keys are for, does not
//! end what it asked for, and finds the answer when it asks again.

use std::collections::HashSet;
use std::future::Future;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, IF_MATCH, IF_NONE_MATCH, LOCATION, RETRY_AFTER,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, Limited};
use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::Semaphore;
use yardstick_app::Keyed;
use yardstick_client::api::Problem;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::{BadName, IdempotencyKey};
use yardstick_store::{KeptAnswer, KeyedRequest, Withheld};

use super::refused::{self, Refused};
use super::who::Who;
use super::{Shared, body, bounds, spool};
use crate::ambient;
use crate::operations::{Error, codes};

/// In an answer that was kept.
pub(super) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Requests with a key that are answered at a time, those among them whose peer has gone away.
const PLACES: usize = 32;
/// The largest body of an answer that is kept, in bytes; the largest releases have a few hundred thousand.
const MOST_KEPT: usize = 1 << 20;
/// The largest body of an answer in bytes: there is none of what writes that comes near.
const MOST_ANSWERED: usize = 64 << 20;
/// Headers of an answer that are kept with it.
const KEPT_HEADERS: [HeaderName; 3] = [CONTENT_TYPE, ETAG, LOCATION];
/// Headers of a request that change what it asks for.
const ASKED_HEADERS: [HeaderName; 4] = [CONTENT_TYPE, CONTENT_ENCODING, IF_MATCH, IF_NONE_MATCH];
/// How secrets begin. An answer with one is not kept, even if its handler forgot to say so.
const SECRETS: [&str; 2] = ["ysk_", "whsec_"];

/// An answer with a secret in it, which is not kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Confidential;

/// Requests with a key that this process answers.
pub(super) struct Answering {
    /// What this process is called, unlike any other.
    process: String,
    places: Arc<Semaphore>,
    running: Mutex<HashSet<(String, String)>>,
    /// What writes and may come with a key, such as `POST /api/v1/apply`.
    offered: OnceLock<HashSet<String>>,
}

impl Answering {
    /// None so far, of a process of this name.
    pub(super) fn new(process: String) -> Self {
        Self {
            process,
            places: Arc::new(Semaphore::new(PLACES)),
            running: Mutex::default(),
            offered: OnceLock::new(),
        }
    }

    /// Takes down what is offered, by the OpenAPI document: whatever writes, but imports. A method that an address does
    /// not take is refused as such, whatever its key.
    pub(super) fn offers(&self, document: &Value) {
        let paths = document["paths"].as_object().into_iter().flatten();
        let offered = paths.flat_map(|(path, item)| {
            let verbs = item.as_object().into_iter().flatten().map(|(verb, _)| verb.to_uppercase());
            verbs.filter(|verb| verb != "GET").map(move |verb| format!("{verb} {path}"))
        });
        let offered = offered.filter(|offered| !offered.ends_with("/metrics/{metric}/imports")).collect();
        // There is one document; a second one would be the same.
        let _ = self.offered.set(offered);
    }

    /// Whether a request may have a key.
    fn takes(&self, request: &Request) -> bool {
        let matched = request.extensions().get::<MatchedPath>();
        let offered = |path: &MatchedPath| {
            let name = format!("{} {}", request.method(), path.as_str());
            self.offered.get().is_some_and(|offered| offered.contains(&name))
        };
        matched.is_some_and(offered)
    }

    fn running(&self) -> std::sync::MutexGuard<'_, HashSet<(String, String)>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a request off the list of those that run, however it ends.
struct Running {
    service: Shared,
    name: (String, String),
}

impl Drop for Running {
    fn drop(&mut self) {
        self.service.bounds.answering.running().remove(&self.name);
    }
}

fn name(asked: &KeyedRequest) -> (String, String) {
    (asked.actor.to_string(), asked.key.to_string())
}

/// Answers a request with a key once.
pub(super) async fn keyed(State(service): State<Shared>, request: Request, next: Next) -> Response {
    let caller = request.extensions().get::<Who>().cloned();
    let Some(Who(caller)) = caller.filter(|_| service.bounds.answering.takes(&request)) else {
        return next.run(request).await;
    };
    let key = match key(request.headers()) {
        Ok(None) => return next.run(request).await,
        Ok(Some(key)) => key,
        Err(refused) => return refused.into_response(),
    };
    let Ok(place) = Arc::clone(&service.bounds.answering.places).try_acquire_owned() else {
        let detail = format!("{PLACES} requests with a key are being answered already; try again");
        return Refused::of(codes::BUSY, detail).into_response();
    };
    let (parts, content) = request.into_parts();
    let (most, arrives) = body::bounds(&parts.uri);
    let content = match body::arrived(&parts.headers, content, most, arrives).await {
        Ok(content) => content,
        Err(refused) => return refused.into_response(),
    };
    let target = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let scopes = caller.scopes.iter().map(|scope| scope.to_string()).collect::<Vec<_>>().join(" ");
    let texts = [parts.method.as_str(), &target, &scopes];
    let request = fingerprint(&texts, &parts.headers, &content);
    let asked = KeyedRequest { actor: caller.actor.clone(), key, request };
    let limit = bounds::most(&parts.method, parts.uri.path());
    let request = Request::from_parts(parts, Body::from(content));
    let (by, of) = (Arc::clone(&service), asked.clone());
    // From here on it goes to its end, whoever waits for it.
    let task = tokio::spawn(async move {
        let _place = place;
        once(by, of, caller.now, async move { tokio::time::timeout(limit, next.run(request)).await }).await
    });
    match task.await {
        Ok(response) => response,
        Err(error) => {
            unsure(&service, &asked).await;
            refused::panicked(error.try_into_panic().unwrap_or_else(|_| Box::new("it was ended")))
        }
    }
}

/// Does what is asked and keeps the answer, unless the key stands for something already.
async fn once(
    service: Shared,
    asked: KeyedRequest,
    now: Timestamp,
    answered: impl Future<Output = Result<Response, tokio::time::error::Elapsed>>,
) -> Response {
    let answering = &service.bounds.answering;
    // Before the key is reserved, so that nobody finds it reserved and not running.
    let first = answering.running().insert(name(&asked));
    let _running = first.then(|| Running { service: Arc::clone(&service), name: name(&asked) });
    // One of this process was running just before, or it was cut off.
    let lives =
        |process: &str| if process == answering.process { !first } else { ambient::may_live(process) };
    match service.app.reserve(&asked, &answering.process, now, lives).await {
        Ok(Keyed::Reserved) => kept(&service, &asked, answered).await,
        Ok(known) => told(known),
        Err(error) => Refused::from(Error::from(error)).into_response(),
    }
}

async fn unsure(service: &Shared, asked: &KeyedRequest) {
    if let Err(error) = service.app.answer_is_unsure(asked, &service.bounds.answering.process).await {
        tracing::error!("what became of an idempotency key cannot be written down: {error}");
    }
}

fn key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Refused> {
    let read = spool::key(headers)
        .and_then(|key| key.map(|text| text.parse().map_err(|error: BadName| error.to_string())).transpose());
    read.map_err(|message| Error::malformed("Idempotency-Key", message).into())
}

/// A hash over everything that is asked, each part with its length.
fn fingerprint(texts: &[&str], headers: &HeaderMap, content: &Bytes) -> Digest {
    let mut bytes = Vec::new();
    let mut add = |part: &[u8]| {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    };
    texts.iter().for_each(|text| add(text.as_bytes()));
    for name in &ASKED_HEADERS {
        let values: Vec<&HeaderValue> = headers.get_all(name).iter().collect();
        add(&(values.len() as u64).to_be_bytes());
        values.iter().for_each(|value| add(value.as_bytes()));
    }
    add(Digest::of(content).as_bytes());
    Digest::of(&bytes)
}

/// The answer, once it is kept. Of a fault, and of what took too long, nobody knows whether it was done.
async fn kept(
    service: &Shared,
    asked: &KeyedRequest,
    answered: impl Future<Output = Result<Response, tokio::time::error::Elapsed>>,
) -> Response {
    let process = &service.bounds.answering.process;
    let response = match answered.await {
        Ok(response) => response,
        Err(_) => Refused::of(codes::TIMEOUT, "it took too long and was given up").into_response(),
    };
    if response.status().is_server_error() {
        unsure(service, asked).await;
        return response;
    }
    let (parts, content) = response.into_parts();
    let content = match Limited::new(content, MOST_ANSWERED).collect().await {
        Ok(content) => content.to_bytes(),
        Err(error) => {
            return Refused::of(codes::INTERNAL, format!("an answer is not whole: {error}")).into_response();
        }
    };
    let text = match parts.extensions.get::<Refused>() {
        Some(refused) => serde_json::to_string(&refused.0).unwrap_or_default(),
        None => String::from_utf8_lossy(&content).into_owned(),
    };
    let confidential = parts.extensions.get::<Confidential>().is_some();
    let body = if confidential || SECRETS.iter().any(|secret| text.contains(secret)) {
        Err(Withheld::Secret)
    } else if text.len() > MOST_KEPT {
        Err(Withheld::Large)
    } else {
        Ok(text)
    };
    let header = |name: &HeaderName| {
        let value = parts.headers.get(name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    };
    let headers = KEPT_HEADERS.iter().filter_map(header).collect();
    let answer = KeptAnswer { status: parts.status.as_u16(), headers, body };
    if let Err(error) = service.app.keep_answer(asked, process, &answer).await {
        tracing::error!("the answer to a request with an idempotency key cannot be kept: {error}");
    }
    Response::from_parts(parts, Body::from(content))
}

/// What a key stands for already.
fn told(known: Keyed) -> Response {
    match known {
        Keyed::Answered(answer) => replayed(answer),
        Keyed::OtherRequest => {
            let detail = "the idempotency key stands for another request of yours: another address, body, or token \
                          with other scopes. Nothing was done; use another key for another request";
            Refused::of(codes::KEY_REUSED, detail).into_response()
        }
        Keyed::Running { wait } => {
            let seconds = wait.as_secs().clamp(1, 10);
            let detail =
                format!("the request under this idempotency key is being answered; ask again in {seconds} s");
            let mut response = Refused::of(codes::KEY_RUNNING, detail).into_response();
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
        Keyed::Reserved | Keyed::Unsure => {
            let detail = "the request under this idempotency key was cut off: it may have been done or not. Look, and \
                          use another key if it has to be done again";
            Refused::of(codes::KEY_UNCERTAIN, detail).into_response()
        }
    }
}

fn replayed(answer: KeptAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = match answer.body {
        Err(why) => {
            let why = match why {
                Withheld::Secret => "its secret was shown once, in the first answer, and is kept nowhere",
                Withheld::Large => "its answer was too large to be kept; ask for what it changed",
            };
            let detail =
                format!("this was done under this idempotency key, and answered with {status}: {why}");
            Refused::of(codes::ANSWER_NOT_KEPT, detail).into_response()
        }
        Ok(text) => {
            let problem = serde_json::from_str::<Problem>(&text).ok().filter(|_| status.is_client_error());
            let mut response = match problem {
                Some(problem) => Refused(Box::new(problem), None).into_response(),
                None => (status, text).into_response(),
            };
            let headers = response.headers_mut();
            headers.remove(CONTENT_TYPE);
            for (name, value) in answer.headers {
                if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
                    headers.insert(name, value);
                }
            }
            response
        }
    };
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_told_apart() {
        let headers = |values: &[(&HeaderName, &'static str)]| -> HeaderMap {
            values.iter().map(|(name, value)| ((*name).clone(), HeaderValue::from_static(value))).collect()
        };
        let none = HeaderMap::new();
        let of = |texts: &[&str], headers: &HeaderMap, content: &'static str| {
            fingerprint(texts, headers, &Bytes::from_static(content.as_bytes()))
        };
        let first = of(&["POST", "/a?b=c"], &none, "x");
        assert_eq!(first, of(&["POST", "/a?b=c"], &none, "x"));
        for other in [
            of(&["PUT", "/a?b=c"], &none, "x"),
            of(&["POST", "/a?b=cx"], &none, ""),
            of(&["POST/a", "?b=c"], &none, "x"),
            of(&["POST", "/a?b=c"], &none, "y"),
            of(&["POST", "/a?b=c"], &headers(&[(&IF_MATCH, "\"1\"")]), "x"),
            of(&["POST", "/a?b=c"], &headers(&[(&IF_NONE_MATCH, "\"1\"")]), "x"),
        ] {
            assert_ne!(first, other);
        }
        assert_eq!(
            first,
            of(&["POST", "/a?b=c"], &headers(&[(&RETRY_AFTER, "1")]), "x"),
            "it asks for nothing else"
        );
    }
}
