//! The built-in judges: what holds for all of them, and each once through the engine.

mod experiment;
mod laws;
mod ratio;
mod scenarios;
mod support;
