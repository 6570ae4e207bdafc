//! Editing what others edit too: an answer says which version it shows, and an edit which version it is of.

use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::body::{Json, only};
use super::refused::Refused;
use crate::operations::codes;

/// The version that an edit is of: `If-Match: "7"`.
#[derive(Debug)]
pub(super) struct OfVersion(pub(super) u32);

impl<S: Send + Sync> FromRequestParts<S> for OfVersion {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        if parts.headers.get(IF_MATCH).is_none() {
            let detail = "say which version you edit, as its ETag was when you read it: If-Match: \"7\"";
            return Err(Refused::of(codes::PRECONDITION_REQUIRED, detail));
        }
        let text = only(&parts.headers, &IF_MATCH).unwrap_or_default().trim();
        let version =
            text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
        version.map(Self).ok_or_else(|| {
            let detail =
                format!("If-Match: {text} is no version; send the ETag of what you read, such as \"7\"");
            Refused::of(codes::CHANGED_MEANWHILE, detail)
        })
    }
}

/// A document with its version.
#[derive(Debug)]
pub(super) struct Versioned<T>(pub(super) T, pub(super) u32);

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let Self(document, version) = self;
        let mut response = Json::<T>(document).into_response();
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
            response.headers_mut().insert(ETAG, tag);
        }
        response
    }
}
