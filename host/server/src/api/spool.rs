//! Uploads: received onto the disk first. A running import holds the database's one write lock, and whoever
//! sends slowly must not keep everybody else from writing.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use http_body_util::BodyExt;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::spawn_blocking;
use yardstick_domain::ids::IdempotencyKey;
use yardstick_domain::problem::Problem;
use yardstick_metrics::import::Format;

use super::body::{fits, only, too_large};
use super::refused::Refused;
use crate::operations::codes;
use crate::operations::imports::Upload;

/// The largest file of values in bytes as it is sent: some ten million rows, gzipped a hundred million.
pub(super) const MOST_BYTES: u64 = 512 << 20;
/// Pieces that wait for the disk.
const PIECES: usize = 16;
/// How long a sender may pause. One that reads a slow export may well; one that is gone must not keep its place.
const PAUSE: Duration = Duration::from_secs(60);
/// Files that are received at a time: slow senders must not take every place there is.
const UPLOADS: usize = 16;
static PLACES: Semaphore = Semaphore::const_new(UPLOADS);

/// The name under which a repeated import is recognised.
pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What the head of a request says of its file.
pub(super) struct Head {
    format: Format,
    gzip: bool,
    /// The idempotency key, if there is one and it is well-formed.
    key: Option<String>,
}

/// Reads the head of a request; and what is wrong with its idempotency key, to be told with the rest.
pub(super) fn head(headers: &HeaderMap) -> Result<(Head, Vec<Problem>), Refused> {
    fits(headers, MOST_BYTES)?;
    let (format, gzip) = (format(headers)?, gzip(headers)?);
    let (key, wrong) = match key(headers) {
        Ok(key) => (key, Vec::new()),
        Err(message) => (None, vec![Problem::new("Idempotency-Key", message)]),
    };
    Ok((Head { format, gzip, key }, wrong))
}

/// Receives a file of values into a folder. The file has no name there, so nothing is left behind.
pub(super) async fn received(folder: &Path, head: Head, body: Body) -> Result<Upload<File>, Refused> {
    let Ok(_place) = PLACES.try_acquire() else {
        let detail = format!("{UPLOADS} files are being received already; try again");
        return Err(Refused::of(codes::BUSY, detail));
    };
    let file = tempfile::tempfile_in(folder).map_err(|error| failed(&error))?;
    let (pieces, mut arriving) = mpsc::channel::<Bytes>(PIECES);
    let writing = spawn_blocking(move || {
        let mut file = file;
        while let Some(piece) = arriving.blocking_recv() {
            file.write_all(&piece)?;
        }
        file.rewind()?;
        Ok::<File, io::Error>(file)
    });
    let sent = send(body, pieces, PAUSE).await;
    let file = writing.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    sent?;
    let Head { format, gzip, key } = head;
    Ok(Upload { file, format: Some(format), gzip, key })
}

/// The same upload, which cannot be read any further once the other value is dropped: an import that nobody waits
/// for any more, because it took too long or its sender is gone, is given up and not written.
pub(super) fn awaited(upload: Upload<File>) -> (Upload<Awaited>, Waiting) {
    let gone = Arc::new(AtomicBool::new(false));
    let file = Awaited { file: upload.file, gone: Arc::clone(&gone) };
    (Upload { file, format: upload.format, gzip: upload.gzip, key: upload.key }, Waiting(gone))
}

/// A file that somebody waits for.
pub(super) struct Awaited {
    file: File,
    gone: Arc<AtomicBool>,
}

/// Somebody who waits.
pub(super) struct Waiting(Arc<AtomicBool>);

