//! One JSON object a line (NDJSON, also called JSON Lines), with the fields that a CSV file has as columns.
//!
//! A field that is null or not there is missing, never zero. Fields that the metric does not need are passed
//! over, like columns, whatever they hold.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use yardstick_domain::point::Point;

use super::cells::Cells;
use super::plan::{MOST_NAMES, Plan, Row};
use super::{RowProblem, shown, shown_to};

/// Most characters of what a line is said to be.
const MOST_WORDS: usize = 200;

/// Rows of a file.
#[derive(Default)]
pub(super) struct Ndjson {
    /// Names of the first row's fields, for messages; `None` before it.
    first: Option<Vec<String>>,
    /// Which fields of the plan some row has had.
    seen: Vec<bool>,
}

impl Ndjson {
    pub(super) fn new(plan: &Plan) -> Self {
        Self { first: None, seen: vec![false; plan.fields.len()] }
    }

    /// Reads an object and gives it to the plan.
    pub(super) fn points(
        &mut self,
        line: &str,
        plan: &Plan,
        cells: &mut Cells<'_>,
    ) -> Result<Vec<Point>, (String, String)> {
        if self.first.is_none() {
            self.first = Some(parsed(line, Names).unwrap_or_default());
        }
        let row = Object { values: vec![None; plan.fields.len()] };
        let row = parsed(line, Filling { row, plan }).map_err(|message| (String::new(), message))?;
        for (seen, value) in self.seen.iter_mut().zip(&row.values) {
            *seen |= value.is_some();
        }
        plan.points(&row, cells)
    }

    /// What is wrong with the file as a whole, once its last row has been read without a problem. A name that
    /// is misspelt would otherwise read as a file in which every value is missing.
    pub(super) fn finish(&self, plan: &Plan) -> Vec<RowProblem> {
        let Some(names) = &self.first else {
            let message = "the file is empty; expected a JSON object in every line";
            return vec![RowProblem::of_the_file(message.to_owned())];
        };
        let unseen = plan.needed().filter(|group| group.iter().all(|field| !self.seen[*field]));
        unseen.filter_map(|group| group.first()).map(|field| plan.lacks(*field, "field", names)).collect()
    }
}

/// What a field of the plan holds.
#[derive(Debug, Clone)]
enum Value<'l> {
    Null,
    Number(f64),
    Text(Cow<'l, str>),
    /// Something that no field may hold.
    Other(&'static str),
}

/// A row: what each field of the plan holds, if it is there.
struct Object<'l> {
    values: Vec<Option<Value<'l>>>,
}

impl Row for Object<'_> {
    fn text(&self, field: usize) -> Result<&str, String> {
        match &self.values[field] {
            None | Some(Value::Null) => Ok(""),
            Some(Value::Text(text)) => Ok(text),
            Some(Value::Number(number)) => {
                Err(format!("{number} is a number; write it as a text, in quotes"))
            }
            Some(Value::Other(what)) => Err(format!("is {what}; expected a text")),
        }
    }

    fn number(&self, field: usize) -> Result<Option<f64>, String> {
        match &self.values[field] {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Number(number)) => Ok(Some(*number)),
            Some(Value::Text(text)) => Err(format!(
                "{:?} is a text; write a number without quotes, or null when the value is unknown",
                shown(text)
            )),
            Some(Value::Other(what)) => Err(format!("is {what}; expected a number")),
        }
    }
}

/// Reads the one value of a line; the message says where in the line it goes wrong.
fn parsed<'l, S: DeserializeSeed<'l>>(line: &'l str, seed: S) -> Result<S::Value, String> {
    let mut reader = serde_json::Deserializer::from_str(line);
    let value = seed.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| {
        let at = format!(" at line {} column {}", error.line(), error.column());
        let text = error.to_string();
        // It may quote a text as long as the line.
        let what = shown_to(text.strip_suffix(&at).unwrap_or(&text), MOST_WORDS);
        format!("{what} (column {}); expected one JSON object", error.column())
    })
}

/// Reads a row.
struct Filling<'p, 'l> {
    row: Object<'l>,
    plan: &'p Plan,
}

impl<'l> DeserializeSeed<'l> for Filling<'_, 'l> {
    type Value = Object<'l>;

    fn deserialize<D: Deserializer<'l>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'l> Visitor<'l> for Filling<'_, 'l> {
    type Value = Object<'l>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'l>>(mut self, mut map: A) -> Result<Self::Value, A::Error> {
        while let Some(field) = map.next_key_seed(Name(self.plan))? {
            let Some(field) = field else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let value = map.next_value_seed(Any)?;
            if self.row.values[field].replace(value).is_some() {
                let name = &self.plan.fields[field].name;
                return Err(A::Error::custom(format!("the field {name:?} is there twice")));
            }
        }
        Ok(self.row)
    }
}

/// Reads a name; which field of the plan it is.
struct Name<'p>(&'p Plan);

impl<'l> DeserializeSeed<'l> for Name<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'l>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.field(name))
    }
}

/// Reads a value of any type, and keeps those that a field may hold.
struct Any;

impl<'l> DeserializeSeed<'l> for Any {
    type Value = Value<'l>;

    fn deserialize<D: Deserializer<'l>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'l> Visitor<'l> for Any {
    type Value = Value<'l>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Value::Other(if value { "true" } else { "false" }))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Value::Number(value))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'l str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'l>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Other("a list"))
    }

    fn visit_map<A: MapAccess<'l>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Other("an object"))
    }
}

/// Reads the names of an object's fields, as many as a message lists.
struct Names;

impl<'l> DeserializeSeed<'l> for Names {
    type Value = Vec<String>;

    fn deserialize<D: Deserializer<'l>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'l> Visitor<'l> for Names {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'l>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut names = Vec::new();
        while let Some((name, IgnoredAny)) = map.next_entry::<String, IgnoredAny>()? {
            if names.len() < MOST_NAMES {
                names.push(name);
            }
        }
        Ok(names)
    }
}
