//! Tests of the whole, one module per area. One binary, because linking the engine is slow.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api;
mod app;
mod batch_changes;
mod cases;
mod cli;
mod client;
mod contract;
mod cookie_cats;
mod engine;
mod judges;
mod remote;
mod report;
mod sinks;
mod store;
