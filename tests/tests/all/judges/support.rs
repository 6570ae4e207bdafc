//! A judge, its question and its data, in a form that can be scaled, turned around and cut into chunks.

use yardstick_sdk::testing::{Asked, Memory};
use yardstick_sdk::{Better, Criterion, Finding, Metric, Shape, Value};

pub(super) const DAY: i64 = 86_400_000;
/// 11 March 2026, the first day of the window of [`Asked`].
pub(super) const FIRST: i64 = 20_523 * DAY;

/// A metric's frame, as rows that can come in any order.
#[derive(Debug, Clone)]
pub(super) struct Table {
    shape: Shape,
    /// Starts of days, of a series.
    times: Option<Vec<i64>>,
    numbers: Vec<(&'static str, Vec<f64>)>,
    split: Option<(&'static str, Vec<String>)>,
    window: (i64, i64),
}

impl Table {
    /// A series of days from this instant on.
    pub(super) fn days(from: i64, numbers: Vec<(&'static str, Vec<f64>)>) -> Self {
        let days = numbers[0].1.len() as i64;
        let times = (0..days).map(|day| from + day * DAY).collect();
        let window = (from, from + days * DAY);
        Self { shape: Shape::Series, times: Some(times), numbers, split: None, window }
    }

    /// Totals over 28 days, in one row or by the values of a dimension.
    pub(super) fn totals(
        numbers: Vec<(&'static str, Vec<f64>)>,
        split: Option<(&'static str, Vec<String>)>,
    ) -> Self {
        Self { shape: Shape::Totals, times: None, numbers, split, window: (FIRST, FIRST + 28 * DAY) }
    }

    fn rows(&self) -> usize {
        self.numbers[0].1.len()
    }

    /// As the judge gets it, its rows turned by `turn` and read in chunks of at most `chunk`.
    pub(super) fn frame(&self, turn: usize, chunk: u32) -> Memory {
        let rows = self.rows();
        let order: Vec<usize> = (0..rows).map(|row| (row + turn) % rows.max(1)).collect();
        let mut frame = Memory::new(self.shape)
            .fact("window-start", self.window.0)
            .fact("window-end", self.window.1)
            .fact("buckets-expected", (self.window.1 - self.window.0) / DAY)
            .in_chunks_of(chunk);
        if let Some(times) = &self.times {
            frame = frame.integers_column("time", order.iter().map(|row| times[*row]));
        }
        for (name, values) in &self.numbers {
            frame = frame.column(name, order.iter().map(|row| values[*row]));
        }
        if let Some((name, labels)) = &self.split {
            frame = frame.texts_column(name, order.iter().map(|row| labels[*row].as_str()));
        }
        frame
    }
}

/// What a judge says of tables, natively.
pub(super) type Native = fn(&Criterion, Vec<(&str, Memory)>) -> Result<Finding, String>;

/// A judge natively, with a question and its data.
#[derive(Debug)]
pub(super) struct Scenario {
    pub(super) name: &'static str,
    pub(super) judge: Native,
    pub(super) criterion: Criterion,
    pub(super) tables: Vec<(&'static str, Table)>,
    /// By what the numbers of the finding are larger than in the unscaled scenario.
    pub(super) scale: f64,
}

impl Scenario {
    pub(super) fn judged(&self, turn: usize, chunk: u32) -> Finding {
        let frames = self.tables.iter().map(|(key, table)| (*key, table.frame(turn, chunk))).collect();
        (self.judge)(&self.criterion, frames).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }
}

/// A metric whose data are complete: the judge's name for it, kind, unit.
pub(super) fn metric(name: &str, kind: &str, unit: &str, sampled: bool) -> Metric {
    Metric {
        name: name.to_owned(),
        key: format!("example.{name}"),
        kind: kind.to_owned(),
        unit: unit.to_owned(),
        better: Better::Neither,
        complete_through: Some(FIRST + 28 * DAY),
        more: vec![("sampled".to_owned(), Value::Boolean(sampled))],
    }
}

/// A question about these metrics over 28 days.
pub(super) fn asked(metrics: Vec<Metric>, params: &str) -> Criterion {
    let mut criterion = Asked::of("sum", "", Better::Neither).with(params).criterion();
    criterion.metrics = metrics;
    criterion
}
