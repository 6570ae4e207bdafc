//! All SQL of Yardstick: SQLite by default, PostgreSQL by URL.
