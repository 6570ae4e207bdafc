//! Texts and lists that people wrote into a retro, in bounds.

use yardstick_domain::problem::Problem;

use crate::error::{AppError, Result};

/// Refuses more or fewer than are allowed.
pub(super) fn bounded(
    field: &str,
    count: usize,
    allowed: std::ops::RangeInclusive<usize>,
    problems: &mut Vec<Problem>,
) {
    if !allowed.contains(&count) {
        let message = format!("are {count}; expected {} to {}", allowed.start(), allowed.end());
        problems.push(Problem::new(field, message));
    }
}

/// A text that will do, or what is wrong with it among the problems.
pub(super) fn keep(text: Result<String>, problems: &mut Vec<Problem>) -> String {
    match text {
        Ok(text) => text,
        Err(AppError::Refused(more)) => {
            problems.extend(more);
            String::new()
        }
        Err(_) => String::new(),
    }
}

/// A text of at most so many characters in this field, without control characters but line ends.
pub(super) fn said(field: &str, text: &str, most: usize) -> Result<String> {
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
pub(super) fn line(field: &str, text: &str, most: usize) -> Result<String> {
    if text.trim().contains(['\n', '\r', '\t']) {
        return Err(AppError::Refused(vec![Problem::new(field, "expected a text on one line")]));
    }
    said(field, text, most)
}
