//! A receiver of web hooks that answers as a test says, and remembers what it got.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

/// A message as it came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// Names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What it does with a message.
pub(crate) enum Reply {
    /// Answers with this status line, further headers and body.
    Says(&'static str, &'static str, &'static str),
    /// Closes without a word.
    Closes,
    /// Says nothing until the other side closes.
    Hangs,
}

pub(crate) const TAKEN: Reply = Reply::Says("204 No Content", "", "");

type Answer = dyn Fn(usize, &Received) -> Reply + Send + Sync;

/// It listens until it is dropped.
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    came: Arc<Mutex<Vec<Received>>>,
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Receiver {
    /// One that is asked what to do with each message, by its number from 0.
    pub(crate) fn new(answer: impl Fn(usize, &Received) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (came, ends) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let answer: Arc<Answer> = Arc::new(answer);
        let (all, ended) = (Arc::clone(&came), Arc::clone(&ends));
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let (answer, all) = (Arc::clone(&answer), Arc::clone(&all));
                // Whether the other side is still there is for the test to see, from its own end.
                thread::spawn(move || stream.and_then(|stream| served(stream, &*answer, &all)));
            }
        });
        Self { address, came, ends, thread: Some(thread) }
    }

    pub(crate) fn taking() -> Self {
        Self::new(|_, _| TAKEN)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    pub(crate) fn came(&self) -> Vec<Received> {
        self.came.lock().unwrap().clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn served(mut stream: TcpStream, answer: &Answer, all: &Mutex<Vec<Received>>) -> io::Result<()> {
    loop {
        let Some(message) = received(&mut stream)? else { return Ok(()) };
        let number = {
            let mut all = all.lock().unwrap();
            all.push(message.clone());
            all.len() - 1
        };
        match answer(number, &message) {
            Reply::Says(status, headers, body) => {
                let length = body.len();
                write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{headers}\r\n{body}")?;
            }
            Reply::Closes => return Ok(()),
            Reply::Hangs => return io::copy(&mut stream, &mut io::sink()).map(drop),
        }
    }
}

/// The next message of a connection; `None`: there is none more.
fn received(stream: &mut TcpStream) -> io::Result<Option<Received>> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte)? == 0 {
            return Ok(None);
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let headers: BTreeMap<String, String> = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    stream.read_exact(&mut body)?;
    Ok(Some(Received { headers, body: String::from_utf8(body).unwrap() }))
}
