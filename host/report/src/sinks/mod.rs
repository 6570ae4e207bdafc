//! What takes messages to where people look: one file per kind of sink. Each says how it went; when to try again, and
//! what is kept of it, is for whoever calls.

pub mod folder;
pub mod web_hook;

use yardstick_client::api::EventDocument;
use yardstick_client::chart::ChartPart;
use yardstick_client::document::VerdictDocument;

/// An event with everything that a message of it may show.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The event.
    pub event: EventDocument,
    /// The verdict it is about, with its charts; `None`: it is about none.
    pub verdict: Option<(VerdictDocument, Vec<ChartPart>)>,
}
