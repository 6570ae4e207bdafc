//! What a plugin author depends on.
//!
//! A plugin is a type that implements [`Judge`] and one line, [`export!`]. It answers three questions:
//! what it is, which data it needs ([`Judge::plan`]), and what the data say ([`Judge::evaluate`]). It does no
//! I/O, has no clock, and every call starts afresh.
//!
//! The same code runs natively: [`testing`] makes criteria and frames in memory, so that a judge is tested
//! with `cargo test`, without WebAssembly. A whole one, with its test:
//!
//! ```
//! use serde::Deserialize;
//! use yardstick_sdk::bounds::Bounds;
//! use yardstick_sdk::stats::wilson;
//! use yardstick_sdk::{
//!     Criterion, Estimate, Expected, Finding, Frames, Grade, Judge, Params, Quantity, Query, Says, Undecided, flip,
//! };
//!
//! pub struct Rate;
//!
//! yardstick_sdk::export!(Rate);
//!
//! /// The rate that must be reached.
//! #[derive(Deserialize, Params)]
//! #[serde(deny_unknown_fields)]
//! pub struct Asked {
//!     /// The rate to reach or exceed.
//!     #[params(quantity = "share")]
//!     at_least: Quantity,
//! }
//!
//! impl Judge for Rate {
//!     type Params = Asked;
//!     const SUMMARY: &'static str = "A rate against a target";
//!     const METRICS: &'static [Expected] = &[Expected::metric("metric", "the rate").of(&["ratio"])];
//!
//!     fn plan(criterion: &Criterion, _: &Asked) -> Result<Vec<Query>, String> {
//!         Ok(vec![Query::totals("all", "metric", criterion.window)])
//!     }
//!
//!     fn evaluate(_: &Criterion, asked: &Asked, frames: &Frames) -> Result<Finding, String> {
//!         let (frame, bounds) = (frames.get("all")?, Bounds::at_least(asked.at_least.value()));
//!         let (Some(hits), Some(of)) = (frame.number("sum")?, frame.number("n")?) else {
//!             return Ok(Finding::undecided(Undecided::too_few(0.0, 1, bounds.target)));
//!         };
//!         let interval = wilson(hits, of, 0.95).map_err(|why| format!("{hits} of {of}: {why}"))?;
//!         let call = bounds.call(interval);
//!         Ok(Finding::called(call, Says {
//!             headline: bounds.headline(hits / of, Some(interval), call, false, "share"),
//!             method: "Wilson 95 %".to_owned(),
//!             grade: Grade::TargetOnly,
//!             target: bounds.target,
//!             primary: Estimate::new("rate", "share", hits / of).within(interval, 0.95).of(of as u64),
//!             flip: flip::share(hits, of, 0.95, &bounds, "hits"),
//!         }))
//!     }
//! }
//!
//! use yardstick_sdk::testing::{self, Memory};
//! use yardstick_sdk::{Better, Outcome, Shape};
//!
//! let criterion = testing::Asked::of("ratio", "share", Better::Larger).with(r#"{"at_least": "60%"}"#).criterion();
//! let totals = Memory::new(Shape::Totals).column("n", [9_640.0]).column("sum", [6_212.0]);
//! let finding = testing::evaluate::<Rate>(&criterion, vec![("all", totals)])?;
//! assert_eq!(finding.outcome, Outcome::Pass);
//! assert_eq!(finding.flip.as_deref(), Some("inconclusive with 334 fewer hits"));
//! # Ok::<(), String>(())
//! ```
//!
//! | for | there is |
//! |---|---|
//! | what is asked | [`Criterion`], [`Metric`]; parameters by [`Params`] |
//! | asking for data | [`Query`], [`Window`], [`Day`], [`Calendar`] |
//! | reading data | [`Frames`], [`Frame`], [`Facts`] |
//! | holding a number against a target | [`bounds`], [`flip`] |
//! | mathematics and how numbers are written | [`stats`] |
//! | answering | [`Finding`], [`Says`], [`Undecided`], [`Estimate`], [`Table`] |
//! | files it carries | [`assets`] |
//! | lines for yourself | [`log`], [`info!`], [`warn!`](crate::warn!) |
//!
//! `yardstick plugin new` starts a project that depends on this crate; the guide is `docs/plugins.md`.

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

pub mod assets;
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
