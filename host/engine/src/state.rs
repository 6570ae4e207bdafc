//! What belongs to one call: its meters, handles, log and pinned world. Dropped with the store.

use std::sync::Arc;

use jiff::Timestamp;
use wasmtime::ResourceLimiter;
use wasmtime::component::{Resource, ResourceTable, ResourceTableError};

use crate::assets::Assets;
use crate::limits::{self, Limits};
use crate::log::Sink;
use crate::random::Random;
use crate::stop::Stop;

/// The data of a store.
pub(crate) struct State {
    pub(crate) meter: Meter,
    pub(crate) handles: Handles,
    pub(crate) log: Sink,
    pub(crate) world: World,
}

/// Everything of the outside that a guest can see besides its arguments: a function of recorded inputs.
pub(crate) struct World {
    /// Where all clocks stand.
    pub(crate) now: Timestamp,
    /// Random numbers, seeded from the digest of the inputs.
    pub(crate) random: Random,
    /// The plugin's own files.
    pub(crate) assets: Arc<Assets>,
}

impl State {
    /// The state of a fresh call.
    pub(crate) fn new(limits: &'static Limits, world: World) -> Self {
        Self {
            meter: Meter { limits, memory: 0, memory_peak: 0, elements: 0, host_calls: 0 },
            handles: Handles::new(),
            log: Sink::default(),
            world,
        }
    }
}

/// Host objects that the guest holds handles of.
pub(crate) struct Handles(ResourceTable);

impl Handles {
    fn new() -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits::HANDLES);
        Self(table)
    }

    /// Gives the guest a handle.
    pub(crate) fn push<T: Send + 'static>(&mut self, object: T) -> wasmtime::Result<Resource<T>> {
        self.0.push(object).map_err(|error| match error {
            ResourceTableError::Full => Stop::Handles { allowed: limits::HANDLES }.into(),
            other => other.into(),
        })
    }

    /// The object behind a handle.
    pub(crate) fn get<T: 'static>(&mut self, handle: &Resource<T>) -> wasmtime::Result<&mut T> {
        Ok(self.0.get_mut(handle)?)
    }

    /// Ends a handle by its representation.
    pub(crate) fn delete<T: 'static>(&mut self, rep: u32) -> wasmtime::Result<()> {
        self.0.delete(Resource::<T>::new_own(rep))?;
        Ok(())
    }
}

/// Counts what a guest uses, and stops it at its limits.
pub(crate) struct Meter {
    limits: &'static Limits,
    memory: usize,
    memory_peak: usize,
    elements: usize,
    host_calls: u64,
}

impl Meter {
    /// Counts a call of a host function.
    pub(crate) fn host_call(&mut self) -> Result<(), Stop> {
        self.host_calls += 1;
        if self.host_calls > self.limits.host_calls {
            return Err(Stop::HostCalls { allowed: self.limits.host_calls });
        }
        Ok(())
    }

    /// Calls of host functions so far.
    pub(crate) fn host_calls(&self) -> u64 {
        self.host_calls
    }

    /// Most bytes of linear memory so far, all memories together.
    pub(crate) fn memory_peak(&self) -> usize {
        self.memory_peak
    }
}

/// wasmtime's own `StoreLimits` looks at each memory alone; these limits hold for the sum.
impl ResourceLimiter for Meter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            // The guest's own declaration forbids it: it is told so and nothing is counted.
            return Ok(false);
        }
        let wanted = self.memory.saturating_add(desired.saturating_sub(current));
        if wanted > self.limits.memory {
            return Err(Stop::Memory { wanted, allowed: self.limits.memory }.into());
        }
        self.memory = wanted;
        self.memory_peak = self.memory_peak.max(wanted);
        Ok(true)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // The pool's own slots are as large as the limit, and count as a maximum too.
        if maximum.is_some_and(|maximum| desired > maximum && maximum < self.limits.table_elements) {
            return Ok(false);
        }
        let wanted = self.elements.saturating_add(desired.saturating_sub(current));
        if wanted > self.limits.table_elements {
            return Err(Stop::Table { wanted, allowed: self.limits.table_elements }.into());
        }
        self.elements = wanted;
        Ok(true)
    }

    fn instances(&self) -> usize {
        self.limits.instances
    }

    fn tables(&self) -> usize {
        self.limits.tables
    }

    fn memories(&self) -> usize {
        self.limits.memories
    }
}

#[cfg(test)]
mod tests {
    use wasmtime::ResourceLimiter;

    use super::Meter;
    use crate::limits;
    use crate::stop::Stop;

    fn meter() -> Meter {
        Meter { limits: &limits::LEAN, memory: 0, memory_peak: 0, elements: 0, host_calls: 0 }
    }

    #[test]
    fn memories_are_limited_in_total() {
        let mut meter = meter();
        let half = limits::LEAN.memory / 2;
        assert!(meter.memory_growing(0, half, None).unwrap());
        assert!(meter.memory_growing(0, half, None).unwrap());
        let error = meter.memory_growing(half, half + 1, None).unwrap_err();
        let allowed = limits::LEAN.memory;
        assert_eq!(error.downcast_ref(), Some(&Stop::Memory { wanted: allowed + 1, allowed }));
        assert_eq!(meter.memory_peak(), allowed);
    }

    #[test]
    fn what_the_guest_forbids_itself_is_no_excess() {
        let mut meter = meter();
        assert!(!meter.memory_growing(0, 2, Some(1)).unwrap());
        assert!(!meter.table_growing(0, 2, Some(1)).unwrap());
        assert_eq!(meter.memory_peak(), 0);
    }
}
