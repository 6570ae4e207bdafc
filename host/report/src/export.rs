//! Rows of exports as bytes: CSV for tables, an object on each line for programs.

use std::io;

use yardstick_client::api::{Cell, ExportRow};

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated (RFC 4180) with a header, lines ended by a line feed.
    Csv,
    /// A JSON object on each line.
    Ndjson,
}

impl Format {
    /// The media type.
    #[must_use]
    pub const fn media(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Ndjson => "application/x-ndjson",
        }
    }

    /// How names of such files end, without the dot.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }

    /// What stands before the first row.
    ///
    /// # Errors
    /// Never.
    pub fn head<R: ExportRow>(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Csv => csv(std::iter::once(R::COLUMNS.iter().map(|name| (*name).to_owned()))),
            Self::Ndjson => Ok(Vec::new()),
        }
    }

    /// Rows, each ended.
    ///
    /// # Errors
    /// When a row cannot be written as JSON, which none is.
    pub fn rows<R: ExportRow>(self, rows: &[R]) -> io::Result<Vec<u8>> {
        match self {
            Self::Csv => csv(rows.iter().map(|row| row.cells().into_iter().map(written))),
            Self::Ndjson => {
                let mut out = Vec::new();
                for row in rows {
                    serde_json::to_writer(&mut out, row)?;
                    out.push(b'\n');
                }
                Ok(out)
            }
        }
    }
}

fn csv<C: Iterator<Item = String>>(rows: impl Iterator<Item = C>) -> io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

/// A cell as text. Whatever a spreadsheet would run as a formula has an apostrophe before it, which makes it text there:
/// only what people wrote, so that a negative number stays one.
fn written(cell: Cell) -> String {
    match cell {
        Cell::Text(text) if runs(&text) => format!("'{text}"),
        Cell::Text(text) | Cell::Plain(text) => text,
        Cell::Empty => String::new(),
    }
}

/// Whether a spreadsheet may take a text for a formula: by its first character, in half or full width.
fn runs(text: &str) -> bool {
    let first = text.chars().next();
    first.is_some_and(|c| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
        )
    })
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    #[derive(Serialize)]
    struct Pair {
        text: String,
        number: f64,
    }

    impl ExportRow for Pair {
        const COLUMNS: &'static [&'static str] = &["text", "number"];

        fn cells(&self) -> Vec<Cell> {
            vec![Cell::Text(self.text.clone()), Cell::Plain(self.number.to_string())]
        }
    }

    fn one(text: &str) -> String {
        let rows = [Pair { text: text.to_owned(), number: -1.5 }];
        String::from_utf8(Format::Csv.rows(&rows).unwrap()).unwrap()
    }

    #[test]
    fn formulas_become_text_and_numbers_stay_numbers() {
        let table = [
            ("=1+1", "'=1+1,-1.5\n"),
            ("+49 30", "'+49 30,-1.5\n"),
            ("-2", "'-2,-1.5\n"),
            ("@SUM(A1)", "'@SUM(A1),-1.5\n"),
            ("\t=1", "'\t=1,-1.5\n"),
            ("\r=1", "\"'\r=1\",-1.5\n"),
            ("\u{ff1d}1", "'\u{ff1d}1,-1.5\n"),
            ("a=1", "a=1,-1.5\n"),
            (" =1", " =1,-1.5\n"),
            ("Größe, \"groß\"", "\"Größe, \"\"groß\"\"\",-1.5\n"),
            ("", ",-1.5\n"),
        ];
        for (text, expected) in table {
            assert_eq!(one(text), expected, "{text:?}");
        }
    }

    #[test]
    fn json_is_a_line_for_each_row() {
        let rows = [Pair { text: "=1\n2".to_owned(), number: f64::NAN }];
        assert_eq!(Format::Ndjson.rows(&rows).unwrap(), b"{\"text\":\"=1\\n2\",\"number\":null}\n");
        assert_eq!(Format::Csv.head::<Pair>().unwrap(), b"text,number\n");
        assert_eq!(Format::Ndjson.head::<Pair>().unwrap(), b"");
    }
}
