//! What differs between a thing as it is and as it was declared.

use serde::Serialize;
use serde_json::Value;
use yardstick_domain::release::Release;

use super::{Change, ChangeKind, FieldChange};
use crate::error::{AppError, Result};

/// A field of a release as its file has it: criteria by their id, parameters under `with`.
pub(super) fn as_written(field: &str, after: &Release, before: Option<&Release>) -> String {
    let Some(rest) = field.strip_prefix("criteria.") else { return field.to_owned() };
    let index = rest.strip_prefix("list[").and_then(|rest| rest.split_once(']'));
    let Some((index, rest)) = index.and_then(|(index, rest)| Some((index.parse::<usize>().ok()?, rest)))
    else {
        return rest.to_owned();
    };
    let criterion =
        |release: &Release| release.criteria.list.get(index).map(|criterion| criterion.id.to_string());
    let id = criterion(after).or_else(|| before.and_then(criterion)).unwrap_or_default();
    format!("{id}{}", rest.replace(".params", ".with"))
}

/// What becomes of a thing, and which of its fields differ.
pub(super) fn compare<T: Serialize>(name: String, before: Option<&T>, after: &T) -> Result<Change> {
    let json = |value: &T| serde_json::to_value(value).map_err(AppError::fault);
    let after = json(after)?;
    let Some(before) = before.map(json).transpose()? else {
        return Ok(Change {
            name,
            kind: ChangeKind::New,
            fields: Vec::new(),
            notes: Vec::new(),
            lints: Vec::new(),
        });
    };
    let mut fields = Vec::new();
    differences("", Some(&before), Some(&after), &mut fields);
    let kind = if fields.is_empty() { ChangeKind::Unchanged } else { ChangeKind::Changed };
    Ok(Change { name, kind, fields, notes: Vec::new(), lints: Vec::new() })
}

fn differences(field: &str, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<FieldChange>) {
    match (before, after) {
        (before, after) if before == after => {}
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let inner = yardstick_domain::schema::join(field, name);
                differences(&inner, before.get(name), after.get(name), found);
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => {
            for index in 0..before.len().max(after.len()) {
                differences(&format!("{field}[{index}]"), before.get(index), after.get(index), found);
            }
        }
        (before, after) => {
            let text = |value: Option<&Value>| {
                value
                    .filter(|value| !value.is_null())
                    .map(|value| value.as_str().map_or(value.to_string(), str::to_owned))
            };
            found.push(FieldChange { field: field.to_owned(), before: text(before), after: text(after) });
        }
    }
}