impl Read for Awaited {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.gone.load(Ordering::Relaxed) {
            return Err(io::Error::other("nobody waits for this import any more"));
        }
        self.file.read(buffer)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

async fn send(mut body: Body, pieces: mpsc::Sender<Bytes>, pause: Duration) -> Result<(), Refused> {
    let mut bytes = 0_u64;
    loop {
        let frame = tokio::time::timeout(pause, body.frame()).await.map_err(|_| {
            let detail = format!("nothing of the body came for {} s; nothing was written", pause.as_secs());
            Refused::of(codes::SLOW_REQUEST, detail)
        })?;
        let Some(frame) = frame else { break };
        let frame = frame.map_err(|error| {
            Refused::of(codes::MALFORMED, format!("the body ends early: {error}; nothing was written"))
        })?;
        let Ok(piece) = frame.into_data() else { continue };
        bytes += piece.len() as u64;
        if bytes > MOST_BYTES {
            return Err(too_large(&format!("has more than {MOST_BYTES} bytes")));
        }
        // A disk that cannot be written to is told by whoever writes.
        if pieces.send(piece).await.is_err() {
            break;
        }
    }
    Ok(())
}

fn failed(error: &dyn std::fmt::Display) -> Refused {
    Refused::of(codes::INTERNAL, format!("an upload cannot be kept: {error}"))
}

fn format(headers: &HeaderMap) -> Result<Format, Refused> {
    let media = only(headers, &CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default().trim();
    match media.to_ascii_lowercase().as_str() {
        "text/csv" => Ok(Format::Csv),
        "application/x-ndjson" => Ok(Format::Ndjson),
        _ => {
            let detail = format!("Content-Type is {media:?}; expected text/csv or application/x-ndjson");
            Err(Refused::of(codes::MEDIA_TYPE, detail))
        }
    }
}

fn gzip(headers: &HeaderMap) -> Result<bool, Refused> {
    let coding = match headers.contains_key(CONTENT_ENCODING) {
        true => only(headers, &CONTENT_ENCODING).unwrap_or("several"),
        false => "identity",
    };
    match coding.trim().to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" => Ok(true),
        "" | "identity" => Ok(false),
        other => {
            let detail = format!("Content-Encoding is {other:?}; expected gzip, or none");
            Err(Refused::of(codes::MEDIA_TYPE, detail))
        }
    }
}

pub(super) fn key(headers: &HeaderMap) -> Result<Option<String>, String> {
    let mut keys = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(header) = keys.next() else { return Ok(None) };
    if keys.next().is_some() {
        return Err("is there twice; keep one".to_owned());
    }
    let key = IdempotencyKey::from_header(header.to_str().unwrap_or_default());
    key.map(|key| Some(key.to_string())).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use axum::http::HeaderValue;
    use hyper::body::{Body as HttpBody, Frame};

    use super::*;

    /// A body of which nothing ever comes.
    struct Silent;

    impl HttpBody for Silent {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Pending
        }
    }

    #[tokio::test]
    async fn a_sender_that_falls_silent_is_not_waited_for() {
        let (pieces, mut arriving) = mpsc::channel(PIECES);
        let refused = send(Body::new(Silent), pieces, Duration::from_millis(20)).await.unwrap_err();
        assert_eq!((refused.0.code.as_str(), refused.0.status), ("slow-request", 408));
        assert_eq!(arriving.recv().await, None);
    }

    #[test]
    fn one_key_one_type_and_one_coding() {
        let csv =
            HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("text/csv; header=present"))]);
        let of = |more: &[(HeaderName, &'static str)]| {
            let mut headers = csv.clone();
            for (name, value) in more {
                headers.append(name, HeaderValue::from_static(value));
            }
            head(&headers).map(|(head, wrong)| (head.gzip, head.key, wrong.len())).map_err(|no| no.0.status)
        };
        assert_eq!(of(&[]), Ok((false, None, 0)));
        assert_eq!(of(&[(IDEMPOTENCY_KEY, "a")]), Ok((false, Some("a".into()), 0)));
        assert_eq!(of(&[(IDEMPOTENCY_KEY, "a"), (IDEMPOTENCY_KEY, "b")]), Ok((false, None, 1)));
        assert_eq!(of(&[(IDEMPOTENCY_KEY, "a b")]), Ok((false, None, 1)));
        assert_eq!(of(&[(CONTENT_ENCODING, "X-Gzip")]), Ok((true, None, 0)));
        assert_eq!(of(&[(CONTENT_ENCODING, "gzip"), (CONTENT_ENCODING, "gzip")]), Err(415));
        assert_eq!(of(&[(CONTENT_ENCODING, "gzip, gzip")]), Err(415));
        assert_eq!(of(&[(CONTENT_TYPE, "application/x-ndjson")]), Err(415));
    }
}
