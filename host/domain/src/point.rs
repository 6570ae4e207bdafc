//! Metric values: points, corrections, import batches, watermarks.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::ids::MetricKey;
use crate::metric::Kind;
use crate::people::Actor;

/// Dimension to value. Empty: the total over all dimensions.
pub type Dimensions = BTreeMap<String, String>;

/// The numbers of a bucket. Finite; which are present depends on the kind.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// The level of a gauge, the amount of a sum, the sum of a mean, the numerator of a ratio.
    pub sum: f64,
    /// The units of a mean, the denominator of a ratio; `None` for gauges and sums.
    pub n: Option<f64>,
    /// The sum of squares of a mean; `None` otherwise.
    pub sum_sq: Option<f64>,
}

/// Why numbers are no measure of a kind.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{field}: {found} {expected}")]
pub struct BadMeasure {
    /// The field at fault.
    pub field: &'static str,
    /// The value.
    pub found: String,
    /// What was expected, completing the sentence.
    pub expected: &'static str,
}

impl Measure {
    /// A gauge's level or a sum's amount.
    #[must_use]
    pub const fn of(sum: f64) -> Self {
        Self { sum, n: None, sum_sq: None }
    }

    /// Checks the numbers against a kind.
    ///
    /// # Errors
    /// When a number is not finite, a count negative, or the sum of squares smaller than it can be.
    pub fn check(&self, kind: Kind) -> Result<(), BadMeasure> {
        let names = match kind {
            Kind::Gauge | Kind::Sum => ["value", "n", "sum_sq"],
            Kind::Mean => ["sum", "n", "sum_sq"],
            Kind::Ratio => ["numerator", "denominator", "sum_sq"],
        };
        let numbers = [Some(self.sum), self.n, self.sum_sq];
        for (field, number) in names.into_iter().zip(numbers) {
            if let Some(number) = number.filter(|number| !number.is_finite()) {
                return Err(bad(field, number, "is not a finite number"));
            }
        }
        if let Some(n) = self.n.filter(|n| *n < 0.0) {
            return Err(bad(names[1], n, "is negative"));
        }
        if let (Kind::Mean, Some(n), Some(sum_sq)) = (kind, self.n, self.sum_sq) {
            if n != n.trunc() {
                return Err(bad("n", n, "is not a whole number of units"));
            }
            // Cauchy–Schwarz, with room for rounding.
            if sum_sq * n < self.sum * self.sum * (1.0 - 1e-9) {
                return Err(bad("sum_sq", sum_sq, "is smaller than sum² / n, which is impossible"));
            }
        }
        Ok(())
    }
}

fn bad(field: &'static str, found: f64, expected: &'static str) -> BadMeasure {
    BadMeasure { field, found: found.to_string(), expected }
}

/// A value of a metric in one bucket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Start of its bucket.
    pub bucket: Timestamp,
    /// Its dimensions; empty: the total.
    pub dimensions: Dimensions,
    /// Its numbers.
    pub measure: Measure,
}

/// A point as the store has it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPoint {
    /// Start of its bucket.
    pub bucket: Timestamp,
    /// Its dimensions, which all points of a series share: of a million points, thousands differ in them.
    pub dimensions: Arc<Dimensions>,
    /// The value that counts.
    pub measure: Measure,
    /// When that value was received.
    pub received_at: Timestamp,
    /// How many earlier values it corrects.
    pub corrections: u32,
}

impl StoredPoint {
    /// The point as it was imported.
    #[must_use]
    pub fn point(&self) -> Point {
        Point { bucket: self.bucket, dimensions: (*self.dimensions).clone(), measure: self.measure }
    }
}

/// An import of points: a file or a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Ascending number, from 1.
    pub id: i64,
    /// The metric.
    pub metric: MetricKey,
    /// Where the points came from, such as a file name.
    pub origin: String,
    /// SHA-256 of the bytes that were read.
    pub hash: Digest,
    /// Who imported it.
    pub by: Actor,
    /// When it was done: its values are known from here on.
    pub received_at: Timestamp,
    /// The watermark it declares: points are complete up to here.
    pub complete_through: Option<Timestamp>,
    /// Rows with a key not seen before.
    pub new: u64,
    /// Rows that repeat what is known.
    pub unchanged: u64,
    /// Rows that change a known value.
    pub corrected: u64,
    /// Known values that a replacing import no longer has.
    pub withdrawn: u64,
    /// When it was undone.
    pub undone_at: Option<Timestamp>,
    /// Who undid it.
    pub undone_by: Option<Actor>,
}

/// What is known of a metric's points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Buckets with a value.
    pub buckets: u64,
    /// Start of the oldest.
    pub oldest: Option<Timestamp>,
    /// Start of the newest.
    pub newest: Option<Timestamp>,
    /// The watermark.
    pub complete_through: Option<Timestamp>,
}
