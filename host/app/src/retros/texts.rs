//! Lists that people wrote into a retro in bounds, and what is wrong with their texts.

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
