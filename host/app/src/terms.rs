//! What a release is judged by, resolved: judges to hashes, metrics to definitions.

use std::collections::BTreeMap;

use yardstick_client::files::{Declaration, check_quantities};
use yardstick_domain::criteria::{Criterion, SealedCriterion, Terms, metric_hash};
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::MetricKey;
use yardstick_domain::metric::Metric;
use yardstick_domain::problem::Problem;
use yardstick_domain::question::Query;
use yardstick_domain::release::Release;
use yardstick_domain::time::{start_of_day, zone};
use yardstick_engine::Plugin;

use crate::App;
use crate::error::{AppError, Result};
use crate::judging::Asked;
use crate::plugins::refused;
use crate::question::{Measured, Moment, ask, measured, window};

/// Terms and everything that stands in the way of sealing them.
pub(crate) struct Resolved {
    pub(crate) terms: Terms,
    /// Criteria that could not be judged as they stand, by field of the release file.
    pub(crate) problems: Vec<Problem>,
}

impl App {
    /// The terms of a release as they would be sealed now.
    pub(crate) async fn resolve(&self, release: &Release) -> Result<Resolved> {
        self.resolve_with(release, &[]).await
    }

    /// The terms of a release as they would be sealed once these declarations are applied.
    pub(crate) async fn resolve_with(&self, release: &Release, declared: &[Declaration]) -> Result<Resolved> {
        let team = declared.iter().find_map(|declaration| match declaration {
            Declaration::Team(team) if team.key == release.team => Some(team.clone()),
            _ => None,
        });
        let team = match team {
            Some(team) => team,
            None => self.team(&release.team).await?,
        };
        let mut problems = Vec::new();
        let mut criteria = Vec::new();
        let mut metrics: BTreeMap<MetricKey, Option<Digest>> = BTreeMap::new();
        let mut known: Vec<Metric> = Vec::new();
        for declaration in declared {
            if let Declaration::Metric(metric) = declaration {
                known.push(metric.clone());
            }
        }
        for metric in self.store.metrics().await? {
            if known.iter().all(|declared| declared.key != metric.key) {
                known.push(metric);
            }
        }
        for (criterion, field) in release.criteria.list.iter().zip(release.criteria.fields()) {
            for (name, key) in &criterion.metrics {
                let metric = known.iter().find(|metric| metric.key == *key);
                let hash = metric.map(metric_hash).transpose().map_err(AppError::fault)?;
                metrics.insert(key.clone(), hash);
                if metric.is_none() {
                    let at = if name == "metric" { "metric".to_owned() } else { format!("metrics.{name}") };
                    let hint =
                        yardstick_domain::nearest::hint(key.as_str(), known.iter().map(|m| m.key.as_str()));
                    problems.push(Problem::new(
                        format!("{field}.{at}"),
                        format!("no metric {key} is defined{hint}"),
                    ));
                }
            }
            let plugin = self.resolve_judge(&criterion.judge).await?;
            match &plugin {
                None => problems.push(Problem::new(
                    format!("{field}.judge"),
                    self.unknown_judge(&criterion.judge).await?,
                )),
                Some(resolved) => match self.load_judge(resolved.hash).await? {
                    Err(why) => problems.push(Problem::new(format!("{field}.judge"), why)),
                    Ok(judge) => problems.extend(fits(criterion, &field, &judge, &known)),
                },
            }
            criteria.push(SealedCriterion { criterion: criterion.clone(), plugin });
        }
        let terms = Terms {
            release: release.slug.clone(),
            level: release.level,
            planned: release.planned,
            time_zone: team.time_zone,
            passes_when: release.criteria.passes_when,
            checkpoints: release.criteria.checkpoints.clone(),
            criteria,
            metrics,
        };
        for (sealed, field) in terms.criteria.iter().zip(release.criteria.fields()) {
            problems.extend(self.cannot_be_asked(&terms, sealed, &field, &known).await?);
        }
        Ok(Resolved { terms, problems })
    }

