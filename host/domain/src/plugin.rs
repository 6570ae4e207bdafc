//! Plugins as the host keeps them: published versions, what they may read, how they fare.

use jiff::{SignedDuration, Timestamp};
use semver::Version;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::finding::Outcome;
use crate::ids::{CriterionId, MetricKey, PluginName, TeamKey};
use crate::log::Log;
use crate::manifest::Manifest;
use crate::people::Actor;
use crate::question::Description;
use crate::verdict::VerdictRef;

/// Which criteria a version is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// New seals find it.
    Current,
    /// No seal finds it; it judges beside the others at real checkpoints, and its findings are kept apart.
    Shadow,
}

impl Channel {
    /// The word in documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Shadow => "shadow",
        }
    }
}

/// Something done to a version, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// Why.
    pub reason: String,
}

/// A published version of a plugin. Name, version and digest never change; its marks may.
#[derive(Debug, Clone, PartialEq)]
pub struct PluginVersion {
    /// The digest of its bytes.
    pub digest: Digest,
    /// How many bytes it has.
    pub size: u64,
    /// Its embedded manifest: name, version, requests.
    pub manifest: Manifest,
    /// What it said it is when it was published.
    pub description: Description,
    /// Which criteria it is for.
    pub channel: Channel,
    /// When it was stored.
    pub published_at: Timestamp,
    /// Who stored it.
    pub published_by: Actor,
    /// Seals that find it are warned.
    pub deprecated: Option<Mark>,
    /// No new seal finds it. What was sealed with it is judged and replayed as before.
    pub yanked: Option<Mark>,
}

impl PluginVersion {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &PluginName {
        &self.manifest.plugin.name
    }

    /// Its version.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.manifest.plugin.version
    }

    /// Whether a new seal may find it.
    #[must_use]
    pub fn may_be_sealed(&self) -> bool {
        self.yanked.is_none() && self.channel == Channel::Current
    }
}

/// What was done to a plugin, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginEvent {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// `published`, `deprecated`, `undeprecated`, `yanked`, `unyanked`, `promoted`, `granted`, `revoked`, `suspended`,
    /// `resumed`.
    pub kind: String,
    /// The version it is about; `None`: all.
    pub version: Option<Version>,
    /// Reason and particulars, as a sentence; may be empty.
    pub detail: String,
}

/// Leave for a plugin to read a metric that it could not read by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its number, ascending.
    pub id: i64,
    /// The plugin, in all its versions.
    pub plugin: PluginName,
    /// The metric.
    pub metric: MetricKey,
    /// Unit-level samples too, without identifiers. `false`: aggregates only.
    pub samples: bool,
    /// When it was given.
    pub given_at: Timestamp,
    /// Who gave it.
    pub given_by: Actor,
    /// When it was taken back, and by whom; `None`: it stands.
    pub revoked: Option<(Timestamp, Actor)>,
}

/// How the runs of one component end, so that one which only crashes is left alone for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Crashes since the last run that ended well.
    pub crashes: u32,
    /// When the last one was.
    pub failed_at: Timestamp,
    /// Code of the last one.
    pub code: String,
    /// What it said.
    pub message: String,
    /// Since when it is suspended; `None`: it is not.
    pub suspended_at: Option<Timestamp>,
}

impl Health {
    /// Crashes in a row that suspend a component.
    pub const MOST_CRASHES: u32 = 5;
    /// A suspended component is tried once in this time.
    pub const TRIED_EVERY: SignedDuration = SignedDuration::from_hours(1);

    /// Whether it may run now: it is not suspended, or was last tried long enough ago.
    #[must_use]
    pub fn may_run(&self, now: Timestamp) -> bool {
        self.suspended_at.is_none() || now.duration_since(self.failed_at) >= Self::TRIED_EVERY
    }

    /// After another crash. `before`: how it stood; `None`: it ended well.
    #[must_use]
    pub fn crashed(before: Option<&Self>, at: Timestamp, code: &str, message: &str) -> Self {
        let crashes = before.map_or(0, |health| health.crashes).saturating_add(1);
        let suspended = before.and_then(|health| health.suspended_at);
        Self {
            crashes,
            failed_at: at,
            code: code.to_owned(),
            message: message.to_owned(),
            suspended_at: suspended.or((crashes >= Self::MOST_CRASHES).then_some(at)),
        }
    }
}

