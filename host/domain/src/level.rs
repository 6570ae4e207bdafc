//! How big a launch is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How big a launch is. **L1 is the largest.** Without an order, so that nobody compares numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Large: the most important announcements of the year.
    L1,
    /// Medium: new features in existing products.
    L2,
    /// Small: incremental.
    L3,
}

impl Level {
    /// Whether releases of this level must be measured: "L2 and above", that is L1 and L2.
    #[must_use]
    pub fn must_be_measured(self) -> bool {
        match self {
            Self::L1 | Self::L2 => true,
            Self::L3 => false,
        }
    }

    /// The word in files and documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::L1 => "L1",
            Self::L2 => "L2",
            Self::L3 => "L3",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
