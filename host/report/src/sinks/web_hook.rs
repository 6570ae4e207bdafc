//! Web hooks, as Standard Webhooks has them (<https://www.standardwebhooks.com>): a signed POST request with the same
//! id however often it is sent. No redirect is followed, no proxy asked; nothing of a private network is reached unless
//! the sink may.

use std::error::Error;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;
use std::vec;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, USER_AGENT};
use hyper::{Request, Response, StatusCode};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::TokioExecutor;
use jiff::{SignedDuration, Timestamp};
use rustls::{ClientConfig, RootCertStore};
use sha2::Sha256;
use tower_service::Service;
use yardstick_domain::hook_address::{check_url, is_public};
use yardstick_domain::sink::{Answer, Delivered, SigningSecret, Sink};

use super::Message;
use crate::{escape, message};

/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How long for the whole answer: a receiver puts a message aside, and works on it later.
const ANSWER: Duration = Duration::from_secs(15);
/// How long for what a refusal says.
const HEARD: Duration = Duration::from_secs(2);
/// How long a receiver is left alone that did not answer, or failed, and did not say how long.
const BREATH: SignedDuration = SignedDuration::from_secs(30);
/// The longest that a receiver may ask to be left alone.
const LONGEST_REST: SignedDuration = SignedDuration::from_hours(24);
/// Bytes of a refusal that are read, and characters of it that are kept.
const MOST_HEARD: usize = 1 << 10;
const MOST_KEPT: usize = 200;

/// Sends web hooks. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct WebHooks {
    clients: Arc<Clients>,
    answer: Duration,
}

/// One that reaches what is out in the internet, and one that reaches private networks too.
#[derive(Debug, Default)]
struct Clients {
    public: OnceLock<Sender>,
    any: OnceLock<Sender>,
}

type Sender = Client<HttpsConnector<HttpConnector<Names>>, Full<Bytes>>;

/// A name that leads to nothing a sink may reach.
#[derive(Debug, thiserror::Error)]
#[error("its name leads to this machine or a private network, which the sink may not reach")]
struct Private;

/// Looks names up, and leaves out addresses that are not public unless they may be reached. Addresses that are no names
/// are checked before.
#[derive(Debug, Clone, Copy)]
struct Names {
    private_addresses: bool,
}

impl Service<Name> for Names {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let Self { private_addresses } = *self;
        Box::pin(async move {
            // The port is the request's own; 0 stands for it.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let may = |address: &SocketAddr| private_addresses || is_public(address.ip());
            let found: Vec<SocketAddr> = found.filter(may).collect();
            if found.is_empty() {
                return Err(io::Error::other(Private));
            }
            Ok(found.into_iter())
        })
    }
}

impl Default for WebHooks {
    fn default() -> Self {
        Self::waiting(ANSWER)
    }
}

impl WebHooks {
    /// One that waits so long for an answer.
    #[must_use]
    pub fn waiting(answer: Duration) -> Self {
        Self { clients: Arc::default(), answer }
    }

    /// Sends a message, signed by these secrets, the newest first.
    pub async fn send(
        &self,
        sink: &Sink,
        secrets: &[SigningSecret],
        message: &Message,
        now: Timestamp,
    ) -> Delivered {
        let request = match request(sink, secrets, message, now) {
            Ok(request) => request,
            Err(says) => return Delivered::Refused(Answer { status: None, says }),
        };
        let exchange = async { self.client(sink.private_addresses).request(request).await };
        match tokio::time::timeout(self.answer, exchange).await {
            Ok(Ok(response)) => answered(response, now).await,
            Ok(Err(error)) => failed(what_happened(&error), now),
            Err(_) => failed(format!("did not answer in time, {} ms", self.answer.as_millis()), now),
        }
    }

    fn client(&self, private_addresses: bool) -> &Sender {
        let made = if private_addresses { &self.clients.any } else { &self.clients.public };
        made.get_or_init(|| {
            let mut plain = HttpConnector::new_with_resolver(Names { private_addresses });
            plain.set_connect_timeout(Some(CONNECT));
            // TLS is put around it.
            plain.enforce_http(false);
            let around =
                HttpsConnectorBuilder::new().with_tls_config(trusting()).https_or_http().enable_http1();
            Client::builder(TokioExecutor::new()).build(around.wrap_connector(plain))
        })
    }
}

/// The request of a message, or why there is none.
fn request(
    sink: &Sink,
    secrets: &[SigningSecret],
    message: &Message,
    now: Timestamp,
) -> Result<Request<Full<Bytes>>, String> {
    // As when it was added, or a later build would allow less.
    let url = check_url(sink.url.as_deref().unwrap_or_default(), sink.private_addresses)
        .map_err(|why| format!("not sent: {why}"))?;
    let document = message::document(&message.event, message.verdict.as_ref().map(|(verdict, _)| verdict));
    let body = serde_json::to_string(&document)
        .map_err(|error| format!("the message cannot be written: {error}"))?;
    let id = &message.event.message_id;
    let signature =
        signature(secrets, id, now, &body).ok_or("not sent: the sink has no secret that signs")?;
    Request::post(url.as_str())
        .header(USER_AGENT, concat!("yardstick/", env!("CARGO_PKG_VERSION")))
        .header(CONTENT_TYPE, "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", now.as_second().to_string())
        .header("webhook-signature", signature)
        .body(Full::from(body))
        .map_err(|error| format!("not sent: {error}"))
}

