//! Web hooks, as Standard Webhooks has them (<https://www.standardwebhooks.com>): a signed POST request with the same
//! id however often it is sent. No redirect is followed, no proxy asked; nothing of a private network is reached unless
//! the sink may.

use std::error::Error as _;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use rustls::{ClientConfig, RootCertStore};
use sha2::Sha256;
use yardstick_domain::sink::{Answer, Delivered, SigningSecret, Sink, check_url, is_public};

use super::Message;
use crate::{escape, message};

/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How long for the whole answer: a receiver puts a message aside, and works on it later.
const ANSWER: Duration = Duration::from_secs(15);
/// How long a receiver is left alone that did not answer, or failed, and did not say how long.
const BREATH: SignedDuration = SignedDuration::from_secs(30);
/// The longest that a receiver may ask to be left alone.
const LONGEST_REST: SignedDuration = SignedDuration::from_hours(24);
/// Bytes of a refusal that are read, and characters of it that are kept.
const MOST_HEARD: usize = 1 << 10;
const MOST_KEPT: usize = 200;

/// Sends web hooks. Cheap to clone; clones share their connections.
#[derive(Debug, Clone, Default)]
pub struct WebHooks(Arc<Clients>);

#[derive(Debug, Default)]
struct Clients {
    /// Reaches what is out in the internet.
    public: OnceLock<Client>,
    /// Reaches private networks too.
    any: OnceLock<Client>,
}

/// A name that leads to nothing a sink may reach.
#[derive(Debug, thiserror::Error)]
#[error("its name leads to this machine or a private network, which the sink may not reach")]
struct Private;

/// Looks names up, and leaves out addresses that are not public.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The port is the request's own; 0 stands for it.
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let public: Vec<SocketAddr> =
                found.into_iter().filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(Private.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

impl WebHooks {
    /// Sends a message, signed by these secrets, the newest first.
    pub async fn send(
        &self,
        sink: &Sink,
        secrets: &[SigningSecret],
        message: &Message,
        now: Timestamp,
    ) -> Delivered {
        let refused = |says: String| Delivered::Refused(Answer { status: None, says });
        // As it was when it was added, or a later build would allow less.
        let url = match check_url(sink.url.as_deref().unwrap_or_default(), sink.private_addresses) {
            Ok(url) => url,
            Err(why) => return refused(format!("not sent: {why}")),
        };
        let document =
            message::document(&message.event, message.verdict.as_ref().map(|(verdict, _)| verdict));
        let body = match serde_json::to_string(&document) {
            Ok(body) => body,
            Err(error) => return refused(format!("the message cannot be written: {error}")),
        };
        let id = &message.event.message_id;
        let Some(signature) = signature(secrets, id, now, &body) else {
            return refused("not sent: the sink has no secret that signs".to_owned());
        };
        let client = match self.client(sink.private_addresses) {
            Ok(client) => client,
            Err(error) => return failed(format!("no request can be made: {error}"), None, now),
        };
        let request = client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", now.as_second().to_string())
            .header("webhook-signature", signature)
            .body(body);
        match request.send().await {
            Ok(response) => answered(response, now).await,
            Err(error) => failed(what_happened(&error), None, now),
        }
    }

    fn client(&self, private_addresses: bool) -> reqwest::Result<&Client> {
        let made = if private_addresses { &self.0.any } else { &self.0.public };
        if let Some(client) = made.get() {
            return Ok(client);
        }
        let builder = Client::builder()
            .user_agent(concat!("yardstick/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .redirect(Policy::none())
            .no_proxy()
            .tls_backend_preconfigured(trusting());
        let builder = if private_addresses { builder } else { builder.dns_resolver(Arc::new(PublicOnly)) };
        let client = builder.build()?;
        Ok(made.get_or_init(|| client))
    }
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

async fn answered(mut response: Response, now: Timestamp) -> Delivered {
    let status = response.status();
    if status.is_success() {
        let answer = Answer { status: Some(status.as_u16()), says: format!("answered {}", status.as_u16()) };
        return Delivered::Taken(answer);
    }
    let wait = response.headers().get(RETRY_AFTER).and_then(|value| retry_after(value, now));
    let mut heard = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        heard.extend_from_slice(&chunk);
        if heard.len() >= MOST_HEARD {
            break;
        }
    }
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
    let tired = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
    match failed(says, wait, now) {
        Delivered::Failed { answer, rest_until } => Delivered::Failed {
            answer: Answer { status: Some(status.as_u16()), ..answer },
            // Of a message that it does not like alone, the others are none the worse.
            rest_until: rest_until.filter(|_| tired),
        },
        other => other,
    }
}

/// It failed; `wait`: until when the receiver asked to be left alone.
fn failed(says: String, wait: Option<Timestamp>, now: Timestamp) -> Delivered {
    let breath = now.checked_add(BREATH).unwrap_or(Timestamp::MAX);
    let rest_until = Some(wait.map_or(breath, |wait| wait.max(breath)));
    Delivered::Failed { answer: Answer { status: None, says }, rest_until }
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
fn what_happened(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let what = if error.is_timeout() {
        "did not answer in time"
    } else if error.is_connect() {
        "cannot be reached"
    } else {
        "broke off"
    };
    match error.source() {
        Some(_) => escape::line(&format!("{what}: {innermost}")),
        None => what.to_owned(),
    }
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
