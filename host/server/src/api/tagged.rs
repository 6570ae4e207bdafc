//! Documents with an ETag: read again only when they changed, and changed only by whoever has seen what they are
//! (RFC 9110, sections 8.8.3 and 13).
//!
//! A tag has two parts: the state of what is declared, and of everything else that the document shows. A change looks at
//! the first alone: a verdict that comes in between is no conflict.

use std::fmt;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_TYPE, ETAG, HeaderName, IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use utoipa::IntoParams;
use yardstick_app::{Precondition, Put};
use yardstick_domain::digest::Digest;

use super::body::{DECLARATION, MOST_DEPTH, MOST_VALUES, extent, json, too_large};
use super::refused::Refused;
use crate::operations::declared::Stated;
use crate::operations::{Error, codes};

/// Hexadecimal digits of a part of a tag.
const STATE_DIGITS: usize = 32;
const REST_DIGITS: usize = 16;

/// The tag of a state; with the bytes of a document also of everything else in it.
pub(super) fn etag(state: &Digest, document: Option<&[u8]>) -> Option<HeaderValue> {
    let rest =
        document.map(|bytes| format!(".{}", &Digest::of(bytes).hex()[..REST_DIGITS])).unwrap_or_default();
    HeaderValue::from_str(&format!("\"{}{rest}\"", &state.hex()[..STATE_DIGITS])).ok()
}

/// Tags that whoever asks has already: what has one of them is not answered again.
#[derive(Debug)]
pub(super) struct Known(Vec<String>);

impl<S: Send + Sync> FromRequestParts<S> for Known {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        Ok(Self(tags(&parts.headers, &IF_NONE_MATCH)?))
    }
}

/// What is said of the state of what is to be changed.
#[derive(Debug)]
pub(super) struct If(pub(super) Precondition);

/// What the documentation says of [`If`].
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "what the documentation says of headers")]
pub(super) struct IfHeaders {
    /// The ETag it was read with; needed when it is there.
    #[param(rename = "If-Match")]
    is: Option<String>,
    /// `*`: it must not be there yet.
    #[param(rename = "If-None-Match")]
    is_not: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for If {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let (is, is_not) = (tags(&parts.headers, &IF_MATCH)?, tags(&parts.headers, &IF_NONE_MATCH)?);
        Ok(Self(match (is.as_slice(), is_not.as_slice()) {
            ([], []) => Precondition::None,
            ([any], []) if any == "*" => Precondition::There,
            ([], [any]) if any == "*" => Precondition::NotThere,
            (is, []) => {
                let state = |tag: &String| tag.split('.').next().unwrap_or_default().to_owned();
                // A weak tag says that something is much the same, which is too little to change it.
                Precondition::Is(is.iter().filter(|tag| !tag.starts_with("W/")).map(state).collect())
            }
            _ => {
                let message = "is *, for what must not be there yet, and goes with no If-Match";
                return Err(Error::malformed("If-None-Match", message).into());
            }
        }))
    }
}

/// The tags of a header, without their quotes.
fn tags(headers: &HeaderMap, name: &HeaderName) -> Result<Vec<String>, Refused> {
    let mut found = Vec::new();
    for value in headers.get_all(name) {
        let text = value.to_str().unwrap_or_default().trim();
        for one in text.split(',').map(str::trim) {
            let (weak, quoted) = one.strip_prefix("W/").map_or(("", one), |rest| ("W/", rest));
            let tag = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            match tag {
                Some(tag) if !tag.contains('"') => found.push(format!("{weak}{tag}")),
                None if text == "*" => found.push(text.to_owned()),
                _ => {
                    let message =
                        format!("{text:?} is no ETag; expected such as \"0f3a…\", as it was answered, or *");
                    return Err(Error::malformed(
                        if *name == IF_MATCH { "If-Match" } else { "If-None-Match" },
                        message,
                    )
                    .into());
                }
            }
        }
    }
    Ok(found)
}

/// A document with its tag, or that it is as it was when it was read.
pub(super) fn answer<T: Serialize>(stated: &Stated<T>, known: &Known) -> Result<Response, Refused> {
    let bytes = written(stated)?;
    let etag = stated.state.and_then(|state| etag(&state, Some(&bytes)));
    let is_known = etag.as_ref().and_then(|etag| etag.to_str().ok()).is_some_and(|etag| {
        let same =
            |tag: &String| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag.trim_matches('"');
        known.0.iter().any(same)
    });
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(CONTENT_TYPE, "application/json")], bytes).into_response(),
    };
    response.headers_mut().extend(etag.map(|etag| (ETAG, etag)));
    Ok(response)
}

