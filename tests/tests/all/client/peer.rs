//! Peers on this machine that answer whatever a test says, however wrong.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

/// A peer that serves as many connections as it has been given answers, one after the other.
pub(super) struct Peer {
    /// Where it is, such as `http://127.0.0.1:41234`.
    pub(super) address: String,
    thread: JoinHandle<Vec<String>>,
}

/// What a peer does with a connection, once it has read the head of the request.
pub(super) type Answer = Box<dyn FnOnce(&mut TcpStream) -> io::Result<()> + Send>;

impl Peer {
    pub(super) fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let answers: Vec<Answer> = answers.into_iter().collect();
        let serve = move || {
            let mut heads = Vec::new();
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                heads.push(head(&mut stream).unwrap());
                // Whether the other side is still there is for the test to see, from its own end.
                let _ = answer(&mut stream);
            }
            heads
        };
        Self { address, thread: thread::spawn(serve) }
    }

    /// A peer that writes these bytes and closes.
    pub(super) fn saying(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::new([Box::new(move |stream: &mut TcpStream| stream.write_all(&bytes)) as Answer])
    }

    /// The heads of the requests it was asked, when all its answers are given.
    pub(super) fn asked(self) -> Vec<String> {
        self.thread.join().unwrap()
    }
}

/// An answer with a status line, a media type and a body.
pub(super) fn answer(status: &str, media: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {media}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Reads until the other side closes.
pub(super) fn drain(stream: &mut TcpStream) -> io::Result<()> {
    io::copy(stream, &mut io::sink()).map(|_| ())
}

/// The head of a request: up to its empty line, and not a byte further.
fn head(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte)? == 1 {
        head.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
