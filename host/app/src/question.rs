//! From sealed terms to the question a judge is asked at a checkpoint.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use yardstick_domain::checkpoint::{Checkpoint, baseline_window};
use yardstick_domain::criteria::{Criterion, Terms};
use yardstick_domain::frame::{Attrs, Value};
use yardstick_domain::metric::{Kind, Metric, Missing};
use yardstick_domain::question::{AskedMetric, Question};
use yardstick_domain::time::{Window, in_metric_days};

use yardstick_domain::time::zone;

/// Fact of a metric that looks back: how many days a value covers.
pub(crate) const COVERS_DAYS: &str = "covers-days";

/// Fact of a ratio: what one of its denominator is called, in the plural.
pub(crate) const N_UNIT: &str = "n-unit";

/// When and for what launch something is judged.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    pub(crate) launch: Timestamp,
    pub(crate) checkpoint: Checkpoint,
    pub(crate) as_of: Timestamp,
    /// Only what had been received by then.
    pub(crate) known_at: Option<Timestamp>,
    /// The team's zone.
    pub(crate) team: TimeZone,
}

impl Moment {
    /// Whether the checkpoint has ended in the team's zone.
    pub(crate) fn ended(&self) -> bool {
        self.checkpoint.end(self.launch, &self.team) <= self.as_of
    }
}

/// A metric of a criterion, as defined and as far as its data go.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    /// The judge's own name for it.
    pub(crate) name: String,
    pub(crate) metric: Metric,
    pub(crate) zone: TimeZone,
    pub(crate) complete_through: Option<Timestamp>,
}

impl Measured {
    /// The end of a window of the team's days in the metric's own.
    pub(crate) fn end(&self, window: Window, moment: &Moment) -> Timestamp {
        in_metric_days(window, moment.launch, &moment.team, &self.zone).end
    }

    /// Whether the metric's data are complete up to the end of a window of the team's days.
    pub(crate) fn covers(&self, window: Window, moment: &Moment) -> bool {
        self.complete_through.is_some_and(|complete| complete >= self.end(window, moment))
    }

    /// When the metric's data of a window are promised at the latest, with the grace; counted from its end, or from
    /// `since` where that is later.
    pub(crate) fn waited_for_until(&self, window: Window, moment: &Moment, since: Timestamp) -> Timestamp {
        let end = self.end(window, moment).max(since);
        end.checked_add(self.metric.fresh_within)
            .and_then(|promised| promised.checked_add(yardstick_domain::checkpoint::GRACE))
            .unwrap_or(Timestamp::MAX)
    }
}

/// The days after the launch that a criterion counts at a checkpoint; `None`: its window starts later.
pub(crate) fn window(criterion: &Criterion, moment: &Moment) -> Option<Window> {
    Some(criterion.days(moment.checkpoint)?.window(moment.launch, &moment.team))
}

/// The question of a criterion over a window. It speaks of nothing later than the window's end, so that judging
/// a closed window again next week asks the very same question.
pub(crate) fn ask(
    criterion: &Criterion,
    terms: &Terms,
    moment: &Moment,
    window: Window,
    metrics: &[Measured],
) -> Question {
    let end = |measured: &Measured| measured.end(window, moment);
    let last = metrics.iter().map(end).max().unwrap_or(window.end);
    Question {
        id: criterion.id.to_string(),
        role: criterion.role,
        params: criterion.params.clone(),
        metrics: metrics.iter().map(|measured| asked(measured, end(measured))).collect(),
        launch: moment.launch,
        checkpoint: moment.checkpoint.days(),
        is_final: terms.last() == Some(moment.checkpoint),
        looks: criterion.looks(&terms.checkpoints).iter().map(|look| look.days()).collect(),
        window,
        baseline: criterion.baseline_days.map(|days| baseline_window(days, moment.launch, &moment.team)),
        as_of: moment.as_of.min(last),
        state: None,
        time_zone: terms.time_zone.clone(),
        more: Attrs::new(),
    }
}

fn asked(measured: &Measured, end: Timestamp) -> AskedMetric {
    let metric = &measured.metric;
    let mut more = Attrs::new();
    if matches!(metric.kind, Kind::Gauge | Kind::Sum) {
        more.push(("sampled".to_owned(), Value::Boolean(metric.sampled)));
    }
    if metric.missing == Missing::Zero {
        more.push(("missing".to_owned(), Value::Text("zero".to_owned())));
    }
    for (name, column) in [("sum-unit", &metric.import.numerator), (N_UNIT, &metric.import.denominator)] {
        // What is counted is best called what its owner calls it.
        if let Some(column) = column {
            more.push((name.to_owned(), Value::Text(column.replace('_', " "))));
        }
    }
    if let Some(days) = metric.covers_days {
        more.push((COVERS_DAYS.to_owned(), Value::Integer(i64::from(days))));
    }
    AskedMetric {
        name: measured.name.clone(),
        key: metric.key.to_string(),
        kind: metric.kind.as_str().to_owned(),
        unit: metric.unit.clone(),
        better: metric.better,
        complete_through: measured.complete_through.map(|complete| complete.min(end)),
        more,
    }
}

/// A metric with its zone.
pub(crate) fn measured(name: &str, metric: Metric, complete_through: Option<Timestamp>) -> Measured {
    let zone = zone(&metric.time_zone);
    Measured { name: name.to_owned(), metric, zone, complete_through }
}
