//! The contract, by version. Types generated from `wit/` stay inside this crate.

use wasmtime::component::InstancePre;

use crate::state::State;

/// Version 1.0 of the contract.
#[allow(
    missing_docs,
    unreachable_pub,
    ambiguous_associated_items,
    clippy::all,
    reason = "generated from wit/v1.0, where `lower` is a case of an enum"
)]
pub(crate) mod v1 {
    wasmtime::component::bindgen!({
        path: "../../wit/v1.0",
        world: "plugin",
        with: { "yardstick:judge/frames.frame": crate::imports::frames::OpenFrame },
    });
}

/// The version of the WIT package that this host implements.
pub(crate) const PACKAGE_VERSION: &str = "1.0.0-rc.1";
/// What a manifest calls it.
pub(crate) const CONTRACT: &str = "1.0";
/// Interfaces of the contract that the host offers.
pub(crate) const OFFERED: [&str; 4] = [
    "yardstick:judge/types@1.0.0-rc.1",
    "yardstick:judge/frames@1.0.0-rc.1",
    "yardstick:judge/log@1.0.0-rc.1",
    "yardstick:judge/assets@1.0.0-rc.1",
];
/// The interface that a plugin exports.
pub(crate) const REQUIRED: &str = "yardstick:judge/guest@1.0.0-rc.1";

/// A plugin that has been type-checked against the host once, by the version of its contract.
pub(crate) enum Contract {
    /// Version 1.
    V1(v1::PluginPre<State>),
}

impl Contract {
    /// Finds the exports of a component whose imports are linked.
    ///
    /// # Errors
    /// When an export is missing or of another type.
    pub(crate) fn new(linked: InstancePre<State>) -> wasmtime::Result<Self> {
        v1::PluginPre::new(linked).map(Self::V1)
    }

    /// Version as manifests write it.
    pub(crate) fn version(&self) -> &'static str {
        match self {
            Self::V1(_) => CONTRACT,
        }
    }

    /// The component's own engine: a store made from it can never meet a component of another engine.
    pub(crate) fn engine(&self) -> &wasmtime::Engine {
        match self {
            Self::V1(plugin) => plugin.engine(),
        }
    }
}
