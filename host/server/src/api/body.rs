//! JSON bodies, in and out.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;
use yardstick_domain::problem::Problem;
use yardstick_domain::schema::{NotASchema, Schema};

use super::V1;
use super::refused::Refused;
use crate::operations::{Error, codes};

/// The largest JSON body in bytes: a question, and a reason of a thousand characters.
pub(super) const QUESTION: usize = 64 << 10;
/// The largest JSON body in bytes that declares one thing; far more than anybody writes.
pub(super) const DECLARATION: usize = 1 << 20;
/// The largest JSON body in bytes that people write at length: a retro.
pub(super) const WRITTEN: usize = 1 << 20;
/// The largest JSON body in bytes that holds files: a thousand files of declarations.
pub(super) const FILES: usize = 16 << 20;
/// How deep JSON may be nested; ours is at most four deep.
pub(super) const MOST_DEPTH: usize = 16;
/// How many values and names JSON may have. Each takes hundreds of bytes while it is checked; a thousand files are
/// five thousand.
pub(super) const MOST_VALUES: usize = 20_000;
/// How long a body may take to arrive.
pub(super) const ARRIVES: Duration = Duration::from_secs(30);
/// The largest component in bytes: what the scripted profile allows.
const MOST_COMPONENT: usize = 32 << 20;
/// The largest payload of an issue in bytes: GitHub's texts have at most 65,536 characters, and what is around them is
/// small.
const MOST_PAYLOAD: usize = 1 << 20;
/// How long a component may take to arrive.
const COMPONENT_ARRIVES: Duration = Duration::from_secs(120);

/// A JSON document: read from a request that says it is one, has at most `MOST` bytes and no field too many, or
/// written as an answer.
#[derive(Debug)]
pub(super) struct Json<T, const MOST: usize = QUESTION>(pub(super) T);

/// A body that must not be there.
#[derive(Debug)]
pub(super) struct NoBody;

impl<T: DeserializeOwned + ToSchema, S: Send + Sync, const MOST: usize> FromRequest<S> for Json<T, MOST> {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        Ok(Self(read(&json(request, MOST).await?)?))
    }
}

