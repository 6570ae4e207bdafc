//! The JSON Schema of parameters, written from their types: what `#[derive(Params)]` fills in.
//!
//! The schema is a text that is put together in the guest, so it is written with as little code as it takes.

use std::collections::BTreeMap;

use crate::Quantity;

/// A type that parameters may be of.
pub trait Described {
    /// Whether a field of this type may be left out.
    const OPTIONAL: bool = false;

    /// Writes the keywords of its schema.
    fn describe(schema: &mut Writer);
}

/// The whole schema of a type.
#[must_use]
pub fn of<T: Described>() -> String {
    let mut schema = Writer { text: String::from("{"), given: Vec::new(), inside: false };
    schema.keyword("$schema", "\"https://json-schema.org/draft/2020-12/schema\"");
    T::describe(&mut schema);
    schema.text.push('}');
    schema.text
}

/// Writes one schema.
#[derive(Debug)]
pub struct Writer {
    text: String,
    /// Keywords that the field itself gives, which those of its type do not repeat.
    given: Vec<&'static str>,
    /// Whether this is a field's schema, which the field has described.
    inside: bool,
}

/// Writes the fields of an object.
#[derive(Debug)]
pub struct Object<'a> {
    schema: &'a mut Writer,
    required: Vec<&'static str>,
}

impl Writer {
    /// An object with these fields and no others.
    pub fn object(&mut self, about: &str, fields: impl FnOnce(&mut Object<'_>)) {
        self.about(about);
        self.keyword("type", "\"object\"");
        self.open("properties", '{');
        let mut object = Object { schema: self, required: Vec::new() };
        fields(&mut object);
        let required = object.required;
        self.text.push('}');
        if !required.is_empty() {
            self.open("required", '[');
            self.list(&required);
        }
        self.keyword("additionalProperties", "false");
    }

    /// One of these words.
    pub fn words(&mut self, about: &str, words: &[&str]) {
        self.about(about);
        self.open("enum", '[');
        self.list(words);
    }

    /// A keyword and its value as JSON, unless the field gives it.
    pub fn keyword(&mut self, name: &str, json: &str) {
        if !self.given.contains(&name) {
            self.name(name);
            self.text.push_str(json);
        }
    }

    /// A keyword whose value is the schema of a part.
    fn part<T: Described>(&mut self, name: &str) {
        self.open(name, '{');
        let outer = (std::mem::take(&mut self.given), std::mem::replace(&mut self.inside, true));
        T::describe(self);
        (self.given, self.inside) = outer;
        self.text.push('}');
    }

    fn about(&mut self, about: &str) {
        if !about.is_empty() && !self.inside {
            self.name("description");
            self.quoted(about);
        }
    }

    fn open(&mut self, name: &str, bracket: char) {
        self.name(name);
        self.text.push(bracket);
    }

    /// The texts of a list, and its end.
    fn list(&mut self, texts: &[&str]) {
        for text in texts {
            self.separate();
            self.quoted(text);
        }
        self.text.push(']');
    }

    fn name(&mut self, name: &str) {
        self.separate();
        self.quoted(name);
        self.text.push(':');
    }

    fn separate(&mut self) {
        if !self.text.ends_with(['{', '[']) {
            self.text.push(',');
        }
    }

    fn quoted(&mut self, text: &str) {
        self.text.push('"');
        for letter in text.chars() {
            match letter {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                // Documentation holds no other control characters.
                letter => self.text.push(if letter.is_control() { ' ' } else { letter }),
            }
        }
        self.text.push('"');
    }
}

impl Object<'_> {
    /// A field: its name and what it is, whether it may be left out whatever its type, and keywords of its own as
    /// JSON.
    pub fn field<T: Described>(
        &mut self,
        name: &'static str,
        about: &str,
        may_be_left_out: bool,
        keywords: &[(&'static str, &'static str)],
    ) {
        let schema = &mut *self.schema;
        schema.open(name, '{');
        schema.name("description");
        schema.quoted(about);
        let outer = (std::mem::take(&mut schema.given), std::mem::replace(&mut schema.inside, true));
        for (name, json) in keywords {
            schema.name(name);
            schema.text.push_str(json);
            schema.given.push(name);
        }
        T::describe(schema);
        (schema.given, schema.inside) = outer;
        schema.text.push('}');
        if !may_be_left_out && !T::OPTIONAL {
            self.required.push(name);
        }
    }
}

impl<T: Described> Described for Option<T> {
    const OPTIONAL: bool = true;

    fn describe(schema: &mut Writer) {
        T::describe(schema);
    }
}

impl<T: Described> Described for Vec<T> {
    fn describe(schema: &mut Writer) {
        schema.keyword("type", "\"array\"");
        schema.part::<T>("items");
    }
}

impl<T: Described> Described for BTreeMap<String, T> {
    fn describe(schema: &mut Writer) {
        schema.keyword("type", "\"object\"");
        schema.part::<T>("additionalProperties");
    }
}

impl Described for Quantity {
    /// `4000`, `60%` or `0.1pp`: a level in the metric's unit, until the field says that it is a share or a change.
    fn describe(schema: &mut Writer) {
        schema.keyword("type", r#"["number","string"]"#);
        schema.keyword("x-quantity", "\"level\"");
    }
}

impl Described for bool {
    fn describe(schema: &mut Writer) {
        schema.keyword("type", "\"boolean\"");
    }
}

impl Described for String {
    fn describe(schema: &mut Writer) {
        schema.keyword("type", "\"string\"");
    }
}

impl Described for f64 {
    fn describe(schema: &mut Writer) {
        schema.keyword("type", "\"number\"");
    }
}

macro_rules! whole {
    ($($kind:ty, $least:literal, $most:literal;)*) => {
        $(impl Described for $kind {
            fn describe(schema: &mut Writer) {
                schema.keyword("type", "\"integer\"");
                schema.keyword("minimum", $least);
                schema.keyword("maximum", $most);
            }
        })*
    };
}

// JSON carries whole numbers exactly up to 2^53 − 1.
whole! {
    u8, "0", "255";
    u16, "0", "65535";
    u32, "0", "4294967295";
    u64, "0", "9007199254740991";
    usize, "0", "4294967295";
    i32, "-2147483648", "2147483647";
    i64, "-9007199254740991", "9007199254740991";
}
