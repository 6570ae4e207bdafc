//! One profile's engine with all it may import and use.

use std::sync::Arc;

use wasmtime::component::Linker;
use wasmtime::{Engine, Result};
use yardstick_domain::manifest::Profile;

use crate::contract::Contract;
use crate::imports;
use crate::limits::{self, Limits};
use crate::settings::{self, Space};
use crate::state::State;
use crate::ticker::Ticker;

/// What guests of one profile run in.
pub(crate) struct Sandbox {
    pub(crate) profile: Profile,
    pub(crate) limits: &'static Limits,
    pub(crate) engine: Engine,
    pub(crate) space: Space,
    linker: Linker<State>,
}

impl Sandbox {
    /// A sandbox for this many instances at once.
    ///
    /// # Errors
    /// When wasmtime refuses every setting.
    pub(crate) fn new(profile: Profile, threads: usize) -> Result<Self> {
        let (engine, space) = settings::engine(profile, threads)?;
        let linker = imports::linker(&engine, profile)?;
        Ok(Self { profile, limits: limits::of(profile), engine, space, linker })
    }

    /// Checks a compiled component against everything it imports and must export, once for all calls.
    ///
    /// # Errors
    /// When an import or export is missing or has another type.
    pub(crate) fn link(&self, component: &wasmtime::component::Component) -> Result<Contract> {
        Contract::new(self.linker.instantiate_pre(component)?)
    }
}

/// A type-checked plugin with what limits it. Stores are made from the contract's own engine, so those of
/// the two profiles cannot meet.
pub(crate) struct Guest {
    pub(crate) contract: Contract,
    pub(crate) limits: &'static Limits,
    pub(crate) ticker: Arc<Ticker>,
}
