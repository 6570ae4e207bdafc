//! JSON bodies, in and out.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;
use yardstick_domain::problem::Problem;
use yardstick_domain::schema::Schema;

use super::refused::Refused;
use crate::operations::{Error, codes};

/// The largest JSON body in bytes: a thousand files of declarations.
const MOST_BYTES: usize = 16 << 20;
/// How deep JSON may be nested; ours is at most four deep.
const MOST_DEPTH: usize = 16;
/// How long a body may take to arrive.
const ARRIVES: Duration = Duration::from_secs(30);
/// The largest component in bytes: what the scripted profile allows.
const MOST_COMPONENT: usize = 32 << 20;
/// How long a component may take to arrive.
const COMPONENT_ARRIVES: Duration = Duration::from_secs(120);

/// A JSON document: read from a request that says it is one and has no field too many, or written as an answer.
#[derive(Debug)]
pub(super) struct Json<T>(pub(super) T);

/// A body that must not be there.
#[derive(Debug)]
pub(super) struct NoBody;

impl<T: DeserializeOwned + ToSchema, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        if !is_json(&parts.headers) {
            let detail = "a JSON document was expected, with Content-Type: application/json";
            return Err(Refused::of(codes::MEDIA_TYPE, detail));
        }
        let bytes = received(&parts.headers, body).await?;
        Ok(Self(read(&bytes)?))
    }
}

impl<S: Send + Sync> FromRequest<S> for NoBody {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        match received(&parts.headers, body).await?.is_empty() {
            true => Ok(Self),
            false => Err(Refused::of(codes::MALFORMED, "this address takes no body")),
        }
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => (StatusCode::OK, [(CONTENT_TYPE, "application/json")], bytes).into_response(),
            Err(error) => Refused::of(codes::INTERNAL, error.to_string()).into_response(),
        }
    }
}

/// A component of a plugin: WebAssembly as it is.
pub(super) async fn component(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refused> {
    if !is(headers, "application/wasm") && !is(headers, "application/octet-stream") {
        let detail = "a component was expected, with Content-Type: application/wasm";
        return Err(Refused::of(codes::MEDIA_TYPE, detail));
    }
    Ok(arrived(headers, body, MOST_COMPONENT, COMPONENT_ARRIVES).await?.to_vec())
}

fn is_json(headers: &HeaderMap) -> bool {
    is(headers, "application/json")
}

fn is(headers: &HeaderMap, media: &str) -> bool {
    let text = headers.get(CONTENT_TYPE).and_then(|text| text.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(media)
}

/// Refuses a body that says itself that it is too large, before any of it is read.
pub(super) fn fits(headers: &HeaderMap, most: u64) -> Result<(), Refused> {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    match length.filter(|length| *length > most) {
        Some(length) => Err(too_large(&format!("has {length} bytes, at most {most} are taken"))),
        None => Ok(()),
    }
}

/// A body that is too large.
pub(super) fn too_large(how: &str) -> Refused {
    Refused::of(codes::TOO_LARGE, format!("the body {how}; send less at a time"))
}

async fn received(headers: &HeaderMap, body: Body) -> Result<axum::body::Bytes, Refused> {
    arrived(headers, body, MOST_BYTES, ARRIVES).await
}

/// The whole body, in bounds of size and time.
async fn arrived(
    headers: &HeaderMap,
    body: Body,
    most: usize,
    arrives: Duration,
) -> Result<axum::body::Bytes, Refused> {
    fits(headers, most as u64)?;
    let whole = tokio::time::timeout(arrives, Limited::new(body, most).collect()).await;
    match whole {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Err(too_large(&format!("has more than {most} bytes")))
        }
        Ok(Err(error)) => Err(Refused::of(codes::MALFORMED, format!("the body ends early: {error}"))),
        Err(_) => {
            let detail = format!("the body did not arrive within {} s", arrives.as_secs());
            Err(Refused::of(codes::SLOW_REQUEST, detail))
        }
    }
}

/// Reads a document: no deeper than ours are, every field known and right, or all that is wrong at once.
fn read<T: DeserializeOwned + ToSchema>(bytes: &[u8]) -> Result<T, Refused> {
    if deeper(bytes, MOST_DEPTH) {
        let detail = format!("the JSON is nested more than {MOST_DEPTH} deep");
        return Err(Refused::of(codes::MALFORMED, detail));
    }
    let bad =
        |error: serde_json::Error| Refused::of(codes::MALFORMED, format!("not readable as JSON: {error}"));
    let value: Value = serde_json::from_slice(bytes).map_err(bad)?;
    let problems = problems::<T>(&value)?;
    if !problems.is_empty() {
        return Err(Error::Malformed(problems).into());
    }
    // From the bytes again: a field that is there twice is seen only here.
    serde_json::from_slice(bytes).map_err(bad)
}

/// What is wrong with a value by the schema that the documentation shows.
fn problems<T: ToSchema>(value: &Value) -> Result<Vec<Problem>, Refused> {
    let internal = |error: &dyn std::fmt::Display| Refused::of(codes::INTERNAL, error.to_string());
    let mut named = Vec::new();
    T::schemas(&mut named);
    let named: serde_json::Map<String, Value> = named
        .into_iter()
        .map(|(name, schema)| Ok((name, serde_json::to_value(schema)?)))
        .collect::<Result<_, serde_json::Error>>()
        .map_err(|error| internal(&error))?;
    let mut schema = serde_json::to_value(T::schema()).map_err(|error| internal(&error))?;
    in_words(&mut schema);
    // References in it point to where the OpenAPI document has them.
    schema["components"] = serde_json::json!({ "schemas": named });
    let schema = Schema::new(schema).map_err(|error| internal(&error))?;
    Ok(schema.problems(value))
}

/// Takes out of a schema what the operation says in better words than "a text like ^[a-z…": how texts are written.
pub(super) fn in_words(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            for keyword in ["pattern", "minLength", "maxLength"] {
                if map.get(keyword).is_some_and(|value| !value.is_object()) {
                    map.remove(keyword);
                }
            }
            map.values_mut().for_each(in_words);
        }
        Value::Array(list) => list.iter_mut().for_each(in_words),
        _ => {}
    }
}

