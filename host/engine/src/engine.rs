//! The engine: loads plugins and calls them.

use std::sync::Arc;

use jiff::Timestamp;
use yardstick_domain::digest::Digest;
use yardstick_domain::finding::Finding;
use yardstick_domain::frame::Frame;
use yardstick_domain::manifest::{self, Manifest, Profile};
use yardstick_domain::question::{Query, Question};

use crate::anatomy;
use crate::assets::Assets;
use crate::cache::Cache;
use crate::call::{self, Frames};
use crate::compile::{Compiler, Trust, Workshop};
use crate::contract;
use crate::limits;
use crate::plugin::{Plugin, team_of};
use crate::random::Random;
use crate::refusal::{Refusal, Step};
use crate::run::{Failure, Run};
use crate::runner::Runner;
use crate::sandbox::{Guest, Sandbox};
use crate::schema::ParamSchema;
use crate::state::World;
use crate::ticker::Ticker;
use crate::{RULES_VERSION, WASMTIME_VERSION};

/// How the engine is set up.
#[derive(Debug)]
pub struct Config {
    /// Calls that run at once, 1..=64; one per core serves best.
    pub threads: usize,
    /// Calls of one team that wait in the queue, at least 1; further callers wait for room.
    pub queue: usize,
    /// Where compiled code is kept; `None`: nowhere.
    pub cache: Option<Cache>,
    /// How uploads are compiled.
    pub compiler: Compiler,
}

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The configuration makes no sense.
    #[error("{0}")]
    Config(String),
    /// wasmtime does not start.
    #[error("the WebAssembly engine does not start: {0:#}")]
    Wasmtime(wasmtime::Error),
    /// The system gives no threads or random numbers.
    #[error("the system does not give what the engine needs: {0}")]
    System(#[from] std::io::Error),
}

/// Loads plugins and calls them on threads of its own. Clones share them; the last one ends them.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    lean: Sandbox,
    scripted: Sandbox,
    workshop: Workshop,
    ticker: Arc<Ticker>,
    runner: Runner,
    hash: Digest,
}

impl Engine {
    /// Starts an engine.
    ///
    /// # Errors
    /// When the configuration makes no sense or the system lacks what is needed.
    pub fn new(config: Config) -> Result<Self, EngineError> {
        let Config { threads, queue, cache, compiler } = config;
        if !(1..=limits::THREADS).contains(&threads) {
            let most = limits::THREADS;
            return Err(EngineError::Config(format!("threads: {threads}, expected 1 to {most}")));
        }
        if queue == 0 {
            return Err(EngineError::Config("queue: 0, expected at least 1".into()));
        }
        let lean = Sandbox::new(Profile::Lean, threads).map_err(EngineError::Wasmtime)?;
        let scripted = Sandbox::new(Profile::Scripted, threads).map_err(EngineError::Wasmtime)?;
        let ticker = Arc::new(Ticker::start(&[&lean.engine, &scripted.engine])?);
        Ok(Self(Arc::new(Inner {
            workshop: Workshop::new(compiler, cache)?,
            runner: Runner::start(threads, queue)?,
            hash: hash(),
            lean,
            scripted,
            ticker,
        })))
    }

    /// What decides an answer besides the plugin and its inputs: wasmtime, its settings, our limits and
    /// host functions. The same on every machine that runs the same version of Yardstick. A verdict
    /// records it; fuel is compared only where it is the same.
    #[must_use]
    pub fn hash(&self) -> Digest {
        self.0.hash
    }

    /// Takes a component as a plugin. Blocks: compiling takes up to 10 s (90 s for scripted ones).
    ///
    /// # Errors
    /// Names the step that failed, what it found and what to do.
    pub fn load(&self, wasm: &[u8], trust: Trust) -> Result<Arc<Plugin>, Refusal> {
        anatomy::check_size(wasm, &limits::SCRIPTED, "scripted")?;
        let anatomy = anatomy::inspect(wasm)?;
        let manifest = read_manifest(wasm, trust)?;
        let profile = manifest.build.profile;
        let sandbox = self.sandbox(profile);
        anatomy::check_size(wasm, sandbox.limits, profile.as_str())?;
        anatomy.check_imports(profile)?;
        anatomy.check_exports()?;
        let digest = Digest::of(wasm);
        let component = self.0.workshop.component(sandbox, wasm, &digest, trust)?;
        let wants_random = anatomy.imports("wasi:random/");
        let contract = sandbox.link(&component).map_err(|error| {
            let error = crate::text::excerpt(&format!("{error:#}"), limits::SENTENCE);
            Refusal::new(
                Step::Contract,
                format!("it does not fit contract {}: {error}", contract::CONTRACT),
                "Build it against the contract's published text.",
            )
        })?;
        let assets = Arc::new(anatomy.assets);
        let guest = Guest { contract, limits: sandbox.limits, ticker: Arc::clone(&self.0.ticker) };
        let imports = anatomy.imports;
        self.finish(Parts { digest, manifest, guest, assets, wants_random, imports })
    }

