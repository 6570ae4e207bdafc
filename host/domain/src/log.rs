//! What a plugin wrote for its author.

use serde::{Deserialize, Serialize};

use crate::frame::Attrs;

/// How serious a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// For whoever hunts a fault.
    Debug,
    /// Worth reading; also what the guest wrote to its standard output.
    Info,
    /// Worth a thought; also what the guest wrote to its standard error.
    Warn,
    /// Something went wrong.
    Error,
}

impl Level {
    /// The word in documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// One line. Control characters are escaped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogLine {
    /// How serious it is.
    pub level: Level,
    /// The text.
    pub message: String,
    /// Named facts beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Attrs,
}

/// The log of one run, bounded by the engine's limits.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Log {
    /// The lines, oldest first.
    pub lines: Vec<LogLine>,
    /// Lines that had no room.
    pub dropped_lines: u64,
    /// Bytes that had no room, those of dropped lines included.
    pub dropped_bytes: u64,
}

impl Log {
    /// This log with another one behind it.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.lines.extend(other.lines);
        self.dropped_lines += other.dropped_lines;
        self.dropped_bytes += other.dropped_bytes;
        self
    }

    /// Whether nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.dropped_lines == 0
    }
}
