//! `case:` documents: what a plugin is asked, what it is given, and what it must find.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::{JsonSchema, Schema as JsonSchemaText, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use yardstick_domain::checkpoint::{Checkpoint, Days, baseline_window};
use yardstick_domain::finding::Reason;
use yardstick_domain::frame::{Attrs, Shape, Value};
use yardstick_domain::metric::Better;
use yardstick_domain::problem::Problem;
use yardstick_domain::question::{AskedMetric, Question, Role};
use yardstick_domain::schema::Schema;
use yardstick_domain::time::zone as time_zone;
use yardstick_stats::Quantity;

use super::reading::{Problems, days, normalised, parse, text, zone};
use super::{FileProblem, json_schema, yaml};

/// A case: a question, frames and an expectation.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// One sentence that says what it shows.
    pub name: String,
    /// What is asked. A metric's kind and unit are empty where the case leaves them to the plugin.
    pub question: Question,
    /// What is given, by the keys of the plan.
    pub frames: BTreeMap<String, CaseFrame>,
    /// What must be found.
    pub expect: Expect,
}

/// A frame of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFrame {
    /// What it holds.
    pub shape: Shape,
    /// The file beside the case that holds its rows.
    pub csv: String,
    /// Facts that are known of it, beside those that follow from its rows and window.
    pub about: Attrs,
}

/// What a plugin must find.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expect {
    /// `pass`, `marginal`, `fail` or `undecided`; `None`: it must fail, see `error_has`.
    pub outcome: Option<String>,
    /// The reason of an undecided outcome.
    pub reason: Option<Reason>,
    /// Its code.
    pub code: Option<String>,
    /// The primary estimate.
    pub observed: Option<Observed>,
    /// Texts that the headline contains.
    pub headline_has: Vec<String>,
    /// Texts, each of which some warning contains.
    pub warns: Vec<String>,
    /// A text that the error contains, of a plugin that says it cannot judge.
    pub error_has: Option<String>,
}

/// An expected number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observed {
    /// Its value.
    pub value: f64,
    /// Lower bound of its interval; `None`: not looked at.
    pub low: Option<f64>,
    /// Upper bound.
    pub high: Option<f64>,
    /// How far each number may be off.
    pub within: f64,
}

