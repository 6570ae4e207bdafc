//! Support for the tests: databases, guests, builders.

pub mod charts;
pub mod databases;
pub mod documents;
pub mod guests;
pub mod postgres;
pub mod readme;
pub mod statements;