    /// Why a judge cannot be asked what it would be at the last look, were the launch on the planned day: its plan
    /// fails, or asks for what it may not read. Nothing where something more basic is wrong.
    async fn cannot_be_asked(
        &self,
        terms: &Terms,
        sealed: &SealedCriterion,
        field: &str,
        known: &[Metric],
    ) -> Result<Vec<Problem>> {
        let criterion = &sealed.criterion;
        let Some(plugin) = &sealed.plugin else { return Ok(Vec::new()) };
        let Ok(judge) = self.load_judge(plugin.hash).await? else { return Ok(Vec::new()) };
        if !fits(criterion, field, &judge, known).is_empty() {
            return Ok(Vec::new());
        }
        let metric = |key: &MetricKey| known.iter().find(|metric| metric.key == *key).cloned();
        let metrics: Option<Vec<Measured>> =
            criterion.metrics.iter().map(|(name, key)| Some(measured(name, metric(key)?, None))).collect();
        let (Some(metrics), Some(last)) = (metrics, terms.last()) else { return Ok(Vec::new()) };
        let team = zone(&terms.time_zone);
        let launch = start_of_day(terms.planned, &team);
        let checkpoint = criterion.decided_at(last, &terms.checkpoints).unwrap_or(last);
        let moment =
            Moment { launch, checkpoint, as_of: checkpoint.end(launch, &team), known_at: None, team };
        let Some(window) = window(criterion, &moment) else { return Ok(Vec::new()) };
        let mut asked = Asked::default();
        self.plan(&judge, &ask(criterion, terms, &moment, window, &metrics), &mut asked).await;
        if let Some(finding) = asked.finding {
            let at = if finding.outcome.code() == Some("parameters") { "with" } else { "judge" };
            return Ok(vec![Problem::new(format!("{field}.{at}"), finding.headline)]);
        }
        let leave = self.leave(&plugin.name).await?;
        let named = |name: &str| metrics.iter().find(|measured| measured.name == name);
        let metric = |name: &str| named(name).map(|measured| measured.metric.clone());
        let mut refused = refused(&leave, &judge, &asked.queries, metric);
        if refused.is_empty() {
            refused = illegal(&asked.queries, metric);
        }
        Ok(refused.into_iter().map(|why| Problem::new(format!("{field}.judge"), why)).collect())
    }
}

/// What a plan asks of metrics that they cannot answer, whatever their values are.
fn illegal(queries: &[Query], metric: impl Fn(&str) -> Option<Metric>) -> Vec<String> {
    let illegal = |query: &Query| metric(&query.metric)?.allows(query.shape, &query.dimensions()).err();
    let mut found: Vec<String> =
        queries.iter().filter_map(illegal).map(|illegal| illegal.to_string()).collect();
    found.dedup();
    found
}

/// What in a criterion does not fit its judge: parameters, their units, the names of metrics.
fn fits(criterion: &Criterion, field: &str, judge: &Plugin, known: &[Metric]) -> Vec<Problem> {
    let description = judge.description();
    let mut problems: Vec<Problem> = judge
        .check_params(&criterion.params)
        .into_iter()
        .map(|problem| {
            let at = yardstick_domain::schema::join(&format!("{field}.with"), &problem.field);
            Problem::new(at.trim_end_matches('.'), problem.message)
        })
        .collect();
    let names: Vec<&str> = description.metric_names().collect();
    for name in criterion.metrics.keys().filter(|name| !names.contains(&name.as_str())) {
        let hint = yardstick_domain::nearest::hint(name, names.iter().copied());
        let message = format!(
            "{} has no metric called {name:?}; it expects {}{hint}",
            criterion.judge,
            names.join(", ")
        );
        problems.push(Problem::new(format!("{field}.metrics.{name}"), message));
    }
    for expected in &description.metrics {
        let name = &expected.name;
        let Some(key) = criterion.metrics.get(name) else {
            if !expected.optional {
                let message =
                    format!("{} needs a metric called {name:?} ({})", criterion.judge, expected.about);
                problems.push(Problem::new(format!("{field}.metrics.{name}"), message));
            }
            continue;
        };
        let metric = known.iter().find(|metric| metric.key == *key);
        if let Some(metric) = metric.filter(|metric| {
            !expected.kinds.is_empty() && !expected.kinds.iter().any(|kind| kind == metric.kind.as_str())
        }) {
            let message = format!(
                "{key} is a {}, and {} takes {} as {name:?}",
                metric.kind.as_str(),
                criterion.judge,
                expected.kinds.join(" or ")
            );
            problems.push(Problem::new(format!("{field}.metrics.{name}"), message));
        }
    }
    let metric =
        criterion.metrics.values().next().and_then(|key| known.iter().find(|metric| metric.key == *key));
    if let Some(metric) = metric.filter(|_| problems.is_empty()) {
        let found = check_quantities(&criterion.params, &description.params_schema, &metric.unit);
        problems.extend(
            found
                .into_iter()
                .map(|problem| Problem::new(format!("{field}.with.{}", problem.field), problem.message)),
        );
    }
    problems
}
