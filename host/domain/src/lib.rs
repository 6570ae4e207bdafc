//! The nouns and rules of Yardstick: pure, no I/O, no clock.

pub mod access;
pub mod audit;
pub mod checkpoint;
pub mod codes;
pub mod component;
pub mod conclude;
pub mod criteria;
pub mod digest;
pub mod finding;
pub mod frame;
pub mod ids;
pub mod job;
pub mod level;
pub mod log;
pub mod manifest;
pub mod metric;
pub mod nearest;
pub mod people;
pub mod plugin;
pub mod point;
pub mod problem;
pub mod question;
pub mod release;
pub mod schema;
pub mod time;
pub mod verdict;