/// A test case of a plugin.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Case")]
struct CaseFile {
    /// One sentence that says what it shows.
    case: String,
    /// What is asked.
    criterion: CriterionOfCase,
    /// What is given, by the keys of the plan.
    #[serde(default)]
    frames: BTreeMap<String, FrameFile>,
    /// What must be found.
    expect: ExpectFile,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CriterionOfCase {
    /// Its id; `case` unless given.
    id: Option<String>,
    /// goal | guardrail | watch; goal unless given.
    role: Option<RoleWord>,
    /// The launch instant, such as 2026-03-10T16:00:00Z.
    launch: String,
    /// The checkpoint, such as d28.
    checkpoint: String,
    /// Whether it is the last checkpoint; true unless given.
    #[serde(rename = "final")]
    is_final: Option<bool>,
    /// The checkpoints that judge it, such as [d7, d28]; the checkpoint alone unless given.
    #[serde(default)]
    looks: Vec<String>,
    /// Whole days after the launch that count, such as d1..d28; all until the checkpoint unless given.
    window: Option<String>,
    /// Whole days before the launch day to compare with, such as 28d.
    baseline: Option<String>,
    /// The instant the judgement speaks of; the end of the window unless given.
    as_of: Option<String>,
    /// The team's time zone; UTC unless given.
    time_zone: Option<String>,
    /// What the finding at the look before asked to remember.
    state: Option<String>,
    /// The only metric.
    metric: Option<MetricOfCase>,
    /// Several metrics, each under the plugin's own name for it.
    #[serde(default)]
    metrics: BTreeMap<String, MetricOfCase>,
    /// Parameters.
    #[serde(default)]
    with: Map<String, Json>,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum RoleWord {
    Goal,
    Guardrail,
    Watch,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum BetterWord {
    Higher,
    Lower,
    Neither,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum ShapeWord {
    Series,
    Totals,
    Samples,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum ReasonWord {
    TooEarly,
    InsufficientData,
    Inconclusive,
    UntrustedData,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum OutcomeWord {
    Pass,
    Marginal,
    Fail,
    Undecided,
}

/// A metric: its key, or what is known of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum MetricOfCase {
    Key(String),
    Known(KnownMetric),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct KnownMetric {
    /// Its key, such as batch_changes.published.
    key: String,
    /// gauge | sum | mean | ratio; what the plugin expects unless given.
    kind: Option<String>,
    /// Its unit; share for a ratio unless given.
    unit: Option<String>,
    /// higher | lower | neither; higher unless given.
    better: Option<BetterWord>,
    /// Points are complete up to this instant; the end of the window unless given, `never` for nobody has said so.
    complete_through: Option<String>,
    /// Further facts, such as covers-days.
    #[serde(default)]
    more: Map<String, Json>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FrameFile {
    /// series | totals | samples.
    shape: ShapeWord,
    /// The file beside this one that holds its rows.
    csv: String,
    /// Facts of the frame, such as corrections.
    #[serde(default)]
    about: Map<String, Json>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ExpectFile {
    /// pass | marginal | fail | undecided.
    outcome: Option<OutcomeWord>,
    /// The reason of an undecided outcome.
    reason: Option<ReasonWord>,
    /// Its code.
    code: Option<String>,
    /// The number that decides.
    observed: Option<ObservedFile>,
    /// A text, or several, that the headline contains.
    headline_has: Option<Texts>,
    /// A text, or several, each of which some warning contains.
    warns: Option<Texts>,
    /// A text that the error contains, of a plugin that says it cannot judge.
    error_has: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ObservedFile {
    #[schemars(schema_with = "number_schema")]
    value: Json,
    #[schemars(schema_with = "number_schema")]
    #[serde(default)]
    low: Option<Json>,
    #[schemars(schema_with = "number_schema")]
    #[serde(default)]
    high: Option<Json>,
    /// How far each may be off; 0 unless given.
    #[schemars(range(min = 0))]
    within: Option<f64>,
}

fn number_schema(_: &mut SchemaGenerator) -> JsonSchemaText {
    json_schema!({ "type": ["number", "string"], "description": "a number, or a share such as 64.4%" })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Texts {
    One(String),
    Several(Vec<String>),
}

impl Texts {
    fn list(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Several(texts) => texts,
        }
    }
}

/// The JSON Schema of a case.
#[must_use]
pub fn schema() -> Json {
    json_schema::<CaseFile>()
}

/// Reads a file that holds one case.
///
/// # Errors
/// Everything that is wrong with it, by line and column.
pub fn read(content: &str) -> Result<Case, Vec<FileProblem>> {
    let documents = yaml::documents(content).map_err(|problem| vec![problem])?;
    let [document] = documents.as_slice() else {
        let message = format!("{} documents; a case has a file of its own", documents.len());
        return Err(vec![FileProblem { line: 1, column: 1, field: String::new(), message }]);
    };
    let place = |problem: Problem| {
        let (line, column) = document.position(&problem.field);
        FileProblem { line, column, field: problem.field, message: problem.message }
    };
    let value = normalised(&document.value);
    let mut problems = match Schema::new(schema()) {
        Ok(schema) => schema.problems(&value),
        Err(error) => vec![Problem::new("", error.to_string())],
    };
    let case = if problems.is_empty() {
        match serde_json::from_value::<CaseFile>(value) {
            Ok(file) => file.declare(&mut problems),
            Err(error) => {
                problems.push(Problem::new("", error.to_string()));
                None
            }
        }
    } else {
        None
    };
    match case {
        Some(case) if problems.is_empty() => Ok(case),
        _ => Err(problems.into_iter().map(place).collect()),
    }
}

impl CaseFile {
    fn declare(self, problems: &mut Problems) -> Option<Case> {
        let name = text("case", &self.case, 200, problems);
        let question = self.criterion.declare(problems);
        let frames = self
            .frames
            .into_iter()
            .map(|(key, frame)| {
                let at = format!("frames.{key}.about");
                let shape = match frame.shape {
                    ShapeWord::Series => Shape::Series,
                    ShapeWord::Totals => Shape::Totals,
                    ShapeWord::Samples => Shape::Samples,
                };
                let about = attrs(&at, frame.about, problems);
                (key, CaseFrame { shape, csv: frame.csv, about })
            })
            .collect();
        let expect = self.expect.declare(problems);
        Some(Case { name: name?, question: question?, frames, expect: expect? })
    }
}

impl CriterionOfCase {
    fn declare(self, problems: &mut Problems) -> Option<Question> {
        let at = |name: &str| format!("criterion.{name}");
        let launch: Option<Timestamp> = parse(&at("launch"), &self.launch, problems);
        let checkpoint: Option<Checkpoint> = parse(&at("checkpoint"), &self.checkpoint, problems);
        let zone_name = match &self.time_zone {
            Some(name) => zone(&at("time_zone"), name, problems),
            None => Some("UTC".to_owned()),
        };
        let window: Option<Option<Days>> =
            self.window.as_deref().map(|text| parse(&at("window"), text, problems));
        let baseline = self.baseline.as_deref().map(|text| days(&at("baseline"), text, problems));
        let as_of = self.as_of.as_deref().map(|text| parse::<Timestamp>(&at("as_of"), text, problems));
        let looks: Vec<Option<Checkpoint>> = self
            .looks
            .iter()
            .enumerate()
            .map(|(index, text)| parse(&at(&format!("looks[{index}]")), text, problems))
            .collect();
        let (launch, checkpoint, zone_name) = (launch?, checkpoint?, zone_name?);
        let zone = time_zone(&zone_name);
        let window = window.map_or(Some(Days::until(checkpoint)), |days| days)?.window(launch, &zone);
        let baseline = match baseline {
            Some(days) => Some(baseline_window(days?, launch, &zone)),
            None => None,
        };
        let mut named: Vec<(String, MetricOfCase)> = self.metrics.into_iter().collect();
        match (self.metric, named.is_empty()) {
            (Some(_), false) => {
                problems.push(Problem::new(at("metric"), "write metric or metrics, not both"));
            }
            (Some(metric), true) => named.push(("metric".to_owned(), metric)),
            (None, true) => problems.push(Problem::new(at("metric"), "is missing; name the metric")),
            (None, false) => {}
        }
        let metrics = named
            .into_iter()
            .map(|(name, metric)| metric.declare(name, window.end, problems))
            .collect::<Option<Vec<_>>>()?;
        let looks: Vec<u32> =
            looks.into_iter().map(|look| look.map(Checkpoint::days)).collect::<Option<_>>()?;
        Some(Question {
            id: self.id.unwrap_or_else(|| "case".to_owned()),
            role: match self.role {
                None | Some(RoleWord::Goal) => Role::Goal,
                Some(RoleWord::Guardrail) => Role::Guardrail,
                Some(RoleWord::Watch) => Role::Watch,
            },
            params: Json::Object(self.with),
            metrics,
            launch,
            checkpoint: checkpoint.days(),
            is_final: self.is_final.unwrap_or(true),
            looks: if looks.is_empty() { vec![checkpoint.days()] } else { looks },
            window,
            baseline,
            as_of: as_of.map_or(Some(window.end), |as_of| as_of)?,
            state: self.state,
            time_zone: zone_name,
            more: Attrs::new(),
        })
    }
}

impl MetricOfCase {
    fn declare(self, name: String, end: Timestamp, problems: &mut Problems) -> Option<AskedMetric> {
        let field = format!("criterion.metrics.{name}");
        let known = match self {
            Self::Known(known) => known,
            Self::Key(key) => KnownMetric {
                key,
                kind: None,
                unit: None,
                better: None,
                complete_through: None,
                more: Map::new(),
            },
        };
        let complete_through = match known.complete_through.as_deref() {
            None => Some(Some(end)),
            Some("never") => Some(None),
            Some(text) => parse(&format!("{field}.complete_through"), text, problems).map(Some),
        };
        Some(AskedMetric {
            name,
            key: known.key,
            kind: known.kind.unwrap_or_default(),
            unit: known.unit.unwrap_or_default(),
            better: match known.better {
                None | Some(BetterWord::Higher) => Better::Higher,
                Some(BetterWord::Lower) => Better::Lower,
                Some(BetterWord::Neither) => Better::Neither,
            },
            complete_through: complete_through?,
            more: attrs(&format!("{field}.more"), known.more, problems),
        })
    }
}

impl ExpectFile {
    fn declare(self, problems: &mut Problems) -> Option<Expect> {
        if self.outcome.is_some() == self.error_has.is_some() {
            let message = "name the outcome (pass, marginal, fail or undecided), or error_has for a plugin that says it \
                           cannot judge; one of them";
            problems.push(Problem::new("expect.outcome", message));
        }
        let undecided = matches!(self.outcome, Some(OutcomeWord::Undecided));
        if !undecided && (self.reason.is_some() || self.code.is_some()) {
            problems.push(Problem::new("expect.reason", "only an undecided outcome has a reason and a code"));
        }
        let observed = match self.observed {
            Some(observed) => Some(Observed {
                value: number("expect.observed.value", &observed.value, problems)?,
                low: maybe_number("expect.observed.low", observed.low.as_ref(), problems),
                high: maybe_number("expect.observed.high", observed.high.as_ref(), problems),
                within: observed.within.unwrap_or(0.0),
            }),
            None => None,
        };
        let outcome = self.outcome.map(|word| match word {
            OutcomeWord::Pass => "pass",
            OutcomeWord::Marginal => "marginal",
            OutcomeWord::Fail => "fail",
            OutcomeWord::Undecided => "undecided",
        });
        let reason = self.reason.map(|word| match word {
            ReasonWord::TooEarly => Reason::TooEarly,
            ReasonWord::InsufficientData => Reason::InsufficientData,
            ReasonWord::Inconclusive => Reason::Inconclusive,
            ReasonWord::UntrustedData => Reason::UntrustedData,
        });
        Some(Expect {
            outcome: outcome.map(str::to_owned),
            reason,
            code: self.code,
            observed,
            headline_has: self.headline_has.map(Texts::list).unwrap_or_default(),
            warns: self.warns.map(Texts::list).unwrap_or_default(),
            error_has: self.error_has,
        })
    }
}

fn maybe_number(field: &str, value: Option<&Json>, problems: &mut Problems) -> Option<f64> {
    value.and_then(|value| number(field, value, problems))
}

/// A number, or a share such as `64.4%`.
fn number(field: &str, value: &Json, problems: &mut Problems) -> Option<f64> {
    let read = match value {
        Json::String(text) => {
            text.parse::<Quantity>().map(Quantity::value).map_err(|error| error.to_string())
        }
        other => other.as_f64().ok_or_else(|| format!("{other} is no number")),
    };
    read.map_err(|message| problems.push(Problem::new(field, message))).ok()
}

/// Named facts; a list or a block is none.
fn attrs(field: &str, facts: Map<String, Json>, problems: &mut Problems) -> Attrs {
    facts
        .into_iter()
        .filter_map(|(name, value)| {
            let value = match value {
                Json::Bool(value) => Value::Boolean(value),
                Json::Number(number) => match number.as_i64() {
                    Some(whole) => Value::Integer(whole),
                    None => Value::Number(number.as_f64()?),
                },
                Json::String(text) => Value::Text(text),
                other => {
                    let message = format!("{other} is no fact; expected a number, a text, true or false");
                    problems.push(Problem::new(format!("{field}.{name}"), message));
                    return None;
                }
            };
            Some((name, value))
        })
        .collect()
}
