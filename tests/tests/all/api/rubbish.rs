//! Bytes that are no request, or no good one: the service answers or hangs up, and goes on.

use proptest::prelude::*;

use super::{Service, sqlite};

#[test]
fn rubbish_is_answered_or_hung_up_on() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::empty(&sqlite(folder.path()));
    let host = service.host().to_owned();
    let head = |rest: &str| format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{rest}\r\n\r\n");
    let many = "X: y\r\n".repeat(200);
    let table: Vec<(Vec<u8>, &[u16])> = vec![
        (b"\x00\x01\x02\x03\r\n\r\n".to_vec(), &[0, 400]),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec(), &[0, 400]),
        (b"GET\r\n\r\n".to_vec(), &[400]),
        (b"GET / HTTP/9.9\r\n\r\n".to_vec(), &[0, 400]),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), &[0, 400]),
        (b"GET / HTTP/1.1\r\n\r\n".to_vec(), &[421]),
        (
            b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n".to_vec(),
            &[421],
        ),
        (
            format!("GET http://evil.example/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
                .into_bytes(),
            &[421],
        ),
        (
            format!("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").into_bytes(),
            &[400, 404, 405],
        ),
        (
            format!("OPTIONS * HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").into_bytes(),
            &[404, 405],
        ),
        (head("Host: evil.example").into_bytes(), &[421]),
        (head("Content-Length: -1").into_bytes(), &[400]),
        (head("Content-Length: 1\r\nContent-Length: 2").into_bytes(), &[400]),
        (head("Transfer-Encoding: chunked, gzip").into_bytes(), &[400]),
        (head(&many).into_bytes(), &[431]),
        (head(&format!("X: {}", "y".repeat(100_000))).into_bytes(), &[431]),
        (format!("GET /{} HTTP/1.1\r\nHost: {host}\r\n\r\n", "x".repeat(200_000)).into_bytes(), &[414, 431]),
        (head("\u{0}: x").into_bytes(), &[400]),
    ];
    for (bytes, expected) in table {
        let answer = service.raw(&bytes);
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
        assert!(expected.contains(&answer.status), "{shown:?}: {answer:?}");
        assert_eq!(service.get("/health/live").status, 200, "{shown:?}");
    }
}

#[test]
fn no_address_and_no_body_makes_it_fail() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::empty(&sqlite(folder.path()));
    let words = prop::sample::select(vec![
        "releases",
        "metrics",
        "imports",
        "verdicts",
        "apply",
        "schemas",
        "launch",
        "judge",
        "d7",
        "%00",
        "%2f",
        "..",
        "%ff",
        "a?limit=%00",
        "x?cursor=%ff",
        "",
    ]);
    let path = prop::collection::vec(words, 0..5).prop_map(|words| format!("/api/v1/{}", words.join("/")));
    let body = prop_oneof!["\\PC{0,40}", "[\\[\\]{}\",:0-9a-z_ ]{0,60}"];
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(64));
    let outcome = runner.run(&(path, body), |(path, body)| {
        for answer in [service.get(&path), service.post(&path, &body)] {
            prop_assert!(answer.status < 500 && answer.status > 0, "{path} {body}: {answer:?}");
            if answer.status >= 400 {
                answer.problem();
            }
        }
        Ok(())
    });
    outcome.unwrap();
}
