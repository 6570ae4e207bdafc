//! Support for the tests: databases, guests, builders.
