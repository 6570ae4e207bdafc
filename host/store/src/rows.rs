//! Values on their way in, rows on their way out.

use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Postgres, Row as _, Sqlite, Type};
use yardstick_domain::digest::Digest;
use yardstick_domain::people::Actor;

use crate::error::{Result, StoreError};

/// A value bound to a placeholder. An absent one keeps its type, which PostgreSQL needs.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(Option<String>),
    Integer(Option<i64>),
    Real(Option<f64>),
    Boolean(bool),
    Bytes(Vec<u8>),
}

/// The values of a statement's placeholders, in their order.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::rows::Value::from($value)),*] };
}
pub(crate) use values;

macro_rules! value_from {
    ($($from:ty => $case:ident($value:ident) $into:expr;)*) => {
        $(impl From<$from> for Value {
            fn from($value: $from) -> Self {
                Self::$case($into)
            }
        })*
    };
}

value_from! {
    &str => Text(value) Some(value.to_owned());
    String => Text(value) Some(value);
    Option<String> => Text(value) value;
    Option<&str> => Text(value) value.map(str::to_owned);
    Digest => Text(value) Some(value.to_string());
    &Actor => Text(value) Some(value.to_string());
    Option<&Actor> => Text(value) value.map(Actor::to_string);
    i64 => Integer(value) Some(value);
    u32 => Integer(value) Some(i64::from(value));
    Option<u32> => Integer(value) value.map(i64::from);
    Option<i64> => Integer(value) value;
    Timestamp => Integer(value) Some(value.as_millisecond());
    Option<Timestamp> => Integer(value) value.map(Timestamp::as_millisecond);
    Option<f64> => Real(value) value;
    bool => Boolean(value) value;
    Vec<u8> => Bytes(value) value;
}

/// JSON text of a document.
pub(crate) fn json<T: Serialize>(document: &T) -> Result<String> {
    serde_json::to_string(document)
        .map_err(|error| StoreError::conflict(format!("a document cannot be written as JSON: {error}")))
}

/// Adds the places of one more row to a statement that inserts several: as many as it has columns, numbered on from
/// those that are there.
pub(crate) fn places(sql: &mut String, before: usize, columns: usize) {
    if before > 0 {
        sql.push_str(", ");
    }
    let places: Vec<String> = (1..=columns).map(|place| format!("${}", before + place)).collect();
    sql.push_str(&format!("({})", places.join(", ")));
}

/// A row of either database.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// What a column can be read as on both databases.
pub(crate) trait Column:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}

impl<T> Column for T where
    T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}

impl Row {
    pub(crate) fn get<T: Column>(&self, column: &str) -> Result<T> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    /// Something with a checked text form.
    pub(crate) fn parse<T>(&self, column: &str) -> Result<T>
    where
        T: FromStr<Err: Display>,
    {
        parsed(&self.get::<String>(column)?)
    }

    pub(crate) fn maybe_parse<T>(&self, column: &str) -> Result<Option<T>>
    where
        T: FromStr<Err: Display>,
    {
        self.get::<Option<String>>(column)?.as_deref().map(parsed).transpose()
    }

    /// A document; `what` names it in the message when it cannot be read.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: &str, what: &str) -> Result<T> {
        serde_json::from_str(&self.get::<String>(column)?)
            .map_err(|error| StoreError::corrupt(format!("the {column} of {what}: {error}")))
    }

    pub(crate) fn instant(&self, column: &str) -> Result<Timestamp> {
        instant(self.get(column)?)
    }

    pub(crate) fn maybe_instant(&self, column: &str) -> Result<Option<Timestamp>> {
        self.get::<Option<i64>>(column)?.map(instant).transpose()
    }

    /// A number that is never negative.
    pub(crate) fn count<T: TryFrom<i64>>(&self, column: &str) -> Result<T> {
        let number: i64 = self.get(column)?;
        T::try_from(number).map_err(|_| StoreError::corrupt(format!("{column} is {number}")))
    }
}

fn parsed<T>(text: &str) -> Result<T>
where
    T: FromStr<Err: Display>,
{
    text.parse().map_err(|error: T::Err| StoreError::corrupt(error.to_string()))
}

fn instant(millis: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(millis).map_err(|error| StoreError::corrupt(error.to_string()))
}
