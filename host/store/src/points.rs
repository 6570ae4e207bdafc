//! Reading points: the values that count, now or as known at an earlier instant.

use jiff::Timestamp;
use yardstick_domain::ids::MetricKey;
use yardstick_domain::point::{Coverage, Dimensions, Measure, Point, StoredPoint};
use yardstick_domain::time::Window;

use crate::database::Store;
use crate::error::{Result, StoreError};
use crate::rows::{Row, values};

impl Store {
    /// The values of a metric that count in the buckets of this range, by bucket and then by the canonical text
    /// of their dimensions. `known_at`: only what had been received by then, and not been undone by then.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn points(
        &self,
        metric: &MetricKey,
        range: Window,
        known_at: Option<Timestamp>,
    ) -> Result<Vec<StoredPoint>> {
        let sql = "SELECT p.series, p.bucket, s.dimensions, p.sum, p.n, p.sum_sq, b.received_at \
                   FROM series s JOIN points p ON p.series = s.id JOIN batches b ON b.id = p.batch \
                   WHERE s.metric = $1 AND p.bucket >= $2 AND p.bucket < $3 \
                   AND b.received_at <= $4 AND (b.undone_at IS NULL OR b.undone_at > $4) \
                   ORDER BY p.bucket, s.dimensions, p.batch";
        let values = values![metric.as_str(), range.start, range.end, known(known_at)];
        let rows = self.read().await?.all(sql, values).await?;
        let mut points = Vec::with_capacity(rows.len());
        for group in rows.chunk_by(|one, other| same_key(one, other)) {
            points.extend(counting(group, metric)?);
        }
        Ok(points)
    }

    /// How much of a metric is known, over all its dimensions.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn coverage(&self, metric: &MetricKey, known_at: Option<Timestamp>) -> Result<Coverage> {
        let values = values![metric.as_str(), known(known_at)];
        let mut tx = self.read().await?;
        let sql = "SELECT max(complete_through) AS complete_through FROM batches WHERE metric = $1 \
                   AND received_at <= $2 AND (undone_at IS NULL OR undone_at > $2)";
        let complete_through = tx.one(sql, values.clone()).await?.maybe_instant("complete_through")?;
        let sql = "SELECT count(DISTINCT p.bucket) AS buckets, min(p.bucket) AS oldest, max(p.bucket) AS newest \
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

/// Everything received so far is known at the end of time, and nothing will have been undone after it.
fn known(known_at: Option<Timestamp>) -> i64 {
    known_at.map_or(i64::MAX, Timestamp::as_millisecond)
}

fn same_key(one: &Row, other: &Row) -> bool {
    let key = |row: &Row| Some((row.get::<i64>("series").ok()?, row.get::<i64>("bucket").ok()?));
    key(one) == key(other)
}

/// The value that counts among the values one key has had, oldest first; `None`: it was withdrawn.
fn counting(history: &[Row], metric: &MetricKey) -> Result<Option<StoredPoint>> {
    let mut earlier = 0;
    let mut counts = None;
    for row in history {
        earlier += u32::from(counts.is_some());
        counts = row.get::<Option<f64>>("sum")?.map(|sum| (row, sum));
    }
    let Some((row, sum)) = counts else { return Ok(None) };
    let dimensions: Dimensions = row.json("dimensions", &format!("a series of {metric}"))?;
    let measure = Measure { sum, n: row.get("n")?, sum_sq: row.get("sum_sq")? };
    let bucket = row.instant("bucket")?;
    Ok(Some(StoredPoint {
        point: Point { bucket, dimensions, measure },
        received_at: row.instant("received_at")?,
        corrections: earlier,
    }))
}

/// Names a point in a message.
pub(crate) fn duplicate(bucket: Timestamp, dimensions: &Dimensions) -> StoreError {
    let dimensions: Vec<String> = dimensions.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let of = if dimensions.is_empty() { String::new() } else { format!(" of {}", dimensions.join(", ")) };
    StoreError::conflict(format!("the bucket {bucket}{of} comes twice in one import; nothing was written"))
}
