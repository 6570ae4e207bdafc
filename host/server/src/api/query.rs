//! Queries: every parameter known, each of its type, all that is wrong at once.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};
use yardstick_domain::problem::Problem;

use super::body::all_problems;
use super::refused::Refused;
use crate::operations::{Error, codes};

/// The parameters of a query.
#[derive(Debug)]
pub(super) struct Query<T>(pub(super) T);

/// A query that must not be there.
#[derive(Debug)]
pub(super) struct NoQuery;

impl<T: DeserializeOwned + IntoParams, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        read(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for NoQuery {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        check(parts.uri.query().unwrap_or_default(), Vec::new()).map(|_| Self)
    }
}

fn read<T: DeserializeOwned + IntoParams>(query: &str) -> Result<T, Refused> {
    let values = check(query, T::into_params(|| Some(ParameterIn::Query)))?;
    serde_json::from_value(values).map_err(|error| Refused::of(codes::MALFORMED, error.to_string()))
}

/// The values of a query by the parameters that the documentation shows.
fn check(query: &str, known: Vec<Parameter>) -> Result<Value, Refused> {
    let internal = |error: &dyn std::fmt::Display| Refused::of(codes::INTERNAL, error.to_string());
    let mut schemas = Map::new();
    for parameter in known {
        let schema = serde_json::to_value(&parameter.schema).map_err(|error| internal(&error))?;
        schemas.insert(parameter.name, schema);
    }
    let mut values = Map::new();
    let mut problems = Vec::new();
    for (name, text) in form_urlencoded::parse(query.as_bytes()) {
        // What stands for bytes that are none.
        if name.contains(char::REPLACEMENT_CHARACTER) || text.contains(char::REPLACEMENT_CHARACTER) {
            problems.push(Problem::new(name, "is not UTF-8"));
            continue;
        }
        let schema = schemas.get(name.as_ref());
        if is(schema, "array") {
            let list = values.entry(name).or_insert_with(|| json!([]));
            list.as_array_mut().into_iter().for_each(|list| list.push(json!(text)));
        } else if values.contains_key(name.as_ref()) {
            problems.push(Problem::new(name, "is there twice; keep one"));
        } else {
            values.insert(name.into_owned(), typed(schema, &text));
        }
    }
    let schema = json!({ "type": "object", "additionalProperties": false, "properties": schemas });
    let values = Value::Object(values);
    problems.extend(all_problems(schema, &values)?);
    if problems.is_empty() { Ok(values) } else { Err(Error::Malformed(problems).into()) }
}

/// The text as the type its parameter has, or as it is: the schema then says what was expected.
fn typed(schema: Option<&Value>, text: &str) -> Value {
    let number = text.parse::<i64>().ok().filter(|_| is(schema, "integer")).map(Value::from);
    let boolean = text.parse::<bool>().ok().filter(|_| is(schema, "boolean")).map(Value::from);
    number.or(boolean).unwrap_or_else(|| Value::from(text))
}

/// Whether a schema has a type, perhaps beside others.
fn is(schema: Option<&Value>, kind: &str) -> bool {
    match schema.and_then(|schema| schema.get("type")) {
        Some(Value::String(only)) => only == kind,
        Some(Value::Array(several)) => several.iter().any(|one| one == kind),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use yardstick_client::api::{ImportRequest, VerdictsRequest};

    use super::*;

    #[test]
    fn parameters_are_read_by_their_types() {
        let read: VerdictsRequest = read("release=a%20b&looks=true&limit=7").unwrap();
        assert_eq!((read.release.as_deref(), read.looks, read.limit), (Some("a b"), true, Some(7)));
        let read: ImportRequest = super::read("dimension=a%3Db&dimension=c%3Dd&time=2026").unwrap();
        assert_eq!((read.dimension, read.time.as_deref()), (vec!["a=b".into(), "c=d".into()], Some("2026")));
    }

    #[test]
    fn every_parameter_that_is_wrong_is_named() {
        let refused =
            read::<VerdictsRequest>("limit=many&relase=x&looks=yes&team=a&team=b&limit=2").unwrap_err();
        let mut texts: Vec<String> =
            refused.0.errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect();
        texts.sort();
        assert_eq!(
            texts,
            [
                "limit: \"many\" will not do; expected a whole number",
                "limit: is there twice; keep one",
                "looks: \"yes\" will not do; expected true or false",
                "relase: unknown field. Did you mean \"release\"?",
                "team: is there twice; keep one",
            ]
        );
        let refused = read::<VerdictsRequest>("limit=0&team=A%20B").unwrap_err();
        let fields: Vec<&str> = refused.0.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["limit", "team"], "a text that is not well-formed is named beside a bad number");
        for query in ["limit=0", "limit=501", "limit=1.5", "limit=", "limit=99999999999999999999"] {
            assert!(read::<VerdictsRequest>(query).is_err(), "{query}");
        }
        for (query, field) in [("team=a%ff", "team"), ("%ff=a", "\u{fffd}")] {
            let refused = read::<VerdictsRequest>(query).unwrap_err();
            assert_eq!(refused.0.detail, format!("{field}: is not UTF-8"));
        }
        assert!(check("", Vec::new()).is_ok());
        assert_eq!(check("x=1", Vec::new()).unwrap_err().0.errors[0].message, "unknown field");
    }
}
