//! Being told that there is work, instead of asking again and again.

use std::sync::Arc;

use sqlx::postgres::PgListener;
use tokio::sync::Notify;

use crate::database::{Pool, Store, Tx};
use crate::error::Result;
use crate::rows::values;

/// The channel on which PostgreSQL tells all processes.
const CHANNEL: &str = "yardstick_jobs";

/// Waits until somebody has asked for a job. It may wake for nothing, and on SQLite it does not hear other
/// processes, so whoever waits also looks from time to time.
#[derive(Debug)]
pub struct Waker(Heard);

#[derive(Debug)]
enum Heard {
    Here(Arc<Notify>),
    Postgres(Box<PgListener>),
}

impl Waker {
    /// Waits for the next call.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn woken(&mut self) -> Result<()> {
        match &mut self.0 {
            Heard::Here(wake) => wake.notified().await,
            // Without a value the connection was lost and made again: something may have been missed.
            Heard::Postgres(listener) => drop(listener.try_recv().await?),
        }
        Ok(())
    }
}

impl Store {
    /// Listens for jobs.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn waker(&self) -> Result<Waker> {
        Ok(Waker(match &self.pool {
            Pool::Sqlite { wake, .. } => Heard::Here(Arc::clone(wake)),
            Pool::Postgres(pool) => {
                let mut listener = PgListener::connect_with(pool).await?;
                listener.listen(CHANNEL).await?;
                Heard::Postgres(Box::new(listener))
            }
        }))
    }
}

impl Tx {
    /// Whoever waits for jobs is told when this is committed.
    pub(crate) async fn wake(&mut self) -> Result<()> {
        match self {
            Self::Sqlite { wakes, .. } => *wakes = true,
            Self::Postgres(_) => {
                self.execute("SELECT pg_notify($1, '')", values![CHANNEL]).await?;
            }
        }
        Ok(())
    }
}
