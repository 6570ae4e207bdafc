//! Web hooks: signed as the standard's own library verifies, and sent nowhere they must not go.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection};
use standardwebhooks::{Webhook, WebhookError};
use yardstick_client::api::{EventDocument, EventKind};
use yardstick_domain::sink::{Delivered, SigningSecret, Sink, SinkKind};
use yardstick_report::sinks::Message;
use yardstick_report::sinks::web_hook::WebHooks;
use yardstick_tests::databases::block_on;

use super::receiver::{Received, Receiver, Reply};

fn message() -> Message {
    Message {
        event: EventDocument {
            id: 17,
            message_id: "msg_17".to_owned(),
            kind: EventKind::NotLaunched,
            at: "2026-03-10T12:00:00Z".parse().unwrap(),
            team: Some("growth".to_owned()),
            release: Some("quick-start".to_owned()),
            verdict: None,
            urgent: false,
            says: "Quick start (L2) was planned for 2026-03-02 and has not launched".to_owned(),
            advice: None,
            to: vec!["ana.lopez@example.com".to_owned()],
        },
        verdict: None,
    }
}

fn sink(url: &str, private_addresses: bool) -> Sink {
    Sink {
        name: "hook".parse().unwrap(),
        kind: SinkKind::WebHook,
        team: None,
        kinds: Vec::new(),
        url: Some(url.to_owned()),
        private_addresses,
        created_at: Timestamp::UNIX_EPOCH,
        created_by: "ana.lopez@example.com".parse().unwrap(),
        removed_at: None,
        rests_until: None,
    }
}

#[expect(clippy::disallowed_methods, reason = "the verifier knows no other clock")]
fn now() -> Timestamp {
    Timestamp::now()
}

fn secret() -> SigningSecret {
    SigningSecret::new([7; 32])
}

fn send_at(url: &str, private_addresses: bool, secrets: &[SigningSecret], at: Timestamp) -> Delivered {
    let hooks = WebHooks::waiting(Duration::from_millis(300));
    block_on(async { hooks.send(&sink(url, private_addresses), secrets, &message(), at).await })
}

fn send(receiver: &Receiver) -> Delivered {
    send_at(&receiver.url(), true, &[secret()], now())
}

/// What a careful receiver does with a message before it looks inside.
fn verified(received: &Received, secret: &SigningSecret) -> Result<(), WebhookError> {
    let mut headers = http::HeaderMap::new();
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        headers.insert(name, received.headers[name].parse().unwrap());
    }
    Webhook::new(secret.text()).unwrap().verify(received.body.as_bytes(), &headers)
}

#[test]
fn a_message_is_verified_and_an_altered_one_is_not() {
    let receiver = Receiver::taking();
    assert!(matches!(send(&receiver), Delivered::Taken(_)));
    let mut received = receiver.came().remove(0);
    verified(&received, &secret()).unwrap();
    assert!(verified(&received, &SigningSecret::new([8; 32])).is_err());
    assert_eq!((received.id(), received.headers["content-type"].as_str()), ("msg_17", "application/json"));
    let body = received.json();
    assert_eq!(
        (body["type"].as_str(), body["data"]["event"]["id"].as_i64()),
        (Some("nudge.not-launched"), Some(17))
    );
    received.body = received.body.replace("quick-start", "quack-start");
    assert!(verified(&received, &secret()).is_err());
}

#[test]
fn a_message_that_is_replayed_later_is_not_verified() {
    let receiver = Receiver::taking();
    // Its signature holds, and is of an hour ago.
    let hour = now().checked_sub(SignedDuration::from_hours(1)).unwrap();
    send_at(&receiver.url(), true, &[secret()], hour);
    assert!(matches!(verified(&receiver.came()[0], &secret()), Err(WebhookError::TimestampTooOldError)));
    // A fresh time does not make it young: the time is signed too.
    let mut forged = receiver.came().remove(0);
    forged.headers.insert("webhook-timestamp".to_owned(), now().as_second().to_string());
    assert!(matches!(verified(&forged, &secret()), Err(WebhookError::InvalidSignature)));
}

