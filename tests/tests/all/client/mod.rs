//! The HTTP client against peers that misbehave. Against the service itself it is tested by `remote`.

mod every_method;
mod peer;
mod uploads;

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use yardstick_client::api::{LaunchRequest, Page, ReleaseSummary, ReleasesRequest};
use yardstick_client::http::{Client, Error, Limits};
use yardstick_tests::databases::block_on;

use peer::{Answer, Peer, answer, drain};

const PROBLEM: &str = "application/problem+json";

/// A client that takes little.
fn client(address: &str) -> Client {
    Client::with(address, Limits { most_bytes: 10_000, ..Limits::default() }).unwrap()
}

fn releases(client: &Client) -> Result<Page<ReleaseSummary>, Error> {
    block_on(client.releases(&ReleasesRequest::default()))
}

#[test]
fn what_no_yardstick_answers_is_named() {
    let endless = "x".repeat(20_000);
    let table: &[(Vec<u8>, &str)] = &[
        (
            answer("200 OK", "text/html; charset=utf-8", "<html>"),
            "with 200 OK and text/html, expected application/json; is it a Yardstick?",
        ),
        (
            answer("502 Bad Gateway", "text/html", "<html>"),
            "with 502 Bad Gateway and text/html, expected application/json",
        ),
        (answer("404 Not Found", "application/json", "{}"), "with 404 Not Found and application/json"),
        (b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(), "with 204 No Content and no content type"),
        (
            answer("200 OK", "application/json", "{\"hello\":1}"),
            "with a document that is not understood (missing field `items`",
        ),
        (answer("200 OK", "application/json", "{\"items\":["), "with a document that is not understood (EOF"),
        (
            answer("422 Unprocessable Entity", PROBLEM, "{}"),
            "with a document that is not understood (missing field `type`",
        ),
        (
            b"HTTP/1.1 301 Moved Permanently\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
                .to_vec(),
            "with 301 Moved Permanently, to \"http://127.0.0.1:1/\"; redirects are not followed",
        ),
        (
            answer("200 OK", "application/json", &endless),
            "with more than 10000 bytes; ask for less at a time",
        ),
    ];
    for (bytes, expected) in table {
        let peer = Peer::saying(bytes.clone());
        let error = releases(&client(&peer.address)).unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, Error::Foreign(_)), "{text}");
        assert!(text.starts_with(&format!("{} answered GET /api/v1/releases with ", peer.address)), "{text}");
        assert!(text.contains(expected), "{text}");
        assert_eq!(peer.asked().len(), 1);
    }
}

#[test]
fn an_answer_that_never_ends_is_left() {
    let endless: Answer = Box::new(|stream| {
        stream.write_all(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
        )?;
        loop {
            stream.write_all(b"1000\r\n")?;
            stream.write_all(&[b' '; 0x1000])?;
            stream.write_all(b"\r\n")?;
        }
    });
    let peer = Peer::new([endless]);
    // Of its own: the connection goes with it, which is what ends the peer.
    let error = releases(&client(&peer.address)).unwrap_err().to_string();
    assert!(error.contains("with more than 10000 bytes"), "{error}");
    peer.asked();
}

#[test]
fn an_answer_that_is_not_whole_is_none() {
    for (bytes, expected) in [
        (&b""[..], "gave no whole answer to GET /api/v1/releases ("),
        (b"HTTP/1.1 200 OK\r\ncontent-ty", "gave no whole answer to GET /api/v1/releases ("),
        (
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{",
            "gave no whole answer",
        ),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "gave no whole answer"),
    ] {
        let peer = Peer::saying(bytes);
        let error = releases(&client(&peer.address)).unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, Error::NoAnswer(_)), "{text}");
        assert!(text.starts_with(&peer.address) && text.contains(expected), "{text}");
        assert!(text.ends_with("; ask again, or look at what the service reports"), "{text}");
        peer.asked();
    }
}

#[test]
fn who_does_not_answer_in_time_is_left() {
    let silent: Answer = Box::new(drain);
    let dripping: Answer = Box::new(|stream: &mut TcpStream| {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{")?;
        drain(stream)
    });
    for answer in [silent, dripping] {
        let peer = Peer::new([answer]);
        let limits = Limits { work: Duration::from_millis(100), ..Limits::default() };
        let hasty = Client::with(&peer.address, limits).unwrap();
        let error = block_on(hasty.launch("quick-start", &LaunchRequest::default())).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "{} did not answer POST /api/v1/releases/{{release}}/launch within 100 ms; it may have been done \
                 or not: look before you ask again",
                peer.address
            )
        );
        drop(hasty);
        peer.asked();
    }
}

#[test]
fn where_nobody_listens_is_said_with_what_to_do() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    for host in ["127.0.0.1", "localhost"] {
        let error = releases(&client(&format!("http://{host}:{port}/"))).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "no Yardstick answers at http://{host}:{port} (connection refused); start one with: yardstick serve"
            )
        );
    }
}

#[test]
fn a_problem_comes_back_as_it_was_written() {
    let body = r#"{"type":"/api/problems#refused","title":"It cannot be done as asked","status":400,
        "detail":"2 problems; nothing was written","instance":null,"code":"refused","later":true,"error_count":2,
        "errors":[{"file":null,"line":null,"column":null,"field":"limit","message":"0 is none"},
                  {"file":null,"line":null,"column":null,"field":"","message":"too much"}]}"#;
    let peer =
        Peer::saying(answer("422 Unprocessable Entity", "Application/Problem+JSON; charset=utf-8", body));
    let error = releases(&client(&peer.address)).unwrap_err();
    assert_eq!(error.to_string(), "2 problems; nothing was written\n  limit: 0 is none\n  too much");
    assert_eq!(error.problem().unwrap().code, "refused");
    // The status is the answer's own, whatever its document says.
    assert!(matches!(error, Error::Refused { status: 422, .. }), "{error:?}");
    assert!(peer.asked()[0].contains("accept: application/json, application/problem+json\r\n"));
}

#[test]
fn names_that_are_no_part_of_an_address_are_not_asked() {
    let nobody = client("http://127.0.0.1:1");
    for name in ["", ".", ".."] {
        let error = block_on(nobody.release(name)).unwrap_err();
        assert!(matches!(error, Error::Unasked(_)), "{error}");
    }
    let error = block_on(nobody.verdict("batch-changes-ga")).unwrap_err().to_string();
    assert!(error.contains("is no verdict; expected such as batch-changes-ga/d28"), "{error}");
}
