//! Reading what is known of plugins.

use yardstick_domain::criteria::Terms;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::{PluginName, ReleaseSlug};
use yardstick_domain::log::Log;
use yardstick_domain::plugin::{Channel, Grant, Health, PluginEvent, PluginVersion, RecordedRun};
use yardstick_store::{Page, RunFilter, Sees};

use crate::error::{AppError, Result};
use crate::{App, Caller};

/// Events of a plugin that are shown.
const EVENTS: u32 = 50;

/// A plugin in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct PluginSummary {
    /// The version that new seals would find, or the newest one.
    pub version: PluginVersion,
    /// Whether it comes with this build.
    pub built_in: bool,
    /// How many versions there are.
    pub versions: usize,
}

/// A plugin with all that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PluginDetail {
    /// Its name.
    pub name: PluginName,
    /// Its versions, the highest first, each with how it fares; of built-in ones this build's.
    pub versions: Vec<(PluginVersion, Option<Health>)>,
    /// Whether it comes with this build.
    pub built_in: bool,
    /// What it may read beyond what all may.
    pub grants: Vec<Grant>,
    /// What was done to it, the latest first.
    pub events: Vec<PluginEvent>,
}

/// How much of a run whoever asks may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunShown {
    /// All of it.
    Whole,
    /// What it cost and how it ended, and for which release.
    Cost,
    /// What it cost and how it ended: the release is not theirs to see.
    Unnamed,
}

/// Whom a version concerns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses {
    /// Releases that are sealed with it or amended to it, not cancelled, and not hidden from whoever asks.
    pub releases: Vec<ReleaseSlug>,
}

