//! The data a judge asked for.

use crate::bindings::yardstick::judge::frames::Frame as HostFrame;
use crate::testing::Memory;
use crate::{Facts, Moments, Shape};

/// Values read with one host call. Larger chunks gain nothing and hold more memory.
const CHUNK: u32 = 16_384;

/// The frames of a plan, by their key.
#[derive(Debug)]
pub struct Frames(Vec<(String, Frame)>);

impl Frames {
    pub(crate) fn from_host(frames: Vec<(String, HostFrame)>) -> Self {
        Self(frames.into_iter().map(|(key, frame)| (key, Frame::new(Source::Host(frame)))).collect())
    }

    pub(crate) fn from_memory(frames: Vec<(String, Memory)>) -> Self {
        Self(frames.into_iter().map(|(key, frame)| (key, Frame::new(Source::Memory(frame)))).collect())
    }

    /// The frame of the query with this key.
    ///
    /// # Errors
    /// When the plan had no such query.
    pub fn get(&self, key: &str) -> Result<&Frame, String> {
        let found = self.0.iter().find(|(known, _)| known == key);
        found
            .map(|(_, frame)| frame)
            .ok_or_else(|| format!("there is no frame \"{key}\"; the plan asks for none"))
    }
}

/// A small columnar table. Its columns by shape: series `time`, `value`, `n`, `sum`, `sum_sq`; totals
/// `value`, `n`, `sum`, `sum_sq`, `buckets`, `expected`; samples `value`; and one column of texts per split.
#[derive(Debug)]
pub struct Frame {
    source: Source,
    columns: Vec<String>,
}

/// The host's table, or one of a native test.
#[derive(Debug)]
enum Source {
    Host(HostFrame),
    Memory(Memory),
}

impl Frame {
    fn new(source: Source) -> Self {
        let columns = match &source {
            Source::Host(frame) => frame.columns(),
            Source::Memory(frame) => frame.columns(),
        };
        Self { source, columns }
    }

    /// What the frame holds.
    #[must_use]
    pub fn shape(&self) -> Shape {
        match &self.source {
            Source::Host(frame) => frame.shape(),
            Source::Memory(frame) => frame.shape(),
        }
    }

    /// Rows of every column.
    #[must_use]
    pub fn rows(&self) -> u64 {
        match &self.source {
            Source::Host(frame) => frame.rows(),
            Source::Memory(frame) => frame.rows(),
        }
    }

    /// Names of the columns, in order.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// All numbers of a column; null is NaN.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn numbers(&self, column: &str) -> Result<Vec<f64>, String> {
        let index = self.index(column)?;
        Ok(self.read(|offset, max| match &self.source {
            Source::Host(frame) => frame.f64s(index, offset, max),
            Source::Memory(frame) => frame.f64s(index, offset, max),
        }))
    }

    /// All whole numbers of a column, such as the instants of `time`.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn integers(&self, column: &str) -> Result<Vec<i64>, String> {
        let index = self.index(column)?;
        Ok(self.read(|offset, max| match &self.source {
            Source::Host(frame) => frame.s64s(index, offset, max),
            Source::Memory(frame) => frame.s64s(index, offset, max),
        }))
    }

    /// All texts of a split's column.
    ///
    /// # Errors
    /// When there is no such column, or a code of it has no label.
    pub fn texts(&self, column: &str) -> Result<Vec<String>, String> {
        let index = self.index(column)?;
        let labels = match &self.source {
            Source::Host(frame) => frame.labels(index),
            Source::Memory(frame) => frame.labels(index),
        };
        let codes = self.read(|offset, max| match &self.source {
            Source::Host(frame) => frame.codes(index, offset, max),
            Source::Memory(frame) => frame.codes(index, offset, max),
        });
        let label = |code: u32| labels.get(code as usize).cloned();
        let texts: Option<Vec<String>> = codes.into_iter().map(label).collect();
        texts.ok_or_else(|| format!("column \"{column}\" has a code without a label"))
    }

    /// The number in the only row, of a totals frame without splits; none: null, or no row.
    ///
    /// # Errors
    /// When there is no such column, or several rows.
    pub fn number(&self, column: &str) -> Result<Option<f64>, String> {
        let numbers = self.numbers(column)?;
        match numbers.as_slice() {
            [] => Ok(None),
            [number] => Ok((!number.is_nan()).then_some(*number)),
            more => Err(format!("column \"{column}\" has {} rows; one was expected", more.len())),
        }
    }

    /// A column of totals with one row, such as `sum`; `None`: it is null, or days of the window are missing, so that
    /// it may be less than there was.
    ///
    /// # Errors
    /// When there is no such column, or another number of rows than one.
    pub fn whole(&self, column: &str) -> Result<Option<f64>, String> {
        let whole = self.number("buckets")? >= self.number("expected")?;
        Ok(self.number(column)?.filter(|_| whole))
    }

    /// Moments of a column's finite values, which the host takes in row order.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn moments(&self, column: &str) -> Result<Moments, String> {
        let index = self.index(column)?;
        Ok(match &self.source {
            Source::Memory(frame) => frame.moments(index),
            Source::Host(frame) => {
                let found = frame.moments(index);
                Moments {
                    n: found.n,
                    nulls: found.nulls,
                    sum: found.sum,
                    mean: found.mean,
                    m2: found.m2,
                    min: found.min,
                    max: found.max,
                }
            }
        })
    }

    /// Quantiles (type 7) of a column's finite values; NaN when there are none. At most 64, each in 0..=1.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn quantiles(&self, column: &str, qs: &[f64]) -> Result<Vec<f64>, String> {
        let index = self.index(column)?;
        Ok(match &self.source {
            Source::Host(frame) => frame.quantiles(index, qs),
            Source::Memory(frame) => frame.quantiles(index, qs),
        })
    }

    /// What is known of the data: `source`, `window-start`, `buckets-expected`, …
    #[must_use]
    pub fn about(&self) -> Facts {
        Facts(match &self.source {
            Source::Host(frame) => frame.about(),
            Source::Memory(frame) => frame.about(),
        })
    }

    fn index(&self, column: &str) -> Result<u32, String> {
        let index = self.columns.iter().position(|known| known == column);
        index.and_then(|index| u32::try_from(index).ok()).ok_or_else(|| {
            format!("there is no column \"{column}\"; the frame has {}", self.columns.join(", "))
        })
    }

    fn read<T>(&self, chunk: impl Fn(u64, u32) -> Vec<T>) -> Vec<T> {
        let rows = self.rows();
        let mut values = chunk(0, CHUNK);
        while (values.len() as u64) < rows {
            let more = chunk(values.len() as u64, CHUNK);
            if more.is_empty() {
                break;
            }
            values.extend(more);
        }
        values
    }
}
