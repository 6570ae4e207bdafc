//! Verdicts for people: as text for a terminal, as Markdown, as a page, as JSON, with their charts; and plain
//! tables for lists.
//!
//! And what takes them to where people look: [`sinks`].
//!
//! The only inputs are [`yardstick_client::document::VerdictDocument`], [`yardstick_client::chart::ChartPart`] and
//! [`yardstick_client::api::EventDocument`], so a verdict that came from a server reads as one that was judged
//! here. Its texts were written by people and by guests, and are trusted by
//! nobody: [`escape`] is the one place they pass through on their way out.

pub mod chart;
pub mod dates;
mod escape;
mod facts;
mod finding;
pub mod html;
pub mod json;
mod layout;
pub mod list;
pub mod markdown;
mod markup;
pub mod message;
pub mod redact;
pub mod retro;
pub mod sinks;
mod spark;
pub mod terminal;
mod who;
