//! The engine against guests that behave, and against those that do not.

mod answers;
mod cache;
mod compile;
mod components;
mod fairness;
mod hand_made;
mod hostile;
mod publish;
mod replay;
pub(crate) mod support;
mod world;
