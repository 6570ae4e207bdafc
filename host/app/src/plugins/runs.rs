//! Asking a judge at judge time: what it cost and wrote is kept, and a component that only crashes is left alone.

use std::sync::Arc;
use std::time::Duration;

use yardstick_domain::finding::Finding;
use yardstick_domain::log::Log;
use yardstick_domain::plugin::{Cost, Health, is_crash};
use yardstick_engine::{Failure, Plugin, Usage};

use crate::error::Result;
use crate::host_findings::undecided;
use crate::{App, Caller};

/// What asking a judge took.
#[derive(Debug, Clone, Default)]
pub(crate) struct Taken {
    pub(crate) cost: Cost,
    pub(crate) failure: Option<Failure>,
    pub(crate) log: Log,
}

impl Taken {
    /// Takes one call in. `is_plan`: it was `plan`, otherwise `evaluate`.
    pub(crate) fn add(&mut self, usage: &Usage, failure: Option<&Failure>, log: Log, is_plan: bool) {
        let cost = &mut self.cost;
        if is_plan {
            cost.plan_fuel = usage.fuel;
        } else {
            cost.evaluate_fuel = usage.fuel;
        }
        cost.fuel_limit = cost.fuel_limit.max(usage.fuel_limit);
        cost.memory_peak = cost.memory_peak.max(usage.memory_peak);
        cost.memory_limit = cost.memory_limit.max(usage.memory_limit);
        cost.host_calls = cost.host_calls.max(usage.host_calls);
        cost.host_call_limit = cost.host_call_limit.max(usage.host_call_limit);
        cost.micros = cost.micros.saturating_add(micros(usage.wall));
        self.failure = failure.cloned().or(self.failure.take());
        self.log = std::mem::take(&mut self.log).then(log);
    }
}

fn micros(wall: Duration) -> u64 {
    u64::try_from(wall.as_micros()).unwrap_or(u64::MAX)
}

impl App {
    /// The finding of a component that is suspended and not due for another try; `None`: it may be asked.
    pub(crate) async fn suspended(
        &self,
        caller: &Caller,
        judge: &Plugin,
    ) -> Result<(Option<Finding>, Option<Health>)> {
        if judge.manifest().plugin.name.team().is_none() {
            return Ok((None, None));
        }
        let health = self.store.plugin_health(*judge.digest()).await?;
        let finding = health.as_ref().filter(|health| !health.may_run(caller.now)).map(|health| {
            let again = health.failed_at.checked_add(Health::TRIED_EVERY).unwrap_or(health.failed_at);
            let detail = format!(
                "{} crashed {} times in a row, at last with {}: {} It is tried again after {again:.0}.",
                judge.manifest().plugin.name,
                health.crashes,
                health.code,
                health.message
            );
            undecided("plugin-suspended", &detail)
        });
        Ok((finding, health))
    }

    /// Writes down how a run ended, if that changes how the component stands.
    pub(crate) async fn ended(
        &self,
        caller: &Caller,
        judge: &Arc<Plugin>,
        before: Option<&Health>,
        taken: &Taken,
    ) -> Result<()> {
        let name = &judge.manifest().plugin.name;
        if name.team().is_none() {
            return Ok(());
        }
        match &taken.failure {
            Some(failure) if is_crash(failure.code) => {
                let what = (failure.code, failure.message.as_str());
                self.store.plugin_crashed(name, *judge.digest(), what, &caller.actor, caller.now).await?;
            }
            // What the host failed at says nothing of the component.
            Some(failure) if failure.code == "host-fault" => {}
            _ if before.is_some() => {
                self.store.plugin_recovered(name, *judge.digest(), &caller.actor, caller.now).await?;
            }
            _ => {}
        }
        Ok(())
    }
}
