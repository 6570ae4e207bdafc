//! The statements of an import that take many rows at once, each in the form its database is quick with:
//! rows of values on SQLite, arrays on PostgreSQL.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use sqlx::AssertSqlSafe;
use yardstick_domain::ids::MetricKey;
use yardstick_domain::point::Measure;
use yardstick_domain::time::Window;

use crate::database::Tx;
use crate::error::Result;
use crate::rows::{Row, values};

/// Id of a series and start of a bucket.
pub(super) type Key = (i64, i64);

/// A row to insert.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewRow {
    pub(super) key: Key,
    pub(super) measure: Measure,
}

/// The value that counts for a key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) batch: i64,
    /// `None`: withdrawn.
    pub(super) measure: Option<Measure>,
}

/// Inserts rows of this batch.
pub(super) async fn insert(tx: &mut Tx, batch: i64, rows: &[NewRow]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    match tx {
        Tx::Sqlite { tx, .. } => {
            let mut sql =
                "INSERT INTO points (batch, series, bucket, sum, n, sum_sq) SELECT ?, * FROM (VALUES "
                    .to_owned();
            placeholders(&mut sql, rows.len(), "(?, ?, ?, ?, ?)");
            sql.push(')');
            let mut query =
                sqlx::query(AssertSqlSafe(sql)).persistent(rows.len() == super::CHUNK).bind(batch);
            for NewRow { key, measure } in rows {
                query = query.bind(key.0).bind(key.1).bind(measure.sum).bind(measure.n).bind(measure.sum_sq);
            }
            query.execute(&mut **tx).await?;
        }
        Tx::Postgres(tx) => {
            let sql = "INSERT INTO points (batch, series, bucket, sum, n, sum_sq) SELECT $1, rows.* \
                       FROM unnest($2::bigint[], $3::bigint[], $4::float8[], $5::float8[], $6::float8[]) \
                       rows";
            let column = |value: fn(&NewRow) -> i64| rows.iter().map(value).collect::<Vec<i64>>();
            let number = |value: fn(&Measure) -> Option<f64>| -> Vec<Option<f64>> {
                rows.iter().map(|row| value(&row.measure)).collect()
            };
            sqlx::query(sql)
                .bind(batch)
                .bind(column(|row| row.key.0))
                .bind(column(|row| row.key.1))
                .bind(number(|measure| Some(measure.sum)))
                .bind(number(|measure| measure.n))
                .bind(number(|measure| measure.sum_sq))
                .execute(&mut **tx)
                .await?;
        }
    }
    Ok(())
}

/// The value that counts for each of these keys that has one.
pub(super) async fn known(tx: &mut Tx, keys: &[Key]) -> Result<HashMap<Key, Known>> {
    const COLUMNS: &str = "SELECT p.series, p.bucket, p.batch, p.sum, p.n, p.sum_sq";
    const POINTS: &str = "JOIN points p ON p.series = keys.series AND p.bucket = keys.bucket \
        JOIN batches b ON b.id = p.batch WHERE b.undone_at IS NULL ORDER BY p.batch";
    let rows: Vec<Row> = match tx {
        Tx::Sqlite { tx, .. } => {
            let mut sql = "WITH keys (series, bucket) AS (VALUES ".to_owned();
            placeholders(&mut sql, keys.len(), "(?, ?)");
            write!(sql, ") {COLUMNS} FROM keys {POINTS}").ok();
            let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(keys.len() == super::CHUNK);
            for (series, bucket) in keys {
                query = query.bind(series).bind(bucket);
            }
            query.fetch_all(&mut **tx).await?.into_iter().map(Row::Sqlite).collect()
        }
        Tx::Postgres(tx) => {
            let (series, buckets): (Vec<i64>, Vec<i64>) = keys.iter().copied().unzip();
            let sql = format!(
                "{COLUMNS} FROM unnest($1::bigint[], $2::bigint[]) AS keys (series, bucket) {POINTS}"
            );
            let query = sqlx::query(AssertSqlSafe(sql)).bind(series).bind(buckets);
            query.fetch_all(&mut **tx).await?.into_iter().map(Row::Postgres).collect()
        }
    };
    let mut known = HashMap::with_capacity(rows.len());
    for row in rows {
        let sum: Option<f64> = row.get("sum")?;
        let (n, sum_sq) = (row.get("n")?, row.get("sum_sq")?);
        let measure = sum.map(|sum| Measure { sum, n, sum_sq });
        // Oldest first: a newer batch's value takes its place.
        known.insert((row.get("series")?, row.get("bucket")?), Known { batch: row.get("batch")?, measure });
    }
    Ok(known)
}

