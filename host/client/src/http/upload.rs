//! Files on their way to the service: sent as they are read, never held whole.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use reqwest::Body;
use tokio::io::{AsyncRead, ReadBuf};
use tokio_util::io::ReaderStream;

/// Bytes that are read, and sent, at a time.
const CHUNK: usize = 64 << 10;

/// How a file of values is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, with a header.
    Csv,
    /// A JSON object on each line.
    Ndjson,
}

impl Format {
    pub(super) fn media(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Ndjson => "application/x-ndjson",
        }
    }
}

/// A file of values to import.
pub struct Upload {
    pub(super) format: Format,
    pub(super) gzip: bool,
    pub(super) key: Option<String>,
    bytes: Counted,
}

impl Upload {
    /// A file in this format. It is read once, while it is sent.
    pub fn new(format: Format, bytes: impl AsyncRead + Send + 'static) -> Self {
        let bytes = Counted { bytes: Box::pin(bytes), count: 0, progress: Box::new(|_| ()) };
        Self { format, gzip: false, key: None, bytes }
    }

    /// Its bytes are compressed with gzip; they are sent as they are.
    #[must_use]
    pub fn gzip(mut self) -> Self {
        self.gzip = true;
        self
    }

    /// With a key the import is done once, however often it is sent: the same file sent again with it changes
    /// nothing and is answered as the first time.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Calls back with how many bytes have been read so far.
    #[must_use]
    pub fn on_progress(mut self, progress: impl FnMut(u64) + Send + 'static) -> Self {
        self.bytes.progress = Box::new(progress);
        self
    }

    pub(super) fn body(self) -> Body {
        Body::wrap_stream(ReaderStream::with_capacity(self.bytes, CHUNK))
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { format, gzip, key, bytes: _ } = self;
        f.debug_struct("Upload")
            .field("format", format)
            .field("gzip", gzip)
            .field("key", key)
            .finish_non_exhaustive()
    }
}

/// A reader that counts, and whose errors can be told from those of the connection.
struct Counted {
    bytes: Pin<Box<dyn AsyncRead + Send>>,
    count: u64,
    progress: Box<dyn FnMut(u64) + Send>,
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        if let Err(error) = ready!(self.bytes.as_mut().poll_read(cx, buf)) {
            return Poll::Ready(Err(io::Error::new(error.kind(), Unreadable(error))));
        }
        let this = &mut *self;
        this.count += (buf.filled().len() - before) as u64;
        (this.progress)(this.count);
        Poll::Ready(Ok(()))
    }
}

/// The file could not be read on.
#[derive(Debug)]
pub(super) struct Unreadable(io::Error);

impl Unreadable {
    /// The reader's error once more: the first one stays among the causes of the transport's.
    pub(super) fn again(&self) -> io::Error {
        self.0
            .raw_os_error()
            .map_or_else(|| io::Error::new(self.0.kind(), self.0.to_string()), io::Error::from_raw_os_error)
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Unreadable {}
