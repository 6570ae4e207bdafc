//! What success means for a release: criteria, policy, checkpoints, and their sealed form.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};

use crate::checkpoint::{Checkpoint, Days};
use crate::digest::Digest;
use crate::ids::{CriterionId, MetricKey, PluginName, ReleaseSlug};
use crate::level::Level;
use crate::metric::Metric;
use crate::question::Role;

/// The most criteria a release may have.
pub const MOST_CRITERIA: usize = 50;
/// The most checkpoints a release may have.
pub const MOST_CHECKPOINTS: usize = 12;

/// A judge and the versions of it that will do, written `threshold@1` or `team/name@1.2`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct JudgeRef {
    /// The plugin.
    pub name: PluginName,
    /// Versions that will do.
    pub versions: VersionReq,
    text: String,
}

/// A text that names no judge.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no judge; expected name@version, such as threshold@1 or team/name@1.2")]
pub struct BadJudge(String);

impl FromStr for JudgeRef {
    type Err = BadJudge;

    fn from_str(text: &str) -> Result<Self, BadJudge> {
        let bad = || BadJudge(text.to_owned());
        let (name, versions) = text.split_once('@').ok_or_else(bad)?;
        Ok(Self {
            name: name.parse().map_err(|_| bad())?,
            versions: versions.parse().map_err(|_| bad())?,
            text: text.to_owned(),
        })
    }
}

impl fmt::Display for JudgeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for JudgeRef {
    type Error = BadJudge;

    fn try_from(text: String) -> Result<Self, BadJudge> {
        text.parse()
    }
}

impl From<JudgeRef> for String {
    fn from(judge: JudgeRef) -> Self {
        judge.text
    }
}

/// One criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Criterion {
    /// Its id within the release.
    pub id: CriterionId,
    /// One sentence a person can read.
    pub says: String,
    /// What it decides.
    pub role: Role,
    /// A goal whose failure alone fails the release.
    pub required: bool,
    /// Who judges it.
    pub judge: JudgeRef,
    /// Its metrics by the plugin's own name for each; `metric` for an only one.
    pub metrics: BTreeMap<String, MetricKey>,
    /// Days after the launch that count, cut at the checkpoint being judged; `None`: all of them.
    pub window: Option<Days>,
    /// Whole days before the launch day to compare with.
    pub baseline_days: Option<u32>,
    /// Parameters, an object.
    pub params: serde_json::Value,
    /// What the team expects, as written.
    pub expected: Option<String>,
    /// Weight in a weighted policy; positive.
    pub weight: f64,
    /// The checkpoint that decides it, over the days until then; a guardrail is judged from it on. `None`: the
    /// final one, for a guardrail every one.
    pub due: Option<Checkpoint>,
}

impl Criterion {
    /// Whether this criterion is decided at a checkpoint, rather than only shown.
    #[must_use]
    pub fn is_due(&self, checkpoint: Checkpoint, last: Checkpoint) -> bool {
        match (self.role, self.due) {
            (Role::Guardrail, None) => true,
            (_, Some(due)) => checkpoint >= due,
            (_, None) => checkpoint >= last,
        }
    }

    /// The checkpoint that decides it, at or after `from`.
    #[must_use]
    pub fn decided_at(&self, from: Checkpoint, checkpoints: &[Checkpoint]) -> Option<Checkpoint> {
        let last = *checkpoints.last()?;
        checkpoints.iter().copied().find(|checkpoint| {
            *checkpoint >= from && self.is_due(*checkpoint, last) && self.days(*checkpoint).is_some()
        })
    }

    /// The days after the launch that count at a checkpoint; `None`: its window starts later. What was decided at
    /// an earlier checkpoint stays with the days until then.
    #[must_use]
    pub fn days(&self, checkpoint: Checkpoint) -> Option<Days> {
        let until = match (self.role, self.due) {
            (Role::Guardrail, _) | (_, None) => checkpoint,
            (_, Some(due)) => checkpoint.min(due),
        };
        self.window.unwrap_or(Days::until(until)).cut(until)
    }

    /// The checkpoints that decide it from other data than the one before: the looks over which its error rate is
    /// split. Ascending, at most as many as there are checkpoints.
    #[must_use]
    pub fn looks(&self, checkpoints: &[Checkpoint]) -> Vec<Checkpoint> {
        let Some(last) = checkpoints.last() else { return Vec::new() };
        let due = checkpoints.iter().filter(|checkpoint| self.is_due(**checkpoint, *last));
        let mut looks: Vec<(Checkpoint, Days)> =
            due.filter_map(|checkpoint| Some((*checkpoint, self.days(*checkpoint)?))).collect();
        looks.dedup_by_key(|(_, days)| *days);
        looks.into_iter().map(|(checkpoint, _)| checkpoint).collect()
    }
}

