//! Criteria and frames in memory, to test a judge natively.
//!
//! ```
//! use yardstick_sdk::testing::{Asked, Memory};
//! use yardstick_sdk::{Better, Shape};
//!
//! let criterion = Asked::of("ratio", "share", Better::Larger).with(r#"{"at_least": "60%"}"#).criterion();
//! let totals = Memory::new(Shape::Totals).column("n", [9_640.0]).column("sum", [6_212.0]);
//! # let _ = (criterion, totals);
//! ```

use crate::guest::params;
use crate::stats::{moments, quantile_type7};
use crate::{
    Attrs, Better, Criterion, Finding, Frames, Judge, Metric, Moments, Query, Role, Shape, Value, Window,
};

const DAY: i64 = 86_400_000;
/// 10 March 2026, 16:00 UTC.
const LAUNCH: i64 = 1_773_158_400_000;

/// A criterion with one metric, as it would be asked at d28 of a launch on 10 March 2026: window of 28 days
/// from 11 March to 7 April in UTC, final checkpoint, one look.
#[derive(Debug, Clone)]
pub struct Asked(Criterion);

impl Asked {
    /// About a metric of this kind and unit, named `metric`.
    #[must_use]
    pub fn of(kind: &str, unit: &str, better: Better) -> Self {
        let start = (LAUNCH / DAY + 1) * DAY;
        let window = Window { start, end: start + 28 * DAY };
        let metric = Metric {
            name: "metric".to_owned(),
            key: "example.metric".to_owned(),
            kind: kind.to_owned(),
            unit: unit.to_owned(),
            better,
            complete_through: Some(window.end),
            more: Vec::new(),
        };
        Self(Criterion {
            id: "example".to_owned(),
            role: Role::Goal,
            params: "{}".to_owned(),
            metrics: vec![metric],
            launch: LAUNCH,
            checkpoint: 28,
            is_final: true,
            looks: vec![28],
            window,
            baseline: None,
            as_of: window.end + DAY,
            state: None,
            time_zone: "UTC".to_owned(),
            more: Vec::new(),
        })
    }

    /// With these parameters, a JSON object.
    #[must_use]
    pub fn with(mut self, params: &str) -> Self {
        params.clone_into(&mut self.0.params);
        self
    }

    /// With a further fact of the metric.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        self.0.metrics.iter_mut().for_each(|metric| metric.more.push((name.to_owned(), value.clone())));
        self
    }

    /// Judged at this many checkpoints, of which d28 is the last.
    #[must_use]
    pub fn looks(mut self, looks: u32) -> Self {
        self.0.looks = (1..=looks).map(|look| 28 * look / looks).collect();
        self
    }

    /// With what the finding at the look before asked to remember.
    #[must_use]
    pub fn state(mut self, state: &str) -> Self {
        self.0.state = Some(state.to_owned());
        self
    }

    /// Points are complete up to this instant (unix milliseconds).
    #[must_use]
    pub fn complete_through(mut self, instant: Option<i64>) -> Self {
        self.0.metrics.iter_mut().for_each(|metric| metric.complete_through = instant);
        self
    }

    /// The criterion.
    #[must_use]
    pub fn criterion(self) -> Criterion {
        self.0
    }
}

/// Asks a judge for its plan, as the host would.
///
/// # Errors
/// When the judge refuses the parameters.
pub fn plan<J: Judge>(criterion: &Criterion) -> Result<Vec<Query>, String> {
    J::plan(criterion, &params::<J>(criterion)?)
}

/// Has a judge evaluate these frames, as the host would.
///
/// # Errors
/// When the judge cannot do its work.
pub fn evaluate<J: Judge>(criterion: &Criterion, frames: Vec<(&str, Memory)>) -> Result<Finding, String> {
    let frames = frames.into_iter().map(|(key, frame)| (key.to_owned(), frame)).collect();
    J::evaluate(criterion, &params::<J>(criterion)?, &Frames::from_memory(frames))
}

/// A frame in memory.
#[derive(Debug, Clone)]
pub struct Memory {
    shape: Shape,
    columns: Vec<(String, Column)>,
    about: Attrs,
    most: u32,
}

