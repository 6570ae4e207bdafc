//! Plugins: lists, publishing, what may be done with a version, runs, back-tests.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{Channel, Profile, Shape};

/// A plugin in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PluginSummary {
    /// Its name: `team/name`, or a name alone for a built-in one.
    pub name: String,
    /// The version that new seals would find, or the newest one.
    pub version: String,
    /// One line.
    pub summary: String,
    /// Whether it comes with the service.
    pub built_in: bool,
    /// How many versions there are.
    pub versions: u32,
    /// Which criteria that version is for.
    pub channel: Channel,
    /// Why it should not be used any more; none: it may be.
    pub deprecated: Option<String>,
    /// Why no new seal finds it; none: it is found.
    pub yanked: Option<String>,
}

/// A plugin with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PluginDocument {
    /// Its name.
    pub name: String,
    /// The team it belongs to; none: it is built in.
    pub team: Option<String>,
    /// Whether it comes with the service.
    pub built_in: bool,
    /// Its versions, the highest first.
    pub versions: Vec<PluginVersionPart>,
    /// What it may read beyond what all may.
    pub grants: Vec<GrantPart>,
    /// What was done to it, the latest first; at most 50.
    pub events: Vec<PluginEventPart>,
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PluginVersionPart {
    /// The version.
    pub version: String,
    /// SHA-256 of its bytes.
    pub hash: String,
    /// How many bytes it has.
    pub size: u64,
    /// One line.
    pub summary: String,
    /// The contract it is written for.
    pub contract: String,
    /// Which limits it runs under.
    pub profile: Profile,
    /// What it is written in.
    pub language: String,
    /// SPDX expression.
    pub licence: String,
    /// Where its source is.
    pub repository: Option<String>,
    /// Patterns of the metrics it asks for.
    pub asks_metrics: Vec<String>,
    /// Shapes it asks for.
    pub asks_shapes: Vec<Shape>,
    /// The metrics it expects a criterion to name.
    pub metrics: Vec<ExpectedMetricPart>,
    /// JSON Schema of its parameters.
    pub params_schema: Value,
    /// Which criteria it is for.
    pub channel: Channel,
    /// When it was published; none: it comes with the service.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub published_at: Option<Timestamp>,
    /// Who published it.
    pub published_by: Option<String>,
    /// Seals that find it are warned.
    pub deprecated: Option<MarkPart>,
    /// No new seal finds it.
    pub yanked: Option<MarkPart>,
    /// Its last run crashed; none: it ended well, or there was none.
    pub health: Option<HealthPart>,
}

/// A metric that a plugin expects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExpectedMetricPart {
    /// The plugin's own name for it.
    pub name: String,
    /// What it is.
    pub about: String,
    /// Kinds that will do; empty: any.
    pub kinds: Vec<String>,
    /// Whether a criterion may leave it out.
    pub optional: bool,
}

/// Something done to a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MarkPart {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// How a component stands whose last run crashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HealthPart {
    /// Crashes in a row; the fifth suspends it.
    pub crashes: u32,
    /// When the last one was.
    #[schema(value_type = String, format = DateTime)]
    pub failed_at: Timestamp,
    /// Its code.
    pub code: String,
    /// What it said.
    pub message: String,
    /// Since when it is suspended, and tried once an hour; none: it is not.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub suspended_at: Option<Timestamp>,
}

/// Leave to read a metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GrantPart {
    /// The metric.
    pub metric: String,
    /// Single values too, without identifiers; otherwise aggregates only.
    pub samples: bool,
    /// When it was given.
    #[schema(value_type = String, format = DateTime)]
    pub given_at: Timestamp,
    /// Who gave it.
    pub given_by: String,
}

/// Something that was done to a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PluginEventPart {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// What, such as `published`, `yanked`, `granted`, `suspended`.
    pub kind: String,
    /// The version; none: all of them.
    pub version: Option<String>,
    /// Reason and particulars.
    pub detail: String,
}

/// How to publish.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PublishRequest {
    /// As a shadow: no seal finds it, it judges beside the version that decides until it is promoted.
    #[serde(default)]
    pub shadow: bool,
}

/// What publishing came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PublishedDocument {
    /// The plugin's name.
    pub name: String,
    /// The version.
    pub version: PluginVersionPart,
    /// Whether it is new; otherwise the same bytes were published before.
    pub is_new: bool,
    /// How many of its own cases it passed; 0 when it is not new.
    pub cases: u32,
}

/// Why something is done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonRequest {
    /// Why, in a sentence; it is shown to everybody.
    #[schema(example = "it counts robots as people", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// A version after something was done to it, and whom that concerns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChangedPluginDocument {
    /// The plugin's name.
    pub name: String,
    /// The version as it stands.
    pub version: PluginVersionPart,
    /// Releases that are sealed with it or amended to it, and not cancelled. They are judged as before.
    pub releases: Vec<String>,
}

/// Leave to give or to take back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantRequest {
    /// The metric.
    #[schema(example = "batch_changes.mau", pattern = "^[a-z0-9][a-z0-9_.]{0,79}$")]
    pub metric: String,
    /// Single values too, without identifiers.
    #[serde(default)]
    pub samples: bool,
}
