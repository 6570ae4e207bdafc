//! Whole numbers.

/// Whether this is a whole number that a float holds exactly.
pub(crate) fn is_whole(value: f64) -> bool {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    value.abs() <= LARGEST && value == value.trunc()
}

/// A count that arrived as a float; 0 for what is none.
pub(crate) fn whole(value: f64) -> u64 {
    // The cast saturates and takes NaN to 0.
    value as u64
}
