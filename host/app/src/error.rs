//! What a use case answers when it does not do what was asked.

use yardstick_domain::digest::Digest;
use yardstick_domain::nearest;
use yardstick_domain::problem::Problem;
use yardstick_store::StoreError;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Fields are wrong: all of them.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Refused(Vec<Problem>),
    /// It is not there.
    #[error("there is no {what}{hint}")]
    NotFound {
        /// What was looked for, such as `release batch-changes-gaa`.
        what: String,
        /// The nearest known name as a sentence, or nothing.
        hint: String,
    },
    /// The world does not allow it. The sentence says what stands in the way and what to do.
    #[error("{0}")]
    Conflict(String),
    /// It is not in the state that whoever asked has seen.
    #[error(
        "{what} is not in the state that was named; nothing was written. Read it again, and change what it is now"
    )]
    Stale {
        /// What, such as `release batch-changes-ga`.
        what: String,
        /// Its state now; `None`: it is not there.
        state: Option<Digest>,
    },
    /// It is there already, and whoever asked did not say which state of it they have seen.
    #[error(
        "{0} is there already; say which state of it is to be changed: If-Match with the ETag it was read with"
    )]
    Unconditional(String),
    /// It was changed since whoever asked looked at it. The sentence says what to do.
    #[error("{0}")]
    Changed(String),
    /// It is not for whoever asked to do. The sentence says whose it is.
    #[error("{0}")]
    Forbidden(String),
    /// The store could not do it.
    #[error(transparent)]
    Store(StoreError),
    /// Our own fault.
    #[error("internal fault: {0}")]
    Fault(String),
}

/// A result of a use case.
pub type Result<T> = std::result::Result<T, AppError>;

impl AppError {
    /// Nothing of this name; the nearest of the known ones is offered.
    pub fn not_found<'a>(kind: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        Self::NotFound { what: format!("{kind} {name}"), hint: nearest::hint(name, known) }
    }

    pub(crate) fn fault(error: impl std::fmt::Display) -> Self {
        Self::Fault(error.to_string())
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { what } => Self::NotFound { what, hint: String::new() },
            StoreError::Conflict { what } => Self::Conflict(what),
            StoreError::Stale { what, state } => Self::Stale { what, state },
            StoreError::Changed { what } => Self::Changed(what),
            other => Self::Store(other),
        }
    }
}