/// A document that was changed or made, with its tag.
pub(super) fn changed<T: Serialize>(put: Put, stated: &Stated<T>) -> Result<Response, Refused> {
    let mut response = answer(stated, &Known(Vec::new()))?;
    if put == Put::Created {
        *response.status_mut() = StatusCode::CREATED;
    }
    Ok(response)
}

fn written<T: Serialize>(stated: &Stated<T>) -> Result<Vec<u8>, Refused> {
    serde_json::to_vec(&stated.document).map_err(|error| Refused::of(codes::INTERNAL, error.to_string()))
}

/// What a file of one declaration would hold, as JSON.
#[derive(Debug)]
pub(super) struct Content(pub(super) Value);

impl<S: Send + Sync> FromRequest<S> for Content {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        let bytes = json(request, DECLARATION).await?;
        match extent(&bytes) {
            (depth, _) if depth > MOST_DEPTH => {
                return Err(Refused::of(
                    codes::MALFORMED,
                    format!("the JSON is nested more than {MOST_DEPTH} deep"),
                ));
            }
            (_, values) if values > MOST_VALUES => {
                return Err(too_large(&format!("has more than {MOST_VALUES} values")));
            }
            _ => {}
        }
        let bad = |error: serde_json::Error| {
            Refused::of(codes::MALFORMED, format!("not readable as JSON: {error}"))
        };
        let Strict(value) = serde_json::from_slice(&bytes).map_err(bad)?;
        match value {
            Value::Object(_) => Ok(Self(value)),
            _ => Err(Refused::of(
                codes::MALFORMED,
                "a JSON object was expected: what a file of this kind holds",
            )),
        }
    }
}

/// JSON in which no field is there twice: of two, one would be passed over without a word.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((name, Strict(value))) = fields.next_entry::<String, Strict>()? {
            if map.contains_key(&name) {
                return Err(serde::de::Error::custom(format!("the field {name:?} is there twice; keep one")));
            }
            map.insert(name, value);
        }
        Ok(map.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), HeaderValue::from_str(value).unwrap())).collect()
    }

    #[test]
    fn tags_are_read_as_they_are_written() {
        let read = |values: &[&str]| {
            tags(&headers(&IF_MATCH, values), &IF_MATCH).map_err(|refused| refused.0.status)
        };
        assert_eq!(read(&[]), Ok(vec![]));
        assert_eq!(read(&["*"]), Ok(vec!["*".to_owned()]));
        assert_eq!(read(&["\"a.b\"", "W/\"c\" , \"d\""]), Ok(vec!["a.b".into(), "W/c".into(), "d".into()]));
        for wrong in ["", "a", "\"a", "\"a\", b", "*, \"a\"", "\"a\"b\""] {
            assert_eq!(read(&[wrong]), Err(400), "{wrong}");
        }
    }

    #[test]
    fn a_document_that_is_known_is_not_answered_again() {
        let stated = Stated { state: Some(Digest::of(b"state")), document: "text" };
        let first = answer(&stated, &Known(Vec::new())).unwrap();
        let etag = first.headers()[ETAG].to_str().unwrap().trim_matches('"').to_owned();
        assert_eq!((first.status().as_u16(), etag.len()), (200, STATE_DIGITS + 1 + REST_DIGITS));
        for (known, status) in [
            (vec![etag.clone()], 304),
            (vec!["x".to_owned(), format!("W/{etag}")], 304),
            (vec!["*".to_owned()], 304),
            (vec![etag[..STATE_DIGITS].to_owned()], 200),
            (vec![], 200),
        ] {
            let response = answer(&stated, &Known(known.clone())).unwrap();
            assert_eq!(response.status().as_u16(), status, "{known:?}");
            assert!(response.headers().contains_key(ETAG));
        }
    }

    #[test]
    fn a_field_that_is_there_twice_is_refused() {
        let read = |text: &str| serde_json::from_str::<Strict>(text).map(|strict| strict.0);
        let text = r#"{"a": [1, -2, 0.5, "x", null, true, {"b": {}}]}"#;
        assert_eq!(read(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
        for wrong in [r#"{"a": 1, "a": 1}"#, r#"[{"b": {"c": 1, "c": 2}}]"#] {
            assert!(read(wrong).unwrap_err().to_string().contains("is there twice"), "{wrong}");
        }
    }
}
