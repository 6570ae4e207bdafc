//! What a plugin author depends on.
//!
//! A plugin is a type that implements [`Judge`] and one line, [`export!`]. It answers three questions:
//! what it is, which data it needs ([`Judge::plan`]), and what the data say ([`Judge::evaluate`]). It does no
//! I/O, has no clock, and every call starts afresh.
//!
//! The same code runs natively: [`testing`] makes criteria and frames in memory, so that a judge is tested
//! with `cargo test`, without WebAssembly.

/// Generated from `wit/`; authors use what is re-exported below.
#[doc(hidden)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../../wit/v1.0",
        world: "plugin",
        additional_derives: [PartialEq],
        pub_export_macro: true,
        export_macro_name: "export_component",
        default_bindings_module: "yardstick_sdk::bindings",
    });
}

pub mod bounds;
mod calendar;
mod civil;
mod criterion;
mod finding;
pub mod flip;
mod frame;
mod guest;
mod json;
pub mod log;
mod query;
pub mod schema;
pub mod testing;

pub use bindings::exports::yardstick::judge::guest::Query;
pub use bindings::yardstick::judge::types::{
    Attrs, Better, Criterion, Estimate, Finding, Grade, Metric, Outcome, Reason, Role, Shape, Table, Value,
    Why, Window,
};
pub use calendar::Calendar;
pub use civil::Day;
pub use criterion::Facts;
pub use finding::{Decided, Says, Undecided};
pub use frame::{Frame, Frames};
#[doc(hidden)]
pub use guest::is_judge;
pub use guest::{Expected, Judge, Params, Plugin};
/// Derives [`Params`].
pub use yardstick_sdk_derive::Params;
pub use yardstick_stats as stats;
pub use yardstick_stats::{Moments, Quantity};
