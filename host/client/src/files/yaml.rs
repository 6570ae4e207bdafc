//! YAML as we accept it: documents of maps, lists and scalars. Duplicate keys, anchors, aliases, merge keys
//! and tags are refused. Every field knows its line and column.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};
use serde_json::{Map, Number, Value};

use super::FileProblem;
use yardstick_domain::schema::join;

/// How deep a document may be nested.
const DEPTH: usize = 32;
/// Most values of a file. The place of each is kept under its whole path, so a file must not have any number.
const VALUES: usize = 100_000;
/// The longest name of a field, in bytes.
const NAME: usize = 200;
/// The longest path of a field, in bytes: every value below has it as a part of its own.
const PATH: usize = 1_000;

/// A document, and where its fields are.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) value: Value,
    /// The first key of the document's map.
    pub(super) first_key: Option<String>,
    positions: HashMap<String, (usize, usize)>,
}

impl Document {
    /// Where a field is; the nearest enclosing field when it is not there itself.
    pub(super) fn position(&self, field: &str) -> (usize, usize) {
        let mut field = field;
        loop {
            if let Some(position) = self.positions.get(field) {
                return *position;
            }
            match field.rfind(['.', '[']) {
                Some(cut) => field = &field[..cut],
                None => return self.positions.get("").copied().unwrap_or((1, 1)),
            }
        }
    }
}

/// All documents of a text; empty ones are skipped.
pub(super) fn documents(text: &str) -> Result<Vec<Document>, FileProblem> {
    let mut reader = Reader { parser: Parser::new_from_str(text), values: 0 };
    let mut documents = Vec::new();
    loop {
        match reader.next()? {
            (Event::StreamEnd, _) => return Ok(documents),
            (Event::DocumentStart(_), _) => {
                let mut document =
                    Document { value: Value::Null, first_key: None, positions: HashMap::new() };
                let (event, span) = reader.next()?;
                document.positions.insert(String::new(), place(span));
                document.value =
                    reader.value(event, span, "", 0, &mut document.positions, &mut document.first_key)?;
                if document.value != Value::Null {
                    documents.push(document);
                }
            }
            _ => {}
        }
    }
}

struct Reader<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    /// Values read so far.
    values: usize,
}

fn place(span: Span) -> (usize, usize) {
    (span.start.line(), span.start.col() + 1)
}

fn refuse(span: Span, field: &str, message: impl Into<String>) -> FileProblem {
    let (line, column) = place(span);
    FileProblem { line, column, field: field.to_owned(), message: message.into() }
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), FileProblem> {
        let broken = |error: ScanError| FileProblem {
            line: error.marker().line(),
            column: error.marker().col() + 1,
            field: String::new(),
            message: format!("not readable as YAML: {}", error.info()),
        };
        self.parser.next_event().unwrap_or(Ok((Event::StreamEnd, Span::default()))).map_err(broken)
    }

    fn value(
        &mut self,
        event: Event<'a>,
        span: Span,
        field: &str,
        depth: usize,
        positions: &mut HashMap<String, (usize, usize)>,
        first_key: &mut Option<String>,
    ) -> Result<Value, FileProblem> {
        self.values += 1;
        if let Some(beyond) = beyond(field, depth, self.values) {
            return Err(refuse(span, if field.len() > PATH { "" } else { field }, beyond));
        }
        let (anchor, tagged) = match &event {
            Event::Scalar(_, _, anchor, tag) => (*anchor, tag.is_some()),
            Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => (*anchor, tag.is_some()),
            _ => (0, false),
        };
        if anchor != 0 || matches!(event, Event::Alias(_)) {
            return Err(refuse(span, field, "anchors and aliases are not accepted; write the value out"));
        }
        if tagged {
            return Err(refuse(
                span,
                field,
                "tags (!) are not accepted; write the value plainly, in quotes if it is a text",
            ));
        }
        match event {
            Event::Scalar(text, style, ..) => Ok(scalar(&text, style)),
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    let (event, span) = self.next()?;
                    if matches!(event, Event::SequenceEnd) {
                        return Ok(Value::Array(items));
                    }
                    let item = format!("{field}[{}]", items.len());
                    positions.insert(item.clone(), place(span));
                    items.push(self.value(event, span, &item, depth + 1, positions, &mut None)?);
                }
            }
            Event::MappingStart(..) => {
                let mut map = Map::new();
                loop {
                    let (event, span) = self.next()?;
                    if matches!(event, Event::MappingEnd) {
                        return Ok(Value::Object(map));
                    }
                    let key = key(&event, span, field)?;
                    let inner = join(field, &key);
                    if first_key.is_none() && depth == 0 {
                        *first_key = Some(key.clone());
                    }
                    positions.entry(inner.clone()).or_insert(place(span));
                    if map.contains_key(&key) {
                        return Err(refuse(span, &inner, "this field is there twice; keep one"));
                    }
                    let (event, span) = self.next()?;
                    let value =
                        self.value(event, span, &inner, depth + 1, positions, &mut Some(String::new()))?;
                    map.insert(key, value);
                }
            }
            _ => Err(refuse(span, field, "a value is missing")),
        }
    }
}

/// Which bound a value goes beyond, if any.
fn beyond(field: &str, depth: usize, values: usize) -> Option<String> {
    if depth > DEPTH {
        Some(format!("nested more than {DEPTH} deep"))
    } else if field.len() > PATH {
        Some(format!("the names of the fields around it have more than {PATH} bytes together"))
    } else if values > VALUES {
        Some(format!("the file has more than {VALUES} values; divide it"))
    } else {
        None
    }
}

fn key(event: &Event<'_>, span: Span, field: &str) -> Result<String, FileProblem> {
    match event {
        Event::Scalar(text, ScalarStyle::Plain, ..) if text == "<<" => {
            Err(refuse(span, field, "merge keys (<<) are not accepted; write the fields out"))
        }
        Event::Scalar(_, _, anchor, _) if *anchor != 0 => {
            Err(refuse(span, field, "anchors are not accepted; write the value out"))
        }
        Event::Scalar(text, ..) if text.len() > NAME => {
            Err(refuse(span, field, format!("the name of a field has more than {NAME} bytes")))
        }
        Event::Scalar(text, ..) => Ok(text.to_string()),
        _ => Err(refuse(span, field, "the name of a field must be a text")),
    }
}

/// A scalar by the YAML 1.2 core schema; only plain ones can be anything but text.
fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let number_like = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'))
        && digits.bytes().any(|byte| byte.is_ascii_digit());
    if number_like {
        if let Ok(whole) = text.parse::<i64>() {
            return Value::Number(whole.into());
        }
        if let Some(number) = text.parse::<f64>().ok().and_then(Number::from_f64) {
            return Value::Number(number);
        }
    }
    Value::String(text.to_owned())
}
