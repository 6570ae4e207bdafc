//! A file on its way to a service.

use std::fs::File;
use std::pin::pin;

use tokio::sync::watch;
use yardstick_client::api::{ImportRequest, ImportedDocument};
use yardstick_client::http::{self, Client};
use yardstick_metrics::import::Format as Rows;

use super::Result;
use crate::operations::imports::Upload;

/// Sends a file to a service while it is read.
pub(super) async fn send(
    client: &Client,
    metric: &str,
    request: &ImportRequest,
    upload: Upload<File>,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<ImportedDocument> {
    let format = match upload.format {
        Some(Rows::Ndjson) => http::Format::Ndjson,
        Some(Rows::Csv) | None => http::Format::Csv,
    };
    let (sender, mut read) = watch::channel(0);
    let mut file = http::Upload::new(format, tokio::fs::File::from_std(upload.file));
    file = file.on_progress(move |count| {
        sender.send_replace(count);
    });
    if upload.gzip {
        file = file.gzip();
    }
    if let Some(key) = upload.key {
        file = file.key(key);
    }
    let mut answer = pin!(client.import(metric, request, file));
    loop {
        tokio::select! {
            answer = &mut answer => return Ok(answer?),
            Ok(()) = read.changed() => progress(*read.borrow_and_update()),
        }
    }
}