#[derive(Debug, Clone)]
enum Column {
    Numbers(Vec<f64>),
    Integers(Vec<i64>),
    Texts { codes: Vec<u32>, labels: Vec<String> },
}

impl Memory {
    /// Without columns.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        Self { shape, columns: Vec::new(), about: Vec::new(), most: u32::MAX }
    }

    /// Gives at most so many values in one read, as a host may. At least 1.
    #[must_use]
    pub fn in_chunks_of(mut self, most: u32) -> Self {
        self.most = most.max(1);
        self
    }

    /// With a column of numbers; null is NaN.
    #[must_use]
    pub fn column(mut self, name: &str, values: impl IntoIterator<Item = f64>) -> Self {
        self.columns.push((name.to_owned(), Column::Numbers(values.into_iter().collect())));
        self
    }

    /// With a column of whole numbers, such as `time`.
    #[must_use]
    pub fn integers_column(mut self, name: &str, values: impl IntoIterator<Item = i64>) -> Self {
        self.columns.push((name.to_owned(), Column::Integers(values.into_iter().collect())));
        self
    }

    /// With a column of texts, such as a split's.
    #[must_use]
    pub fn texts_column<'a>(mut self, name: &str, values: impl IntoIterator<Item = &'a str>) -> Self {
        let mut labels: Vec<String> = Vec::new();
        let mut codes = Vec::new();
        for value in values {
            let known = labels.iter().position(|label| label == value);
            let code = known.unwrap_or_else(|| {
                labels.push(value.to_owned());
                labels.len() - 1
            });
            codes.push(code as u32);
        }
        self.columns.push((name.to_owned(), Column::Texts { codes, labels }));
        self
    }

    /// With a fact of what is known of the data.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.about.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn shape(&self) -> Shape {
        self.shape
    }

    pub(crate) fn rows(&self) -> u64 {
        self.columns.first().map_or(0, |(_, column)| match column {
            Column::Numbers(values) => values.len() as u64,
            Column::Integers(values) => values.len() as u64,
            Column::Texts { codes, .. } => codes.len() as u64,
        })
    }

    pub(crate) fn columns(&self) -> Vec<String> {
        self.columns.iter().map(|(name, _)| name.clone()).collect()
    }

    pub(crate) fn f64s(&self, column: u32, offset: u64, max: u32) -> Vec<f64> {
        part(self.numbers(column), offset, max.min(self.most))
    }

    pub(crate) fn s64s(&self, column: u32, offset: u64, max: u32) -> Vec<i64> {
        match self.columns.get(column as usize) {
            Some((_, Column::Integers(values))) => part(values, offset, max.min(self.most)),
            _ => Vec::new(),
        }
    }

    pub(crate) fn codes(&self, column: u32, offset: u64, max: u32) -> Vec<u32> {
        match self.columns.get(column as usize) {
            Some((_, Column::Texts { codes, .. })) => part(codes, offset, max.min(self.most)),
            _ => Vec::new(),
        }
    }

    pub(crate) fn labels(&self, column: u32) -> Vec<String> {
        match self.columns.get(column as usize) {
            Some((_, Column::Texts { labels, .. })) => labels.clone(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn moments(&self, column: u32) -> Moments {
        moments(self.numbers(column))
    }

    pub(crate) fn quantiles(&self, column: u32, qs: &[f64]) -> Vec<f64> {
        let mut sorted: Vec<f64> = self.numbers(column).iter().copied().filter(|v| v.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        qs.iter().map(|&q| quantile_type7(&sorted, q).unwrap_or(f64::NAN)).collect()
    }

    pub(crate) fn about(&self) -> Attrs {
        self.about.clone()
    }

    fn numbers(&self, column: u32) -> &[f64] {
        match self.columns.get(column as usize) {
            Some((_, Column::Numbers(values))) => values,
            _ => &[],
        }
    }
}

fn part<T: Clone>(values: &[T], offset: u64, max: u32) -> Vec<T> {
    let start = usize::try_from(offset).unwrap_or(usize::MAX).min(values.len());
    values[start..].iter().take(max as usize).cloned().collect()
}
