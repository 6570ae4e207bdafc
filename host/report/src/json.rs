//! Documents themselves.

use serde::Serialize;
use yardstick_client::document::VerdictDocument;

use crate::escape;

/// The document as indented JSON with a final newline. Control and invisible characters in its texts are
/// written as escapes, so that it may be printed; it reads back as the same document.
///
/// # Errors
/// Never for a document whose numbers are finite.
pub fn verdict(document: &VerdictDocument) -> Result<String, serde_json::Error> {
    printed(document)
}

/// Any document, as [`verdict`] does.
///
/// # Errors
/// When the document is none that JSON can hold.
pub fn printed<T: Serialize>(document: &T) -> Result<String, serde_json::Error> {
    let mut text = escape::json(&serde_json::to_string_pretty(document)?);
    text.push('\n');
    Ok(text)
}
