//! Two databases, one way to talk to them.

use std::sync::Arc;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use sqlx::{AssertSqlSafe, PgPool, Postgres, SqlSafeStr, Sqlite, SqlitePool, Transaction};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard};
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::{MetricKey, PluginName, ReleaseSlug};

use crate::error::{Result, StoreError};
use crate::rows::{Row, Value};

/// The database. Cheap to clone: all clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: Pool,
    pub(crate) name: Arc<str>,
}

#[derive(Debug, Clone)]
pub(crate) enum Pool {
    Sqlite {
        pool: SqlitePool,
        /// Writers of this process queue here in order. SQLite itself lets waiting writers poll, so that
        /// some would starve; against other processes its busy timeout remains.
        turn: Arc<Mutex<()>>,
        /// Wakes whoever of this process waits for jobs.
        wake: Arc<Notify>,
    },
    Postgres(PgPool),
}

/// A transaction. Dropped without [`Tx::commit`], it is rolled back.
#[derive(Debug)]
pub(crate) enum Tx {
    Sqlite {
        tx: Transaction<'static, Sqlite>,
        turn: Option<OwnedMutexGuard<()>>,
        wake: Arc<Notify>,
        /// Whether whoever waits for jobs is told when it is committed.
        wakes: bool,
    },
    Postgres(Transaction<'static, Postgres>),
}

/// What a write transaction decides on, and nobody else may change meanwhile.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lock<'a> {
    /// Definitions: organisation, teams, persons, metrics, releases. Taken before any other.
    Register,
    /// What happens to a release.
    Release(&'a ReleaseSlug),
    /// A metric's points.
    Metric(&'a MetricKey),
    /// A plugin's versions.
    Plugin(&'a PluginName),
    /// Jobs of many releases: two who change them in another order would wait for each other.
    Jobs,
    /// The chain of the audit. Taken last of all.
    Audit,
}

/// Runs a query with its values on either database: the arms differ in type only.
macro_rules! bound {
    ($sql:expr, $values:expr) => {{
        let mut query = sqlx::query($sql);
        for value in $values {
            query = match value {
                Value::Text(value) => query.bind(value),
                Value::Integer(value) => query.bind(value),
                Value::Real(value) => query.bind(value),
                Value::Boolean(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
            };
        }
        query
    }};
}

impl Store {
    /// The database for messages, without a password: `sqlite:./yardstick.db`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Closes all connections; what was committed is safe without it. SQLite then merges its write-ahead log.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite { pool, .. } => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }

    /// A transaction that reads one state of the world, however many statements it takes; for a single one there are
    /// [`Store::all`], [`Store::optional`] and [`Store::one`].
    pub(crate) async fn read(&self) -> Result<Tx> {
        Ok(match &self.pool {
            Pool::Sqlite { pool, wake, .. } => {
                Tx::Sqlite { tx: pool.begin().await?, turn: None, wake: Arc::clone(wake), wakes: false }
            }
            Pool::Postgres(pool) => {
                Tx::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        })
    }

    /// All rows of a statement by itself, which needs no transaction to see one state of the world.
    pub(crate) async fn all(&self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<Vec<Row>> {
        Ok(match &self.pool {
            Pool::Sqlite { pool, .. } => {
                bound!(sql, values).fetch_all(pool).await?.into_iter().map(Row::Sqlite).collect()
            }
            Pool::Postgres(pool) => {
                bound!(sql, values).fetch_all(pool).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// The first row of a statement by itself, if there is one.
    pub(crate) async fn optional(&self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<Option<Row>> {
        Ok(match &self.pool {
            Pool::Sqlite { pool, .. } => bound!(sql, values).fetch_optional(pool).await?.map(Row::Sqlite),
            Pool::Postgres(pool) => bound!(sql, values).fetch_optional(pool).await?.map(Row::Postgres),
        })
    }

    /// The only row of a query by itself that always has one.
    pub(crate) async fn one(&self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<Row> {
        Ok(match &self.pool {
            Pool::Sqlite { pool, .. } => Row::Sqlite(bound!(sql, values).fetch_one(pool).await?),
            Pool::Postgres(pool) => Row::Postgres(bound!(sql, values).fetch_one(pool).await?),
        })
    }

    /// As [`Store::all`], but gives the rows away one by one, so that they are never in memory together.
    pub(crate) async fn each(
        &self,
        sql: impl SqlSafeStr + Send,
        values: Vec<Value>,
        mut take: impl FnMut(&Row) -> Result<()>,
    ) -> Result<()> {
        match &self.pool {
            Pool::Sqlite { pool, .. } => {
                let mut rows = bound!(sql, values).fetch(pool);
                while let Some(row) = rows.try_next().await? {
                    take(&Row::Sqlite(row))?;
                }
            }
            Pool::Postgres(pool) => {
                let mut rows = bound!(sql, values).fetch(pool);
                while let Some(row) = rows.try_next().await? {
                    take(&Row::Postgres(row))?;
                }
            }
        }
        Ok(())
    }

    /// A transaction that writes. On PostgreSQL every statement sees what is committed when it starts, so
    /// that what is read after [`Tx::lock`] is what counts.
    pub(crate) async fn write(&self) -> Result<Tx> {
        Ok(match &self.pool {
            Pool::Sqlite { pool, turn, wake } => {
                let turn = Some(turn.clone().lock_owned().await);
                let tx = pool.begin_with("BEGIN IMMEDIATE").await?;
                Tx::Sqlite { tx, turn, wake: Arc::clone(wake), wakes: false }
            }
            Pool::Postgres(pool) => {
                Tx::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?)
            }
        })
    }
}

impl Tx {
    /// Waits until nobody else holds this lock, and holds it until the transaction ends.
    pub(crate) async fn lock(&mut self, lock: Lock<'_>) -> Result<()> {
        if let Self::Postgres(_) = self {
            let name = match lock {
                Lock::Register => "register".to_owned(),
                Lock::Release(slug) => format!("release {slug}"),
                Lock::Metric(key) => format!("metric {key}"),
                Lock::Plugin(name) => format!("plugin {name}"),
                Lock::Jobs => "jobs".to_owned(),
                Lock::Audit => "audit".to_owned(),
            };
            // Two names with the same number would wait for each other without need, never wrongly.
            let mut number = [0; 8];
            number.copy_from_slice(&Digest::of(name.as_bytes()).as_bytes()[..8]);
            let number = Value::from(i64::from_be_bytes(number));
            self.execute("SELECT pg_advisory_xact_lock($1)", vec![number]).await?;
        }
        Ok(())
    }

    /// Readies a transaction for statements that find few rows among millions. A plan that PostgreSQL made while a table
    /// was small reads all of it, and is kept while the table grows: only plans that go by an index are good here.
    pub(crate) async fn by_index(&mut self) -> Result<()> {
        if let Self::Postgres(_) = self {
            for setting in ["enable_seqscan", "enable_hashjoin", "enable_mergejoin"] {
                self.execute(AssertSqlSafe(format!("SET LOCAL {setting} = off")), Vec::new()).await?;
            }
        }
        Ok(())
    }

    /// Runs a statement; the number of rows it changed.
    pub(crate) async fn execute(&mut self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<u64> {
        Ok(match self {
            Self::Sqlite { tx, .. } => bound!(sql, values).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => bound!(sql, values).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// All rows.
    pub(crate) async fn all(&mut self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<Vec<Row>> {
        Ok(match self {
            Self::Sqlite { tx, .. } => {
                bound!(sql, values).fetch_all(&mut **tx).await?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(tx) => {
                bound!(sql, values).fetch_all(&mut **tx).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// All rows, one by one.
    pub(crate) fn stream<'a>(
        &'a mut self,
        sql: impl SqlSafeStr + Send + 'a,
        values: Vec<Value>,
    ) -> BoxStream<'a, Result<Row>> {
        match self {
            Self::Sqlite { tx, .. } => {
                let rows = bound!(sql, values).fetch(&mut **tx);
                rows.map_ok(Row::Sqlite).map_err(StoreError::from).boxed()
            }
            Self::Postgres(tx) => {
                let rows = bound!(sql, values).fetch(&mut **tx);
                rows.map_ok(Row::Postgres).map_err(StoreError::from).boxed()
            }
        }
    }

    /// The first row, if there is one.
    pub(crate) async fn optional(&mut self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<Option<Row>> {
        Ok(match self {
            Self::Sqlite { tx, .. } => bound!(sql, values).fetch_optional(&mut **tx).await?.map(Row::Sqlite),
            Self::Postgres(tx) => bound!(sql, values).fetch_optional(&mut **tx).await?.map(Row::Postgres),
        })
    }

    /// The only row of a query that always has one.
    pub(crate) async fn one(&mut self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<Row> {
        Ok(match self {
            Self::Sqlite { tx, .. } => Row::Sqlite(bound!(sql, values).fetch_one(&mut **tx).await?),
            Self::Postgres(tx) => Row::Postgres(bound!(sql, values).fetch_one(&mut **tx).await?),
        })
    }

    /// Runs a script of several statements.
    pub(crate) async fn script(&mut self, sql: &'static str) -> Result<()> {
        match self {
            Self::Sqlite { tx, .. } => sqlx::raw_sql(sql).execute(&mut **tx).await.map(|_| ())?,
            Self::Postgres(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(|_| ())?,
        }
        Ok(())
    }

    /// Makes it so.
    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite { tx, turn, wake, wakes } => {
                tx.commit().await?;
                drop(turn);
                if wakes {
                    wake.notify_one();
                }
            }
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Takes it back. Dropping does the same, but later.
    pub(crate) async fn rollback(self) -> Result<()> {
        match self {
            Self::Sqlite { tx, turn, .. } => {
                tx.rollback().await?;
                drop(turn);
            }
            Self::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}
