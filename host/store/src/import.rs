//! A running import: a transaction that takes points in chunks and knows what each one changes.

use std::collections::HashMap;

use jiff::Timestamp;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::MetricKey;
use yardstick_domain::people::Actor;
use yardstick_domain::point::{Batch, Dimensions, Measure, Point};
use yardstick_domain::time::Window;

use crate::audit::Act;
use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::points::duplicate;
use crate::rows::{json, values};

mod bulk;
mod keys;

use bulk::{Key, NewRow};
pub use keys::KeyedImport;

/// Points per statement. More of them gain nothing; SQLite allows 32,766 values in a statement, PostgreSQL
/// 65,535.
const CHUNK: usize = 1_000;
/// Series whose ids are remembered, so that memory stays bounded whatever a file holds.
const REMEMBERED: usize = 100_000;

/// What is said of an import before its first point.
#[derive(Debug, Clone)]
pub struct NewBatch {
    /// The metric.
    pub metric: MetricKey,
    /// Hash of its meaning as the points are read.
    pub definition: Digest,
    /// Where the points come from, such as a file name.
    pub origin: String,
    /// Who imports it.
    pub by: Actor,
}

/// A running import. Nothing of it is seen by anybody before [`Import::finish`], and nothing remains of it if
/// it is dropped, or the process dies, before that. Memory does not grow with the number of points.
///
/// On SQLite nobody else can write meanwhile: do not wait for a slow sender with one in hand.
#[derive(Debug)]
pub struct Import {
    tx: Tx,
    id: i64,
    metric: MetricKey,
    by: Actor,
    counts: Counts,
    series: HashMap<Dimensions, Series>,
    /// Number of the current chunk, from 1; 0: no key has been marked as seen yet.
    chunk: i64,
    replaced: Option<Window>,
    /// The idempotency key it is kept under.
    key: Option<keys::Kept>,
}

#[derive(Debug, Default)]
struct Counts {
    new: u64,
    unchanged: u64,
    corrected: u64,
    withdrawn: u64,
}

/// A series and the buckets it has points for. A bucket outside them is new without a look-up, which is the
/// rule: most files go on where the last one ended.
#[derive(Debug, Clone, Copy)]
struct Series {
    id: i64,
    /// First and last bucket, in unix milliseconds.
    span: Option<(i64, i64)>,
}

impl Series {
    /// Takes a bucket in; whether it lies outside of all before.
    fn extend(&mut self, bucket: i64) -> bool {
        let outside = self.span.is_none_or(|(first, last)| bucket < first || last < bucket);
        if outside {
            let (first, last) = self.span.unwrap_or((bucket, bucket));
            self.span = Some((first.min(bucket), last.max(bucket)));
        }
        outside
    }
}

impl Store {
    /// Starts an import into a metric. Imports into one metric wait for each other.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the metric is not defined, [`StoreError::Conflict`] when it means something
    /// else by now.
    pub async fn begin_import(&self, batch: NewBatch) -> Result<Import> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Metric(&batch.metric)).await?;
        let key = batch.metric.as_str();
        match tx.metric_meaning(&batch.metric).await? {
            None => return Err(StoreError::not_found(format!("metric {key}"))),
            Some(meaning) if meaning != batch.definition => {
                return Err(StoreError::conflict(format!(
                    "{key} was defined anew meanwhile; nothing was written, import the file again"
                )));
            }
            Some(_) => {}
        }
        tx.by_index().await?;
        let sql = "INSERT INTO batches (metric, origin, hash, actor, received_at, new_rows, unchanged_rows, \
                   corrected_rows, withdrawn_rows) VALUES ($1, $2, '', $3, 0, 0, 0, 0, 0) RETURNING id";
        let values = values![key, batch.origin, &batch.by];
        let id = tx.one(sql, values).await?.get("id")?;
        Ok(Import {
            tx,
            id,
            metric: batch.metric,
            by: batch.by,
            counts: Counts::default(),
            series: HashMap::new(),
            chunk: 0,
            replaced: None,
            key: None,
        })
    }
}

impl Import {
    /// Takes points, in any order and any number at a time; thousands at a time are fastest.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a key comes twice in the import or a number is not finite. The import
    /// can only be dropped then.
    pub async fn push(&mut self, points: &[Point]) -> Result<()> {
        for chunk in points.chunks(CHUNK) {
            self.push_chunk(chunk).await?;
        }
        Ok(())
    }

    /// Makes the import replace what is known in these buckets: on [`Import::finish`], known values whose
    /// keys are not in the import are withdrawn.
    pub fn replace(&mut self, buckets: Window) {
        self.replaced = Some(buckets);
    }