/// A place to note keys that were looked up, as many as there may be: beside the database, not in memory.
pub(super) async fn start_seen(tx: &mut Tx) -> Result<()> {
    let sql = "CREATE TEMPORARY TABLE import_seen \
               (series BIGINT NOT NULL, bucket BIGINT NOT NULL, chunk BIGINT NOT NULL, \
               PRIMARY KEY (series, bucket))";
    tx.execute(sql, values![]).await?;
    Ok(())
}

/// Undoes [`start_seen`].
pub(super) async fn forget_seen(tx: &mut Tx) -> Result<()> {
    tx.execute("DROP TABLE import_seen", values![]).await?;
    Ok(())
}

/// Notes keys; the first one that was noted before, or comes twice.
pub(super) async fn mark_seen(tx: &mut Tx, chunk: i64, keys: &[Key]) -> Result<Option<Key>> {
    if keys.is_empty() {
        return Ok(None);
    }
    const INSERT: &str = "INSERT INTO import_seen (chunk, series, bucket)";
    let marked = match tx {
        Tx::Sqlite { tx, .. } => {
            let mut sql = format!("{INSERT} SELECT ?, * FROM (VALUES ");
            placeholders(&mut sql, keys.len(), "(?, ?)");
            // Without a condition, ON would be read as that of a join.
            sql += ") WHERE TRUE ON CONFLICT DO NOTHING";
            let mut query =
                sqlx::query(AssertSqlSafe(sql)).persistent(keys.len() == super::CHUNK).bind(chunk);
            for (series, bucket) in keys {
                query = query.bind(series).bind(bucket);
            }
            query.execute(&mut **tx).await?.rows_affected()
        }
        Tx::Postgres(tx) => {
            let (series, buckets): (Vec<i64>, Vec<i64>) = keys.iter().copied().unzip();
            let sql = format!(
                "{INSERT} SELECT $1, keys.* FROM unnest($2::bigint[], $3::bigint[]) keys \
                 ON CONFLICT DO NOTHING"
            );
            let query = sqlx::query(AssertSqlSafe(sql)).bind(chunk).bind(series).bind(buckets);
            query.execute(&mut **tx).await?.rows_affected()
        }
    };
    if marked == keys.len() as u64 {
        return Ok(None);
    }
    let mut before = HashSet::new();
    if let Some(twice) = keys.iter().find(|key| !before.insert(**key)) {
        return Ok(Some(*twice));
    }
    for (series, bucket) in keys {
        let sql = "SELECT chunk FROM import_seen WHERE series = $1 AND bucket = $2 AND chunk < $3";
        if tx.optional(sql, values![*series, *bucket, chunk]).await?.is_some() {
            return Ok(Some((*series, *bucket)));
        }
    }
    Ok(None)
}

/// Withdraws the values known in these buckets whose keys are not in the batch; how many.
pub(super) async fn withdraw(tx: &mut Tx, metric: &MetricKey, batch: i64, buckets: Window) -> Result<u64> {
    let sql = "INSERT INTO points (series, bucket, batch) \
               SELECT p.series, p.bucket, $2 \
               FROM (SELECT q.series, q.bucket, max(q.batch) AS batch FROM series s \
                     JOIN points q ON q.series = s.id JOIN batches b ON b.id = q.batch \
                     WHERE s.metric = $1 AND q.bucket >= $3 AND q.bucket < $4 AND b.undone_at IS NULL \
                     GROUP BY q.series, q.bucket) newest \
               JOIN points p ON p.series = newest.series AND p.bucket = newest.bucket \
                   AND p.batch = newest.batch \
               WHERE p.sum IS NOT NULL AND p.batch <> $2 AND NOT EXISTS \
                   (SELECT 1 FROM import_seen x WHERE x.series = p.series AND x.bucket = p.bucket)";
    tx.execute(sql, values![metric.as_str(), batch, buckets.start, buckets.end]).await
}

/// Appends `count` times the placeholders of a row.
fn placeholders(sql: &mut String, count: usize, row: &str) {
    sql.reserve(count * (row.len() + 2));
    for index in 0..count {
        if index > 0 {
            sql.push_str(", ");
        }
        sql.push_str(row);
    }
}
