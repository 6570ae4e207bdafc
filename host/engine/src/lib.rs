//! All of wasmtime: publish checks, compile cache, limits, plan and evaluate.
//!
//! A plugin is a WebAssembly component that answers pure questions. [`Engine::load`] takes one only after
//! every check; each call then gets a fresh instance on a thread that only runs guests, with limits on
//! fuel, time, memory, tables, stack, handles, host calls, answer and log (all in `limits.rs`). What a guest
//! does wrong becomes a [`Failure`] with a code and sentences for its author.
//!
//! No guest can reach a file, a socket, a clock or a random source: what it can call is defined in
//! `imports`, and a component that imports more is refused by name.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test that cannot go on has failed"))]

mod anatomy;
mod assets;
mod cache;
mod call;
mod child;
mod compile;
mod contract;
mod engine;
mod failure;
mod imports;
mod lift;
mod limits;
mod log;
mod lower;
mod plugin;
mod queue;
mod random;
mod refusal;
mod run;
mod runner;
mod sandbox;
mod schema;
mod sealed;
mod settings;
mod state;
mod stop;
mod text;
mod ticker;

pub use assets::SECTION_PREFIX as ASSET_SECTION_PREFIX;
pub use cache::Cache;
pub use child::{CHILD_ARGUMENT, compile_child};
pub use compile::{Compiler, Trust};
pub use engine::{Config, Engine, EngineError};
pub use limits::{ASSET_BYTES, ASSETS};
pub use log::{Level, Log, LogLine};
pub use plugin::Plugin;
pub use refusal::{Refusal, Step};
pub use run::{Failure, Run, Usage};

/// The version of wasmtime this is built with; `Cargo.toml` pins it.
pub const WASMTIME_VERSION: &str = "48.0.8";
/// Raised whenever a host function, a setting or a check changes what a guest sees or what is made of its
/// answer.
const RULES_VERSION: u32 = 1;

#[cfg(test)]
mod tests {
    #[test]
    fn the_version_of_wasmtime_is_the_pinned_one() {
        let manifest = include_str!("../../../Cargo.toml");
        let pin = format!("wasmtime = {{ version = \"={}\"", super::WASMTIME_VERSION);
        assert!(manifest.contains(&pin), "WASMTIME_VERSION must be raised with the pin in Cargo.toml");
    }
}
