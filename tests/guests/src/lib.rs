//! Hostile and odd guests, one example each, straight on the contract.
//!
//! [`Guest`] answers like a well-behaved plugin; an example overrides what it does wrong and exports itself
//! with [`guest!`].

/// Generated from `wit/`.
#[allow(missing_docs, unreachable_pub, unsafe_code, clippy::all, reason = "generated")]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../../wit/v1.0",
        world: "plugin",
        pub_export_macro: true,
        default_bindings_module: "yardstick_test_guests::bindings",
    });
}

pub use bindings::exports::yardstick::judge::guest::{Description, ExpectedMetric, Query};
pub use bindings::yardstick::judge::frames::Frame;
pub use bindings::yardstick::judge::log::{Level, write as log};
pub use bindings::yardstick::judge::types::{
    Criterion, Estimate, Finding, Grade, Outcome, Reason, Shape, Table, Value, Why,
};

/// A guest that behaves, until something is overridden.
pub trait Guest {
    /// What it says it is.
    #[must_use]
    fn describe() -> Description {
        description()
    }

    /// Which data it wants.
    ///
    /// # Errors
    /// What it says of the parameters.
    fn plan(criterion: Criterion) -> Result<Vec<Query>, String> {
        Ok(vec![query(&criterion)])
    }

    /// What it finds.
    ///
    /// # Errors
    /// Why it cannot say.
    fn evaluate(_criterion: Criterion, _frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        Ok(finding())
    }
}

/// A description that passes.
#[must_use]
pub fn description() -> Description {
    Description {
        summary: "A guest of the tests".to_owned(),
        params_schema: r#"{"type":"object","properties":{"do":{"type":"string"}}}"#.to_owned(),
        metrics: vec![expected("metric")],
        more: Vec::new(),
    }
}

/// A metric that passes.
#[must_use]
pub fn expected(name: &str) -> ExpectedMetric {
    ExpectedMetric {
        name: name.to_owned(),
        about: String::new(),
        kinds: Vec::new(),
        optional: false,
        more: Vec::new(),
    }
}

/// A query that passes.
#[must_use]
pub fn query(criterion: &Criterion) -> Query {
    Query {
        key: "totals".to_owned(),
        metric: "metric".to_owned(),
        shape: Shape::Totals,
        window: criterion.window,
        bucket: None,
        filters: Vec::new(),
        splits: Vec::new(),
        max_rows: 1,
        more: Vec::new(),
    }
}

/// A finding that passes, in both senses.
#[must_use]
pub fn finding() -> Finding {
    Finding {
        outcome: Outcome::Pass,
        headline: "All is well.".to_owned(),
        method: String::new(),
        grade: Grade::TargetOnly,
        target: None,
        primary: None,
        others: Vec::new(),
        flip: None,
        warnings: Vec::new(),
        tables: Vec::new(),
        state: None,
        more: Vec::new(),
    }
}

/// An estimate that passes.
#[must_use]
pub fn estimate(name: &str, value: f64) -> Estimate {
    Estimate {
        name: name.to_owned(),
        unit: String::new(),
        value,
        low: None,
        high: None,
        confidence: None,
        n: None,
        log10_p: None,
        more: Vec::new(),
    }
}

/// The text of the parameter `do`, which must be free of escapes: what an odd guest is told to do.
#[must_use]
pub fn told(criterion: &Criterion) -> &str {
    let (_, rest) = criterion.params.split_once("\"do\":\"").unwrap_or_default();
    rest.split_once('"').map_or("", |(told, _)| told)
}

/// Exports a type that implements [`Guest`].
#[macro_export]
macro_rules! guest {
    ($guest:ident) => {
        struct Exported;

        impl $crate::bindings::exports::yardstick::judge::guest::Guest for Exported {
            fn describe() -> $crate::Description {
                <$guest as $crate::Guest>::describe()
            }

            fn plan(criterion: $crate::Criterion) -> Result<Vec<$crate::Query>, String> {
                <$guest as $crate::Guest>::plan(criterion)
            }

            fn evaluate(
                criterion: $crate::Criterion,
                frames: Vec<(String, $crate::Frame)>,
            ) -> Result<$crate::Finding, String> {
                <$guest as $crate::Guest>::evaluate(criterion, frames)
            }
        }

        $crate::bindings::export!(Exported with_types_in $crate::bindings);
    };
}
