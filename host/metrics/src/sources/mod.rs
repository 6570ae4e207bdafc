//! Sources, one file each: a query about a metric in, a frame out.
//!
//! A metric's `source` names the file here that answers for it. A source aggregates as close to the data as
//! it can and never sums what must not be summed ([`Metric::allows`]).

pub mod points;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use yardstick_domain::metric::{IllegalQuery, Metric};
use yardstick_domain::question::Query;
use yardstick_domain::time::Window;

/// A query about a metric, in the metric's own days.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The metric.
    pub metric: &'a Metric,
    /// Its zone.
    pub zone: &'a TimeZone,
    /// What is wanted.
    pub query: &'a Query,
    /// The query's window, read in the metric's days.
    pub window: Window,
    /// Only buckets that ended by then.
    pub as_of: Timestamp,
    /// The metric's watermark.
    pub complete_through: Option<Timestamp>,
}

/// Why a source has no answer. Each becomes a finding with its own code.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The query is no legal aggregation of the metric.
    #[error(transparent)]
    Illegal(#[from] IllegalQuery),
    /// More rows than the plugin or the host allows.
    #[error("the query {key:?} has {rows} rows; the plugin asked for at most {most}")]
    TooManyRows {
        /// The query.
        key: String,
        /// Rows there are.
        rows: usize,
        /// Rows allowed.
        most: u64,
    },
    /// A value that is not at the start of a day of the metric's zone.
    #[error("{metric} has a value at {bucket}, which is no start of a day in {zone}")]
    Misplaced {
        /// The metric.
        metric: yardstick_domain::ids::MetricKey,
        /// Where the value is.
        bucket: Timestamp,
        /// The metric's zone.
        zone: String,
    },
    /// The source's data make no frame.
    #[error("the answer is no frame: {0}")]
    Frame(#[from] yardstick_domain::frame::FrameError),
}

impl SourceError {
    /// The code of the finding this becomes.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Illegal(illegal) => illegal.code(),
            Self::TooManyRows { .. } => "too-many-rows",
            Self::Misplaced { .. } => "misplaced",
            Self::Frame(_) => "source-failed",
        }
    }
}
