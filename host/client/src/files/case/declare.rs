//! From what is written to a case.

use jiff::Timestamp;
use serde_json::{Map, Value as Json};
use yardstick_domain::checkpoint::{Checkpoint, Days, baseline_window};
use yardstick_domain::finding::Reason;
use yardstick_domain::frame::{Attrs, Shape, Value};
use yardstick_domain::metric::Better;
use yardstick_domain::problem::Problem;
use yardstick_domain::question::{AskedMetric, Question, Role};
use yardstick_domain::time::zone as time_zone;
use yardstick_stats::Quantity;

use super::file::{
    BetterWord, CaseFile, CriterionOfCase, ExpectFile, KnownMetric, MetricOfCase, OutcomeWord, ReasonWord,
    RoleWord, ShapeWord, Texts,
};
use super::{Case, CaseFrame, Expect, Observed};
use crate::files::reading::{Problems, days, instant, parse, text, zone};

impl CaseFile {
    pub(super) fn declare(self, problems: &mut Problems) -> Option<Case> {
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
        let launch = instant(&at("launch"), &self.launch, problems);
        let checkpoint: Option<Checkpoint> = parse(&at("checkpoint"), &self.checkpoint, problems);
        let zone_name = match &self.time_zone {
            Some(name) => zone(&at("time_zone"), name, problems),
            None => Some("UTC".to_owned()),
        };
        let window: Option<Option<Days>> =
            self.window.as_deref().map(|text| parse(&at("window"), text, problems));
        let baseline = self.baseline.as_deref().map(|text| days(&at("baseline"), text, problems));
        let as_of = self.as_of.as_deref().map(|text| instant(&at("as_of"), text, problems));
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
            Some(text) => instant(&format!("{field}.complete_through"), text, problems).map(Some),
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