#[test]
fn while_a_secret_is_turned_both_verify() {
    let (receiver, new) = (Receiver::taking(), SigningSecret::new([9; 32]));
    send_at(&receiver.url(), true, &[new.clone(), secret()], now());
    let received = receiver.came().remove(0);
    verified(&received, &new).unwrap();
    verified(&received, &secret()).unwrap();
    assert!(matches!(send_at(&receiver.url(), true, &[], now()), Delivered::Refused(_)));
    assert_eq!(receiver.came().len(), 1, "nothing goes out unsigned");
}

#[test]
fn what_a_receiver_answers_decides_what_is_done() {
    let at: Timestamp = "2026-03-10T12:00:00Z".parse().unwrap();
    let rest = |seconds: i64| Some(at.checked_add(SignedDuration::from_secs(seconds)).unwrap());
    let table = [
        ("200 OK", "", "fine", "taken: answered 200", None),
        ("429 Too Many Requests", "retry-after: 120\r\n", "", "failed: answered 429", rest(120)),
        (
            "503 Service Unavailable",
            "retry-after: Tue, 10 Mar 2026 13:00:00 GMT\r\n",
            "",
            "failed: answered 503",
            rest(3600),
        ),
        ("500 Oh no", "", "it\r\nbroke \u{1b}[2J", "failed: answered 500: it broke \\u{1b}[2J", rest(30)),
        ("404 Not Found", "", "", "failed: answered 404", None),
        ("410 Gone", "", "", "refused: answered 410", None),
        (
            "307 Temporary Redirect",
            "location: http://127.0.0.1:1/\r\n",
            "",
            "failed: answered 307; redirects are not followed, so give the sink the address it leads to",
            None,
        ),
    ];
    for (status, headers, body, expected, expected_rest) in table {
        let receiver = Receiver::new(move |_, _| Reply::Says(status, headers, body));
        let delivered = send_at(&receiver.url(), true, &[secret()], at);
        let told = format!("{}: {}", delivered.outcome().as_str(), delivered.answer().says);
        assert_eq!(told, expected, "{status}");
        let until = match delivered {
            Delivered::Failed { rest_until, .. } => rest_until,
            _ => None,
        };
        assert_eq!(until, expected_rest, "{status}");
        assert_eq!(receiver.came().len(), 1, "{status}");
    }
}

#[test]
fn who_does_not_answer_is_left_alone_for_a_while() {
    let nobody = { TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap() };
    let (hanging, closing) = (Receiver::new(|_, _| Reply::Hangs), Receiver::new(|_, _| Reply::Closes));
    let table = [
        (hanging.url(), "did not answer in time"),
        (closing.url(), "broke off"),
        (format!("http://{nobody}/"), "cannot be reached"),
    ];
    for (url, expected) in table {
        let delivered = send_at(&url, true, &[secret()], now());
        assert!(matches!(delivered, Delivered::Failed { rest_until: Some(_), .. }), "{delivered:?}");
        assert!(delivered.answer().says.starts_with(expected), "{delivered:?}");
        assert!(!delivered.answer().says.contains("127.0.0.1"), "{delivered:?}");
    }
}

#[test]
fn what_is_near_is_not_reached_unless_it_may() {
    let receiver = Receiver::taking();
    let port = receiver.address.port();
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("https://localhost:{port}/"),
        format!("https://[::1]:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        format!("https://0:{port}/"),
    ] {
        let delivered = send_at(&url, false, &[secret()], now());
        assert!(matches!(delivered, Delivered::Refused(_)), "{url}: {delivered:?}");
    }
    assert_eq!(receiver.came().len(), 0);
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_not_trusted() {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let peer = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut connection = ServerConnection::new(Arc::new(config)).unwrap();
        let shaken = connection.complete_io(&mut stream);
        shaken.map_err(|error| error.kind())
    });
    let delivered = send_at(&format!("https://{address}/"), true, &[secret()], now());
    assert!(delivered.answer().says.contains("invalid peer certificate"), "{delivered:?}");
    assert_eq!(peer.join().unwrap().unwrap_err(), io::ErrorKind::InvalidData, "it was told why");
}
