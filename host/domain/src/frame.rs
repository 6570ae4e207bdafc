//! The small columnar table that answers one query, and its canonical bytes.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// A row per time bucket (and split).
    Series,
    /// A row per split over the whole window; one row without splits.
    Totals,
    /// A row per unit, without identifiers.
    Samples,
}

impl Shape {
    /// The word in files and documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Series => "series",
            Self::Totals => "totals",
            Self::Samples => "samples",
        }
    }
}

/// A named fact beside a frame, a finding or a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// A text.
    Text(String),
}

/// Named facts; the order is kept.
pub type Attrs = Vec<(String, Value)>;

/// One column. All columns of a frame have the same length.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Numbers; null is NaN.
    F64(Vec<f64>),
    /// Whole numbers such as instants in unix milliseconds.
    S64(Vec<i64>),
    /// Dictionary-coded text: `codes` index `labels`.
    Codes {
        /// One index per row.
        codes: Vec<u32>,
        /// The texts.
        labels: Vec<String>,
    },
}

impl Column {
    /// Rows in this column.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::F64(values) => values.len(),
            Self::S64(values) => values.len(),
            Self::Codes { codes, .. } => codes.len(),
        }
    }

    /// Whether the column has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Data of one query, as a plugin sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    shape: Shape,
    rows: usize,
    columns: Vec<(String, Column)>,
    about: Attrs,
}

/// Why columns make no frame, or bytes are none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Columns differ in length.
    #[error("column {column} has {found} rows, the first has {expected}")]
    Ragged {
        /// The column's name.
        column: String,
        /// Its rows.
        found: usize,
        /// The rows of the first column.
        expected: usize,
    },
    /// A code without a label.
    #[error("column {column} has a code without a label")]
    Label {
        /// The column's name.
        column: String,
    },
    /// Bytes that are no encoded frame.
    #[error("not an encoded frame: {0}")]
    Encoding(&'static str),
}

const MAGIC: &[u8; 4] = b"YSF1";
/// The one NaN that stands for null.
const NULL: f64 = f64::from_bits(0x7ff8_0000_0000_0000);

impl Frame {
    /// A frame of these columns. Every NaN becomes the canonical one.
    ///
    /// # Errors
    /// When columns differ in length or a code has no label.
    pub fn new(shape: Shape, mut columns: Vec<(String, Column)>, about: Attrs) -> Result<Self, FrameError> {
        let rows = columns.first().map_or(0, |(_, column)| column.len());
        for (name, column) in &mut columns {
            if column.len() != rows {
                return Err(FrameError::Ragged { column: name.clone(), found: column.len(), expected: rows });
            }
            match column {
                Column::F64(values) => {
                    for value in values.iter_mut().filter(|value| value.is_nan()) {
                        *value = NULL;
                    }
                }
                Column::Codes { codes, labels } => {
                    if codes.iter().any(|code| *code as usize >= labels.len()) {
                        return Err(FrameError::Label { column: name.clone() });
                    }
                }
                Column::S64(_) => {}
            }
        }
        Ok(Self { shape, rows, columns, about })
    }

    /// What the frame holds.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Rows of every column.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns by name, in order.
    #[must_use]
    pub fn columns(&self) -> &[(String, Column)] {
        &self.columns
    }

