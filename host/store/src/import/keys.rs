//! Idempotency keys: the same import again is answered, not done.

use jiff::Timestamp;
use serde_json::Value as Json;
use yardstick_domain::ids::{IdempotencyKey, MetricKey};
use yardstick_domain::people::Actor;
use yardstick_domain::point::Batch;

use super::Import;
use crate::database::{Store, Tx};
use crate::error::{Result, StoreError};
use crate::rows::{json, values};

/// First and last bucket with a value; `None`: there was none.
type Buckets = Option<(Timestamp, Timestamp)>;

/// An import that was made under an idempotency key.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyedImport {
    /// The import as it stands now: it may have been undone since.
    pub batch: Batch,
    /// What was asked beside the values, as the caller of [`Import::keep_under`] wrote it down.
    pub options: Json,
    /// Its first and its last bucket with a value; `None`: it had none.
    pub buckets: Buckets,
}

/// What a running import is to be kept under.
#[derive(Debug)]
pub(super) struct Kept {
    metric: MetricKey,
    by: Actor,
    key: IdempotencyKey,
    options: Json,
    buckets: Buckets,
}

impl Store {
    /// What this caller imported into a metric under a key; `None`: nothing that was committed. Takes no lock:
    /// ask [`Import::made_under`] again once an import has begun.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn import_under(
        &self,
        metric: &MetricKey,
        by: &Actor,
        key: &IdempotencyKey,
    ) -> Result<Option<KeyedImport>> {
        look_up(&mut self.read().await?, metric, by, key).await
    }
}

impl Import {
    /// As [`Store::import_under`], for good: other imports into the metric wait for this one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn made_under(&mut self, by: &Actor, key: &IdempotencyKey) -> Result<Option<KeyedImport>> {
        look_up(&mut self.tx, &self.metric, by, key).await
    }

    /// Makes [`Import::finish`] keep the import under a key that has nothing yet, in the same transaction.
    pub fn keep_under(&mut self, by: &Actor, key: &IdempotencyKey, options: Json, buckets: Buckets) {
        let (metric, by, key) = (self.metric.clone(), by.clone(), key.clone());
        self.key = Some(Kept { metric, by, key, options, buckets });
    }
}

async fn look_up(
    tx: &mut Tx,
    metric: &MetricKey,
    by: &Actor,
    key: &IdempotencyKey,
) -> Result<Option<KeyedImport>> {
    let sql = "SELECT batch, options, oldest, newest FROM import_keys \
               WHERE metric = $1 AND actor = $2 AND key = $3";
    let Some(row) = tx.optional(sql, values![metric.as_str(), by, key.as_str()]).await? else {
        return Ok(None);
    };
    let id: i64 = row.get("batch")?;
    let batch = tx.batch(id).await?;
    let batch = batch.ok_or_else(|| StoreError::corrupt(format!("import {id} of a key is missing")))?;
    let options = row.json("options", &format!("the key of import {id}"))?;
    let buckets = row.maybe_instant("oldest")?.zip(row.maybe_instant("newest")?);
    Ok(Some(KeyedImport { batch, options, buckets }))
}

pub(super) async fn keep(tx: &mut Tx, batch: i64, kept: &Kept) -> Result<()> {
    let Kept { metric, by, key, options, buckets } = kept;
    let sql = "INSERT INTO import_keys (metric, actor, key, batch, options, oldest, newest) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let (oldest, newest) = buckets.unzip();
    tx.execute(sql, values![metric.as_str(), by, key.as_str(), batch, json(options)?, oldest, newest])
        .await?;
    Ok(())
}
