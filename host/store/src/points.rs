//! Reading points: the values that count, now or as known at an earlier instant.

use std::sync::Arc;

use jiff::Timestamp;
use yardstick_domain::ids::MetricKey;
use yardstick_domain::point::{Coverage, Dimensions, Measure, StoredPoint};
use yardstick_domain::time::Window;

use crate::database::{Store, Tx};
use crate::error::{Result, StoreError};
use crate::rows::{Row, values};

impl Store {
    /// The values of a metric that count in the buckets of this range, by bucket and then by the canonical
    /// text of their dimensions. `known_at`: only what had been received by then, and not been undone by
    /// then.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn points(
        &self,
        metric: &MetricKey,
        range: Window,
        known_at: Option<Timestamp>,
    ) -> Result<Vec<StoredPoint>> {
        // In the order of the keys, so that nothing has to be sorted while it is read.
        let sql = "SELECT p.series, s.dimensions, p.bucket, p.sum, p.n, p.sum_sq, b.received_at \
                   FROM series s JOIN points p ON p.series = s.id JOIN batches b ON b.id = p.batch \
                   WHERE s.metric = $1 AND p.bucket >= $2 AND p.bucket < $3 \
                   AND b.received_at <= $4 AND (b.undone_at IS NULL OR b.undone_at > $4) \
                   ORDER BY s.dimensions, p.bucket, p.batch";
        let values = values![metric.as_str(), range.start, range.end, known(known_at)];
        let mut counting = Counting::default();
        self.each(sql, values, |row| counting.take(row)).await?;
        let mut points = counting.points;
        // Stable: within a bucket, they stay in the order of their dimensions.
        points.sort_by_key(|stored| stored.bucket);
        Ok(points)
    }

    /// The watermark of a metric: its points are complete up to here; `None`: nobody has declared one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn complete_through(
        &self,
        metric: &MetricKey,
        known_at: Option<Timestamp>,
    ) -> Result<Option<Timestamp>> {
        self.read().await?.complete_through(metric, known(known_at)).await
    }

    /// How much of a metric is known, over all its dimensions. Reads all its points: for the watermark alone,
    /// [`Store::complete_through`] is quicker.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn coverage(&self, metric: &MetricKey, known_at: Option<Timestamp>) -> Result<Coverage> {
        let mut tx = self.read().await?;
        let complete_through = tx.complete_through(metric, known(known_at)).await?;
        let values = values![metric.as_str(), known(known_at)];
        let sql = "SELECT count(DISTINCT p.bucket) AS buckets, \
                   min(p.bucket) AS oldest, max(p.bucket) AS newest \
                   FROM (SELECT q.series, q.bucket, max(q.batch) AS batch FROM series s \
                         JOIN points q ON q.series = s.id JOIN batches b ON b.id = q.batch \
                         WHERE s.metric = $1 \
                         AND b.received_at <= $2 AND (b.undone_at IS NULL OR b.undone_at > $2) \
                         GROUP BY q.series, q.bucket) newest \
                   JOIN points p ON p.series = newest.series AND p.bucket = newest.bucket \
                       AND p.batch = newest.batch \
                   WHERE p.sum IS NOT NULL";
        let row = tx.one(sql, values).await?;
        Ok(Coverage {
            buckets: row.count("buckets")?,
            oldest: row.maybe_instant("oldest")?,
            newest: row.maybe_instant("newest")?,
            complete_through,
        })
    }
}

impl Tx {
    async fn complete_through(&mut self, metric: &MetricKey, known_at: i64) -> Result<Option<Timestamp>> {
        let sql = "SELECT max(complete_through) AS complete_through FROM batches WHERE metric = $1 \
                   AND received_at <= $2 AND (undone_at IS NULL OR undone_at > $2)";
        self.one(sql, values![metric.as_str(), known_at]).await?.maybe_instant("complete_through")
    }
}

/// Everything received so far is known at the end of time, and nothing will have been undone after it.
pub(crate) fn known(known_at: Option<Timestamp>) -> i64 {
    known_at.map_or(i64::MAX, Timestamp::as_millisecond)
}

/// The values that count: of each key's rows, which follow each other oldest first, the last one, unless it
/// withdraws the key.
#[derive(Default)]
struct Counting {
    /// Of the series at hand.
    dimensions: Arc<Dimensions>,
    points: Vec<StoredPoint>,
    /// The key of the row before, how many values it has had so far, and whether the last point is its.
    before: Option<(i64, i64)>,
    values: u32,
    shown: bool,
}

impl Counting {
    fn take(&mut self, row: &Row) -> Result<()> {
        let key: (i64, i64) = (row.get("series")?, row.get("bucket")?);
        if self.before.is_none_or(|(series, _)| series != key.0) {
            self.dimensions = Arc::new(row.json("dimensions", &format!("series {}", key.0))?);
        }
        if self.before != Some(key) {
            (self.before, self.values, self.shown) = (Some(key), 0, false);
        }
        if self.shown {
            self.points.pop();
        }
        let sum: Option<f64> = row.get("sum")?;
        self.shown = sum.is_some();
        if let Some(sum) = sum {
            self.points.push(StoredPoint {
                bucket: row.instant("bucket")?,
                dimensions: Arc::clone(&self.dimensions),
                measure: Measure { sum, n: row.get("n")?, sum_sq: row.get("sum_sq")? },
                received_at: row.instant("received_at")?,
                corrections: self.values,
            });
            self.values += 1;
        }
        Ok(())
    }
}

/// Names a point in a message.
pub(crate) fn duplicate(bucket: Timestamp, dimensions: &Dimensions) -> StoreError {
    let dimensions: Vec<String> = dimensions.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let of = if dimensions.is_empty() { String::new() } else { format!(" of {}", dimensions.join(", ")) };
    StoreError::conflict(format!("the bucket {bucket}{of} comes twice in one import; nothing was written"))
}
