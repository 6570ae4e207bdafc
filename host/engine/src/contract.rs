//! The contract, by version. Types generated from `wit/` stay inside this crate.

use wasmtime::Store;
use wasmtime::component::{ComponentExportIndex, Instance, InstancePre, Resource, TypedFunc};

use crate::imports::frames::OpenFrame;
use crate::state::State;
use v1::exports::yardstick::judge::guest;
use v1::yardstick::judge::types as wit;

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
pub(crate) const PACKAGE_VERSION: &str = "1.0.0";
/// What a manifest calls it.
pub(crate) const CONTRACT: &str = "1.0";
/// Interfaces of the contract that the host offers.
pub(crate) const OFFERED: [&str; 4] = [
    "yardstick:judge/types@1.0.0",
    "yardstick:judge/frames@1.0.0",
    "yardstick:judge/log@1.0.0",
    "yardstick:judge/assets@1.0.0",
];
/// The interface that a plugin exports.
pub(crate) const REQUIRED: &str = "yardstick:judge/guest@1.0.0";

/// A plugin whose imports are linked and whose exports are there, by the version of its contract.
pub(crate) enum Contract {
    /// Version 1.
    V1(V1),
}

/// A plugin of version 1. Exports are found once and by name, so that a call looks up only the one it needs.
pub(crate) struct V1 {
    linked: InstancePre<State>,
    plan: ComponentExportIndex,
    evaluate: ComponentExportIndex,
}

/// `plan`, as it is called.
pub(crate) type Plan<'a> = TypedFunc<(&'a wit::Criterion,), (Result<Vec<guest::Query>, String>,)>;
/// `evaluate`, as it is called.
pub(crate) type Evaluate<'a> =
    TypedFunc<(&'a wit::Criterion, &'a [(String, Resource<OpenFrame>)]), (Result<wit::Finding, String>,)>;

impl Contract {
    /// Finds the exports of a component whose imports are linked.
    ///
    /// # Errors
    /// When an export is missing.
    pub(crate) fn new(linked: InstancePre<State>) -> wasmtime::Result<Self> {
        // Says what is missing in words that name the contract's own interfaces.
        v1::PluginPre::new(linked.clone())?;
        let component = linked.component();
        let interface = component.get_export_index(None, REQUIRED);
        let export = |name: &str| {
            component
                .get_export_index(interface.as_ref(), name)
                .ok_or_else(|| wasmtime::format_err!("{REQUIRED} has no function {name:?}"))
        };
        Ok(Self::V1(V1 { plan: export("plan")?, evaluate: export("evaluate")?, linked }))
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
            Self::V1(plugin) => plugin.linked.engine(),
        }
    }
}

impl V1 {
    /// Starts an instance.
    ///
    /// # Errors
    /// When starting it traps or meets a limit.
    pub(crate) fn instantiate(&self, store: &mut Store<State>) -> wasmtime::Result<Instance> {
        self.linked.instantiate(store)
    }

    /// All exports of an instance, each checked against its type: what a plugin goes through when it is loaded.
    ///
    /// # Errors
    /// When an export is of another type.
    pub(crate) fn exports(
        &self,
        store: &mut Store<State>,
        instance: &Instance,
    ) -> wasmtime::Result<v1::Plugin> {
        v1::Plugin::new(store, instance)
    }

    /// `plan` of an instance, checked alone: types are large, and checking all of them takes longer than some
    /// calls do.
    ///
    /// # Errors
    /// When it is of another type.
    pub(crate) fn plan<'a>(
        &self,
        store: &mut Store<State>,
        instance: &Instance,
    ) -> wasmtime::Result<Plan<'a>> {
        instance.get_typed_func(store, self.plan)
    }

    /// `evaluate` of an instance likewise.
    ///
    /// # Errors
    /// When it is of another type.
    pub(crate) fn evaluate<'a>(
        &self,
        store: &mut Store<State>,
        instance: &Instance,
    ) -> wasmtime::Result<Evaluate<'a>> {
        instance.get_typed_func(store, self.evaluate)
    }
}
