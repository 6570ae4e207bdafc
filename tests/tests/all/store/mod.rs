//! The store: one body per test, run on SQLite and on PostgreSQL.

mod answers;
mod imports;
mod jobs;
mod kept;
mod killed;
mod lifecycle;
mod lists;
mod opening;
mod plans;
mod plugins;
mod points;
mod portfolio;
mod register;
mod samples;
mod verdicts;

use yardstick_tests::both;
use yardstick_tests::databases::{block_on, on_postgres, on_sqlite};