impl<S: Send + Sync> FromRequest<S> for NoBody {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        match arrived(&parts.headers, body, QUESTION, ARRIVES).await?.is_empty() {
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

/// The bytes of a request that says it is a JSON document, at most `most`.
pub(super) async fn json(request: Request, most: usize) -> Result<axum::body::Bytes, Refused> {
    let (parts, body) = request.into_parts();
    if !is(&parts.headers, "application/json") {
        let detail = "a JSON document was expected, with Content-Type: application/json";
        return Err(Refused::of(codes::MEDIA_TYPE, detail));
    }
    arrived(&parts.headers, body, most, ARRIVES).await
}

/// A component of a plugin: WebAssembly as it is.
pub(super) async fn component(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refused> {
    if !is(headers, "application/wasm") && !is(headers, "application/octet-stream") {
        let detail = "a component was expected, with Content-Type: application/wasm";
        return Err(Refused::of(codes::MEDIA_TYPE, detail));
    }
    Ok(arrived(headers, body, MOST_COMPONENT, COMPONENT_ARRIVES).await?.to_vec())
}

/// A payload of GitHub's, as it was signed.
pub(super) async fn payload(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refused> {
    if !is(headers, "application/json") {
        let detail =
            "a payload was expected, with Content-Type: application/json; choose that for the web hook";
        return Err(Refused::of(codes::MEDIA_TYPE, detail));
    }
    Ok(arrived(headers, body, MOST_PAYLOAD, ARRIVES).await?.to_vec())
}

/// A CSV file as it is, of at most so many bytes.
pub(super) async fn csv(headers: &HeaderMap, body: Body, most: usize) -> Result<Vec<u8>, Refused> {
    if !is(headers, "text/csv") {
        let detail = "a CSV file was expected, with Content-Type: text/csv";
        return Err(Refused::of(codes::MEDIA_TYPE, detail));
    }
    Ok(arrived(headers, body, most, ARRIVES).await?.to_vec())
}

/// Whether the body is of this type, and nothing was done to it on top.
pub(super) fn is(headers: &HeaderMap, media: &str) -> bool {
    let text = only(headers, &CONTENT_TYPE).unwrap_or_default();
    let plain = headers.get(CONTENT_ENCODING).is_none_or(|coding| coding == "identity");
    plain && text.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(media)
}

/// The text of a header that must not come twice; `None`: it is not there, comes twice or is no text.
pub(super) fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok();
    value.filter(|_| values.next().is_none())
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

/// The largest body in bytes that an address takes, and how long it may take to arrive.
pub(super) fn bounds(uri: &Uri) -> (usize, Duration) {
    match uri.path().strip_prefix(V1).unwrap_or_default() {
        "/apply" => (FILES, ARRIVES),
        "/plugins" => (MOST_COMPONENT, COMPONENT_ARRIVES),
        _ => (DECLARATION, ARRIVES),
    }
}

/// The whole body, in bounds of size and time.
pub(super) async fn arrived(
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
    match extent(bytes) {
        (depth, _) if depth > MOST_DEPTH => {
            let detail = format!("the JSON is nested more than {MOST_DEPTH} deep");
            return Err(Refused::of(codes::MALFORMED, detail));
        }
        (_, values) if values > MOST_VALUES => {
            return Err(too_large(&format!("has more than {MOST_VALUES} values")));
        }
        _ => {}
    }
    let bad =
        |error: serde_json::Error| Refused::of(codes::MALFORMED, format!("not readable as JSON: {error}"));
    let value: Value = serde_json::from_slice(bytes).map_err(bad)?;
    let problems = problems::<T>(&value)?;
    if !problems.is_empty() {
        return Err(Error::Malformed(problems).into());
    }
    drop(value);
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
    // References in it point to where the OpenAPI document has them.
    schema["components"] = serde_json::json!({ "schemas": named });
    all_problems(schema, value)
}

/// What is wrong with a value by its schema: what it is made of, and only if that is wrong how its texts are
/// written too, because the operation, which says that better, does not get to see them then.
pub(super) fn all_problems(schema: Value, value: &Value) -> Result<Vec<Problem>, Refused> {
    let internal = |error: NotASchema| Refused::of(codes::INTERNAL, error.to_string());
    let mut made = schema.clone();
    in_words(&mut made);
    let mut problems = Schema::new(made).map_err(internal)?.problems(value);
    if !problems.is_empty() {
        let mut written = Schema::new(schema).map_err(internal)?.problems(value);
        written.retain(|one| !problems.iter().any(|known| known.field == one.field));
        problems.append(&mut written);
    }
    Ok(problems)
}

/// Takes out of a schema what the operation says in better words than "a text like ^[a-z…": how texts are written.
fn in_words(schema: &mut Value) {
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

/// How deep JSON is nested, and how many values and names it has, as far as there is a bound to either. Looks at
/// its punctuation only: whether it is JSON is seen later.
pub(super) fn extent(bytes: &[u8]) -> (usize, usize) {
    let (mut depth, mut deepest, mut values) = (0_usize, 0, 0);
    let (mut in_text, mut escaped) = (false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => (depth, values) = (depth + 1, values + 1),
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            b',' | b':' if !in_text => values += 1,
            _ => continue,
        }
        deepest = deepest.max(depth);
        if deepest > MOST_DEPTH || values > MOST_VALUES {
            break;
        }
    }
    (deepest, values)
}

#[cfg(test)]
mod tests {
    use yardstick_client::api::{ApplyRequest, JudgeRequest};

    use super::*;

    #[test]
    fn brackets_are_counted_outside_of_texts() {
        for (text, expected) in [
            ("{}", (1, 1)),
            ("[[[]]]", (3, 3)),
            (r#"{"a":"[[[[","b":["\"[["]}"#, (2, 5)),
            (r#"["\\",[]]"#, (2, 3)),
            ("", (0, 0)),
            ("1", (0, 0)),
        ] {
            assert_eq!(extent(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_body_of_many_small_values_is_refused_before_they_are_made() {
        for text in [format!("[{}]", "{\"a\":1},".repeat(100_000)), "[".to_owned() + &"1,".repeat(1_000_000)]
        {
            let refused = read::<ApplyRequest>(text.as_bytes()).unwrap_err();
            assert_eq!((refused.0.code.as_str(), refused.0.status), ("too-large", 413));
            assert_eq!(refused.0.detail, "the body has more than 20000 values; send less at a time");
        }
    }

    #[test]
    fn a_header_that_comes_twice_says_nothing() {
        let mut headers =
            HeaderMap::from_iter([(CONTENT_TYPE, "application/json; charset=utf-8".parse().unwrap())]);
        assert!(is(&headers, "application/json"));
        headers.append(CONTENT_TYPE, "text/plain".parse().unwrap());
        assert!(!is(&headers, "application/json"));
        headers.insert(CONTENT_TYPE, "application/json".parse().unwrap());
        headers.insert(CONTENT_ENCODING, "gzip".parse().unwrap());
        assert!(!is(&headers, "application/json"));
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
