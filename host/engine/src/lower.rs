//! From the host's nouns to the contract's.

use jiff::Timestamp;
use yardstick_domain::frame::{Attrs, Shape, Value};
use yardstick_domain::metric::Better;
use yardstick_domain::question::{AskedMetric, Question, Role};
use yardstick_domain::time::Window;

use crate::contract::v1::yardstick::judge::types as wit;

/// The criterion as a plugin is asked about it.
pub(crate) fn criterion(question: &Question) -> wit::Criterion {
    wit::Criterion {
        id: question.id.clone(),
        role: match question.role {
            Role::Goal => wit::Role::Goal,
            Role::Guardrail => wit::Role::Guardrail,
            Role::Watch => wit::Role::Watch,
        },
        params: question.params.to_string(),
        metrics: question.metrics.iter().map(metric).collect(),
        launch: millis(question.launch),
        checkpoint: question.checkpoint,
        is_final: question.is_final,
        looks: question.looks.clone(),
        window: window(&question.window),
        baseline: question.baseline.as_ref().map(window),
        as_of: millis(question.as_of),
        state: question.state.clone(),
        time_zone: question.time_zone.clone(),
        more: attrs(&question.more),
    }
}

/// Named facts.
pub(crate) fn attrs(attrs: &Attrs) -> Vec<(String, wit::Value)> {
    attrs.iter().map(|(name, value)| (name.clone(), self::value(value))).collect()
}

/// What a frame holds.
pub(crate) fn shape(shape: Shape) -> wit::Shape {
    match shape {
        Shape::Series => wit::Shape::Series,
        Shape::Totals => wit::Shape::Totals,
        Shape::Samples => wit::Shape::Samples,
    }
}

fn metric(metric: &AskedMetric) -> wit::Metric {
    wit::Metric {
        name: metric.name.clone(),
        key: metric.key.clone(),
        kind: metric.kind.clone(),
        unit: metric.unit.clone(),
        better: match metric.better {
            Better::Higher => wit::Better::Larger,
            Better::Lower => wit::Better::Smaller,
            Better::Neither => wit::Better::Neither,
        },
        complete_through: metric.complete_through.map(millis),
        more: attrs(&metric.more),
    }
}

fn value(value: &Value) -> wit::Value {
    match value {
        Value::Boolean(value) => wit::Value::Boolean(*value),
        Value::Integer(value) => wit::Value::Integer(*value),
        Value::Number(value) => wit::Value::Number(*value),
        Value::Text(value) => wit::Value::Text(value.clone()),
    }
}

fn window(window: &Window) -> wit::Window {
    wit::Window { start: millis(window.start), end: millis(window.end) }
}

fn millis(instant: Timestamp) -> i64 {
    instant.as_millisecond()
}
