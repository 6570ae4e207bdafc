//! Why the host stopped a guest, in types: what traps carry until [`crate::failure`] reads them.

/// A reason to stop a guest that wasmtime itself does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stop {
    #[error("it asked for {wanted} bytes of memory in all, {allowed} are allowed")]
    Memory { wanted: usize, allowed: usize },
    #[error("it asked for {wanted} table elements in all, {allowed} are allowed")]
    Table { wanted: usize, allowed: usize },
    #[error("it holds {allowed} handles, and no more are allowed")]
    Handles { allowed: usize },
    #[error("it called the host more than {allowed} times")]
    HostCalls { allowed: u64 },
    /// A frame read against its description.
    #[error("{0}")]
    Frame(String),
    /// A host function used in a way that has no answer.
    #[error("{0}")]
    Misuse(String),
    /// Our own fault.
    #[error("{0}")]
    Host(String),
}

impl Stop {
    /// The code of the finding this becomes.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Memory { .. } => "plugin-memory",
            Self::Table { .. } => "plugin-table",
            Self::Handles { .. } => "plugin-handles",
            Self::HostCalls { .. } => "plugin-host-calls",
            Self::Frame(_) => "plugin-frame",
            Self::Misuse(_) => "plugin-trap",
            Self::Host(_) => "host-fault",
        }
    }
}
