//! From a guest's answer to the host's nouns: nothing passes that a reader of a verdict could stumble on.

mod description;
mod finding;
mod query;

use std::fmt;

use jiff::Timestamp;
use yardstick_domain::frame::{Attrs, Value};

use crate::contract::v1::yardstick::judge::types as wit;
use crate::{limits, text};

pub(crate) use description::description;
pub(crate) use finding::finding;
pub(crate) use query::plan;

/// What is wrong with an answer: a code and a sentence that names the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flaw {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// Which field of an answer is meant. Written down only when it is wrong: there are many in each answer, and a
/// judgement takes microseconds.
trait Field: fmt::Display + Copy {}

impl<T: fmt::Display + Copy> Field for T {}

impl Flaw {
    fn new(code: &'static str, field: impl Field, what: impl fmt::Display) -> Self {
        Self { code, message: format!("{field}: {what}") }
    }

    /// An answer that makes no sense.
    fn answer(field: impl Field, what: impl fmt::Display) -> Self {
        Self::new("plugin-answer", field, what)
    }

    /// A plan that cannot be carried out.
    fn plan(field: impl Field, what: impl fmt::Display) -> Self {
        Self::new("plugin-plan", field, what)
    }
}

type Lifted<T> = Result<T, Flaw>;

/// Walks one answer, with the room that is left in it.
struct Reader {
    left: usize,
}

impl Reader {
    fn new() -> Self {
        Self { left: limits::ANSWER_BYTES }
    }

    fn take(&mut self, field: impl Field, bytes: usize) -> Lifted<()> {
        self.left = self.left.checked_sub(bytes).ok_or_else(|| {
            let most = limits::ANSWER_BYTES;
            Flaw::new("plugin-output", field, format_args!("with it the answer exceeds {most} bytes"))
        })?;
        Ok(())
    }

    /// A text of at most `most` characters, made safe to show.
    fn text(&mut self, field: impl Field, value: &str, most: usize) -> Lifted<String> {
        self.fits(field, value, most)?;
        Ok(text::escape(value))
    }

    /// A text of at most `most` characters that nobody is shown.
    fn kept(&mut self, field: impl Field, value: String, most: usize) -> Lifted<String> {
        self.fits(field, &value, most)?;
        Ok(value)
    }

    fn fits(&mut self, field: impl Field, value: &str, most: usize) -> Lifted<()> {
        self.take(field, value.len())?;
        let found = value.chars().count();
        if found > most {
            return Err(Flaw::new(
                "plugin-output",
                field,
                format_args!("{found} characters, {most} are allowed"),
            ));
        }
        Ok(())
    }

    /// A text that says something.
    fn words(&mut self, field: impl Field, value: &str, most: usize) -> Lifted<String> {
        if value.trim().is_empty() {
            return Err(Flaw::answer(field, "it is empty, and people read it"));
        }
        self.text(field, value, most)
    }

    fn number(&mut self, field: impl Field, value: f64) -> Lifted<f64> {
        self.take(field, 8)?;
        if value.is_finite() {
            Ok(value)
        } else {
            Err(Flaw::new(
                "plugin-not-finite",
                field,
                format_args!("{value}, and every number must be finite"),
            ))
        }
    }

    fn maybe_number(&mut self, field: impl Field, value: Option<f64>) -> Lifted<Option<f64>> {
        value.map(|value| self.number(field, value)).transpose()
    }

    /// Any value; texts as long as a sentence.
    fn value(&mut self, field: impl Field, value: wit::Value) -> Lifted<Value> {
        Ok(match value {
            wit::Value::Boolean(value) => {
                self.take(field, 8)?;
                Value::Boolean(value)
            }
            wit::Value::Integer(value) => {
                self.take(field, 8)?;
                Value::Integer(value)
            }
            wit::Value::Number(value) => Value::Number(self.number(field, value)?),
            wit::Value::Text(value) => Value::Text(self.text(field, &value, limits::SENTENCE)?),
        })
    }

    fn attrs(&mut self, field: impl Field, attrs: Vec<(String, wit::Value)>) -> Lifted<Attrs> {
        at_most(field, attrs.len(), limits::EVIDENCE)?;
        let mut out = Attrs::with_capacity(attrs.len());
        for (index, (name, value)) in attrs.into_iter().enumerate() {
            let name = self.words(format_args!("{field}[{index}]"), &name, limits::NAME)?;
            let value = self.value(format_args!("{field}[{index}] ({name})"), value)?;
            out.push((name, value));
        }
        Ok(out)
    }
}

/// A list within its limit.
fn at_most(field: impl Field, found: usize, most: usize) -> Lifted<()> {
    if found <= most {
        return Ok(());
    }
    Err(Flaw::new("plugin-output", field, format_args!("{found} of them, {most} are allowed")))
}

/// A value as it is, for the log.
pub(crate) fn value(value: wit::Value) -> Value {
    match value {
        wit::Value::Boolean(value) => Value::Boolean(value),
        wit::Value::Integer(value) => Value::Integer(value),
        wit::Value::Number(value) => Value::Number(value),
        wit::Value::Text(value) => Value::Text(value),
    }
}

/// An instant within representable time.
fn instant(millis: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(millis).ok()
}
