//! Uploads: received onto the disk first. A running import holds the database's one write lock, and whoever
//! sends slowly must not keep everybody else from writing.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use http_body_util::BodyExt;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use yardstick_domain::ids::IdempotencyKey;
use yardstick_metrics::import::Format;

use super::body::{fits, too_large};
use super::refused::Refused;
use crate::operations::imports::Upload;
use crate::operations::{Error, codes};

/// The largest file of values in bytes as it is sent: some ten million rows, gzipped a hundred million.
pub(super) const MOST_BYTES: u64 = 512 << 20;
/// Pieces that wait for the disk.
const PIECES: usize = 16;

/// The name under which a repeated import is recognised.
pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Receives a file of values into a folder. The file has no name there, so nothing is left behind.
pub(super) async fn received(
    folder: &Path,
    headers: &HeaderMap,
    body: Body,
) -> Result<Upload<File>, Refused> {
    fits(headers, MOST_BYTES)?;
    let format = format(headers)?;
    let gzip = gzip(headers)?;
    let key = key(headers)?;
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
    let sent = send(body, pieces).await;
    let file = writing.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    sent?;
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

async fn send(mut body: Body, pieces: mpsc::Sender<Bytes>) -> Result<(), Refused> {
    let mut bytes = 0_u64;
    while let Some(frame) = body.frame().await {
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

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn format(headers: &HeaderMap) -> Result<Format, Refused> {
    let media = text(headers, &CONTENT_TYPE).split(';').next().unwrap_or_default().trim();
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
    match text(headers, &CONTENT_ENCODING).trim().to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" => Ok(true),
        "" | "identity" => Ok(false),
        other => {
            let detail = format!("Content-Encoding is {other:?}; expected gzip, or none");
            Err(Refused::of(codes::MEDIA_TYPE, detail))
        }
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Refused> {
    let Some(header) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = IdempotencyKey::from_header(header.to_str().unwrap_or_default());
    match key {
        Ok(key) => Ok(Some(key.to_string())),
        Err(error) => Err(Error::malformed("Idempotency-Key", error.to_string()).into()),
    }
}
