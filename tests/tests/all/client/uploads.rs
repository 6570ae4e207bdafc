//! Files on their way to a service.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};
use yardstick_client::api::ImportRequest;
use yardstick_client::http::{Error, Format, Upload};
use yardstick_tests::databases::block_on;

use super::peer::{Answer, Peer, answer, drain};
use super::{PROBLEM, client};

const IMPORTED: &str = r#"{"import":{"id":7,"metric":"app.uses","origin":"","hash":"sha256:0","by":"local:t",
    "received_at":"2026-03-01T00:00:00Z","complete_through":null,"new":1,"unchanged":0,"corrected":0,"withdrawn":0,
    "undone_at":null,"undone_by":null},"first_day":"2026-03-01","last_day":"2026-03-01","replayed":false}"#;

const REFUSED: &str = r#"{"type":"/api/problems#not-found","title":"There is no such thing","status":404,
    "detail":"there is no metric app.uses","instance":null,"code":"not-found","errors":[],"error_count":0}"#;

/// Takes a body in chunks to its end, gives it to the test, answers.
fn taking(bodies: mpsc::Sender<Vec<u8>>) -> Answer {
    Box::new(move |stream: &mut TcpStream| {
        let mut raw = Vec::new();
        let mut buffer = [0; 8192];
        while !raw.ends_with(b"\r\n0\r\n\r\n") {
            let read = stream.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            raw.extend_from_slice(&buffer[..read]);
        }
        bodies.send(raw).unwrap();
        stream.write_all(&answer("201 Created", "application/json", IMPORTED))
    })
}

/// The bytes of a body in chunks; `None`: it has no end.
fn unchunked(mut raw: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let end = raw.windows(2).position(|pair| pair == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&raw[..end]).unwrap(), 16).unwrap();
        if size == 0 {
            return Some(bytes);
        }
        bytes.extend_from_slice(raw.get(end + 2..end + 2 + size)?);
        raw = raw.get(end + 4 + size..)?;
    }
}

#[test]
fn a_file_arrives_as_it_is_read() {
    let (sender, bodies) = mpsc::channel();
    let peer = Peer::new([taking(sender)]);
    let file: Vec<u8> = (0..1_000_000_u32).map(|index| (index % 251) as u8).collect();
    let (progress, seen) = mpsc::channel();
    let upload = Upload::new(Format::Ndjson, io::Cursor::new(file.clone())).gzip().key("run 17");
    let upload = upload.on_progress(move |count| progress.send(count).unwrap());
    let request = ImportRequest {
        origin: Some("usage & more.ndjson.gz".to_owned()),
        dimension: vec!["a=b".to_owned(), "c=ü".to_owned()],
        ..ImportRequest::default()
    };
    let imported = block_on(client(&peer.address).import("app uses/ü", &request, upload)).unwrap();
    assert_eq!(imported.import.id, 7);
    assert_eq!(unchunked(&bodies.recv().unwrap()), Some(file));
    let seen: Vec<u64> = seen.iter().collect();
    assert!(seen.is_sorted() && seen.last() == Some(&1_000_000), "{seen:?}");
    let head = &peer.asked()[0];
    assert!(
        head.starts_with(
            "POST /api/v1/metrics/app%20uses%2F%C3%BC/imports?origin=usage+%26+more.ndjson.gz&dimension=a%3Db&\
             dimension=c%3D%C3%BC HTTP/1.1\r\n"
        ),
        "{head}"
    );
    for header in
        ["content-type: application/x-ndjson", "content-encoding: gzip", "idempotency-key: \"run 17\""]
    {
        assert!(head.contains(&format!("\r\n{header}\r\n")), "{head}");
    }
}

/// Some bytes, then an error.
struct Torn(u8);

impl AsyncRead for Torn {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.0 == 0 {
            return Poll::Ready(Err(io::Error::other("the disk is gone")));
        }
        self.0 -= 1;
        buf.put_slice(b"day,value\n");
        Poll::Ready(Ok(()))
    }
}

#[test]
fn a_file_that_cannot_be_read_on_is_not_taken_for_whole() {
    let (sender, bodies) = mpsc::channel();
    let peer = Peer::new([taking(sender)]);
    let upload = Upload::new(Format::Csv, Torn(3));
    let error =
        block_on(client(&peer.address).import("app.uses", &ImportRequest::default(), upload)).unwrap_err();
    assert_eq!(error.to_string(), "cannot read the file to send: the disk is gone; nothing was written");
    assert!(matches!(error, Error::File(_)), "{error:?}");
    assert_eq!(unchunked(&bodies.recv().unwrap()), None, "the body has no end, so nobody takes it for whole");
    peer.asked();
}

#[test]
fn an_answer_before_the_file_is_sent_is_heard() {
    let early: Answer = Box::new(|stream: &mut TcpStream| {
        stream.write_all(&answer("404 Not Found", PROBLEM, REFUSED))?;
        drain(stream)
    });
    let peer = Peer::new([early]);
    let upload = Upload::new(Format::Csv, tokio::io::repeat(b'1'));
    let error =
        block_on(client(&peer.address).import("app.uses", &ImportRequest::default(), upload)).unwrap_err();
    assert_eq!(error.to_string(), "there is no metric app.uses");
    peer.asked();
}

#[test]
fn a_key_that_is_no_header_is_refused_before_anything_is_asked() {
    let upload = Upload::new(Format::Csv, tokio::io::empty().take(1)).key("two\nlines");
    let nobody = client("http://127.0.0.1:1");
    let error = block_on(nobody.import("app.uses", &ImportRequest::default(), upload)).unwrap_err();
    assert!(error.to_string().ends_with("cannot be a header's value; nothing was asked"), "{error}");
}
