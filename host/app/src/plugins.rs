//! Judges: which version a criterion means, and how it is loaded.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use semver::Version;
use yardstick_domain::criteria::{JudgeRef, ResolvedPlugin};
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::PluginName;
use yardstick_domain::manifest::{self, Manifest};
use yardstick_engine::{Plugin, Trust};
use yardstick_store::NewPlugin;

use crate::error::{AppError, Result};
use crate::{App, Caller};

/// A judge that this build brings along: a component with its manifest inside.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn {
    /// Its bytes.
    pub wasm: &'static [u8],
}

#[derive(Debug)]
struct Known {
    manifest: Manifest,
    digest: Digest,
    wasm: &'static [u8],
}

/// Judges by digest, loaded once.
#[derive(Debug)]
pub(crate) struct Plugins {
    built_in: Vec<Known>,
    loaded: Mutex<HashMap<Digest, Arc<Plugin>>>,
}

impl Plugins {
    pub(crate) fn new(built_in: &[BuiltIn]) -> Result<Self> {
        let known = |plugin: &BuiltIn| {
            let manifest = manifest::extract(plugin.wasm).map_err(AppError::fault)?;
            Ok(Known { manifest, digest: Digest::of(plugin.wasm), wasm: plugin.wasm })
        };
        let built_in = built_in.iter().map(known).collect::<Result<_>>()?;
        Ok(Self { built_in, loaded: Mutex::default() })
    }

    fn cached(&self, digest: Digest) -> Option<Arc<Plugin>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).get(&digest).cloned()
    }

    fn keep(&self, plugin: &Arc<Plugin>) {
        self.loaded
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(*plugin.digest(), Arc::clone(plugin));
    }
}

impl App {
    /// Loads the judges this build brings along, so that nobody's question waits for it. What cannot be loaded is
    /// logged, and said again by whatever needs it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load_judges(&self) -> Result<()> {
        for known in &self.plugins.built_in {
            if let Err(why) = self.load_judge(known.digest).await? {
                tracing::error!("the judge {} cannot be loaded: {why}", known.manifest.plugin.name);
            }
        }
        Ok(())
    }

    /// A sentence for each judge of this build that is not loaded.
    #[must_use]
    pub fn judges_not_loaded(&self) -> Vec<String> {
        let missing =
            self.plugins.built_in.iter().filter(|known| self.plugins.cached(known.digest).is_none());
        missing.map(|known| format!("{} is not loaded", known.manifest.plugin.name)).collect()
    }

    /// Versions of a judge there are, the newest first.
    pub(crate) async fn judge_versions(&self, name: &PluginName) -> Result<Vec<(Version, Digest)>> {
        let mut versions: Vec<(Version, Digest)> = self
            .plugins
            .built_in
            .iter()
            .filter(|known| known.manifest.plugin.name == *name)
            .map(|known| (known.manifest.plugin.version.clone(), known.digest))
            .collect();
        for stored in self.store.plugin_versions(name).await? {
            if !versions.iter().any(|(version, _)| *version == stored.version) {
                versions.push((stored.version, stored.digest));
            }
        }
        versions.sort_by(|a, b| b.0.cmp(&a.0));
        Ok(versions)
    }

    /// The newest version that will do; `None`: there is none.
    pub(crate) async fn resolve_judge(&self, judge: &JudgeRef) -> Result<Option<ResolvedPlugin>> {
        let versions = self.judge_versions(&judge.name).await?;
        let found = versions.into_iter().find(|(version, _)| judge.versions.matches(version));
        Ok(found.map(|(version, hash)| ResolvedPlugin { name: judge.name.clone(), version, hash }))
    }

    /// A sentence that says why no version will do, with the nearest known judge.
    pub(crate) async fn unknown_judge(&self, judge: &JudgeRef) -> Result<String> {
        let versions = self.judge_versions(&judge.name).await?;
        if !versions.is_empty() {
            let known: Vec<String> = versions.iter().map(|(version, _)| version.to_string()).collect();
            return Ok(format!("{judge}: no such version; installed are {}", known.join(", ")));
        }
        let mut names: Vec<String> =
            self.plugins.built_in.iter().map(|known| known.manifest.plugin.name.to_string()).collect();
        names.extend(self.store.plugin_names().await?.iter().map(ToString::to_string));
        let hint = yardstick_domain::nearest::hint(judge.name.as_str(), names.iter().map(String::as_str));
        Ok(format!("{judge}: no such judge is installed{hint}"))
    }

    /// The judge of this digest, loaded. The outer error is the store's or ours, the inner one says why the
    /// judge cannot be used.
    pub(crate) async fn load_judge(
        &self,
        digest: Digest,
    ) -> Result<std::result::Result<Arc<Plugin>, String>> {
        if let Some(plugin) = self.plugins.cached(digest) {
            return Ok(Ok(plugin));
        }
        let built_in = self.plugins.built_in.iter().find(|known| known.digest == digest);
        let (bytes, trust) = match built_in {
            Some(known) => (known.wasm.to_vec(), Trust::BuiltIn),
            None => match self.store.plugin_bytes(digest).await? {
                Some(bytes) => (bytes, Trust::Uploaded),
                None => return Ok(Err(format!("no plugin with hash {digest} is stored"))),
            },
        };
        if Digest::of(&bytes) != digest {
            return Ok(Err(format!(
                "the stored bytes of plugin {digest} were changed: they hash to {}",
                Digest::of(&bytes)
            )));
        }
        let engine = self.engine.clone();
        let loaded = tokio::task::spawn_blocking(move || engine.load(&bytes, trust)).await;
        match loaded.map_err(AppError::fault)? {
            Ok(plugin) => {
                self.plugins.keep(&plugin);
                Ok(Ok(plugin))
            }
            Err(refusal) => Ok(Err(refusal.to_string())),
        }
    }

    /// Keeps the bytes of built-in judges that a seal or verdict relies on, so that a later build of this
    /// program can still replay it.
    pub(crate) async fn keep_judges(&self, used: &[ResolvedPlugin], caller: &Caller) -> Result<()> {
        for known in
            self.plugins.built_in.iter().filter(|known| used.iter().any(|used| used.hash == known.digest))
        {
            let plugin = NewPlugin { manifest: &known.manifest, bytes: known.wasm };
            self.store.put_plugin(plugin, &caller.actor, caller.now).await?;
        }
        Ok(())
    }
}
