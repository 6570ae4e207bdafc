//! What a plugin is asked: a criterion at a checkpoint, and the queries it answers `plan` with.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::frame::{Attrs, Shape};
use crate::metric::Better;
use crate::time::Window;

/// What a criterion decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// What the release is for.
    Goal,
    /// What it must not harm; judged at every checkpoint.
    Guardrail,
    /// Shown, never counts.
    Watch,
}

impl Role {
    /// The word in files and documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Goal => "goal",
            Self::Guardrail => "guardrail",
            Self::Watch => "watch",
        }
    }
}

/// A metric of a question, as it stood when asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AskedMetric {
    /// The plugin's own name for it.
    pub name: String,
    /// Its key here.
    pub key: String,
    /// `gauge`, `sum`, `mean` or `ratio`.
    pub kind: String,
    /// Unit of its values; `share` for a proportion in 0..1.
    pub unit: String,
    /// Which way it improves.
    pub better: Better,
    /// Its watermark; `None`: nothing has been imported.
    pub complete_through: Option<Timestamp>,
    /// Further facts.
    pub more: Attrs,
}

/// A criterion at a checkpoint, as it crosses to a plugin. Recorded with the verdict: replay asks the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The criterion's id.
    pub id: String,
    /// What it decides.
    pub role: Role,
    /// Parameters, an object that satisfies the plugin's schema.
    pub params: serde_json::Value,
    /// Its metrics.
    pub metrics: Vec<AskedMetric>,
    /// The launch instant.
    pub launch: Timestamp,
    /// N of dN.
    pub checkpoint: u32,
    /// Whether it is the release's last checkpoint.
    pub is_final: bool,
    /// N of each checkpoint that judges this criterion, ascending.
    pub looks: Vec<u32>,
    /// Days after the launch that count.
    pub window: Window,
    /// Days before the launch to compare with.
    pub baseline: Option<Window>,
    /// The instant the judgement speaks of.
    pub as_of: Timestamp,
    /// What the official finding at the look before asked to remember.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// IANA name of the team's zone.
    pub time_zone: String,
    /// Further facts.
    pub more: Attrs,
}

/// Width of a time bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bucket {
    /// A civil day in the metric's zone.
    Day,
    /// An ISO week (from Monday) in the metric's zone.
    Week,
}

/// Data that a plugin asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Query {
    /// The plugin's name for the frame.
    pub key: String,
    /// One of the question's metrics, by the plugin's name.
    pub metric: String,
    /// What the frame holds.
    pub shape: Shape,
    /// The window asked for, in the team's days.
    pub window: Window,
    /// Width of the buckets of a series; `None` otherwise.
    pub bucket: Option<Bucket>,
    /// Dimension and value, all of which must hold.
    pub filters: Vec<(String, String)>,
    /// Dimensions to split by.
    pub splits: Vec<String>,
    /// Most rows the plugin can use; more is an error.
    pub max_rows: u64,
    /// Further wishes.
    pub more: Attrs,
}

impl Query {
    /// The dimensions it names: those it filters by, then those it splits by.
    #[must_use]
    pub fn dimensions(&self) -> Vec<&str> {
        let filters = self.filters.iter().map(|(name, _)| name.as_str());
        filters.chain(self.splits.iter().map(String::as_str)).collect()
    }
}

/// What a plugin says it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Description {
    /// One line for lists.
    pub summary: String,
    /// JSON Schema of the parameters.
    pub params_schema: serde_json::Value,
    /// The metrics it expects.
    pub metrics: Vec<ExpectedMetric>,
}

impl Description {
    /// The plugin's names of the metrics it expects, in its order.
    pub fn metric_names(&self) -> impl Iterator<Item = &str> {
        self.metrics.iter().map(|metric| metric.name.as_str())
    }
}

/// A metric that a plugin expects a criterion to name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedMetric {
    /// The plugin's own name for it.
    pub name: String,
    /// What it is, in a few words.
    pub about: String,
    /// Kinds that will do, such as `ratio`; empty: any.
    pub kinds: Vec<String>,
    /// Whether a criterion may leave it out.
    pub optional: bool,
}
