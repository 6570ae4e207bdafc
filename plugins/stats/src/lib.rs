//! The mathematics that plugins share, tested natively.