/// Whether a failure of a run is a crash: something the component did, not an answer it gave.
#[must_use]
pub fn is_crash(code: &str) -> bool {
    code.starts_with("plugin-") && !matches!(code, "plugin-refused" | "plugin-suspended" | "plugin-missing")
}

/// One question put to a plugin at judge time: what it cost and what it wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The plugin.
    pub plugin: PluginName,
    /// Its version.
    pub version: Version,
    /// Its digest.
    pub digest: Digest,
    /// The criterion.
    pub criterion: CriterionId,
    /// When.
    pub at: Timestamp,
    /// What it was asked beside, as a shadow, and what it found; `None`: its finding is in the verdict.
    pub shadow: Option<Shadow>,
    /// What it used.
    pub cost: Cost,
    /// Code and message of the failure that ended it; `None`: it answered.
    pub failure: Option<(String, String)>,
    /// What it wrote.
    pub log: Log,
}

/// A run on record.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedRun {
    /// Its number, ascending.
    pub id: i64,
    /// The verdict it was asked for.
    pub verdict: VerdictRef,
    /// The team of the release.
    pub team: TeamKey,
    /// The run.
    pub run: Run,
}

/// What a shadow found beside the version that decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shadow {
    /// Its outcome.
    pub outcome: Outcome,
    /// Its headline.
    pub headline: String,
    /// The outcome of the version that decided.
    pub decided: Outcome,
    /// Its headline.
    pub decided_headline: String,
}

/// What a run used of what it could have used, `plan` and `evaluate` together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Fuel of `plan`.
    pub plan_fuel: u64,
    /// Fuel of `evaluate`.
    pub evaluate_fuel: u64,
    /// Fuel that each of them may use.
    pub fuel_limit: u64,
    /// Most bytes of linear memory at one time, in either.
    pub memory_peak: u64,
    /// Bytes of linear memory allowed.
    pub memory_limit: u64,
    /// Calls of host functions, in the one that made more.
    pub host_calls: u64,
    /// Calls of host functions allowed in each.
    pub host_call_limit: u64,
    /// Wall clock in microseconds, both together, without waiting.
    pub micros: u64,
}

/// Whether a metric's key fits a pattern of a manifest: `*` stands for any run of characters.
#[must_use]
pub fn fits_pattern(pattern: &str, key: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = key.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_keys() {
        for (pattern, key, expected) in [
            ("*", "site.mau", true),
            ("site.*", "site.mau", true),
            ("site.*", "sites.mau", false),
            ("site.mau", "site.mau", true),
            ("site.mau", "site.mau2", false),
            ("*.mau", "site.mau", true),
            ("*.mau", "site.mau.all", false),
            ("a*b*c", "a.b.c", true),
            ("a*b*c", "abbc", true),
            ("a*b*c", "ab", false),
            ("a*a", "a", false),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(fits_pattern(pattern, key), expected, "{pattern} {key}");
        }
    }

    #[test]
    fn five_crashes_in_a_row_suspend_for_an_hour_at_a_time() {
        let at = |minutes: i64| Timestamp::from_second(60 * minutes).unwrap();
        let mut health = None;
        for minute in 0..4 {
            let next = Health::crashed(health.as_ref(), at(minute), "plugin-trap", "x");
            assert!(next.may_run(at(minute)), "{minute}");
            health = Some(next);
        }
        let fifth = Health::crashed(health.as_ref(), at(4), "plugin-fuel", "y");
        assert_eq!((fifth.suspended_at, fifth.code.as_str()), (Some(at(4)), "plugin-fuel"));
        assert!(!fifth.may_run(at(63)));
        assert!(fifth.may_run(at(64)));
        let again = Health::crashed(Some(&fifth), at(64), "plugin-trap", "x");
        assert_eq!((again.suspended_at, again.crashes), (Some(at(4)), 6));
        assert!(!again.may_run(at(65)));
    }

    #[test]
    fn answers_are_no_crashes() {
        for (code, expected) in [
            ("plugin-trap", true),
            ("plugin-deadline", true),
            ("plugin-answer", true),
            ("plugin-refused", false),
            ("parameters", false),
            ("host-fault", false),
        ] {
            assert_eq!(is_crash(code), expected, "{code}");
        }
    }
}
