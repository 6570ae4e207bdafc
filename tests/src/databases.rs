//! Tests that run on both databases: one body, a SQLite file and a PostgreSQL database of its own.

use tempfile::TempDir;
use yardstick_store::{OnSchema, Store};

use crate::postgres::postgres;
use crate::statements;

/// A database, mostly an empty one.
#[derive(Debug)]
pub struct Database {
    /// Its URL, for other processes.
    pub url: String,
    /// A handle.
    pub store: Store,
    _folder: Option<TempDir>,
}

impl Database {
    /// A database by its URL, which is made if it is not there, and kept.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn open(url: String) -> Self {
        let store = Store::open(&url, OnSchema::Migrate).await.expect("the database opens");
        Self { url, store, _folder: None }
    }

    /// Ends the server and starts it again, if it has one: who uses it loses what they were doing.
    pub fn restart(&self) {
        if !self.url.starts_with("sqlite:")
            && let Some(server) = postgres()
        {
            server.restart();
        }
    }

    /// Another handle, as another process would have.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn again(&self) -> Store {
        Store::open(&self.url, OnSchema::Refuse).await.expect("the database opens again")
    }
}

/// Runs each body twice: as `NAME::sqlite` and as `NAME::postgres`.
#[macro_export]
macro_rules! both {
    ($($(#[$attribute:meta])* async fn $name:ident($database:ident: Database) $body:block)*) => {
        $($(#[$attribute])* mod $name {
            #[allow(unused_imports, reason = "each body uses what it needs")]
            use super::*;

            async fn body($database: $crate::databases::Database) $body

            #[test]
            fn sqlite() {
                $crate::databases::on_sqlite(body);
            }

            #[test]
            fn postgres() {
                $crate::databases::on_postgres(body);
            }
        })*
    };
}

/// Runs a body on an empty SQLite file.
///
/// # Panics
/// When the body does.
pub fn on_sqlite<F: Future<Output = ()>>(body: impl FnOnce(Database) -> F) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite:{}", folder.path().join("yardstick.db").display());
    run(url, Some(folder), body);
}

/// Runs a body on an empty PostgreSQL database; says so where there is no server.
///
/// # Panics
/// When the body does.
pub fn on_postgres<F: Future<Output = ()>>(body: impl FnOnce(Database) -> F) {
    if let Some(server) = postgres() {
        run(server.database(), None, body);
    }
}

fn run<F: Future<Output = ()>>(url: String, folder: Option<TempDir>, body: impl FnOnce(Database) -> F) {
    statements::keep(&url);
    block_on(async {
        let store = Store::open(&url, OnSchema::Migrate).await.expect("an empty database opens");
        body(Database { url, store, _folder: folder }).await;
    });
}

/// Runs a future to its end.
///
/// # Panics
/// When the future does.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(future)
}
