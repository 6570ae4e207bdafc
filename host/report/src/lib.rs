//! Verdicts for people: as text for a terminal, as Markdown, as JSON; and plain tables for lists.
//!
//! The only input is [`yardstick_client::document::VerdictDocument`], so a verdict that came from a server
//! reads as one that was judged here. Its texts were written by people and by guests, and are trusted by
//! nobody: [`escape`] is the one place they pass through on their way out.

pub mod dates;
mod escape;
mod facts;
mod finding;
pub mod json;
mod layout;
pub mod list;
pub mod markdown;
pub mod terminal;
mod who;