    /// The column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|(column, _)| column == name).map(|(_, column)| column)
    }

    /// The numbers of this column; none: no such column of numbers.
    #[must_use]
    pub fn f64s(&self, name: &str) -> Option<&[f64]> {
        match self.column(name) {
            Some(Column::F64(values)) => Some(values),
            _ => None,
        }
    }

    /// What is known of the data.
    #[must_use]
    pub fn about(&self) -> &Attrs {
        &self.about
    }

    /// The fact of this name.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&Value> {
        self.about.iter().find(|(fact, _)| fact == name).map(|(_, value)| value)
    }

    /// Bytes a plugin could pull out of the frame: what the engine's limit counts.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.columns
            .iter()
            .map(|(_, column)| match column {
                Column::F64(_) | Column::S64(_) => 8 * self.rows,
                Column::Codes { labels, .. } => 4 * self.rows + labels.iter().map(String::len).sum::<usize>(),
            })
            .sum()
    }

    /// Digest of the canonical bytes: the frame's name in the store.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.encode())
    }

    /// Canonical bytes: little endian, columns and facts in their order, one NaN. Equal frames have equal
    /// bytes on every machine.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(64 + self.bytes());
        out.extend_from_slice(MAGIC);
        out.push(match self.shape {
            Shape::Series => 0,
            Shape::Totals => 1,
            Shape::Samples => 2,
        });
        put_len(&mut out, self.rows);
        put_len(&mut out, self.columns.len());
        for (name, column) in &self.columns {
            put_text(&mut out, name);
            match column {
                Column::F64(values) => {
                    out.push(0);
                    values.iter().for_each(|value| out.extend(value.to_bits().to_le_bytes()));
                }
                Column::S64(values) => {
                    out.push(1);
                    values.iter().for_each(|value| out.extend(value.to_le_bytes()));
                }
                Column::Codes { codes, labels } => {
                    out.push(2);
                    put_len(&mut out, labels.len());
                    labels.iter().for_each(|label| put_text(&mut out, label));
                    codes.iter().for_each(|code| out.extend(code.to_le_bytes()));
                }
            }
        }
        put_len(&mut out, self.about.len());
        for (name, value) in &self.about {
            put_text(&mut out, name);
            match value {
                Value::Boolean(value) => out.extend([0, u8::from(*value)]),
                Value::Integer(value) => {
                    out.push(1);
                    out.extend(value.to_le_bytes());
                }
                Value::Number(value) => {
                    out.push(2);
                    out.extend(value.to_bits().to_le_bytes());
                }
                Value::Text(value) => {
                    out.push(3);
                    put_text(&mut out, value);
                }
            }
        }
        out
    }

    /// The frame these canonical bytes encode.
    ///
    /// # Errors
    /// When the bytes are truncated, have a tail, or are not canonical.
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        let mut reader = Reader { bytes };
        if reader.take(4)? != MAGIC {
            return Err(FrameError::Encoding("wrong magic"));
        }
        let shape = match reader.byte()? {
            0 => Shape::Series,
            1 => Shape::Totals,
            2 => Shape::Samples,
            _ => return Err(FrameError::Encoding("unknown shape")),
        };
        let rows = reader.len()?;
        let mut columns = Vec::new();
        for _ in 0..reader.len()? {
            let name = reader.text()?;
            let column = match reader.byte()? {
                0 => Column::F64(reader.words(rows)?.map(f64::from_le_bytes).collect()),
                1 => Column::S64(reader.words(rows)?.map(i64::from_le_bytes).collect()),
                2 => {
                    let count = reader.len()?;
                    let mut labels = Vec::new();
                    for _ in 0..count {
                        labels.push(reader.text()?);
                    }
                    let codes = reader.words(rows)?.map(u32::from_le_bytes).collect();
                    Column::Codes { codes, labels }
                }
                _ => return Err(FrameError::Encoding("unknown column type")),
            };
            columns.push((name, column));
        }
        let mut about = Vec::new();
        for _ in 0..reader.len()? {
            let name = reader.text()?;
            let value = match reader.byte()? {
                0 => Value::Boolean(reader.byte()? != 0),
                1 => Value::Integer(i64::from_le_bytes(reader.word()?)),
                2 => Value::Number(f64::from_le_bytes(reader.word()?)),
                3 => Value::Text(reader.text()?),
                _ => return Err(FrameError::Encoding("unknown value type")),
            };
            about.push((name, value));
        }
        if !reader.bytes.is_empty() {
            return Err(FrameError::Encoding("bytes after the end"));
        }
        let frame = Self::new(shape, columns, about)?;
        if frame.rows != rows {
            return Err(FrameError::Encoding("wrong row count"));
        }
        Ok(frame)
    }
}

fn put_len(out: &mut Vec<u8>, len: usize) {
    out.extend((len as u64).to_le_bytes());
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_len(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], FrameError> {
        let (head, tail) = self.bytes.split_at_checked(len).ok_or(FrameError::Encoding("truncated"))?;
        self.bytes = tail;
        Ok(head)
    }

    fn byte(&mut self) -> Result<u8, FrameError> {
        self.take(1).map(|bytes| bytes[0])
    }

    fn word<const N: usize>(&mut self) -> Result<[u8; N], FrameError> {
        let mut word = [0; N];
        word.copy_from_slice(self.take(N)?);
        Ok(word)
    }

    fn words<const N: usize>(
        &mut self,
        count: usize,
    ) -> Result<impl Iterator<Item = [u8; N]> + use<'a, N>, FrameError> {
        let len = count.checked_mul(N).ok_or(FrameError::Encoding("length overflows"))?;
        let bytes = self.take(len)?;
        Ok(bytes.as_chunks::<N>().0.iter().copied())
    }

    fn len(&mut self) -> Result<usize, FrameError> {
        let len = u64::from_le_bytes(self.word()?);
        usize::try_from(len).map_err(|_| FrameError::Encoding("length overflows"))
    }

    fn text(&mut self) -> Result<String, FrameError> {
        let len = self.len()?;
        String::from_utf8(self.take(len)?.to_vec()).map_err(|_| FrameError::Encoding("a text is not UTF-8"))
    }
}
