//! A criterion of a `release:` document.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema as JsonSchemaText, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Map, Value};
use yardstick_domain::checkpoint::{Checkpoint, Days};
use yardstick_domain::criteria::Criterion;
use yardstick_domain::problem::Problem;
use yardstick_domain::question::Role;
use yardstick_stats::Quantity;

use super::reading::{Problems, days, parse, text};

/// One criterion.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CriterionFile {
    /// Its id within the release: a-z 0-9 -.
    pub(super) id: String,
    /// One sentence a person can read.
    says: String,
    /// Plugin and version range, such as threshold@1 or team/name@1.2.
    judge: String,
    /// Its only metric.
    metric: Option<String>,
    /// Several metrics, each under the plugin's own name for it.
    #[serde(default)]
    metrics: BTreeMap<String, String>,
    /// Whole days after the launch that count, such as d1..d28.
    window: Option<String>,
    /// Whole days before the launch day to compare with, such as 28d.
    baseline: Option<String>,
    /// Parameters of the judge.
    #[serde(default)]
    with: Map<String, Value>,
    /// What you expect, in the metric's unit.
    #[schemars(schema_with = "quantity_schema")]
    #[serde(default)]
    expected: Option<Value>,
    /// Weight in a weighted policy; 1 unless set.
    #[schemars(extend("exclusiveMinimum" = 0), range(max = 1000))]
    weight: Option<f64>,
    /// A goal whose failure alone fails the release.
    #[serde(default)]
    required: bool,
    /// The checkpoint that decides it; default: the final one, for guardrails every one.
    due: Option<String>,
}

fn quantity_schema(_: &mut SchemaGenerator) -> JsonSchemaText {
    json_schema!({ "type": ["number", "string"], "description": "a number or a quantity such as 4500, 65% or 0.1pp" })
}

impl CriterionFile {
    pub(super) fn declare(
        self,
        field: &str,
        role: Role,
        checkpoints: &[Checkpoint],
        problems: &mut Problems,
    ) -> Option<Criterion> {
        let at = |name: &str| format!("{field}.{name}");
        let id = parse(&at("id"), &self.id, problems);
        let says = text(&at("says"), &self.says, 500, problems);
        let judge = parse(&at("judge"), &self.judge, problems);
        let window: Option<Option<Days>> =
            self.window.as_deref().map(|text| parse(&at("window"), text, problems));
        let baseline = self.baseline.as_deref().map(|text| days(&at("baseline"), text, problems));
        let due: Option<Option<Checkpoint>> =
            self.due.as_deref().map(|text| parse(&at("due"), text, problems));
        let metrics = self.metrics(field, problems);
        if let Some(Some(due)) = due
            && !checkpoints.is_empty()
            && !checkpoints.contains(&due)
        {
            let known: Vec<String> = checkpoints.iter().map(ToString::to_string).collect();
            let message = format!("{due} is none of the checkpoints {}", known.join(", "));
            problems.push(Problem::new(at("due"), message));
        }
        let decides = due.flatten().or(checkpoints.last().copied());
        if let (Some(Some(window)), Some(decides)) = (window, decides)
            && window.from > decides.days()
        {
            let message = format!("{window} starts after {decides}, when it is decided");
            problems.push(Problem::new(at("window"), message));
        }
        if self.required && role != Role::Goal {
            problems.push(Problem::new(at("required"), "only a goal can be required; remove it"));
        }
        if let Some(Value::String(written)) = &self.expected
            && let Err(error) = written.parse::<Quantity>()
        {
            problems.push(Problem::new(at("expected"), error.to_string()));
        }
        Some(Criterion {
            id: id?,
            says: says?,
            role,
            required: self.required,
            judge: judge?,
            metrics: metrics?,
            window: window.map_or(Some(None), |days| days.map(Some))?,
            baseline_days: baseline.map_or(Some(None), |days| days.map(Some))?,
            params: Value::Object(self.with),
            expected: self.expected.map(|value| value.as_str().map_or(value.to_string(), str::to_owned)),
            weight: self.weight.unwrap_or(1.0),
            due: due.flatten(),
        })
    }

    fn metrics(
        &self,
        field: &str,
        problems: &mut Problems,
    ) -> Option<BTreeMap<String, yardstick_domain::ids::MetricKey>> {
        let mut metrics = BTreeMap::new();
        match (&self.metric, self.metrics.is_empty()) {
            (Some(_), false) => {
                problems.push(Problem::new(format!("{field}.metric"), "write metric or metrics, not both"));
                return None;
            }
            (None, true) => {
                problems.push(Problem::new(
                    format!("{field}.metric"),
                    "is missing; name the metric it is judged by",
                ));
                return None;
            }
            (Some(key), true) => {
                metrics.insert("metric".to_owned(), parse(&format!("{field}.metric"), key, problems)?);
            }
            (None, false) => {
                for (name, key) in &self.metrics {
                    metrics.insert(name.clone(), parse(&format!("{field}.metrics.{name}"), key, problems)?);
                }
            }
        }
        Some(metrics)
    }
}
