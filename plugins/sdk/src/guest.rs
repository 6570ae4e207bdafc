//! The trait a judge implements, and how it becomes a component.

use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use crate::bindings::exports::yardstick::judge::guest;
use crate::bindings::yardstick::judge::frames::Frame as HostFrame;
use crate::{Criterion, Finding, Frames, Query};

/// A way to judge a criterion: two pure steps.
pub trait Judge {
    /// The criterion's parameters (`with:` in a release file). Quantities are [`crate::Quantity`].
    type Params: DeserializeOwned;

    /// One line for lists.
    const SUMMARY: &'static str;

    /// Names under which the judge expects metrics; `["metric"]` for its only one.
    const METRICS: &'static [&'static str];

    /// Names of further metrics that a criterion may leave out.
    const OPTIONAL_METRICS: &'static [&'static str] = &[];

    /// JSON Schema (draft 2020-12) of the parameters, mostly `include_str!("../params.schema.json")`.
    const PARAMS_SCHEMA: &'static str;

    /// Which data the judge needs.
    ///
    /// # Errors
    /// A sentence for the release's owner that names the parameter that is wrong.
    fn plan(criterion: &Criterion, params: &Self::Params) -> Result<Vec<Query>, String>;

    /// What the data say. Nothing passes by default: what cannot be decided is [`Finding::undecided`].
    ///
    /// # Errors
    /// A sentence for the plugin's author, when the judge cannot do its work.
    fn evaluate(criterion: &Criterion, params: &Self::Params, frames: &Frames) -> Result<Finding, String>;
}

/// A [`Judge`] as the contract's exports. Made by [`export!`](crate::export).
#[derive(Debug)]
pub struct Plugin<J>(PhantomData<J>);

impl<J: Judge> guest::Guest for Plugin<J> {
    fn describe() -> guest::Description {
        guest::Description {
            summary: J::SUMMARY.to_owned(),
            params_schema: J::PARAMS_SCHEMA.to_owned(),
            metrics: J::METRICS.iter().chain(J::OPTIONAL_METRICS).map(|&name| name.to_owned()).collect(),
            more: match J::OPTIONAL_METRICS {
                [] => Vec::new(),
                names => vec![("optional-metrics".to_owned(), names.join(" ").into())],
            },
        }
    }

    fn plan(criterion: Criterion) -> Result<Vec<Query>, String> {
        J::plan(&criterion, &params::<J>(&criterion)?)
    }

    fn evaluate(criterion: Criterion, frames: Vec<(String, HostFrame)>) -> Result<Finding, String> {
        J::evaluate(&criterion, &params::<J>(&criterion)?, &Frames::from_host(frames))
    }
}

/// Reads a criterion's parameters.
pub(crate) fn params<J: Judge>(criterion: &Criterion) -> Result<J::Params, String> {
    serde_json::from_str(&criterion.params).map_err(|error| format!("with: {error}"))
}

/// Makes a component of a judge: `yardstick_sdk::export!(MyJudge);`, once, at the top of the crate.
///
/// Natively it does nothing, so that a judge's tests link.
#[macro_export]
macro_rules! export {
    ($judge:ty) => {
        #[cfg(target_family = "wasm")]
        type YardstickPlugin = $crate::Plugin<$judge>;
        #[cfg(target_family = "wasm")]
        $crate::bindings::export_component!(YardstickPlugin with_types_in $crate::bindings);
    };
}