    /// Ends the import with the hash of what was read, the watermark it declares and the instant it is seen from:
    /// now, not when it began, because nobody knew of it while it ran. Recorded even if it changes nothing: somebody
    /// looked.
    ///
    /// # Errors
    /// When the database fails; nothing was written then.
    pub async fn finish(
        mut self,
        hash: Digest,
        complete_through: Option<Timestamp>,
        received_at: Timestamp,
    ) -> Result<Batch> {
        if let Some(buckets) = self.replaced {
            self.mark(&[]).await?;
            self.counts.withdrawn = bulk::withdraw(&mut self.tx, &self.metric, self.id, buckets).await?;
        }
        if self.chunk > 0 {
            bulk::forget_seen(&mut self.tx).await?;
        }
        let Counts { new, unchanged, corrected, withdrawn } = self.counts;
        let sql = "UPDATE batches SET hash = $1, complete_through = $2, new_rows = $3, unchanged_rows = $4, \
                   corrected_rows = $5, withdrawn_rows = $6, received_at = $7 WHERE id = $8";
        let [new, unchanged, corrected, withdrawn] = [new, unchanged, corrected, withdrawn].map(|n| n as i64);
        let values =
            values![hash, complete_through, new, unchanged, corrected, withdrawn, received_at, self.id];
        self.tx.execute(sql, values).await?;
        if let Some(kept) = self.key.take() {
            keys::keep(&mut self.tx, self.id, &kept).await?;
        }
        let batch = self.tx.batch(self.id).await?;
        self.tx.values_arrived(&self.metric, received_at).await?;
        let detail = serde_json::json!({
            "import": self.id, "file": hash, "new": new, "corrected": corrected, "withdrawn": withdrawn,
        });
        let (subject, by, at) = (format!("metric {}", self.metric), &self.by, received_at);
        self.tx.audit(Act { action: "import", subject, detail, by, at }).await?;
        self.tx.commit().await?;
        batch.ok_or_else(|| StoreError::corrupt(format!("import {} vanished", self.id)))
    }

    /// Gives the import up. Dropping it does the same, but later.
    ///
    /// # Errors
    /// When the database fails; nothing was written anyway.
    pub async fn abandon(self) -> Result<()> {
        self.tx.rollback().await
    }

    async fn push_chunk(&mut self, points: &[Point]) -> Result<()> {
        self.remember_series(points).await?;
        let mut fresh = Vec::with_capacity(points.len());
        let mut others = Vec::new();
        for point in points {
            let Measure { sum, n, sum_sq } = point.measure;
            if [Some(sum), n, sum_sq].into_iter().flatten().any(|number| !number.is_finite()) {
                let what = format!("the value at {} is not finite; nothing was written", point.bucket);
                return Err(StoreError::conflict(what));
            }
            let Some(series) = self.series.get_mut(&point.dimensions) else {
                return Err(StoreError::corrupt(format!("a series of {} vanished", self.metric)));
            };
            let bucket = point.bucket.as_millisecond();
            let row = NewRow { key: (series.id, bucket), measure: point.measure };
            if series.extend(bucket) {
                fresh.push(row);
            } else {
                others.push((row, point));
            }
        }
        self.counts.new += fresh.len() as u64;
        bulk::insert(&mut self.tx, self.id, &fresh).await?;
        self.push_known(&others).await
    }

    /// Takes points that may be known: within the span of their series.
    async fn push_known(&mut self, points: &[(NewRow, &Point)]) -> Result<()> {
        if points.is_empty() {
            return Ok(());
        }
        let keys: Vec<Key> = points.iter().map(|(row, _)| row.key).collect();
        if let Some(twice) = self.mark(&keys).await? {
            return Err(self.comes_twice(twice, points));
        }
        let known = bulk::known(&mut self.tx, &keys).await?;
        let mut changed = Vec::new();
        for (row, _) in points {
            match known.get(&row.key) {
                Some(known) if known.batch == self.id => return Err(self.comes_twice(row.key, points)),
                Some(known) if known.measure == Some(row.measure) => self.counts.unchanged += 1,
                Some(known) if known.measure.is_some() => {
                    self.counts.corrected += 1;
                    changed.push(*row);
                }
                // Never known, undone, or withdrawn.
                _ => {
                    self.counts.new += 1;
                    changed.push(*row);
                }
            }
        }
        bulk::insert(&mut self.tx, self.id, &changed).await
    }

    /// Marks keys as seen in this import; a key that was seen before.
    async fn mark(&mut self, keys: &[Key]) -> Result<Option<Key>> {
        if self.chunk == 0 {
            bulk::start_seen(&mut self.tx).await?;
        }
        self.chunk += 1;
        bulk::mark_seen(&mut self.tx, self.chunk, keys).await
    }

    fn comes_twice(&self, key: Key, points: &[(NewRow, &Point)]) -> StoreError {
        match points.iter().find(|(row, _)| row.key == key) {
            Some((_, point)) => duplicate(point.bucket, &point.dimensions),
            None => StoreError::conflict(format!("a bucket of {} comes twice in one import", self.metric)),
        }
    }

    /// Gets the series of these points, making those that are new.
    async fn remember_series(&mut self, points: &[Point]) -> Result<()> {
        if self.series.len() > REMEMBERED {
            self.series.clear();
        }
        for point in points {
            if self.series.contains_key(&point.dimensions) {
                continue;
            }
            let key = self.metric.as_str();
            let dimensions = json(&point.dimensions)?;
            let sql = "INSERT INTO series (metric, dimensions) VALUES ($1, $2) \
                       ON CONFLICT (metric, dimensions) DO NOTHING";
            self.tx.execute(sql, values![key, dimensions.as_str()]).await?;
            let sql = "SELECT id, (SELECT min(bucket) FROM points WHERE series = id) AS first, \
                       (SELECT max(bucket) FROM points WHERE series = id) AS last \
                       FROM series WHERE metric = $1 AND dimensions = $2";
            let row = self.tx.one(sql, values![key, dimensions]).await?;
            let span = row.get::<Option<i64>>("first")?.zip(row.get("last")?);
            self.series.insert(point.dimensions.clone(), Series { id: row.get("id")?, span });
        }
        Ok(())
    }
}
