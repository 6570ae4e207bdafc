//! One question and its answer, bounded in time and size.

use std::time::Duration;

use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, LOCATION,
};
use reqwest::{Body, Request, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::{Client, Endpoint, Error, Tagged};
use crate::api::Problem;

pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

/// A question that is about to be asked.
pub(super) struct Question<'a> {
    asked: Asked<'a>,
    request: Request,
}

/// What is asked of whom, for messages.
pub(super) struct Asked<'a> {
    pub(super) client: &'a Client,
    pub(super) endpoint: &'static Endpoint,
    /// How long the answer may take.
    pub(super) patience: Duration,
}

impl Client {
    /// A question to an endpoint, its path parameters in order.
    pub(super) fn ask(
        &self,
        endpoint: &'static Endpoint,
        parameters: &[&str],
    ) -> Result<Question<'_>, Error> {
        let url = endpoint.at(&self.address, parameters)?;
        let mut request = Request::new(endpoint.verb(), url);
        if let Some(bearer) = &self.bearer {
            request.headers_mut().insert(AUTHORIZATION, bearer.clone());
        }
        if let Some(key) = self.key.as_ref().filter(|_| !request.method().is_safe()) {
            request.headers_mut().insert(IDEMPOTENCY_KEY, key.clone());
        }
        // Whatever writes may have to wait for an import to end.
        let patience = if request.method().is_safe() { self.limits.answer } else { self.limits.work };
        Ok(Question { asked: Asked { client: self, endpoint, patience }, request })
    }
}

impl Question<'_> {
    /// One whose answer takes work, so it may take longer.
    pub(super) fn works(mut self) -> Self {
        self.asked.patience = self.asked.client.limits.work;
        self
    }

    /// Its query, field by field; a list repeats its field.
    pub(super) fn query<T: Serialize>(mut self, query: &T) -> Result<Self, Error> {
        let text = serde_html_form::to_string(query)
            .map_err(|error| Error::Unasked(format!("the query cannot be written: {error}")))?;
        if !text.is_empty() {
            self.request.url_mut().set_query(Some(&text));
        }
        Ok(self)
    }

    /// Its body, as JSON.
    pub(super) fn json<T: Serialize>(self, body: &T) -> Result<Self, Error> {
        let bytes = serde_json::to_vec(body)
            .map_err(|error| Error::Unasked(format!("the request cannot be written: {error}")))?;
        Ok(self.body(JSON, bytes.into()))
    }

    /// Its body, of a media type.
    pub(super) fn body(mut self, media: &'static str, body: Body) -> Self {
        self.request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media));
        *self.request.body_mut() = Some(body);
        self
    }

    /// A further header.
    pub(super) fn header(mut self, name: HeaderName, value: &str) -> Result<Self, Error> {
        let value = HeaderValue::from_str(value)
            .map_err(|_| Error::Unasked(format!("{name}: {value:?} cannot be a header's value")))?;
        self.request.headers_mut().insert(name, value);
        Ok(self)
    }

    /// Asks; the answer is a JSON document.
    pub(super) async fn document<T: DeserializeOwned>(self) -> Result<T, Error> {
        let (asked, answer) = self.answer(JSON, StatusCode::is_success).await?;
        asked.parse(&answer)
    }

    /// Asks; the answer is a JSON document, and comes with its ETag.
    pub(super) async fn tagged<T: DeserializeOwned>(self) -> Result<Tagged<T>, Error> {
        let (asked, response) = self.response(JSON, StatusCode::is_success).await?;
        let etag = response.headers().get(ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        let bytes = asked.bytes(response).await?;
        Ok(Tagged { document: asked.parse(&bytes)?, etag })
    }

    /// Asks; the answer is a JSON document with one of two statuses.
    pub(super) async fn document_also<T: DeserializeOwned>(self, also: StatusCode) -> Result<T, Error> {
        let (asked, answer) = self.answer(JSON, |status| status.is_success() || *status == also).await?;
        asked.parse(&answer)
    }

    /// Asks; the answer is text of this media type.
    pub(super) async fn text(self, media: &'static str) -> Result<String, Error> {
        let (asked, answer) = self.answer(media, StatusCode::is_success).await?;
        String::from_utf8(answer).map_err(|_| asked.foreign(&format!("with {media} that is not UTF-8")))
    }
}