    /// Asks a plugin which data it needs to answer this question.
    pub async fn plan(&self, plugin: &Arc<Plugin>, question: &Question) -> Run<Vec<Query>> {
        let (called, question) = (Arc::clone(plugin), question.clone());
        self.call(plugin, move || call::plan(&called, &question)).await
    }

    /// Asks a plugin for its finding, given the frames of its plan by their keys, in the plan's order.
    pub async fn evaluate(
        &self,
        plugin: &Arc<Plugin>,
        question: &Question,
        frames: Vec<(String, Arc<Frame>)>,
    ) -> Run<Finding> {
        let (called, question, frames): (_, _, Frames) = (Arc::clone(plugin), question.clone(), frames);
        self.call(plugin, move || call::evaluate(&called, &question, frames)).await
    }

    async fn call<T: Send + 'static>(
        &self,
        plugin: &Plugin,
        job: impl FnOnce() -> Run<T> + Send + 'static,
    ) -> Run<T> {
        let ran = self.0.runner.run(plugin.team(), job).await;
        ran.unwrap_or_else(|_| Run::refused(Failure::host("The host failed while it ran the plugin.")))
    }

    fn sandbox(&self, profile: Profile) -> &Sandbox {
        match profile {
            Profile::Lean => &self.0.lean,
            Profile::Scripted => &self.0.scripted,
        }
    }

    /// Asks the component what it is, which is also its first run.
    fn finish(&self, parts: Parts) -> Result<Arc<Plugin>, Refusal> {
        let Parts { digest, manifest, guest, assets, wants_random, imports } = parts;
        // Nothing has been asked yet, so there is no as-of instant and no input but the plugin itself.
        let world =
            World { now: Timestamp::UNIX_EPOCH, random: Random::new(&digest), assets: Arc::clone(&assets) };
        let (guest, run) = self
            .0
            .runner
            .run_blocking(team_of(&manifest), move || {
                let run = call::describe(&guest, world);
                (guest, run)
            })
            .map_err(|_| Refusal::new(Step::Host, "the host failed while it ran the plugin", "Try again."))?;
        let initial_memory = run.usage.memory_peak;
        let description = run.result.map_err(|failure| {
            let found = format!("`describe` failed ({}): {}", failure.code, failure.message);
            Refusal::new(Step::Describe, found.trim_end_matches('.'), "`describe` answers constants only.")
        })?;
        let params = ParamSchema::new(description.params_schema.clone()).map_err(|error| {
            let found = format!("the schema of its parameters cannot be used: {error}");
            Refusal::new(Step::Schema, found, "Derive the schema from the parameters' type.")
        })?;
        Ok(Arc::new(Plugin {
            digest,
            manifest,
            description,
            params,
            guest,
            assets,
            wants_random,
            imports,
            initial_memory,
        }))
    }
}

/// What is known of a component before it has run.
struct Parts {
    digest: Digest,
    manifest: Manifest,
    guest: Guest,
    assets: Arc<Assets>,
    wants_random: bool,
    imports: Vec<String>,
}

fn read_manifest(wasm: &[u8], trust: Trust) -> Result<Manifest, Refusal> {
    let manifest = manifest::extract(wasm).map_err(|error| {
        let error = crate::text::excerpt(&error.to_string(), limits::SENTENCE);
        Refusal::new(Step::Manifest, error, "`yardstick plugin build` embeds plugin.toml.")
    })?;
    let name = manifest.plugin.name.as_str();
    if trust == Trust::Uploaded && !name.contains('/') {
        return Err(Refusal::new(
            Step::Manifest,
            format!("plugin.name is {name:?}, and names without a team are the host's own"),
            "Name it `team/name`.",
        ));
    }
    if manifest.plugin.contract != contract::CONTRACT {
        let found = crate::text::excerpt(&manifest.plugin.contract, limits::NAME);
        return Err(Refusal::new(
            Step::Manifest,
            format!("plugin.contract is {found:?}, and this host speaks {:?}", contract::CONTRACT),
            "Build it with an SDK of that version.",
        ));
    }
    Ok(manifest)
}

/// Digest of everything that decides an answer besides its inputs.
fn hash() -> Digest {
    let settings = (
        ("yardstick-engine", RULES_VERSION, WASMTIME_VERSION, contract::PACKAGE_VERSION),
        (limits::LEAN, limits::SCRIPTED),
        (limits::HOST_CALL_FUEL, limits::VALUE_FUEL, limits::GUEST_TO_HOST_BYTES, limits::HANDLES),
    );
    Digest::of(format!("{settings:?}").as_bytes())
}
