//! Points as they came: every value that a bucket has had, series by series.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;
use yardstick_domain::ids::MetricKey;
use yardstick_domain::point::{Dimensions, Measure};
use yardstick_domain::time::Window;

use crate::database::Store;
use crate::error::Result;
use crate::page::Page;
use crate::points::known;
use crate::rows::{Row, Value, json, values};

/// Which points of a metric to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointFilter {
    /// Of buckets that start in here.
    pub range: Window,
    /// Of series that have all of these values of dimensions; empty: of any series.
    pub dimensions: Dimensions,
    /// Only what had been received by then, and not been undone by then; `None`: as known now.
    pub known_at: Option<Timestamp>,
}

/// Where a page of points ends: the canonical text of a series' dimensions, and the start of a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointCursor {
    /// Of the series.
    pub dimensions: String,
    /// Of the bucket.
    pub bucket: Timestamp,
}

/// A bucket of a series with every value that it has had.
#[derive(Debug, Clone, PartialEq)]
pub struct PointHistory {
    /// The start of the bucket.
    pub bucket: Timestamp,
    /// The series; empty: the total.
    pub dimensions: Dimensions,
    /// Its values in the order they came, never none; the last one counts.
    pub values: Vec<PointValue>,
}

/// A value that a bucket had from an import on.
#[derive(Debug, Clone, PartialEq)]
pub struct PointValue {
    /// The number of the import.
    pub import: i64,
    /// When it was received.
    pub received_at: Timestamp,
    /// The numbers; `None`: the import withdrew what was there.
    pub measure: Option<Measure>,
}

impl Store {
    /// Points of a metric by the canonical text of their dimensions and then by bucket, a page of at most `limit` at a
    /// time, those after `after`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn point_history(
        &self,
        metric: &MetricKey,
        filter: &PointFilter,
        after: Option<&PointCursor>,
        limit: u32,
    ) -> Result<Page<PointHistory, PointCursor>> {
        let (sql, values) = list(metric, filter, after, limit)?;
        let mut found: Vec<(String, PointHistory)> = Vec::new();
        self.each(AssertSqlSafe(sql), values, |row| {
            let (dimensions, bucket) = (row.get::<String>("dimensions")?, row.instant("bucket")?);
            let value = value(row)?;
            match found.last_mut() {
                Some((of, point)) if *of == dimensions && point.bucket == bucket => point.values.push(value),
                _ => {
                    let read = row.json("dimensions", &format!("a series of {metric}"))?;
                    let point = PointHistory { bucket, dimensions: read, values: vec![value] };
                    found.push((dimensions, point));
                }
            }
            Ok(())
        })
        .await?;
        let page = Page::of(found, limit, |(dimensions, point)| PointCursor {
            dimensions: dimensions.clone(),
            bucket: point.bucket,
        });
        Ok(Page { items: page.items.into_iter().map(|(_, point)| point).collect(), next: page.next })
    }
}

fn value(row: &Row) -> Result<PointValue> {
    let sum: Option<f64> = row.get("sum")?;
    let (n, sum_sq) = (row.get("n")?, row.get("sum_sq")?);
    Ok(PointValue {
        import: row.get("batch")?,
        received_at: row.instant("received_at")?,
        measure: sum.map(|sum| Measure { sum, n, sum_sq }),
    })
}

/// The statement of a page. A bucket is found by its first value, in the order of the keys, so that nothing is sorted
/// and the limit ends the reading.
fn list(
    metric: &MetricKey,
    filter: &PointFilter,
    after: Option<&PointCursor>,
    limit: u32,
) -> Result<(String, Vec<Value>)> {
    let (dimensions, bucket) = match after {
        Some(after) => (after.dimensions.as_str(), after.bucket.as_millisecond()),
        None => ("", i64::MIN),
    };
    let Window { start, end } = filter.range;
    let mut values = values![
        metric.as_str(),
        dimensions,
        bucket,
        start,
        end,
        known(filter.known_at),
        i64::from(limit) + 1
    ];
    let mut of_series = String::new();
    for (name, value) in &filter.dimensions {
        let pair = Dimensions::from([(name.clone(), value.clone())]);
        let text = json(&pair)?;
        // As it is in the text of a series: first in it, or behind another one. A quote inside of a name or a value has
        // a backslash before it, so that nothing else looks like it.
        let pair = &text[1..text.len() - 1];
        values.push(format!("{{{pair}").into());
        values.push(format!(",{pair}").into());
        let (first, later) = (values.len() - 1, values.len());
        of_series += &format!(
            " AND (replace(s.dimensions, ${first}, '') <> s.dimensions \
             OR replace(s.dimensions, ${later}, '') <> s.dimensions)"
        );
    }
    let sql = format!(
        "SELECT keys.dimensions, keys.bucket, p.batch, p.sum, p.n, p.sum_sq, b.received_at \
         FROM (SELECT s.id AS series, s.dimensions, q.bucket FROM series s JOIN points q ON q.series = s.id \
               JOIN batches c ON c.id = q.batch \
               WHERE s.metric = $1 AND s.dimensions >= $2 AND (s.dimensions > $2 OR q.bucket > $3) \
               AND q.bucket >= $4 AND q.bucket < $5 \
               AND c.received_at <= $6 AND (c.undone_at IS NULL OR c.undone_at > $6){of_series} \
               AND NOT EXISTS (SELECT 1 FROM points e JOIN batches d ON d.id = e.batch \
                   WHERE e.series = q.series AND e.bucket = q.bucket AND e.batch < q.batch \
                   AND d.received_at <= $6 AND (d.undone_at IS NULL OR d.undone_at > $6)) \
               ORDER BY s.dimensions, q.bucket LIMIT $7) keys \
         JOIN points p ON p.series = keys.series AND p.bucket = keys.bucket JOIN batches b ON b.id = p.batch \
         WHERE b.received_at <= $6 AND (b.undone_at IS NULL OR b.undone_at > $6) \
         ORDER BY keys.dimensions, keys.bucket, p.batch"
    );
    Ok((sql, values))
}
