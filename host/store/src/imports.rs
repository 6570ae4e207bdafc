//! Import batches: what came, what it changed, and taking it back.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;
use yardstick_domain::ids::MetricKey;
use yardstick_domain::people::Actor;
use yardstick_domain::point::Batch;

use crate::audit::Act;
use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::page::Page;
use crate::rows::{Row, values};

const BATCH: &str = "SELECT id, metric, origin, hash, actor, received_at, complete_through, new_rows, \
    unchanged_rows, corrected_rows, withdrawn_rows, undone_at, undone_by FROM batches";

impl Store {
    /// Imports, the newest first, a page of at most `limit` at a time; of one metric or of all. `before` is the
    /// cursor that the page before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn imports(
        &self,
        metric: Option<&MetricKey>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<Batch, i64>> {
        let (before, most) = (before.unwrap_or(i64::MAX), i64::from(limit) + 1);
        let mut tx = self.read().await?;
        let rows = match metric {
            Some(metric) => {
                let sql = format!("{BATCH} WHERE metric = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
                tx.all(AssertSqlSafe(sql), values![metric.as_str(), before, most]).await?
            }
            None => {
                let sql = format!("{BATCH} WHERE id < $1 ORDER BY id DESC LIMIT $2");
                tx.all(AssertSqlSafe(sql), values![before, most]).await?
            }
        };
        let items = rows.iter().map(batch).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, limit, |batch| batch.id))
    }

    /// One import.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn import(&self, id: i64) -> Result<Option<Batch>> {
        self.read().await?.batch(id).await
    }

    /// Takes the newest import of a metric back: its rows and its watermark no longer count, and stay on
    /// record.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such import; [`StoreError::Conflict`] when it is undone
    /// already, or later ones of its metric must be undone first.
    pub async fn undo_import(&self, id: i64, by: &Actor, at: Timestamp) -> Result<Batch> {
        let mut tx = self.write().await?;
        let unknown = || StoreError::not_found(format!("import {id}"));
        let metric = tx.batch(id).await?.ok_or_else(unknown)?.metric;
        tx.lock(Lock::Metric(&metric)).await?;
        let batch = tx.batch(id).await?.ok_or_else(unknown)?;
        if let Some(undone_at) = batch.undone_at {
            return Err(StoreError::conflict(format!("import {id} was undone at {undone_at}")));
        }
        let sql =
            "SELECT id FROM batches WHERE metric = $1 AND id > $2 AND undone_at IS NULL ORDER BY id DESC";
        let later = tx.all(sql, values![metric.as_str(), id]).await?;
        if !later.is_empty() {
            let ids = later.iter().map(|row| row.get::<i64>("id").map(|id| id.to_string()));
            let ids = ids.collect::<Result<Vec<_>>>()?.join(", ");
            return Err(StoreError::conflict(format!(
                "later imports of {metric} rest on import {id}; undo them first, in this order: {ids}"
            )));
        }
        let sql = "UPDATE batches SET undone_at = $1, undone_by = $2 WHERE id = $3";
        tx.execute(sql, values![at, by, id]).await?;
        let batch = tx.batch(id).await?.ok_or_else(unknown)?;
        tx.values_arrived(&metric, at).await?;
        let (subject, detail) = (format!("metric {metric}"), serde_json::json!({ "import": id }));
        tx.audit(Act { action: "undo-import", subject, detail, by, at }).await?;
        tx.commit().await?;
        Ok(batch)
    }
}

impl Tx {
    pub(crate) async fn batch(&mut self, id: i64) -> Result<Option<Batch>> {
        let row = self.optional(AssertSqlSafe(format!("{BATCH} WHERE id = $1")), values![id]).await?;
        row.as_ref().map(batch).transpose()
    }
}

fn batch(row: &Row) -> Result<Batch> {
    Ok(Batch {
        id: row.get("id")?,
        metric: row.parse("metric")?,
        origin: row.get("origin")?,
        hash: row.parse("hash")?,
        by: row.parse("actor")?,
        received_at: row.instant("received_at")?,
        complete_through: row.maybe_instant("complete_through")?,
        new: row.count("new_rows")?,
        unchanged: row.count("unchanged_rows")?,
        corrected: row.count("corrected_rows")?,
        withdrawn: row.count("withdrawn_rows")?,
        undone_at: row.maybe_instant("undone_at")?,
        undone_by: row.maybe_parse("undone_by")?,
    })
}