impl App {
    /// All plugins by name: those of this build and those of teams.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plugins(&self) -> Result<Vec<PluginSummary>> {
        let mut found: Vec<PluginSummary> = Vec::new();
        for version in self.built_in_versions().await? {
            found.push(PluginSummary { version, built_in: true, versions: 1 });
        }
        for stored in self.store.plugins().await? {
            match found.iter_mut().find(|known| known.version.name() == stored.name()) {
                Some(known) if known.built_in => {
                    known.versions += usize::from(known.version.digest != stored.digest);
                }
                Some(known) => {
                    known.versions += 1;
                    if !known.version.may_be_sealed() && stored.may_be_sealed() {
                        known.version = stored;
                    }
                }
                None => found.push(PluginSummary { version: stored, built_in: false, versions: 1 }),
            }
        }
        found.sort_by(|one, other| one.version.name().cmp(other.version.name()));
        Ok(found)
    }

    /// A plugin with its versions, grants and history.
    ///
    /// # Errors
    /// [`AppError::NotFound`] with the nearest known name.
    pub async fn plugin(&self, name: &PluginName) -> Result<PluginDetail> {
        self.require_plugin(name).await?;
        let mut versions = Vec::new();
        let built_in = self.built_in_versions().await?;
        let built_in: Vec<PluginVersion> =
            built_in.into_iter().filter(|known| known.name() == name).collect();
        let is_built_in = !built_in.is_empty();
        let stored = self.store.plugin_versions(name).await?;
        let earlier =
            stored.into_iter().filter(|stored| !built_in.iter().any(|known| known.digest == stored.digest));
        let earlier: Vec<PluginVersion> = earlier.collect();
        for version in built_in.into_iter().chain(earlier) {
            let health = self.store.plugin_health(version.digest).await?;
            versions.push((version, health));
        }
        versions.sort_by(|(one, _), (other, _)| other.version().cmp(one.version()));
        Ok(PluginDetail {
            name: name.clone(),
            versions,
            built_in: is_built_in,
            grants: self.store.grants(name).await?,
            events: self.store.plugin_events(name, EVENTS).await?,
        })
    }

    /// Runs of a plugin, the newest first. Its own team sees what every run cost and how it ended; others see that of
    /// releases they may see. What it wrote belongs to the team of the release.
    ///
    /// # Errors
    /// [`AppError::NotFound`] with the nearest known name.
    pub async fn plugin_runs(
        &self,
        caller: &Caller,
        name: &PluginName,
        filter: &RunFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<(RecordedRun, RunShown), i64>> {
        self.require_plugin(name).await?;
        let sees = self.sees(caller).await?;
        let own = name.team().is_some_and(|team| sees.of_team(&team));
        let listed = if own { Sees::Everything } else { sees.clone() };
        let filter = RunFilter { sees: listed, ..filter.clone() };
        let page = self.store.plugin_runs(name, &filter, before, limit).await?;
        let mut items = Vec::new();
        for mut recorded in page.items {
            let shown = if sees.of_team(&recorded.team) {
                RunShown::Whole
            } else if self.is_visible(&sees, &recorded.verdict.release).await? {
                RunShown::Cost
            } else {
                RunShown::Unnamed
            };
            if shown != RunShown::Whole {
                let run = &mut recorded.run;
                run.log = Log::default();
                run.shadow = None;
                // A guest may write data into what it says of its own failure.
                run.failure = run.failure.take().map(|(code, _)| {
                    let sentence = yardstick_domain::codes::find(&code).map_or("", |row| row.sentence);
                    (code, sentence.to_owned())
                });
            }
            items.push((recorded, shown));
        }
        Ok(Page { items, next: page.next })
    }

    /// A sentence for each plugin of sealed terms that was deprecated or yanked.
    pub(crate) async fn marks_of(&self, terms: &Terms) -> Result<Vec<String>> {
        let mut told: Vec<String> = Vec::new();
        for plugin in terms.criteria.iter().filter_map(|sealed| sealed.plugin.as_ref()) {
            let versions = self.store.plugin_versions(&plugin.name).await?;
            let Some(known) = versions.iter().find(|known| known.digest == plugin.hash) else { continue };
            for (mark, word) in [(&known.deprecated, "deprecated"), (&known.yanked, "yanked")] {
                let text = mark
                    .as_ref()
                    .map(|mark| format!("{} {} is {word}: {}", plugin.name, plugin.version, mark.reason));
                told.extend(text.filter(|text| !told.contains(text)));
            }
        }
        Ok(told)
    }

    /// Whom a component concerns, as far as whoever asks may see them.
    pub(crate) async fn uses(&self, caller: &Caller, digest: Digest) -> Result<Uses> {
        let sees = self.sees(caller).await?;
        let mut releases = Vec::new();
        for slug in self.store.releases_with_plugin(digest).await? {
            if self.is_visible(&sees, &slug).await? {
                releases.push(slug);
            }
        }
        Ok(Uses { releases })
    }

    /// Refuses a name that no plugin has.
    pub(crate) async fn require_plugin(&self, name: &PluginName) -> Result<()> {
        let built_in = self.plugins.built_in.iter().map(|known| known.manifest.plugin.name.clone());
        let mut names: Vec<PluginName> = built_in.collect();
        names.extend(self.store.plugin_names().await?);
        if names.contains(name) {
            return Ok(());
        }
        Err(AppError::not_found("plugin", name.as_str(), names.iter().map(PluginName::as_str)))
    }

    /// The judges of this build as versions.
    async fn built_in_versions(&self) -> Result<Vec<PluginVersion>> {
        let mut versions = Vec::new();
        for known in &self.plugins.built_in {
            let Ok(plugin) = self.load_judge(known.digest).await? else { continue };
            versions.push(PluginVersion {
                digest: known.digest,
                size: known.wasm.len() as u64,
                manifest: known.manifest.clone(),
                description: plugin.description().clone(),
                channel: Channel::Current,
                published_at: jiff::Timestamp::UNIX_EPOCH,
                published_by: yardstick_domain::people::Actor::Local("build".to_owned()),
                deprecated: None,
                yanked: None,
            });
        }
        Ok(versions)
    }

    /// The digest of a version.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an unknown plugin or version.
    pub async fn plugin_digest(&self, name: &PluginName, version: &semver::Version) -> Result<Digest> {
        match self.judge_versions(name).await?.iter().find(|known| known.version == *version) {
            Some(known) => Ok(known.digest),
            None => self.published(name, version).await.map(|found| found.digest),
        }
    }

    /// Whether a plugin is of a team.
    #[must_use]
    pub fn is_of_a_team(name: &PluginName) -> bool {
        name.team().is_some()
    }
}
