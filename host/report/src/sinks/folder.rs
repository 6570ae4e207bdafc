//! Files: for people who look into a folder, and for what takes them from there.

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use cap_std::fs::{Dir, OpenOptions};
use yardstick_client::api::EventDocument;

use super::Message;
use crate::{chart, html, json, markdown, message};

/// Where events are that are about no release.
const OF_NO_RELEASE: &str = "service";

/// Writes the files of a message into a folder: of a verdict `RELEASE/d28.1` as Markdown, page and JSON, and its charts
/// as SVG; of any other event `RELEASE/KIND-ID` as Markdown and JSON. Each file is there whole or not at all, and the
/// same message again writes the same files. Gives how many.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Dir, message: &Message) -> io::Result<usize> {
    let event = &message.event;
    let release = event.release.as_deref().unwrap_or(OF_NO_RELEASE);
    folder.create_dir_all(release)?;
    let folder = folder.open_dir(release)?;
    let files = files(event, message)?;
    for (name, content) in &files {
        put(&folder, name, content.as_bytes())?;
    }
    Ok(files.len())
}

fn files(event: &EventDocument, message: &Message) -> io::Result<Vec<(String, String)>> {
    let Some((verdict, charts)) = &message.verdict else {
        let name = format!("{}-{}", event.kind, event.id);
        return Ok(vec![
            (format!("{name}.md"), message::markdown(event)),
            (format!("{name}.json"), json::printed(event)?),
        ]);
    };
    let exactly = verdict.exactly();
    let name = exactly.rsplit('/').next().unwrap_or(&exactly).to_owned();
    let pictures = (!charts.is_empty()).then_some(".");
    let mut files: Vec<(String, String)> = chart::file_names(&verdict.at, charts)
        .zip(charts)
        .map(|(file, part)| (file, chart::svg(part, chart::Size::WIDE)))
        .collect();
    files.push((format!("{name}.html"), html::verdict(verdict, charts)));
    files.push((format!("{name}.json"), json::verdict(verdict)?));
    files.push((format!("{name}.md"), markdown::verdict(verdict, charts, pictures)));
    Ok(files)
}

/// A file is written beside its place and moved there.
fn put(folder: &Dir, name: &str, content: &[u8]) -> io::Result<()> {
    // Names come from slugs, checkpoints and numbers; whatever else one held would leave the folder nowhere to go.
    if Path::new(name).components().count() != 1 {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{name:?} is no file name")));
    }
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let beside = format!(".{name}.{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let written = written(folder, &beside, content).and_then(|()| folder.rename(&beside, folder, name));
    if written.is_err() {
        // It may not even be there.
        let _ = folder.remove_file(&beside);
    }
    written?;
    // So that the name survives the loss of power too.
    folder.open(".")?.sync_all()
}

fn written(folder: &Dir, beside: &str, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    let mut file = folder.open_with(beside, &options)?;
    file.write_all(content)?;
    file.sync_all()
}