/// Whether JSON is nested deeper than so many levels. Looks at brackets only: whether it is JSON is seen later.
fn deeper(bytes: &[u8], most: usize) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth += 1;
                if depth > most {
                    return true;
                }
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use yardstick_client::api::{ApplyRequest, JudgeRequest};

    use super::*;

    #[test]
    fn brackets_are_counted_outside_of_texts() {
        for (text, depth) in [
            ("{}", 1),
            ("[[[]]]", 3),
            (r#"{"a":"[[[[","b":["\"[["]}"#, 2),
            (r#"["\\",[]]"#, 2),
            ("", 0),
            ("1", 0),
        ] {
            assert!(!deeper(text.as_bytes(), depth), "{text}");
            assert!(depth == 0 || deeper(text.as_bytes(), depth - 1), "{text}");
        }
    }

    #[test]
    fn every_field_that_is_wrong_is_named_with_the_nearest_known_one() {
        let refused =
            read::<ApplyRequest>(br#"{"files":[{"name":1,"txt":"a"}],"dryrun":true,"amend":7}"#).unwrap_err();
        let texts: Vec<String> =
            refused.0.errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect();
        assert_eq!(
            texts,
            [
                "amend: 7 will not do; expected a text (in quotes if it looks like a number)",
                "dryrun: unknown field. Did you mean \"dry_run\"?",
                "files[0].name: 1 will not do; expected a text (in quotes if it looks like a number)",
                "files[0].text: is missing",
                "files[0].txt: unknown field. Did you mean \"text\"?",
            ]
        );
    }

    #[test]
    fn what_is_no_such_document_is_refused() {
        for (text, expected) in [
            ("", "not readable as JSON: EOF"),
            ("{", "not readable as JSON: EOF"),
            ("[]", "a list will not do; expected a block of fields"),
            ("null", "nothing will not do; expected a block of fields"),
            (r#"{"checkpoint":"d7","checkpoint":"d8"}"#, "duplicate field `checkpoint`"),
            (&"[".repeat(100_000), "nested more than 16 deep"),
        ] {
            let refused = read::<JudgeRequest>(text.as_bytes()).unwrap_err();
            assert!(refused.0.detail.contains(expected), "{}", refused.0.detail);
            assert_eq!(refused.0.code, "malformed");
        }
        assert_eq!(read::<JudgeRequest>(b"{}").unwrap(), JudgeRequest::default());
        assert_eq!(read::<JudgeRequest>(br#"{"as_of":null}"#).unwrap(), JudgeRequest::default());
    }
}
