//! Ratio, judged natively on frames in memory.

mod laws;
mod support;
mod texts;
mod undecided;
mod units;
