//! How wasmtime is set up: deterministic, bounded, and the same in the compiling process as here.

use std::num::NonZeroUsize;

use wasmtime::{Config, Enabled, Engine, PoolingAllocationConfig, WasmBacktraceDetails};
use yardstick_domain::manifest::Profile;

use crate::limits::{self, Limits};

/// Address space reserved per linear memory. Compiled code depends on it, so a compiling process must
/// choose the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    /// 4 GiB: no bounds checks, 3–4 % faster; what interpreters are worth.
    Wide,
    /// As much as the profile allows to use.
    Narrow,
}

/// Where instances live. Compiled code does not depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Allocation {
    /// Slots reserved ahead for this many instances; freed pages are found by asking the kernel which were
    /// written (Linux 6.7 and later), so that much can stay resident.
    PoolWithScan(usize),
    /// The same without that help: everything kept resident is wiped, so little is.
    Pool(usize),
    /// Each instance asks the system for memory: for machines that let us reserve little.
    OnDemand,
}

const GUARD: u64 = 64 << 10;
/// Slots of linear memory for each one that can be in use at once, so that the memory of a plugin which ran a
/// while ago still lies ready: to map another plugin's into its slot takes longer than most judgements do.
/// Slots cost address space, and memory only where guests wrote. Interpreters have slots of gibibytes and run
/// for so long that it does not matter.
const fn warm(profile: Profile) -> usize {
    match profile {
        Profile::Lean => 16,
        Profile::Scripted => 1,
    }
}

/// An engine of this profile, and the space it chose. Tries the fastest setting that the machine allows.
///
/// # Errors
/// When not even the humblest setting works.
pub(crate) fn engine(profile: Profile, threads: usize) -> wasmtime::Result<(Engine, Space)> {
    let first = match profile {
        Profile::Lean => Space::Narrow,
        Profile::Scripted => Space::Wide,
    };
    let attempts = [
        (Allocation::PoolWithScan(threads), first),
        (Allocation::Pool(threads), first),
        (Allocation::Pool(threads), Space::Narrow),
    ];
    for (allocation, space) in attempts {
        match Engine::new(&config(profile, allocation, space)) {
            Ok(engine) => return Ok((engine, space)),
            Err(error) => tracing::debug!(?profile, ?allocation, ?space, %error, "setting not available"),
        }
    }
    tracing::warn!(?profile, "no memory can be reserved ahead; plugins start more slowly");
    let engine = Engine::new(&config(profile, Allocation::OnDemand, Space::Narrow))?;
    Ok((engine, Space::Narrow))
}

/// The settings of this profile.
pub(crate) fn config(profile: Profile, allocation: Allocation, space: Space) -> Config {
    let limits = limits::of(profile);
    let mut config = Config::new();
    deterministic(&mut config);
    config
        .wasm_component_model(true)
        .wasm_memory64(false)
        .wasm_multi_memory(profile == Profile::Scripted)
        .wasm_custom_page_sizes(false)
        .max_wasm_stack(limits.stack)
        .memory_guard_size(GUARD)
        .memory_reservation(match space {
            Space::Wide => 4 << 30,
            Space::Narrow => limits.memory as u64,
        })
        .wasm_backtrace_max_frames(NonZeroUsize::new(limits::BACKTRACE_FRAMES))
        .wasm_backtrace_details(WasmBacktraceDetails::Enable);
    match allocation {
        Allocation::PoolWithScan(instances) => {
            let pool = pool(limits, instances, warm(profile), Enabled::Yes, 2 << 20);
            config.allocation_strategy(pool);
        }
        Allocation::Pool(instances) => {
            let pool = pool(limits, instances, warm(profile), Enabled::No, 256 << 10);
            config.allocation_strategy(pool);
        }
        Allocation::OnDemand => {}
    }
    config
}

/// Same inputs, same answer, same fuel, on every machine.
fn deterministic(config: &mut Config) {
    config
        .consume_fuel(true)
        .epoch_interruption(true)
        // Costs 3.5 times the call, and nothing here is asynchronous.
        .concurrency_support(false)
        .cranelift_nan_canonicalization(true)
        .wasm_relaxed_simd(false)
        .relaxed_simd_deterministic(true);
}

/// Slots for each instance that can run at once, kept resident between calls: instances that grow or fault
/// pages contend for the process's memory lock.
fn pool(
    limits: &Limits,
    instances: usize,
    warm: usize,
    scan: Enabled,
    resident: usize,
) -> PoolingAllocationConfig {
    let total = |each: usize| u32::try_from(each.saturating_mul(instances)).unwrap_or(u32::MAX);
    let each = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(total(1))
        .total_core_instances(total(limits.instances))
        .total_memories(total(limits.memories * warm))
        .total_tables(total(limits.tables))
        .max_core_instances_per_component(each(limits.instances))
        .max_memories_per_component(each(limits.memories))
        .max_tables_per_component(each(limits.tables))
        .max_memories_per_module(each(limits.memories))
        .max_tables_per_module(each(limits.tables))
        .max_memory_size(limits.memory)
        .table_elements(limits.table_elements)
        .linear_memory_keep_resident(resident)
        .table_keep_resident(64 << 10)
        .max_unused_warm_slots(total(limits.memories * warm))
        .pagemap_scan(scan);
    pool
}

#[cfg(test)]
mod tests {
    use std::hash::{DefaultHasher, Hash, Hasher};

    use wasmtime::Engine;
    use yardstick_domain::manifest::Profile;

    use super::{Allocation, Space, config, engine};

    fn compatibility(engine: &Engine) -> u64 {
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        hasher.finish()
    }

    /// A compiling process does without the pool and must still make code that this one accepts.
    #[test]
    fn the_pool_does_not_change_compiled_code() {
        for profile in [Profile::Lean, Profile::Scripted] {
            let (pooled, space) = engine(profile, 2).unwrap();
            let bare = Engine::new(&config(profile, Allocation::OnDemand, space)).unwrap();
            assert_eq!(compatibility(&pooled), compatibility(&bare));
        }
    }

    #[test]
    fn every_setting_is_accepted() {
        for profile in [Profile::Lean, Profile::Scripted] {
            for allocation in [Allocation::Pool(1), Allocation::OnDemand] {
                Engine::new(&config(profile, allocation, Space::Narrow)).unwrap();
            }
        }
    }
}
