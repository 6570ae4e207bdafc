//! What is named in an address.

use axum::extract::FromRequestParts;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::refused::Refused;
use crate::operations::{Error, codes};

/// The parameters of an address. What they name is for the operation to know.
#[derive(Debug)]
pub(super) struct Path<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(values)) => Ok(Self(values)),
            Err(PathRejection::FailedToDeserializePathParams(error)) => Err(match error.kind() {
                ErrorKind::InvalidUtf8InPathParam { key } => Error::malformed(key, "is not UTF-8").into(),
                kind => Refused::of(codes::MALFORMED, kind.to_string()),
            }),
            Err(error) => Err(Refused::of(codes::INTERNAL, error.to_string())),
        }
    }
}
