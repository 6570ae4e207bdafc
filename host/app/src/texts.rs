//! Texts that people wrote, in bounds.

use yardstick_domain::problem::Problem;

use crate::error::{AppError, Result};

/// A text of at most so many characters in this field, without control characters but line ends.
pub(crate) fn said(field: &str, text: &str, most: usize) -> Result<String> {
    let text = text.trim();
    let is_plain = !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    if text.is_empty() || text.chars().count() > most || !is_plain {
        let message = format!(
            "expected 1 to {} characters, none of them a control character",
            yardstick_stats::format::count(most as u64)
        );
        return Err(AppError::Refused(vec![Problem::new(field, message)]));
    }
    Ok(text.to_owned())
}

/// As [`said`], on one line.
pub(crate) fn line(field: &str, text: &str, most: usize) -> Result<String> {
    if text.trim().contains(['\n', '\r', '\t']) {
        return Err(AppError::Refused(vec![Problem::new(field, "expected a text on one line")]));
    }
    said(field, text, most)
}
