//! `yardstick export`

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::ExitCode;
use std::task::{Context as Waker, Poll};

use indicatif::{ProgressBar, ProgressStyle};
use tempfile::NamedTempFile;
use tokio::io::AsyncWrite;
use yardstick_client::api::{ExportRequest, Exported};
use yardstick_domain::ids::TeamKey;
use yardstick_stats::format::count;

use super::context::{Context, Failure, checked};
use super::output::say;
use crate::operations;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// What to export.
    #[arg(value_parser = what)]
    what: Exported,
    /// How rows are written: csv with a header, or json, an object on each line.
    #[arg(long, default_value = "csv", value_name = "csv|json", value_parser = format)]
    format: String,
    /// Only of this team.
    #[arg(long, value_parser = checked::<TeamKey>)]
    team: Option<String>,
    /// Only of releases of this level now; L2+ means L1 and L2.
    #[arg(long, value_name = "L1|L2|L3|L2+", value_parser = levels)]
    level: Option<String>,
    /// Only from this day on: of releases the planned day, otherwise the day in UTC when it was judged.
    #[arg(long, value_name = "DAY", value_parser = day)]
    since: Option<String>,
    /// Only up to this day, itself among them.
    #[arg(long, value_name = "DAY", value_parser = day)]
    until: Option<String>,
    /// Of verdicts and findings: looks too.
    #[arg(long)]
    looks: bool,
    /// The file to write, in the current folder or below; default: standard output. It is there whole or not at all.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Replace a file that is there, and write outside the current folder.
    #[arg(long, requires = "to")]
    force: bool,
}

fn what(text: &str) -> Result<Exported, String> {
    let found = Exported::ALL.into_iter().find(|what| what.as_str() == text);
    found.ok_or_else(|| "expected releases, verdicts or findings".to_owned())
}

fn format(text: &str) -> Result<String, String> {
    operations::exports::format(text).map(|_| text.to_owned())
}

fn levels(text: &str) -> Result<String, String> {
    operations::levels(text).map(|_| text.to_owned())
}

fn day(text: &str) -> Result<String, String> {
    operations::day(text).map(|_| text.to_owned())
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let request = ExportRequest {
        format: Some(arguments.format.clone()),
        team: arguments.team.clone(),
        since: arguments.since.clone(),
        until: arguments.until.clone(),
        level: arguments.level.clone(),
        looks: arguments.looks,
    };
    let Some(path) = &arguments.to else {
        let mut out = Out::new(io::stdout(), None);
        let exported = context.open().await?.export(arguments.what, &request, &mut out).await;
        // A reader that has seen enough is no error.
        return if out.reader_left { Ok(ExitCode::SUCCESS) } else { exported.map(|()| ExitCode::SUCCESS) };
    };
    let folder = allowed(path, arguments.force)?;
    let cannot = |error: &dyn std::fmt::Display| {
        Failure::could(format!("cannot write {}: {error}; nothing was written", path.display()))
    };
    let backend = context.open().await?;
    let mut file =
        NamedTempFile::with_prefix_in(".yardstick-export-", folder).map_err(|error| cannot(&error))?;
    let mut out = Out::new(file.as_file_mut(), Some(progress()));
    let exported = backend.export(arguments.what, &request, &mut out).await;
    let bytes = out.ended();
    exported?;
    file.as_file().sync_all().map_err(|error| cannot(&error))?;
    let kept = if arguments.force { file.persist(path) } else { file.persist_noclobber(path) };
    kept.map_err(|error| cannot(&error.error))?;
    say(&format!("{} is written, {} bytes", path.display(), count(bytes)));
    Ok(ExitCode::SUCCESS)
}

/// The folder of a file that may be written: in the current folder or below, and not there yet, unless that was forced.
fn allowed(path: &Path, force: bool) -> Result<&Path, Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let cannot = |path: &Path, error: io::Error| Failure::could(format!("--to: {}: {error}", path.display()));
    // As the links on the way lead, not as it is written.
    let found = folder.canonicalize().map_err(|error| cannot(folder, error))?;
    let here = Path::new(".").canonicalize().map_err(|error| cannot(Path::new("."), error))?;
    if path.file_name().is_none() || path.is_dir() {
        return Err(Failure::usage(format!("--to: {} is no name of a file", path.display())));
    }
    if force {
        return Ok(folder);
    }
    if !found.starts_with(&here) {
        let shown = path.display();
        return Err(Failure::usage(format!(
            "--to: {shown} is outside the current folder; --force writes it there"
        )));
    }
    if path.symlink_metadata().is_ok() {
        return Err(Failure::usage(format!("--to: {} exists; --force replaces it", path.display())));
    }
    Ok(folder)
}

fn progress() -> ProgressBar {
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {bytes} written · {elapsed}") {
        bar.set_style(style);
    }
    bar
}

/// Where an export goes, which is written at once: a file or standard output.
struct Out<W> {
    to: W,
    bar: Option<ProgressBar>,
    bytes: u64,
    /// Whether whoever read standard output went away.
    reader_left: bool,
}

impl<W: io::Write + Unpin> Out<W> {
    fn new(to: W, bar: Option<ProgressBar>) -> Self {
        Self { to, bar, bytes: 0, reader_left: false }
    }

    /// Ends the progress; gives the bytes that were written.
    fn ended(self) -> u64 {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
        self.bytes
    }
}

impl<W: io::Write + Unpin> AsyncWrite for Out<W> {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Waker<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = self.to.write(bytes);
        match &written {
            Ok(count) => self.bytes += *count as u64,
            Err(error) => self.reader_left |= error.kind() == io::ErrorKind::BrokenPipe,
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.bytes);
        }
        Poll::Ready(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Waker<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.to.flush())
    }

    fn poll_shutdown(self: Pin<&mut Self>, waker: &mut Waker<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(waker)
    }
}