impl<'a> Question<'a> {
    /// Asks; the bytes of an answer that is of this media type and of a status that will do.
    async fn answer(
        self,
        media: &'static str,
        will_do: impl FnOnce(&StatusCode) -> bool,
    ) -> Result<(Asked<'a>, Vec<u8>), Error> {
        let (asked, response) = self.response(media, will_do).await?;
        let bytes = asked.bytes(response).await?;
        Ok((asked, bytes))
    }

    /// Asks; an answer of this media type is written on as it arrives, however long it is. Gives its bytes.
    pub(super) async fn into_writer(
        self,
        media: &'static str,
        into: &mut (dyn AsyncWrite + Send + Unpin),
    ) -> Result<u64, Error> {
        let (asked, mut response) = self.response(media, StatusCode::is_success).await?;
        let mut count = 0;
        while let Some(chunk) = response.chunk().await.map_err(|error| Error::transport(&asked, &error))? {
            into.write_all(&chunk).await.map_err(Error::Unwritten)?;
            count += chunk.len() as u64;
        }
        Ok(count)
    }

    /// Asks; an answer that is of this media type and of a status that will do.
    async fn response(
        self,
        media: &'static str,
        will_do: impl FnOnce(&StatusCode) -> bool,
    ) -> Result<(Asked<'a>, Response), Error> {
        let Question { asked, mut request } = self.header(ACCEPT, &format!("{media}, {PROBLEM}"))?;
        *request.timeout_mut() = Some(asked.patience);
        let response = asked.client.http.execute(request).await;
        let response = response.map_err(|error| Error::transport(&asked, &error))?;
        let status = response.status();
        let found = media_of(response.headers());
        if will_do(&status) && fits(&found, media) {
            return Ok((asked, response));
        }
        if !status.is_success() && found == PROBLEM {
            let problem: Problem = asked.parse(&asked.bytes(response).await?)?;
            return Err(Error::Refused { status: status.as_u16(), problem: Box::new(problem) });
        }
        if status.is_redirection() {
            let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or("elsewhere");
            let to: String = to.chars().take(200).collect();
            return Err(asked.foreign(&format!(
                "with {status}, to {to:?}; redirects are not followed: give the service's own address"
            )));
        }
        let found = if found.is_empty() { "no content type" } else { &found };
        let found = found.to_owned();
        Err(asked.foreign(&format!("with {status} and {found}, expected {media}; is it a Yardstick?")))
    }
}

impl Asked<'_> {
    /// The whole body, unless it is too large.
    async fn bytes(&self, mut response: Response) -> Result<Vec<u8>, Error> {
        let most = self.client.limits.most_bytes;
        let too_large = || self.foreign(&format!("with more than {most} bytes; ask for less at a time"));
        let says = usize::try_from(response.content_length().unwrap_or(0)).unwrap_or(usize::MAX);
        if says > most {
            return Err(too_large());
        }
        let mut bytes = Vec::with_capacity(says);
        while let Some(chunk) = response.chunk().await.map_err(|error| Error::transport(self, &error))? {
            if chunk.len() > most - bytes.len() {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    fn parse<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, Error> {
        serde_json::from_slice(bytes).map_err(|error| {
            self.foreign(&format!(
                "with a document that is not understood ({error}); are both of one version? This is {}",
                env!("CARGO_PKG_VERSION")
            ))
        })
    }

    /// What was answered is not what a Yardstick answers.
    fn foreign(&self, how: &str) -> Error {
        Error::Foreign(format!("{} answered {} {how}", self.client.server(), self.endpoint))
    }
}

/// The media type of an answer, without parameters, in small letters; empty: it has none.
fn media_of(headers: &HeaderMap) -> String {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .chars()
        .take(100)
        .collect::<String>()
        .to_ascii_lowercase()
}

/// Whether an answer of this media type is what was asked for. JSON has many names (RFC 6839).
fn fits(found: &str, asked: &str) -> bool {
    found == asked || (asked == JSON && found.ends_with("+json") && found != PROBLEM)
}
