//! Lists that people wrote into a retro in bounds, and what is wrong with their texts.

use std::collections::BTreeSet;

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

/// Refuses what names one thing two times: which of both would hold?
pub(super) fn twice(
    field: &str,
    ids: impl Iterator<Item = Option<i64>>,
    letter: &str,
    problems: &mut Vec<Problem>,
) {
    let mut known = BTreeSet::new();
    for (index, id) in ids.enumerate() {
        if let Some(id) = id.filter(|id| !known.insert(*id)) {
            let message = format!("{letter}-{id} is there twice; keep one");
            problems.push(Problem::new(format!("{field}[{index}].id"), message));
        }
    }
}

/// Whether it is a tag of a learning: 1 to 40 of a-z 0-9 -.
pub(super) fn is_tag(tag: &str) -> bool {
    (1..=40).contains(&tag.len())
        && tag.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
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
