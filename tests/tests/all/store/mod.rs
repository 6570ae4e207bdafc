//! The store: one body per test, run on SQLite and on PostgreSQL.

mod imports;
mod killed;
mod lifecycle;
mod opening;
mod plans;
mod plugins;
mod points;
mod register;
mod samples;
mod verdicts;

use tempfile::TempDir;
use yardstick_store::{OnSchema, Store};
use yardstick_tests::postgres::postgres;

/// An empty database.
struct Database {
    url: String,
    store: Store,
    _folder: Option<TempDir>,
}

impl Database {
    /// Another handle, as another process would have.
    async fn again(&self) -> Store {
        Store::open(&self.url, OnSchema::Refuse).await.unwrap()
    }
}

/// Runs each body on both databases.
macro_rules! both {
    ($($(#[$attribute:meta])* async fn $name:ident($database:ident: Database) $body:block)*) => {
        $($(#[$attribute])* mod $name {
            #[allow(unused_imports, reason = "each body uses what it needs")]
            use super::*;
            use super::super::Database;

            async fn body($database: Database) $body

            #[test]
            fn sqlite() {
                super::super::on_sqlite(body);
            }

            #[test]
            fn postgres() {
                super::super::on_postgres(body);
            }
        })*
    };
}
use both;

fn on_sqlite<F: Future<Output = ()>>(body: impl FnOnce(Database) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("yardstick.db").display());
    run(url, Some(folder), body);
}

fn on_postgres<F: Future<Output = ()>>(body: impl FnOnce(Database) -> F) {
    if let Some(server) = postgres() {
        run(server.database(), None, body);
    }
}

fn run<F: Future<Output = ()>>(url: String, folder: Option<TempDir>, body: impl FnOnce(Database) -> F) {
    block_on(async {
        let store = Store::open(&url, OnSchema::Migrate).await.unwrap();
        body(Database { url, store, _folder: folder }).await;
    });
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
