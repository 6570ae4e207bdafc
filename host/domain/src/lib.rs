//! The nouns and rules of Yardstick: pure, no I/O, no clock.

pub mod codes;
pub mod digest;
pub mod finding;
pub mod frame;
pub mod ids;
pub mod manifest;
pub mod metric;
pub mod nearest;
pub mod question;
pub mod time;
