//! A reader of JSON for serde, as small as a guest wants it: the parameters of a criterion, which the host has checked
//! already. Numbers are read by `core`, so they are right to the last bit.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess,
    SeqAccess, VariantAccess, Visitor,
};

/// How deep values may lie in each other.
const DEEPEST: u32 = 64;

/// Why a text is not such a value.
#[derive(Debug)]
pub(crate) struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

type Result<T> = std::result::Result<T, Error>;

/// Reads a value.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let value = T::deserialize(&mut reader)?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.unexpected()),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
}

impl<'a> Reader<'a> {
    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// Takes this byte, if it is the next one.
    fn takes(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn take(&mut self, byte: u8) -> Result<()> {
        if self.takes(byte) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn unexpected(&self) -> Error {
        Error(format!("not readable as JSON at byte {}", self.at))
    }

    /// A literal or a number, up to what ends it.
    fn word(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let end = rest.find([',', ':', ']', '}', ' ', '\n', '\r', '\t']).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn string(&mut self) -> Result<String> {
        self.take(b'"')?;
        let mut out = String::new();
        loop {
            let rest = &self.text[self.at..];
            let end = rest.find(['"', '\\']).ok_or_else(|| self.unexpected())?;
            out.push_str(&rest[..end]);
            self.at += end + 1;
            if rest.as_bytes()[end] == b'"' {
                return Ok(out);
            }
            out.push(self.escaped()?);
        }
    }

    /// What stands behind a backslash.
    fn escaped(&mut self) -> Result<char> {
        let letter = self.text.as_bytes().get(self.at).copied();
        self.at += 1;
        Ok(match letter {
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'u') => {
                let high = self.unit()?;
                if !(0xd800..0xdc00).contains(&high) {
                    return char::from_u32(high).ok_or_else(|| self.unexpected());
                }
                // A character beyond the first plane comes as two units.
                if !self.text[self.at..].starts_with("\\u") {
                    return Err(self.unexpected());
                }
                self.at += 2;
                let low = self.unit()?.checked_sub(0xdc00).filter(|low| *low < 0x400);
                let code = low.map(|low| 0x1_0000 + ((high - 0xd800) << 10) + low);
                code.and_then(char::from_u32).ok_or_else(|| self.unexpected())?
            }
            _ => return Err(self.unexpected()),
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Result<u32> {
        let digits = self.text.get(self.at..self.at + 4);
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += 4;
        unit.ok_or_else(|| self.unexpected())
    }

    /// Goes into a list or an object.
    fn nested<T>(&mut self, inside: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.at += 1;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.unexpected());
        }
        let value = inside(self)?;
        self.depth -= 1;
        Ok(value)
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.peek() {
            Some(b'"') => visitor.visit_string(self.string()?),
            Some(b'[') => self.nested(|reader| {
                let value = visitor.visit_seq(Parts { reader, end: b']', first: true })?;
                reader.take(b']')?;
                Ok(value)
            }),
            Some(b'{') => self.nested(|reader| {
                let value = visitor.visit_map(Parts { reader, end: b'}', first: true })?;
                reader.take(b'}')?;
                Ok(value)
            }),
            _ => match self.word() {
                "null" => visitor.visit_unit(),
                "true" => visitor.visit_bool(true),
                "false" => visitor.visit_bool(false),
                number => {
                    if let Ok(number) = number.parse::<u64>() {
                        return visitor.visit_u64(number);
                    }
                    if let Ok(number) = number.parse::<i64>() {
                        return visitor.visit_i64(number);
                    }
                    match number.parse::<f64>() {
                        Ok(number) if number.is_finite() => visitor.visit_f64(number),
                        _ => Err(self.unexpected()),
                    }
                }
            },
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.peek() == Some(b'n') { self.deserialize_any(visitor) } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.peek() {
            Some(b'"') => {
                let word = self.string()?;
                let word: StrDeserializer<'_, Error> = word.as_str().into_deserializer();
                visitor.visit_enum(word)
            }
            Some(b'{') => self.nested(|reader| {
                let value = visitor.visit_enum(Parts { reader, end: b'}', first: true })?;
                reader.take(b'}')?;
                Ok(value)
            }),
            _ => Err(self.unexpected()),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}

/// The parts of a list or an object.
struct Parts<'r, 'a> {
    reader: &'r mut Reader<'a>,
    end: u8,
    first: bool,
}

impl Parts<'_, '_> {
    /// Whether there is another part.
    fn more(&mut self) -> Result<bool> {
        if self.reader.peek() == Some(self.end) {
            return Ok(false);
        }
        if !std::mem::take(&mut self.first) {
            self.reader.take(b',')?;
        }
        Ok(true)
    }
}

impl<'de> SeqAccess<'de> for Parts<'_, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if self.more()? { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }
}

impl<'de> MapAccess<'de> for Parts<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if !self.more()? {
            return Ok(None);
        }
        let name = self.reader.string()?;
        let name: StrDeserializer<'_, Error> = name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        self.reader.take(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

/// A choice with a value: an object of one field.
impl<'de> EnumAccess<'de> for Parts<'_, '_> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        let name = self.reader.string()?;
        let name: StrDeserializer<'_, Error> = name.as_str().into_deserializer();
        let variant = seed.deserialize(name)?;
        self.reader.take(b':')?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Parts<'_, '_> {
    type Error = Error;

    fn unit_variant(self) -> Result<()> {
        de::Deserialize::deserialize(&mut *self.reader)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        seed.deserialize(&mut *self.reader)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.reader.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value> {
        self.reader.deserialize_any(visitor)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::{Deserialize, Serialize};
    use serde_json::Value;

    use super::read;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case", deny_unknown_fields)]
    struct Asked {
        at_least: f64,
        #[serde(default)]
        min_n: u64,
        how: Option<How>,
        weights: std::collections::BTreeMap<String, i32>,
        names: Vec<String>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum How {
        Plain,
        By(u8),
        With { a: bool, b: (u8, i8) },
    }

    #[test]
    fn values_are_read_as_serde_json_reads_them() {
        for text in [
            r#"{"at-least": 0.30000000000000004, "weights": {}, "names": []}"#,
            r#" { "at-least" : 5 , "min-n" : 7 , "how" : "Plain" , "weights" : { "a" : -1 } , "names" : [ "x" , "y" ] } "#,
            r#"{"at-least":-1e-300,"how":{"By":3},"weights":{"\u00e4\n":1},"names":["\ud83d\ude00\"\\\/"]}"#,
            r#"{"at-least":9007199254740993,"how":{"With":{"a":true,"b":[1,-2]}},"weights":{},"names":["é"]}"#,
            r#"{"at-least":1,"how":null,"weights":{},"names":[]}"#,
        ] {
            let expected: Asked = serde_json::from_str(text).unwrap();
            assert_eq!(read::<Asked>(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (text, expected) in [
            (r#"{"at-least":"x","weights":{},"names":[]}"#, "invalid type: string \"x\", expected f64"),
            (r#"{"at-lest":1}"#, "unknown field `at-lest`"),
            (r#"{"weights":{},"names":[]}"#, "missing field `at-least`"),
            (r#"{"at-least":1,"how":"Other"}"#, "unknown variant `Other`"),
            (r#"{"at-least":1e999}"#, "not readable as JSON at byte 17"),
            (r#"{"at-least":1"#, "not readable"),
            (r#"{"at-least":1} x"#, "missing field"),
            (r#"{"at-least":1,"weights":{},"names":[]} x"#, "not readable"),
            (r#"{"names":["\ud83d"]}"#, "not readable"),
            (r#"{"names":["\ud83d\u0020"]}"#, "not readable"),
            (r#"{"names":["\u12"]}"#, "not readable"),
            ("", "not readable"),
        ] {
            let error = read::<Asked>(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        assert!(read::<Value>(&"[".repeat(100_000)).is_err());
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map(any::<String>(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_back(value in value(), pretty: bool) {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
            prop_assert_eq!(read::<Value>(&text.unwrap()).unwrap(), value);
        }

        #[test]
        fn no_text_makes_it_panic(text in ".*", noise in r#"[\{\}\[\]",:\\u0-9a-f\-+.e ]*"#) {
            let _ = (read::<Value>(&text), read::<Value>(&noise));
        }
    }
}
