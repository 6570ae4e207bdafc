//! Judges: what there is, which version a criterion means, how one is loaded.

mod backtest;
mod cases;
mod change;
mod grants;
mod publish;
mod read;
mod resolve;
mod runs;
mod shadow;

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use lru::LruCache;
use yardstick_domain::criteria::ResolvedPlugin;
use yardstick_domain::digest::Digest;
use yardstick_domain::manifest::{self, Manifest};
use yardstick_domain::plugin::Channel;
use yardstick_engine::{Plugin, Trust};
use yardstick_store::NewPlugin;

use crate::error::{AppError, Result};
use crate::{App, Caller};

pub use backtest::{Backtest, BacktestRequest, ChangedFinding, LeftOut, TurnedVerdict, VerdictInputs};
pub use cases::{CaseFiles, CaseRun, run_cases};
pub(crate) use grants::refused;
pub use publish::{PublishRequest, Published, Refused};
pub use read::{PluginDetail, PluginSummary, RunShown, Uses};
pub(crate) use runs::Taken;
pub(crate) use shadow::run_of;

/// Plugins of teams that are kept loaded; the one that was not used for longest goes first. Each holds about a
/// quarter of a mebibyte, and loading one again from the cache takes less than a millisecond.
const LOADED: NonZeroUsize = NonZeroUsize::new(256).expect("more than none");

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
    /// Kept for as long as the service runs.
    loaded: OnceLock<Arc<Plugin>>,
    /// Its bytes are in the database, where nothing removes them.
    stored: AtomicBool,
}

/// Judges by digest.
#[derive(Debug)]
pub(crate) struct Plugins {
    built_in: Vec<Known>,
    /// Whether this process wants all of them loaded: a service does, a command loads what it needs.
    are_wanted: AtomicBool,
    loaded: Mutex<LruCache<Digest, Arc<Plugin>>>,
}

impl Plugins {
    pub(crate) fn new(built_in: &[BuiltIn]) -> Result<Self> {
        let known = |plugin: &BuiltIn| {
            let manifest = manifest::extract(plugin.wasm).map_err(AppError::fault)?;
            let (digest, wasm) = (Digest::of(plugin.wasm), plugin.wasm);
            Ok(Known { manifest, digest, wasm, loaded: OnceLock::new(), stored: AtomicBool::new(false) })
        };
        let built_in = built_in.iter().map(known).collect::<Result<_>>()?;
        Ok(Self { built_in, are_wanted: AtomicBool::new(false), loaded: Mutex::new(LruCache::new(LOADED)) })
    }

    fn built_in(&self, digest: Digest) -> Option<&Known> {
        self.built_in.iter().find(|known| known.digest == digest)
    }

    fn cached(&self, digest: Digest) -> Option<Arc<Plugin>> {
        if let Some(known) = self.built_in(digest) {
            return known.loaded.get().cloned();
        }
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).get(&digest).cloned()
    }

    fn keep(&self, plugin: &Arc<Plugin>) {
        let digest = *plugin.digest();
        match self.built_in(digest) {
            // Two that loaded it at once have the same.
            Some(known) => drop(known.loaded.set(Arc::clone(plugin))),
            None => {
                self.loaded.lock().unwrap_or_else(PoisonError::into_inner).put(digest, Arc::clone(plugin));
            }
        }
    }
}

impl App {
    /// Loads the judges this build brings along, and those that releases wait for, so that nobody's question waits for
    /// it: after an upgrade they are compiled anew. What cannot be loaded is logged, and said again by whatever needs it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load_judges(&self) -> Result<()> {
        self.plugins.are_wanted.store(true, Ordering::Relaxed);
        for known in &self.plugins.built_in {
            if let Err(why) = self.load_judge(known.digest).await? {
                tracing::error!("the judge {} cannot be loaded: {why}", known.manifest.plugin.name);
            }
        }
        // More would only push each other out.
        let most = u32::try_from(LOADED.get()).unwrap_or(u32::MAX);
        for digest in self.store.awaited_plugins(most).await? {
            if let Err(why) = self.load_judge(digest).await? {
                tracing::error!("the judge {digest} cannot be loaded: {why}");
            }
        }
        Ok(())
    }

    /// A sentence for each judge of this build that is not loaded, though it should be.
    #[must_use]
    pub fn judges_not_loaded(&self) -> Vec<String> {
        if !self.plugins.are_wanted.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let missing = self.plugins.built_in.iter().filter(|known| known.loaded.get().is_none());
        missing.map(|known| format!("{} is not loaded", known.manifest.plugin.name)).collect()
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
        let (bytes, trust) = match self.plugins.built_in(digest) {
            Some(known) => (known.wasm.to_vec(), Trust::BuiltIn),
            None => match self.store.plugin_bytes(digest).await? {
                // A judge of an earlier build has no team and was stored by us.
                Some(bytes) => {
                    let built_in =
                        manifest::extract(&bytes).is_ok_and(|found| found.plugin.name.team().is_none());
                    (bytes, if built_in { Trust::Kept } else { Trust::Uploaded })
                }
                None => return Ok(Err(format!("no plugin with hash {digest} is stored"))),
            },
        };
        if Digest::of(&bytes) != digest {
            return Ok(Err(format!(
                "the stored bytes of plugin {digest} were changed: they hash to {}",
                Digest::of(&bytes)
            )));
        }
        match self.load(bytes, trust).await? {
            Ok(plugin) => {
                self.plugins.keep(&plugin);
                Ok(Ok(plugin))
            }
            Err(refusal) => Ok(Err(refusal.to_string())),
        }
    }

    /// Has the engine take a component, off the threads that answer requests: compiling takes long.
    async fn load(
        &self,
        bytes: Vec<u8>,
        trust: Trust,
    ) -> Result<std::result::Result<Arc<Plugin>, yardstick_engine::Refusal>> {
        let engine = self.engine.clone();
        tokio::task::spawn_blocking(move || engine.load(&bytes, trust)).await.map_err(AppError::fault)
    }

    /// Keeps the bytes of built-in judges that a seal or verdict relies on, so that a later build of this
    /// program can still replay it.
    pub(crate) async fn keep_judges(&self, used: &[ResolvedPlugin], caller: &Caller) -> Result<()> {
        let relied_on = |known: &&Known| used.iter().any(|used| used.hash == known.digest);
        for known in self.plugins.built_in.iter().filter(relied_on) {
            if known.stored.load(Ordering::Relaxed) {
                continue;
            }
            let Ok(plugin) = self.load_judge(known.digest).await? else { continue };
            let new = NewPlugin {
                manifest: &known.manifest,
                description: plugin.description(),
                bytes: known.wasm,
                channel: Channel::Current,
            };
            self.store.put_plugin(new, &caller.actor, caller.now).await?;
            known.stored.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}
