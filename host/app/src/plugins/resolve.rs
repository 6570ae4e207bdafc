//! Which version of a judge a criterion means.

use yardstick_domain::criteria::{JudgeRef, ResolvedPlugin};
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::PluginName;
use yardstick_domain::plugin::{Channel, PluginVersion};

use semver::Version;

use crate::App;
use crate::error::Result;

/// A version of a judge, as far as finding it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) version: Version,
    pub(crate) digest: Digest,
    /// Why no new seal finds it; `None`: it does.
    pub(crate) closed: Option<String>,
    /// Why it should not be used any more.
    pub(crate) deprecated: Option<String>,
}

impl Candidate {
    fn of(stored: PluginVersion) -> Self {
        let closed = match (&stored.yanked, stored.channel) {
            (Some(mark), _) => Some(format!("was yanked by {}: {}", mark.by, mark.reason)),
            (None, Channel::Shadow) => Some("is published as a shadow; promote it first".to_owned()),
            (None, Channel::Current) => None,
        };
        Self {
            closed,
            deprecated: stored.deprecated.map(|mark| mark.reason),
            version: stored.manifest.plugin.version,
            digest: stored.digest,
        }
    }
}

impl App {
    /// Versions of a judge there are, the newest first. Of a version that is built in, this build's bytes.
    pub(crate) async fn judge_versions(&self, name: &PluginName) -> Result<Vec<Candidate>> {
        let built_in = self.plugins.built_in.iter().filter(|known| known.manifest.plugin.name == *name);
        let mut versions: Vec<Candidate> = built_in
            .map(|known| Candidate {
                version: known.manifest.plugin.version.clone(),
                digest: known.digest,
                closed: None,
                deprecated: None,
            })
            .collect();
        for stored in self.store.plugin_versions(name).await? {
            if !versions.iter().any(|known| known.version == *stored.version()) {
                versions.push(Candidate::of(stored));
            }
        }
        versions.sort_by(|a, b| b.version.cmp(&a.version));
        Ok(versions)
    }

    /// The newest version that will do, rather one that is not deprecated; `None`: there is none.
    pub(crate) async fn resolve_judge(&self, judge: &JudgeRef) -> Result<Option<ResolvedPlugin>> {
        let found = self.candidate(judge).await?;
        Ok(found.map(|found| ResolvedPlugin {
            name: judge.name.clone(),
            version: found.version,
            hash: found.digest,
        }))
    }

    /// Why the version that a judge resolves to should not be used any more; `None`: it may be.
    pub(crate) async fn deprecation(&self, judge: &JudgeRef) -> Result<Option<String>> {
        Ok(self.candidate(judge).await?.and_then(|found| found.deprecated))
    }

    async fn candidate(&self, judge: &JudgeRef) -> Result<Option<Candidate>> {
        let versions = self.judge_versions(&judge.name).await?;
        let fits = |known: &&Candidate| known.closed.is_none() && judge.versions.matches(&known.version);
        let fresh = versions.iter().filter(fits).find(|known| known.deprecated.is_none());
        Ok(fresh.or_else(|| versions.iter().find(fits)).cloned())
    }

    /// A sentence that says why no version will do, with the nearest known judge.
    pub(crate) async fn unknown_judge(&self, judge: &JudgeRef) -> Result<String> {
        let versions = self.judge_versions(&judge.name).await?;
        let closed = versions.iter().find(|known| judge.versions.matches(&known.version));
        if let Some((known, why)) = closed.and_then(|known| Some((known, known.closed.as_ref()?))) {
            return Ok(format!("{judge}: {} {why}", known.version));
        }
        if !versions.is_empty() {
            let known: Vec<String> = versions.iter().map(|known| known.version.to_string()).collect();
            return Ok(format!("{judge}: no such version; installed are {}", known.join(", ")));
        }
        let mut names: Vec<String> =
            self.plugins.built_in.iter().map(|known| known.manifest.plugin.name.to_string()).collect();
        names.extend(self.store.plugin_names().await?.iter().map(ToString::to_string));
        let hint = yardstick_domain::nearest::hint(judge.name.as_str(), names.iter().map(String::as_str));
        Ok(format!("{judge}: no such judge is installed{hint}"))
    }
}
