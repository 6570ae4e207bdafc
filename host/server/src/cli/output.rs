//! Writing results: text for people on standard output, what is beside them on standard error.

use std::io::{self, Write};

use serde::Serialize;

use super::context::Failure;

/// Cells of a line.
pub(super) const WIDTH: usize = 100;

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people, 100 columns.
    Text,
    /// For programs.
    Json,
    /// For issues and documents.
    Markdown,
    /// A verdict as a page of its own; lists as text.
    Html,
}

/// Writes a result. A reader that went away is no error: the work is done.
pub(super) fn put(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes lines beside the result. They may quote what people wrote, so nothing in them steers the terminal.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", yardstick_report::terminal::escaped(text));
}

/// Writes a result as JSON, in which nothing steers the terminal.
pub(super) fn json<T: Serialize>(value: &T) -> Result<(), Failure> {
    put(&yardstick_report::json::printed(value)?);
    Ok(())
}

/// Writes a table as text, or as Markdown.
pub(super) fn table(format: Format, headers: &[&str], rows: &[Vec<String>], empty: &str) {
    if format == Format::Markdown && !rows.is_empty() {
        put(&yardstick_report::markdown::table(headers, rows));
    } else {
        put(&yardstick_report::list::table_or(headers, rows, WIDTH, empty));
    }
}

/// Writes names and values.
pub(super) fn fields(format: Format, rows: &[(&'static str, String)]) {
    if format == Format::Markdown {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|(name, value)| vec![(*name).to_owned(), value.clone()]).collect();
        put(&yardstick_report::markdown::table(&["", ""], &rows));
    } else {
        put(&yardstick_report::list::fields(rows, WIDTH));
    }
}
