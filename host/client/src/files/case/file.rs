//! A case as it is written.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema as JsonSchemaText, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// A test case of a plugin.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Case")]
pub(super) struct CaseFile {
    /// One sentence that says what it shows.
    pub(super) case: String,
    /// What is asked.
    pub(super) criterion: CriterionOfCase,
    /// What is given, by the keys of the plan.
    #[serde(default)]
    pub(super) frames: BTreeMap<String, FrameFile>,
    /// What must be found.
    pub(super) expect: ExpectFile,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CriterionOfCase {
    /// Its id; `case` unless given.
    pub(super) id: Option<String>,
    /// goal | guardrail | watch; goal unless given.
    pub(super) role: Option<RoleWord>,
    /// The launch instant, such as 2026-03-10T16:00:00Z.
    pub(super) launch: String,
    /// The checkpoint, such as d28.
    pub(super) checkpoint: String,
    /// Whether it is the last checkpoint; true unless given.
    #[serde(rename = "final")]
    pub(super) is_final: Option<bool>,
    /// The checkpoints that judge it, such as [d7, d28]; the checkpoint alone unless given.
    #[serde(default)]
    pub(super) looks: Vec<String>,
    /// Whole days after the launch that count, such as d1..d28; all until the checkpoint unless given.
    pub(super) window: Option<String>,
    /// Whole days before the launch day to compare with, such as 28d.
    pub(super) baseline: Option<String>,
    /// The instant the judgement speaks of; the end of the window unless given.
    pub(super) as_of: Option<String>,
    /// The team's time zone; UTC unless given.
    pub(super) time_zone: Option<String>,
    /// What the finding at the look before asked to remember.
    pub(super) state: Option<String>,
    /// The only metric.
    pub(super) metric: Option<MetricOfCase>,
    /// Several metrics, each under the plugin's own name for it.
    #[serde(default)]
    pub(super) metrics: BTreeMap<String, MetricOfCase>,
    /// Parameters.
    #[serde(default)]
    pub(super) with: Map<String, Json>,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RoleWord {
    Goal,
    Guardrail,
    Watch,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum BetterWord {
    Higher,
    Lower,
    Neither,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ShapeWord {
    Series,
    Totals,
    Samples,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ReasonWord {
    TooEarly,
    InsufficientData,
    Inconclusive,
    UntrustedData,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum OutcomeWord {
    Pass,
    Marginal,
    Fail,
    Undecided,
}

/// A metric: its key, or what is known of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum MetricOfCase {
    Key(String),
    Known(KnownMetric),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KnownMetric {
    /// Its key, such as batch_changes.published.
    pub(super) key: String,
    /// gauge | sum | mean | ratio; what the plugin expects unless given.
    pub(super) kind: Option<String>,
    /// Its unit; share for a ratio unless given.
    pub(super) unit: Option<String>,
    /// higher | lower | neither; higher unless given.
    pub(super) better: Option<BetterWord>,
    /// Points are complete up to this instant; the end of the window unless given, `never` for nobody has said so.
    pub(super) complete_through: Option<String>,
    /// Further facts, such as covers-days.
    #[serde(default)]
    pub(super) more: Map<String, Json>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FrameFile {
    /// series | totals | samples.
    pub(super) shape: ShapeWord,
    /// The file beside this one that holds its rows.
    pub(super) csv: String,
    /// Facts of the frame, such as corrections.
    #[serde(default)]
    pub(super) about: Map<String, Json>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectFile {
    /// pass | marginal | fail | undecided.
    pub(super) outcome: Option<OutcomeWord>,
    /// The reason of an undecided outcome.
    pub(super) reason: Option<ReasonWord>,
    /// Its code.
    pub(super) code: Option<String>,
    /// The number that decides.
    pub(super) observed: Option<ObservedFile>,
    /// A text, or several, that the headline contains.
    pub(super) headline_has: Option<Texts>,
    /// A text, or several, each of which some warning contains.
    pub(super) warns: Option<Texts>,
    /// A text that the error contains, of a plugin that says it cannot judge.
    pub(super) error_has: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ObservedFile {
    #[schemars(schema_with = "number_schema")]
    pub(super) value: Json,
    #[schemars(schema_with = "number_schema")]
    #[serde(default)]
    pub(super) low: Option<Json>,
    #[schemars(schema_with = "number_schema")]
    #[serde(default)]
    pub(super) high: Option<Json>,
    /// How far each may be off; 0 unless given.
    #[schemars(range(min = 0))]
    pub(super) within: Option<f64>,
}

fn number_schema(_: &mut SchemaGenerator) -> JsonSchemaText {
    json_schema!({ "type": ["number", "string"], "description": "a number, or a share such as 64.4%" })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Texts {
    One(String),
    Several(Vec<String>),
}

impl Texts {
    pub(super) fn list(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Several(texts) => texts,
        }
    }
}
