//! Before-after, judged natively on frames in memory.

mod laws;
mod rule;
mod support;
mod texts;
mod undecided;