/// How findings make a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// All goals pass.
    All,
    /// At least so many goals pass.
    AtLeast(u32),
    /// The weighted share of goals that pass (a marginal one counts half) reaches a threshold.
    Weighted {
        /// Share for pass, in 0..=1.
        pass: f64,
        /// Share for marginal; at most `pass`; `None`: no marginal band.
        marginal: Option<f64>,
    },
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all goals must pass"),
            Self::AtLeast(1) => f.write_str("at least one goal must pass"),
            Self::AtLeast(count) => write!(f, "at least {count} goals must pass"),
            Self::Weighted { pass, .. } => {
                write!(f, "goals weighing {:.0} % must pass", 100.0 * pass)
            }
        }
    }
}

/// What success means for a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Criteria {
    /// When it is judged, ascending; the last one is final.
    pub checkpoints: Vec<Checkpoint>,
    /// How findings make a verdict.
    pub passes_when: Policy,
    /// The criteria: goals, then guardrails, then watches, each in their order.
    pub list: Vec<Criterion>,
}

impl Criteria {
    /// The final checkpoint; `None` when there is none.
    #[must_use]
    pub fn last(&self) -> Option<Checkpoint> {
        self.checkpoints.last().copied()
    }

    /// Where each criterion stands in a release file, such as `goals[0]`, in the order of the list.
    #[must_use]
    pub fn fields(&self) -> Vec<String> {
        let mut counts = BTreeMap::new();
        let field = |criterion: &Criterion| {
            let section = match criterion.role {
                Role::Goal => "goals",
                Role::Guardrail => "guardrails",
                Role::Watch => "watch",
            };
            let count = counts.entry(section).or_insert(0_usize);
            *count += 1;
            format!("{section}[{}]", *count - 1)
        };
        self.list.iter().map(field).collect()
    }

    /// Whether there is a goal.
    #[must_use]
    pub fn has_goal(&self) -> bool {
        self.list.iter().any(|criterion| criterion.role == Role::Goal)
    }
}

/// The plugin version a criterion was sealed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolvedPlugin {
    /// Its name.
    pub name: PluginName,
    /// Its version.
    pub version: Version,
    /// The hash of its bytes.
    pub hash: Digest,
}

/// A criterion with its plugin resolved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SealedCriterion {
    /// As written.
    #[serde(flatten)]
    pub criterion: Criterion,
    /// `None`: no installed version will do; it is judged as an error.
    pub plugin: Option<ResolvedPlugin>,
}

/// What a seal is taken over: everything that decides a verdict but the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// The release.
    pub release: ReleaseSlug,
    /// Its level.
    pub level: Level,
    /// The planned launch day.
    pub planned: Date,
    /// IANA name of the team's zone.
    pub time_zone: String,
    /// How findings make a verdict.
    pub passes_when: Policy,
    /// When it is judged.
    pub checkpoints: Vec<Checkpoint>,
    /// The criteria.
    pub criteria: Vec<SealedCriterion>,
    /// Hash of each metric definition they name; `None`: not defined.
    pub metrics: BTreeMap<MetricKey, Option<Digest>>,
}

/// Terms that cannot be written canonically: a number that is not finite.
#[derive(Debug, thiserror::Error)]
#[error("the terms cannot be written canonically: {0}")]
pub struct NotCanonical(String);

impl Terms {
    /// Canonical JSON (RFC 8785): equal terms have equal bytes.
    ///
    /// # Errors
    /// When a number is not finite, which no accepted file has.
    pub fn canonical(&self) -> Result<Vec<u8>, NotCanonical> {
        canonical(self)
    }

    /// The final checkpoint; `None` when there is none.
    #[must_use]
    pub fn last(&self) -> Option<Checkpoint> {
        self.checkpoints.last().copied()
    }
}

/// Canonical JSON (RFC 8785) of anything.
///
/// # Errors
/// When a number is not finite.
pub fn canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, NotCanonical> {
    serde_json_canonicalizer::to_vec(value).map_err(|error| NotCanonical(error.to_string()))
}

/// The hash of what a metric means: kind, unit, direction, definition and its version, zone, grain, what
/// missing means, sampling, covered days, dimensions, unit dimension and source. Title, owner and links may change freely.
///
/// # Errors
/// Never for a metric from an accepted file.
pub fn metric_hash(metric: &Metric) -> Result<Digest, NotCanonical> {
    let mut meaning = serde_json::json!({
        "key": metric.key, "kind": metric.kind, "unit": metric.unit, "better": metric.better,
        "definition": metric.definition, "definition_version": metric.definition_version,
        "time_zone": metric.time_zone, "grain": metric.grain, "missing": metric.missing,
        "sampled": metric.sampled, "covers_days": metric.covers_days, "basis": metric.basis,
        "dimensions": metric.dimensions, "source": metric.source,
    });
    // Only where there is one: the hashes of all others are as they were before there was such a thing.
    if let Some(dimension) = &metric.unit_dimension {
        meaning["unit_dimension"] = dimension.as_str().into();
    }
    Ok(Digest::of(&canonical(&meaning)?))
}
