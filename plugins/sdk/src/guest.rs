//! The trait a judge implements, and how it becomes a component.

use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use crate::bindings::exports::yardstick::judge::guest;
use crate::bindings::yardstick::judge::frames::Frame as HostFrame;
use crate::{Criterion, Finding, Frames, Query};

/// What a criterion says under `with:`. Derive it, together with `serde::Deserialize`:
///
/// ```
/// use serde::Deserialize;
/// use yardstick_sdk::{Params, Quantity};
///
/// /// Give the share that must be reached.
/// #[derive(Debug, Deserialize, Params)]
/// #[serde(deny_unknown_fields)]
/// struct Asked {
///     /// The share to reach or exceed.
///     #[params(quantity = "share")]
///     at_least: Quantity,
///     /// Fewer observations than this are not judged.
///     #[serde(default)]
///     #[params(max = 1_000_000)]
///     min_n: u64,
/// }
///
/// assert!(Asked::schema().contains("\"required\":[\"at_least\"]"));
/// ```
///
/// Documentation comments become what people read in their editors and in refusals. Fields are numbers, `bool`,
/// `String`, [`crate::Quantity`], enums without fields (which derive this too), `Option`, `Vec` and
/// `BTreeMap<String, _>` of these; an `Option`, and a field with `#[serde(default)]`, may be left out.
/// `#[params(…)]` takes `min`, `max`, `above`, `below`, `min_length`, `max_length`, `min_items`, `max_items`,
/// `min_fields`, `max_fields` and `quantity` (`"level"`, in the metric's unit; `"share"`; `"change"`; `"ratio"`, whatever the unit).
///
/// Where the type does not say it all, write the schema by hand:
/// `fn schema() -> String { include_str!("../params.schema.json").to_owned() }`.
pub trait Params: DeserializeOwned {
    /// JSON Schema (draft 2020-12) of an object.
    #[must_use]
    fn schema() -> String;
}

/// A way to judge a criterion: two pure steps.
pub trait Judge {
    /// The criterion's parameters (`with:` in a release file).
    type Params: Params;

    /// One line for lists.
    const SUMMARY: &'static str;

    /// The metrics the judge expects; the only one is called `metric`.
    const METRICS: &'static [Expected];

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

/// A metric that a judge expects a criterion to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    name: &'static str,
    about: &'static str,
    kinds: &'static [&'static str],
    optional: bool,
}

impl Expected {
    /// A metric by the judge's own name for it, and what it is in a few words. Of any kind, until told.
    #[must_use]
    pub const fn metric(name: &'static str, about: &'static str) -> Self {
        Self { name, about, kinds: &[], optional: false }
    }

    /// Of one of these kinds, such as `["ratio"]`; the host refuses others before a seal.
    #[must_use]
    pub const fn of(mut self, kinds: &'static [&'static str]) -> Self {
        self.kinds = kinds;
        self
    }

    /// A criterion may leave it out.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    fn described(&self) -> guest::ExpectedMetric {
        guest::ExpectedMetric {
            name: self.name.to_owned(),
            about: self.about.to_owned(),
            kinds: self.kinds.iter().map(|&kind| kind.to_owned()).collect(),
            optional: self.optional,
            more: Vec::new(),
        }
    }
}

/// A [`Judge`] as the contract's exports. Made by [`export!`](crate::export).
#[derive(Debug)]
pub struct Plugin<J>(PhantomData<J>);

impl<J: Judge> guest::Guest for Plugin<J> {
    fn describe() -> guest::Description {
        guest::Description {
            summary: J::SUMMARY.to_owned(),
            params_schema: J::Params::schema(),
            metrics: J::METRICS.iter().map(Expected::described).collect(),
            more: Vec::new(),
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
    crate::json::read(&criterion.params).map_err(|error| format!("with: {error}"))
}

/// Sees that a type is a judge.
#[doc(hidden)]
pub const fn is_judge<J: Judge>() {}

/// Makes a component of a judge: `yardstick_sdk::export!(MyJudge);`, once, at the top of the crate.
///
/// Natively it only sees that the judge is one, so that a judge's tests link.
#[macro_export]
macro_rules! export {
    ($judge:ty) => {
        const _: () = $crate::is_judge::<$judge>();
        #[cfg(target_family = "wasm")]
        type YardstickPlugin = $crate::Plugin<$judge>;
        #[cfg(target_family = "wasm")]
        $crate::bindings::export_component!(YardstickPlugin with_types_in $crate::bindings);
    };
}
