//! Opening a database by its URL.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, SqlitePool};
use tokio::sync::{Mutex, Notify};

use crate::database::{Pool, Store};
use crate::error::{Result, StoreError, is_busy};

/// How long to wait for another process that is writing: longer than the import of a million rows.
const BUSY: Duration = Duration::from_secs(60);
/// How long to wait for a server to answer, or for a connection to become free.
const CONNECT: Duration = Duration::from_secs(30);
/// Connections per process: readers beside one writer. Each SQLite connection is a thread.
const CONNECTIONS: u32 = 8;
/// SQLite's page cache per connection, in KiB: an import's index pages stay in memory.
const CACHE_KIB: u32 = 16 * 1024;
/// Rows that a SQLite connection's thread reads ahead: as many as a criterion's points mostly are, so that it seldom
/// waits for whoever takes them.
const ROWS_AHEAD: usize = 256;
/// A connection to a server that was used within this time is not tried before it is used again.
const FRESH: Duration = Duration::from_secs(1);

/// What to do with a database that lacks this build's schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnSchema {
    /// Bring it up to date; a SQLite file that does not exist is created.
    Migrate,
    /// Refuse to work with it; a SQLite file must exist.
    Refuse,
}

impl Store {
    /// Opens `sqlite:PATH`, `sqlite::memory:` (one connection, for tests) or `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError::Open`] when it cannot be reached, [`StoreError::Newer`] when a newer build wrote it,
    /// [`StoreError::Older`] when it would have to be migrated and may not be.
    pub async fn open(url: &str, on_schema: OnSchema) -> Result<Self> {
        let store = match url.split_once(':') {
            Some(("sqlite", path)) => sqlite(path.strip_prefix("//").unwrap_or(path), on_schema).await?,
            Some(("postgres" | "postgresql", _)) => postgres(url).await?,
            // Not even a known scheme: what follows may be a password, so it is not repeated.
            scheme => {
                let name = scheme.map_or(url, |(scheme, _)| scheme).to_owned();
                let why = "expected sqlite:PATH or postgres://USER@HOST/DATABASE".to_owned();
                return Err(StoreError::Open { name, why });
            }
        };
        store.bring_up_to_date(on_schema).await?;
        Ok(store)
    }
}

async fn sqlite(path: &str, on_schema: OnSchema) -> Result<Store> {
    let name = format!("sqlite:{path}");
    let fail = |why: String| StoreError::Open { name: name.clone(), why };
    let in_memory = path == ":memory:";
    if path.is_empty() {
        return Err(fail("expected a path, such as sqlite:./yardstick.db".to_owned()));
    }
    let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(fail(format!("the folder {} does not exist; create it first", folder.display())));
    }
    if !in_memory && on_schema == OnSchema::Refuse && !Path::new(path).exists() {
        return Err(fail("the file does not exist".to_owned()));
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .in_memory(in_memory)
        .create_if_missing(on_schema == OnSchema::Migrate)
        // Every commit is on the disk when it returns, and survives the loss of power.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .pragma("cache_size", format!("-{CACHE_KIB}"))
        // The log of a big import is cut back afterwards.
        .pragma("journal_size_limit", "67108864")
        .row_buffer_size(ROWS_AHEAD);
    // A file does not go away between two statements.
    let mut pool = SqlitePoolOptions::new().acquire_timeout(CONNECT).test_before_acquire(false);
    pool = if in_memory {
        // The database is gone with its one connection.
        pool.max_connections(1).idle_timeout(None).max_lifetime(None)
    } else {
        pool.max_connections(CONNECTIONS)
    };
    let pool = pool.connect_with(options).await.map_err(|error| fail(error.to_string()))?;
    if !in_memory {
        log_ahead(&pool, &name).await?;
    }
    let pool = Pool::Sqlite { pool, turn: Arc::new(Mutex::new(())), wake: Arc::new(Notify::new()) };
    Ok(Store { pool, name: name.into() })
}

/// Switches a file to a write-ahead log, so that readers go on while somebody writes. The file remembers it.
///
/// SQLite does not wait when it finds another process there that is just doing the same or migrating. So this
/// waits for that one's write lock, and looks again.
async fn log_ahead(pool: &SqlitePool, name: &str) -> Result<()> {
    let fail = |why: String| StoreError::Open { name: name.to_owned(), why };
    loop {
        let mode = sqlx::query_scalar::<_, String>("PRAGMA journal_mode = WAL").fetch_one(pool).await;
        match mode.map_err(|error| (is_busy(&error), error)) {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => return Err(fail("its file system has no shared memory; use a local disk".to_owned())),
            Err((true, _)) => pool.begin_with("BEGIN EXCLUSIVE").await?.rollback().await?,
            Err((false, error)) => return Err(fail(error.to_string())),
        }
    }
}

async fn postgres(url: &str) -> Result<Store> {
    let options: PgConnectOptions = url.parse().map_err(|error: sqlx::Error| StoreError::Open {
        name: "postgres".to_owned(),
        why: error.to_string(),
    })?;
    let name = format!(
        "postgres://{}@{}:{}/{}",
        options.get_username(),
        options.get_socket().map_or_else(|| options.get_host().into(), |path| path.display().to_string()),
        options.get_port(),
        options.get_database().unwrap_or(options.get_username()),
    );
    let options =
        options.application_name("yardstick").options([("lock_timeout", format!("{}s", BUSY.as_secs()))]);
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(CONNECT)
        .test_before_acquire(false)
        .before_acquire(|connection, about| {
            Box::pin(async move {
                if about.idle_for > FRESH {
                    // One that fails is closed, and another one taken.
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await
        .map_err(|error| StoreError::Open { name: name.clone(), why: error.to_string() })?;
    Ok(Store { pool: Pool::Postgres(pool), name: name.into() })
}