/// Trusts whom browsers do, and whom this machine's administrator does.
fn trusting() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap_or_else(|error| unreachable!("ring speaks TLS 1.2 and 1.3: {error}"))
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// The header that signs a message: a signature by each secret. `None`: there is none that can sign.
fn signature(secrets: &[SigningSecret], id: &str, now: Timestamp, body: &str) -> Option<String> {
    let signed = format!("{id}.{}.{body}", now.as_second());
    let by = |secret: &SigningSecret| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&secret.bytes()?).ok()?;
        mac.update(signed.as_bytes());
        Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    };
    let signatures: Vec<String> = secrets.iter().filter_map(by).collect();
    (!signatures.is_empty()).then(|| signatures.join(" "))
}

async fn answered(response: Response<Incoming>, now: Timestamp) -> Delivered {
    let status = response.status();
    if status.is_success() {
        let answer = Answer { status: Some(status.as_u16()), says: format!("answered {}", status.as_u16()) };
        return Delivered::Taken(answer);
    }
    let wait = response.headers().get(RETRY_AFTER).and_then(|value| retry_after(value, now));
    // One that says more than can be read, or does not come to an end, says nothing.
    let heard = tokio::time::timeout(HEARD, Limited::new(response.into_body(), MOST_HEARD).collect()).await;
    let heard = heard.ok().and_then(Result::ok).map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let mut says = format!("answered {}", status.as_u16());
    if status.is_redirection() {
        says += "; redirects are not followed, so give the sink the address it leads to";
    }
    let text: String = escape::line(&String::from_utf8_lossy(&heard)).chars().take(MOST_KEPT).collect();
    if !text.is_empty() {
        says += &format!(": {text}");
    }
    if status == StatusCode::GONE {
        return Delivered::Refused(Answer { status: Some(status.as_u16()), says });
    }
    // Of a message that it does not like alone, the others are none the worse.
    let tired = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
    let answer = Answer { status: Some(status.as_u16()), says };
    Delivered::Failed { answer, rest_until: tired.then(|| rested(now).max(wait.unwrap_or(now))) }
}

/// There was no answer.
fn failed(says: String, now: Timestamp) -> Delivered {
    Delivered::Failed { answer: Answer { status: None, says }, rest_until: Some(rested(now)) }
}

/// When a receiver that did not say so may be asked again.
fn rested(now: Timestamp) -> Timestamp {
    now.checked_add(BREATH).unwrap_or(Timestamp::MAX)
}

/// Seconds, or a date.
fn retry_after(value: &HeaderValue, now: Timestamp) -> Option<Timestamp> {
    let text = value.to_str().ok()?.trim();
    let longest = now.checked_add(LONGEST_REST).ok()?;
    let until = match text.parse::<u32>() {
        Ok(seconds) => now.checked_add(SignedDuration::from_secs(seconds.into())).ok()?,
        Err(_) => jiff::fmt::rfc2822::parse(text).ok()?.timestamp(),
    };
    Some(until.clamp(now, longest))
}

/// Why there was no answer, without the address: it may be a secret.
fn what_happened(error: &legacy::Error) -> String {
    let what = if error.is_connect() { "cannot be reached" } else { "broke off" };
    let mut innermost: &dyn Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    // What an I/O error carries is no source of it.
    let innermost = match innermost.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(carried) => carried.to_string(),
        None => innermost.to_string(),
    };
    escape::line(&format!("{what}: {innermost}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_signed_as_the_standard_has_it() {
        // The example of the specification's reference libraries.
        let secret = SigningSecret::of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());
        let now = Timestamp::from_second(1_614_265_330).unwrap();
        let body = r#"{"test": 2432232314}"#;
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        assert_eq!(signature(std::slice::from_ref(&secret), id, now, body).as_deref(), Some(expected));
        let both = signature(&[SigningSecret::new([1; 32]), secret], id, now, body).unwrap();
        assert!(both.ends_with(&format!(" {expected}")), "{both}");
        assert_eq!(signature(&[], id, now, body), None);
        assert_eq!(signature(&[SigningSecret::of("secret".to_owned())], id, now, body), None);
    }

    #[test]
    fn names_that_lead_to_this_machine_are_not_followed_unless_they_may() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let name: Name = "localhost".parse().unwrap();
        for private_addresses in [false, true] {
            let found = runtime.block_on(Names { private_addresses }.call(name.clone()));
            assert_eq!(found.is_ok(), private_addresses, "{found:?}");
        }
    }

    #[test]
    fn a_receiver_is_left_alone_for_as_long_as_it_says() {
        let now: Timestamp = "2026-03-10T12:00:00Z".parse().unwrap();
        let table = [
            ("120", Some("2026-03-10T12:02:00Z")),
            ("0", Some("2026-03-10T12:00:00Z")),
            ("4000000000", Some("2026-03-11T12:00:00Z")),
            ("Tue, 10 Mar 2026 12:05:00 GMT", Some("2026-03-10T12:05:00Z")),
            ("Tue, 10 Mar 2020 12:05:00 GMT", Some("2026-03-10T12:00:00Z")),
            ("-3", None),
            ("soon", None),
        ];
        for (text, expected) in table {
            let until = retry_after(&HeaderValue::from_str(text).unwrap(), now);
            assert_eq!(until, expected.map(|text| text.parse().unwrap()), "{text}");
        }
    }
}
