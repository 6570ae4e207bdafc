//! Who asks. Everything below `/api/v1` is asked with a token, in the header `Authorization` and nowhere else: an
//! address ends up in logs and histories. Health, the documentation and its pages are for everyone who reaches them;
//! what GitHub sends carries a signature in place of a token.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use yardstick_app::Caller;
use yardstick_domain::access::{NotTaken, Scope};
use yardstick_domain::people::Actor;

use super::limits::{Peer, TooOften};
use super::refused::Refused;
use super::{Shared, V1, health};
use crate::operations::{Error, codes};

/// What the service offers is no secret.
const OPENAPI: &str = "/api/v1/openapi.json";
/// What comes from elsewhere is signed, which says who sends it.
pub(super) const INTAKE: &str = "/api/v1/intake/github";

/// Who may ask.
#[derive(Debug, Clone)]
pub(crate) enum Access {
    /// Whoever has a token.
    Tokens,
    /// Whoever reaches this machine's own address, as the user the service runs as.
    Local(Actor),
}

/// Whoever asks, now.
#[derive(Debug, Clone)]
pub(super) struct Who(pub(super) Caller);

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Refused::of(codes::INTERNAL, "nobody asks"))
    }
}

/// Finds out who asks, before anything of the request is read.
pub(super) async fn known(State(service): State<Shared>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let limits = &service.bounds.limits;
    let peer = request.extensions().get::<Peer>().copied();
    if health::PATHS.contains(&path) {
        return next.run(request).await;
    }
    if !path.starts_with(V1) || path == OPENAPI || path == INTAKE {
        return match limits.address(peer) {
            Ok(()) => next.run(request).await,
            Err(too_often) => too_often.into_response(),
        };
    }
    let now = (service.surroundings.clock)();
    let caller = match &service.surroundings.access {
        Access::Local(user) => Caller::here(user.clone(), now),
        Access::Tokens => {
            let token = match token(request.headers()) {
                Ok(token) => token,
                Err(why) => return unknown(why, limits.failed(peer, None)),
            };
            // Before it is looked up: whoever guesses learns nothing, and costs nothing.
            if let Err(too_often) = limits.attempt(peer, token) {
                return too_often.into_response();
            }
            match service.app.authenticate(token, now).await {
                Ok(Ok(caller)) => {
                    limits.was_taken(token);
                    caller
                }
                Ok(Err(why)) => return unknown(told(why), limits.failed(peer, Some(token))),
                Err(error) => return Refused::from(Error::from(error)).into_response(),
            }
        }
    };
    if matches!(*request.method(), Method::GET | Method::HEAD) && !caller.scopes.allow(Scope::Read) {
        let detail = "a token without the scope read cannot read; make one that has it";
        return Refused::of(codes::FORBIDDEN, detail).into_response();
    }
    if let Err(too_often) = limits.caller(caller.actor.to_string()) {
        return too_often.into_response();
    }
    request.extensions_mut().insert(Who(caller));
    next.run(request).await
}

/// The one token of a request.
fn token(headers: &HeaderMap) -> Result<&str, &'static str> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let (Some(header), None) = (all.next(), all.next()) else {
        return Err(match headers.contains_key(AUTHORIZATION) {
            true => "the header Authorization is there more than once; send one",
            false => "send a token: Authorization: Bearer TOKEN; yardstick token create makes one",
        });
    };
    let bearer = header.to_str().ok().and_then(|text| text.split_once(' '));
    match bearer {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err("the header Authorization is not of the form: Bearer TOKEN"),
    }
}

fn told(why: NotTaken) -> &'static str {
    match why {
        NotTaken::Unknown => "nobody has this token; yardstick token create makes one",
        NotTaken::Expired => "this token has expired; make another: yardstick token create",
        NotTaken::Revoked => "this token was revoked",
        NotTaken::Retired => "the service account of this token was retired",
    }
}

/// Says why nobody is known, or that there were too many who are not.
fn unknown(why: &'static str, counted: Result<(), TooOften>) -> Response {
    match counted {
        Ok(()) => Refused::of(codes::UNAUTHENTICATED, why).into_response(),
        Err(too_often) => too_often.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_once_and_as_a_bearers() {
        let headers = |texts: &[&str]| -> HeaderMap {
            texts.iter().map(|text| (AUTHORIZATION, text.parse().unwrap())).collect()
        };
        assert_eq!(token(&headers(&["Bearer ysk_1"])), Ok("ysk_1"));
        assert_eq!(token(&headers(&["bearer  ysk_1 "])), Ok("ysk_1"));
        for wrong in [&[][..], &["ysk_1"], &["Basic dXNlcjpwYXNz"], &["Bearer a", "Bearer b"]] {
            assert!(token(&headers(wrong)).is_err(), "{wrong:?}");
        }
    }
}
