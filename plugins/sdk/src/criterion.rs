//! What a judge is asked.

use crate::{Attrs, Criterion, Metric, Value};

impl Criterion {
    /// The metric with this name of the plugin's.
    ///
    /// # Errors
    /// When the criterion names no such metric.
    pub fn metric(&self, name: &str) -> Result<&Metric, String> {
        self.metrics
            .iter()
            .find(|metric| metric.name == name)
            .ok_or_else(|| format!("metrics: the criterion names no metric \"{name}\""))
    }

    /// The confidence each look may use so that all looks together keep to `confidence`: the error rate is
    /// split evenly over the checkpoints that judge this criterion (Bonferroni).
    #[must_use]
    pub fn confidence_per_look(&self, confidence: f64) -> f64 {
        1.0 - (1.0 - confidence) / f64::from(self.look_count())
    }

    /// How many times the criterion is decided, at least once.
    #[must_use]
    pub fn look_count(&self) -> u32 {
        // A host has a handful of checkpoints.
        (self.looks.len() as u32).max(1)
    }

    /// Which of the looks this is, from 1; none: an extra one, at a checkpoint that is none of them.
    #[must_use]
    pub fn look(&self) -> Option<u32> {
        let position = self.looks.iter().position(|look| *look == self.checkpoint)?;
        Some(position as u32 + 1)
    }
}

impl Metric {
    /// A further fact the host gives of the metric, such as `covers-days`.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&Value> {
        fact(&self.more, name)
    }

    /// Whether values are proportions, which people write in per cent.
    #[must_use]
    pub fn is_share(&self) -> bool {
        self.unit == "share"
    }
}

/// What is known of a frame's data.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts(pub(crate) Attrs);

impl Facts {
    /// The fact of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        fact(&self.0, name)
    }

    /// The fact of this name, where it is a whole number such as an instant or a count.
    #[must_use]
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(Value::as_integer)
    }
}

fn fact<'a>(facts: &'a Attrs, name: &str) -> Option<&'a Value> {
    facts.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

impl Value {
    /// The whole number; none: it is something else.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        if let Self::Integer(value) = self { Some(*value) } else { None }
    }

    /// The truth value; none: it is something else.
    #[must_use]
    pub fn as_boolean(&self) -> Option<bool> {
        if let Self::Boolean(value) = self { Some(*value) } else { None }
    }

    /// The text; none: it is something else.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(value) = self { Some(value) } else { None }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
