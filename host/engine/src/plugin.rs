//! A plugin that has passed every check and can be called.

use std::fmt;
use std::sync::Arc;

use yardstick_domain::digest::Digest;
use yardstick_domain::finding::Finding;
use yardstick_domain::frame::Frame;
use yardstick_domain::manifest::{Manifest, Profile};
use yardstick_domain::problem::Problem;
use yardstick_domain::question::{Description, Query, Question};

use crate::assets::Assets;
use crate::call;
use crate::run::Run;
use crate::sandbox::Guest;
use crate::schema::ParamSchema;

/// A loaded plugin. Old calls finish on it when a newer one takes its place.
pub struct Plugin {
    pub(crate) digest: Digest,
    pub(crate) manifest: Manifest,
    pub(crate) description: Description,
    pub(crate) params: ParamSchema,
    pub(crate) guest: Guest,
    pub(crate) assets: Arc<Assets>,
    pub(crate) wants_random: bool,
    pub(crate) imports: Vec<String>,
    pub(crate) initial_memory: u64,
}

impl Plugin {
    /// Digest of the component as it was uploaded, manifest and files included.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Version of the contract it was built for, major and minor.
    #[must_use]
    pub fn contract(&self) -> &str {
        self.guest.contract.version()
    }

    /// Its embedded manifest.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What it says it is.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Which limits it runs under.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.manifest.build.profile
    }

    /// Names of the interfaces it imports, in its order.
    #[must_use]
    pub fn imports(&self) -> &[String] {
        &self.imports
    }

    /// Names of the files it carries, in order.
    #[must_use]
    pub fn files(&self) -> Vec<&str> {
        self.assets.names().collect()
    }

    /// Wall clock that a call of it may take, in milliseconds.
    #[must_use]
    pub fn deadline_ms(&self) -> u64 {
        self.guest.limits.deadline_ms
    }

    /// Bytes of linear memory that an instance had when it first ran; it has grown when a later call used more.
    #[must_use]
    pub fn initial_memory(&self) -> u64 {
        self.initial_memory
    }

    /// Everything that is wrong with these parameters; empty when they can be used.
    #[must_use]
    pub fn check_params(&self, params: &serde_json::Value) -> Vec<Problem> {
        self.params.check(params)
    }

    /// [`crate::Engine::evaluate`] on the caller's own thread, past the queue: for whoever does nothing else
    /// meanwhile, and to measure an instance without the ways between threads. Needs some 2 MiB of stack.
    #[must_use]
    pub fn evaluate_here(&self, question: &Question, frames: Vec<(String, Arc<Frame>)>) -> Run<Finding> {
        call::evaluate(self, question, frames)
    }

    /// [`crate::Engine::plan`] likewise.
    #[must_use]
    pub fn plan_here(&self, question: &Question) -> Run<Vec<Query>> {
        call::plan(self, question)
    }

    /// Whose turn a call of this plugin takes in the queue.
    pub(crate) fn team(&self) -> &str {
        team_of(&self.manifest)
    }

    pub(crate) fn guest(&self) -> &Guest {
        &self.guest
    }

    pub(crate) fn assets(&self) -> &Arc<Assets> {
        &self.assets
    }

    pub(crate) fn wants_random(&self) -> bool {
        self.wants_random
    }
}

/// The part of a plugin's name before `/`; empty for built-in ones.
pub(crate) fn team_of(manifest: &Manifest) -> &str {
    manifest.plugin.name.as_str().split_once('/').map_or("", |(team, _)| team)
}

impl fmt::Debug for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plugin")
            .field("name", &self.manifest.plugin.name)
            .field("digest", &self.digest)
            .finish()
    }
}
