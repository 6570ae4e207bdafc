//! Refusals as answers. A handler's refusal carries its problem document along; `answers` writes it out.

use std::any::Any;

use axum::body::Body;
use axum::http::header::ETAG;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use yardstick_client::api::Problem;

use super::tagged;
use crate::operations::codes::{self, Code};
use crate::operations::{Error, problem};

/// Something that is not done; and the ETag of what was to be changed, where another was named.
#[derive(Debug, Clone)]
pub(super) struct Refused(pub(super) Box<Problem>, pub(super) Option<HeaderValue>);

impl Refused {
    /// A refusal that is not about fields.
    pub(super) fn of(code: Code, detail: impl Into<String>) -> Self {
        Self(Box::new(problem(code, detail)), None)
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self(Box::new(error.problem()), error.state().and_then(|state| tagged::etag(&state, None)))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.headers_mut().extend(self.1.clone().map(|etag| (ETAG, etag)));
        response.extensions_mut().insert(self);
        response
    }
}

/// A handler panicked: our fault, and nobody else's request suffers.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
pub(super) fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response<Body> {
    let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| cause.downcast_ref::<String>().cloned());
    Refused::of(codes::INTERNAL, format!("panicked: {}", text.unwrap_or_default())).into_response()
}
