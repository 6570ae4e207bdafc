//! The built-in judges: what holds for all of them, and each once through the engine.

mod before_after;
mod experiment;
mod laws;
mod ratio;
mod scenarios;
mod support;
