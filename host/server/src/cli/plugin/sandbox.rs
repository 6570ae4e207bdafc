//! What commands share that run a plugin here: the engine and the limits are those of the service.

use std::path::Path;
use std::sync::Arc;

use yardstick_domain::digest::Digest;
use yardstick_domain::plugin::Cost;
use yardstick_engine::{Engine, Plugin, Trust};
use yardstick_report::list;
use yardstick_stats::format;

use crate::cli::context::Failure;
use crate::project::Built;
use crate::wiring;

/// Share of a limit from which a plugin is warned: the next larger input may exceed it.
pub(super) const NEAR: f64 = 0.7;

/// A component from a file.
pub(super) fn read(path: &Path) -> Result<Built, Failure> {
    let component = std::fs::read(path)
        .map_err(|error| Failure::could(format!("cannot read {}: {error}", path.display())))?;
    Ok(Built { digest: Digest::of(&component), path: path.to_owned(), component })
}

/// Loads a component as the service would take an upload.
pub(super) async fn load(built: &Built) -> Result<(Engine, Arc<Plugin>), Failure> {
    let engine = wiring::engine(None)?;
    let (loading, component) = (engine.clone(), built.component.clone());
    let loaded = tokio::task::spawn_blocking(move || loading.load(&component, Trust::Uploaded)).await;
    match loaded.map_err(|error| Failure::could(error.to_string()))? {
        Ok(plugin) => Ok((engine, plugin)),
        Err(refusal) => Err(Failure::could(format!("{}: {refusal}", refusal.code()))),
    }
}

/// `148 KiB`.
pub(super) fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}

/// `0.31 ms`.
pub(super) fn time(micros: u64) -> String {
    format!("{:.2} ms", micros as f64 / 1_000.0)
}

/// What was used, beside what may be, as lines of a table: name, used, limit, share.
pub(super) fn usage(cost: &Cost, deadline_ms: u64) -> Vec<(&'static str, String, String, f64)> {
    let share = |used: u64, limit: u64| if limit == 0 { 0.0 } else { used as f64 / limit as f64 };
    let fuel = cost.plan_fuel.max(cost.evaluate_fuel);
    vec![
        ("fuel", format::count(fuel), format::count(cost.fuel_limit), share(fuel, cost.fuel_limit)),
        (
            "memory",
            bytes(cost.memory_peak),
            bytes(cost.memory_limit),
            share(cost.memory_peak, cost.memory_limit),
        ),
        (
            "host calls",
            format::count(cost.host_calls),
            format::count(cost.host_call_limit),
            share(cost.host_calls, cost.host_call_limit),
        ),
        ("time", time(cost.micros), format!("{deadline_ms} ms"), share(cost.micros, 1_000 * deadline_ms)),
    ]
}

/// The most that any of the runs used.
pub(super) fn most<'a>(costs: impl IntoIterator<Item = &'a Cost>) -> Cost {
    costs.into_iter().fold(Cost::default(), |most, cost| Cost {
        plan_fuel: most.plan_fuel.max(cost.plan_fuel),
        evaluate_fuel: most.evaluate_fuel.max(cost.evaluate_fuel),
        fuel_limit: most.fuel_limit.max(cost.fuel_limit),
        memory_peak: most.memory_peak.max(cost.memory_peak),
        memory_limit: most.memory_limit.max(cost.memory_limit),
        host_calls: most.host_calls.max(cost.host_calls),
        host_call_limit: most.host_call_limit.max(cost.host_call_limit),
        micros: most.micros.max(cost.micros),
    })
}

/// The table of what was used at most.
pub(super) fn table(cost: &Cost, deadline_ms: u64) -> String {
    let rows: Vec<Vec<String>> = usage(cost, deadline_ms)
        .into_iter()
        .map(|(name, used, limit, share)| {
            vec![name.to_owned(), used, limit, format!("{:.1} %", 100.0 * share)]
        })
        .collect();
    list::table_or(&["", "used at most", "limit", "share"], &rows, crate::cli::output::WIDTH, "")
}
