//! What one call of a plugin comes to.

use std::time::Duration;

use crate::log::Log;

/// A call's answer, with what it cost and what the plugin wrote meanwhile.
#[derive(Debug, Clone)]
pub struct Run<T> {
    /// The answer, checked completely, or why there is none.
    pub result: Result<T, Failure>,
    /// What the call used.
    pub usage: Usage,
    /// What the plugin wrote.
    pub log: Log,
}

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// The code of the finding this becomes, one of [`yardstick_domain::codes::TABLE`].
    pub code: &'static str,
    /// Sentences for the plugin's author: which limit, how much was used and allowed, where in the guest.
    pub message: String,
    /// Whether the same inputs fail in the same way again. Only a stop by wall clock, and a fault of the
    /// host's own, does not.
    pub replayable: bool,
}

/// What a call used and could have used. All zero when it did not start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Fuel used, deterministic; comparable only under the same [`crate::Engine::hash`].
    pub fuel: u64,
    /// Fuel given.
    pub fuel_limit: u64,
    /// Most bytes of linear memory at one time, summed over all memories.
    pub memory_peak: u64,
    /// Bytes of linear memory allowed.
    pub memory_limit: u64,
    /// Calls of host functions.
    pub host_calls: u64,
    /// Calls of host functions allowed.
    pub host_call_limit: u64,
    /// Wall clock from the start of the instance to its end, without waiting in the queue.
    pub wall: Duration,
}

impl<T> Run<T> {
    /// A call that did not start.
    pub(crate) fn refused(failure: Failure) -> Self {
        Self { result: Err(failure), usage: Usage::default(), log: Log::default() }
    }
}

impl Failure {
    /// A failure that a replay repeats.
    pub(crate) fn new(code: &'static str, message: String) -> Self {
        Self { code, message, replayable: true }
    }

    /// The host's own fault.
    pub(crate) fn host(message: impl Into<String>) -> Self {
        Self { code: "host-fault", message: message.into(), replayable: false }
    }
}
