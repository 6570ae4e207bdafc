//! Data for a judge's queries: read once, whoever asks for them.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::criteria::{SealedCriterion, Terms};
use yardstick_domain::digest::Digest;
use yardstick_domain::frame::Frame;
use yardstick_domain::ids::MetricKey;
use yardstick_domain::metric::Metric;
use yardstick_domain::point::StoredPoint;
use yardstick_domain::question::Query;
use yardstick_domain::time::{Window, in_metric_days};
use yardstick_domain::verdict::{Verdict, VerdictNumber, VerdictRef};
use yardstick_metrics::sources::{Ask, points};
use yardstick_store::Store;

use crate::error::{AppError, Result};
use crate::question::{Measured, Moment};

/// Why a query has no frame: the code and sentence of the finding this becomes.
pub(crate) struct NoFrame {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// Metrics and points read for one judge run, shared by all its criteria: each is read once, so that what decides
/// whether the run counts is what is judged.
pub(crate) struct Fetcher<'a> {
    store: &'a Store,
    metrics: HashMap<MetricKey, Option<(Metric, Option<Timestamp>)>>,
    read: HashMap<(MetricKey, Window), Arc<Vec<StoredPoint>>>,
    /// Official verdicts at earlier checkpoints, of the same terms and launch.
    earlier: HashMap<(Digest, Checkpoint), Option<Verdict>>,
}

impl<'a> Fetcher<'a> {
    pub(crate) fn new(store: &'a Store) -> Self {
        Self { store, metrics: HashMap::new(), read: HashMap::new(), earlier: HashMap::new() }
    }

    /// A metric as defined now, and its watermark; `None`: it is not defined.
    pub(crate) async fn metric(
        &mut self,
        key: &MetricKey,
        known_at: Option<Timestamp>,
    ) -> Result<Option<(Metric, Option<Timestamp>)>> {
        if let Some(known) = self.metrics.get(key) {
            return Ok(known.clone());
        }
        let found = self.store.metric_with_watermark(key, known_at).await?;
        self.metrics.insert(key.clone(), found.clone());
        Ok(found)
    }

    /// What the judge of a criterion asked to remember at the look before this moment; `None`: it is the first
    /// look, that one was not judged by the same judge under the same terms, or nothing was to be remembered.
    pub(crate) async fn state(
        &mut self,
        sealed: &SealedCriterion,
        terms: &Terms,
        moment: &Moment,
    ) -> Result<Option<String>> {
        let looks = sealed.criterion.looks(&terms.checkpoints);
        let Some(before) = looks.into_iter().rfind(|look| *look < moment.checkpoint) else { return Ok(None) };
        let hash = Digest::of(&terms.canonical().map_err(AppError::fault)?);
        let key = (hash, before);
        if !self.earlier.contains_key(&key) {
            let number = VerdictNumber::Newest;
            let at = VerdictRef { release: terms.release.clone(), checkpoint: before, number };
            let found = self.store.verdict(&at).await?;
            let found = found.filter(|verdict| verdict.terms == hash && verdict.launch == moment.launch);
            self.earlier.insert(key, found);
        }
        let found = self.earlier.get(&key).and_then(Option::as_ref);
        let judged = found.and_then(|verdict| {
            verdict.judgements.iter().find(|judgement| judgement.criterion.id == sealed.criterion.id)
        });
        Ok(judged
            .filter(|judgement| judgement.plugin == sealed.plugin)
            .and_then(|judgement| judgement.finding.state.clone()))
    }

    /// The frame of a query; the inner error is a finding's.
    pub(crate) async fn frame(
        &mut self,
        query: &Query,
        metrics: &[Measured],
        moment: &Moment,
    ) -> Result<std::result::Result<Frame, NoFrame>> {
        let Some(measured) = metrics.iter().find(|measured| measured.name == query.metric) else {
            let message = format!(
                "query {:?} names the metric {:?}, which the criterion does not have",
                query.key, query.metric
            );
            return Ok(Err(NoFrame { code: "plugin-plan", message }));
        };
        let window = in_metric_days(query.window, moment.launch, &moment.team, &measured.zone);
        let key = (measured.metric.key.clone(), window);
        let points = match self.read.get(&key) {
            Some(points) => Arc::clone(points),
            None => {
                let read = self.read_points(&measured.metric.key, window, moment.known_at).await?;
                self.read.entry(key).or_insert(Arc::new(read)).clone()
            }
        };
        let ask = Ask {
            metric: &measured.metric,
            zone: &measured.zone,
            query,
            window,
            as_of: moment.as_of,
            complete_through: measured.complete_through,
        };
        // One source so far; the next one is a file in `metrics/src/sources` and a match on `metric.source` here.
        Ok(points::answer(&ask, &points)
            .map_err(|error| NoFrame { code: error.code(), message: error.to_string() }))
    }

    async fn read_points(
        &self,
        metric: &MetricKey,
        window: Window,
        known_at: Option<Timestamp>,
    ) -> Result<Vec<StoredPoint>> {
        if window.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.store.points(metric, window, known_at).await?)
    }
}
