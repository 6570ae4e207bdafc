//! Durations, and what is said of many of them.

use std::time::Duration;

/// Quartiles and the slow end of many durations, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Summary {
    pub(crate) median: f64,
    pub(crate) p25: f64,
    pub(crate) p75: f64,
    pub(crate) p99: f64,
    pub(crate) count: usize,
}

impl Summary {
    /// Of these durations, in nanoseconds; `None`: there are none.
    pub(crate) fn of(samples: &[u64]) -> Option<Self> {
        let mut sorted = samples.to_vec();
        sorted.sort_unstable();
        // The nearest rank, so that each figure is a duration that was measured.
        let last = sorted.len().checked_sub(1)?;
        let at = |share: f64| sorted[(share * last as f64).round() as usize] as f64;
        Some(Self { median: at(0.5), p25: at(0.25), p75: at(0.75), p99: at(0.99), count: sorted.len() })
    }
}

/// Nanoseconds of a duration.
pub(crate) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// A duration with three significant digits and its unit.
pub(crate) fn shown(nanos: f64) -> String {
    let (value, unit) = match nanos {
        small if small < 1e3 => (small, "ns"),
        micro if micro < 1e6 => (micro / 1e3, "µs"),
        milli if milli < 1e9 => (milli / 1e6, "ms"),
        long => (long / 1e9, "s"),
    };
    let decimals = if value >= 100.0 { 0 } else { 1 + usize::from(value < 10.0) };
    format!("{value:.decimals$} {unit}")
}
