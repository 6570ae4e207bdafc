//! Data a judge asks for: `Query::series("days", "metric", window).split_by("variant")`.

use crate::{Query, Shape, Value, Window};

/// Rows that a query without a word of its own can use: far more than days of a window.
const MOST_ROWS: u64 = 10_000;

impl Query {
    /// A row per day of the window. `key` is the judge's name for the frame, `metric` one of its metrics.
    #[must_use]
    pub fn series(key: &str, metric: &str, window: Window) -> Self {
        Self::new(key, metric, Shape::Series, window, Some("day"))
    }

    /// One row over the whole window (a row per split).
    #[must_use]
    pub fn totals(key: &str, metric: &str, window: Window) -> Self {
        Self::new(key, metric, Shape::Totals, window, None)
    }

    /// A row per unit; needs its own grant.
    #[must_use]
    pub fn samples(key: &str, metric: &str, window: Window) -> Self {
        Self::new(key, metric, Shape::Samples, window, None)
    }

    fn new(key: &str, metric: &str, shape: Shape, window: Window, bucket: Option<&str>) -> Self {
        Self {
            key: key.to_owned(),
            metric: metric.to_owned(),
            shape,
            window,
            bucket: bucket.map(str::to_owned),
            filters: Vec::new(),
            splits: Vec::new(),
            max_rows: MOST_ROWS,
            more: Vec::new(),
        }
    }

    /// Rows of a series stand for ISO weeks instead of days.
    #[must_use]
    pub fn by_week(mut self) -> Self {
        self.bucket = Some("week".to_owned());
        self
    }

    /// Only what has this value in this dimension.
    #[must_use]
    pub fn only(mut self, dimension: &str, value: &str) -> Self {
        self.filters.push((dimension.to_owned(), value.to_owned()));
        self
    }

    /// A row per value of this dimension as well.
    #[must_use]
    pub fn split_by(mut self, dimension: &str) -> Self {
        self.splits.push(dimension.to_owned());
        self
    }

    /// The most rows the judge can use; more is an error, never a silent cut. 10,000 unless set.
    #[must_use]
    pub fn at_most_rows(mut self, rows: u64) -> Self {
        self.max_rows = rows;
        self
    }

    /// A further wish, for hosts that know it.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.push((name.to_owned(), value.into()));
        self
    }
}
