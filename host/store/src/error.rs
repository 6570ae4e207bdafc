//! What can go wrong, by what a caller does about it.

use sqlx::sqlite::SqliteError;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It is not there.
    #[error("there is no {what}")]
    NotFound {
        /// What was looked for, such as `release batch-changes-ga`.
        what: String,
    },
    /// The world is no longer, or never was, as the caller assumed. Nothing was written.
    #[error("{what}")]
    Conflict {
        /// A sentence: what stands in the way and what to do.
        what: String,
    },
    /// It is not in the state that the caller saw. Nothing was written.
    #[error("{what} is not as it was when it was read; nothing was written")]
    Stale {
        /// What, such as `release batch-changes-ga`.
        what: String,
        /// Its state now; `None`: it is not there.
        state: Option<yardstick_domain::digest::Digest>,
    },
    /// It was changed since the caller looked at it. Nothing was written.
    #[error("{what}")]
    Changed {
        /// A sentence: what was changed and what to do.
        what: String,
    },
    /// Somebody else has been writing for too long. Nothing was written; trying again helps.
    #[error("the database is busy: somebody else is writing to it; try again")]
    Busy,
    /// The database was written by a newer build.
    #[error(
        "{name} has schema version {found}, and this build of Yardstick knows versions up to {known}; \
         use the newer build that wrote it"
    )]
    Newer {
        /// The database.
        name: String,
        /// Its schema version.
        found: i64,
        /// The newest version this build knows.
        known: i64,
    },
    /// The database needs a migration that the caller did not allow.
    #[error(
        "{name} has schema version {found}, and this build of Yardstick needs {known}; bring it up to date first: \
            yardstick migrate"
    )]
    Older {
        /// The database.
        name: String,
        /// Its schema version; 0: it is empty.
        found: i64,
        /// The version this build needs.
        known: i64,
    },
    /// The database cannot be opened.
    #[error("cannot open the database {name}: {why}")]
    Open {
        /// The database, without a password.
        name: String,
        /// What is wrong and what to do.
        why: String,
    },
    /// What is stored cannot be read back.
    #[error("the database holds something unreadable: {what}")]
    Corrupt {
        /// Where, and what is there.
        what: String,
    },
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[source] sqlx::Error),
}

/// A result of the store.
pub type Result<T> = std::result::Result<T, StoreError>;

impl StoreError {
    pub(crate) fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound { what: what.into() }
    }

    pub(crate) fn conflict(what: impl Into<String>) -> Self {
        Self::Conflict { what: what.into() }
    }

    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt { what: what.into() }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if is_busy(&error) { Self::Busy } else { Self::Database(error) }
    }
}

/// Whether somebody else is in the way for now.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut => true,
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            if error.try_downcast_ref::<SqliteError>().is_some() {
                // SQLITE_BUSY and SQLITE_LOCKED: the low byte of the extended codes.
                code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6))
            } else {
                // lock_not_available, deadlock_detected, serialization_failure.
                matches!(code.as_ref(), "55P03" | "40P01" | "40001")
            }
        }
        _ => false,
    }
}
