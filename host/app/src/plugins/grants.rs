//! What a plugin may read. Aggregates of metrics that the company sees need no leave; everything else is given by a
//! maintainer of the metric's team, or an operator.

use yardstick_domain::frame::Shape;
use yardstick_domain::ids::{MetricKey, PluginName};
use yardstick_domain::metric::{Metric, Visibility};
use yardstick_domain::plugin::{Grant, fits_pattern};
use yardstick_domain::question::Query;
use yardstick_engine::Plugin;

use crate::error::{AppError, Result};
use crate::{App, Caller};

/// What a plugin may read beyond what all may.
#[derive(Debug, Clone, Default)]
pub(crate) struct Leave {
    grants: Vec<Grant>,
}

impl Leave {
    fn has(&self, metric: &MetricKey, samples: bool) -> bool {
        self.grants.iter().any(|grant| grant.metric == *metric && grant.samples == samples)
    }

    /// Why a plugin may not have this of a metric; `None`: it may.
    pub(crate) fn refuses(&self, judge: &Plugin, metric: &Metric, shape: Shape) -> Option<String> {
        let (name, asks) = (&judge.manifest().plugin.name, &judge.manifest().asks);
        let Some(team) = name.team() else {
            // Built-in judges are the host's own, and it gives no samples to itself either.
            return None;
        };
        let key = &metric.key;
        if !asks.metrics.iter().any(|pattern| fits_pattern(pattern, key.as_str())) {
            let asked = if asks.metrics.is_empty() { "none".to_owned() } else { asks.metrics.join(", ") };
            return Some(format!(
                "{name} asks for the metrics {asked} in its manifest, and not for {key}; publish a version that does"
            ));
        }
        if !asks.shapes.contains(&shape) {
            let asked: Vec<&str> = asks.shapes.iter().map(|shape| shape.as_str()).collect();
            return Some(format!(
                "{name} asks for the shapes {} in its manifest, and its plan for {} of {key}; publish a version \
                 that asks for them",
                if asked.is_empty() { "none".to_owned() } else { asked.join(", ") },
                shape.as_str()
            ));
        }
        let by = |flag: &str| {
            format!(
                "ask a maintainer of {} for: yardstick plugin grant {name} --metric {key}{flag}",
                metric.team
            )
        };
        if shape == Shape::Samples && !self.has(key, true) {
            return Some(format!("{name} has no leave to read single values of {key}; {}", by(" --samples")));
        }
        let private = metric.visibility == Visibility::Team && metric.team != team;
        if private && !self.has(key, false) && !self.has(key, true) {
            return Some(format!(
                "{name} has no leave to read {key}, which only {} sees; {}",
                metric.team,
                by("")
            ));
        }
        None
    }
}

impl App {
    /// What a plugin may read beyond what all may.
    pub(crate) async fn leave(&self, name: &PluginName) -> Result<Leave> {
        let grants = if name.team().is_some() { self.store.grants(name).await? } else { Vec::new() };
        Ok(Leave { grants })
    }

    /// The grants of a plugin that stand.
    ///
    /// # Errors
    /// When there is no such plugin, or the database fails.
    pub async fn grants(&self, name: &PluginName) -> Result<Vec<Grant>> {
        self.require_plugin(name).await?;
        Ok(self.store.grants(name).await?)
    }

    /// Gives a plugin leave to read a metric, or single values of it. Given already, it changes nothing.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when whoever asks is no maintainer of the metric's team.
    pub async fn grant(
        &self,
        caller: &Caller,
        name: &PluginName,
        metric: &MetricKey,
        samples: bool,
    ) -> Result<bool> {
        let metric = self.grantable(caller, name, metric).await?;
        Ok(self.store.grant(name, &metric.key, samples, &caller.actor, caller.now).await?)
    }

    /// Takes it back. Verdicts that stand are not touched; the next run is refused.
    ///
    /// # Errors
    /// As [`App::grant`]; [`AppError::NotFound`] when it was not given.
    pub async fn revoke(
        &self,
        caller: &Caller,
        name: &PluginName,
        metric: &MetricKey,
        samples: bool,
    ) -> Result<()> {
        let metric = self.grantable(caller, name, metric).await?;
        Ok(self.store.revoke(name, &metric.key, samples, &caller.actor, caller.now).await?)
    }

    async fn grantable(&self, caller: &Caller, name: &PluginName, metric: &MetricKey) -> Result<Metric> {
        if name.team().is_none() {
            return Err(AppError::Conflict(format!("{name} is built in and needs no grant")));
        }
        // Before it is published too: whoever asks for leave waits for it with the plugin in hand.
        let metric = self.metric_named(metric).await?;
        self.require_maintainer(
            caller,
            &metric.team,
            &format!("let others read {}, a metric of", metric.key),
        )
        .await?;
        Ok(metric)
    }
}

/// A query's metric with its shape, where it may not be asked for: a sentence each.
pub(crate) fn refused(
    leave: &Leave,
    judge: &Plugin,
    queries: &[Query],
    metric: impl Fn(&str) -> Option<Metric>,
) -> Vec<String> {
    let mut found: Vec<String> = queries
        .iter()
        .filter_map(|query| leave.refuses(judge, &metric(&query.metric)?, query.shape))
        .collect();
    found.sort();
    found.dedup();
    found
}
