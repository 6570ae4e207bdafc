//! The days of a metric before a launch.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use yardstick_domain::checkpoint::{Checkpoint, baseline_window};
use yardstick_domain::frame::{Column, Shape};
use yardstick_domain::ids::MetricKey;
use yardstick_domain::metric::{Kind, Metric, Visibility};
use yardstick_domain::question::{Bucket, Query};
use yardstick_domain::time::{day_of, plus_days, start_of_day};
use yardstick_stats::daily::Day;
use yardstick_stats::{CompensatedSum, moments};

use super::Before;
use crate::App;
use crate::error::Result;
use crate::fetch::Fetcher;
use crate::question::{Moment, measured};

/// The most days before a launch that are looked at: half a year, in whole weeks. Longer ago, other things were so too.
const MOST_DAYS: u32 = 182;
/// The most weeks that a trend is read from.
const TREND_WEEKS: usize = 8;
/// Fewer weeks show no trend.
pub(super) const LEAST_WEEKS: usize = 3;
const WEEK: usize = 7;

/// A metric's days, oldest first, which end with the newest that has a value.
#[derive(Debug, Clone)]
pub(super) struct Past {
    pub(super) metric: Metric,
    /// Gauges and sums have 1 in each day's `n`.
    pub(super) days: Vec<Day>,
    /// Sums of squares of a mean; NaN where there is none.
    pub(super) squares: Vec<f64>,
    /// The day of the last one.
    pub(super) newest: Date,
}

/// Why there is nothing to look at.
#[derive(Debug, Clone)]
pub(super) enum NoPast {
    /// No such metric.
    NotDefined(MetricKey),
    /// Its values are its team's alone.
    Private(MetricKey),
    /// It has no value before the launch.
    Empty(MetricKey),
}

impl App {
    /// The days of a metric before a launch, or up to the newest where there was none yet.
    pub(super) async fn past(
        &self,
        before: &Before<'_>,
        metric: &Metric,
        team: &TimeZone,
        fetcher: &mut Fetcher<'_>,
    ) -> Result<std::result::Result<Past, NoPast>> {
        let key = &metric.key;
        if !self.reads(before, metric).await? {
            return Ok(Err(NoPast::Private(key.clone())));
        }
        let Some((_, Some(complete))) = fetcher.metric(key, None).await? else {
            return Ok(Err(NoPast::Empty(key.clone())));
        };
        let measured = measured("metric", metric.clone(), Some(complete));
        // As if it were launched on the day after the newest whole one.
        let next = start_of_day(day_of(complete, &measured.zone), &measured.zone);
        let as_if = midday(day_of(next, &measured.zone), team);
        let launch = before.launch.map_or(as_if, |launch| launch.min(as_if));
        let window = baseline_window(MOST_DAYS, launch, team);
        let Ok(checkpoint) = Checkpoint::new(1) else { return Ok(Err(NoPast::Empty(key.clone()))) };
        let moment = Moment { launch, checkpoint, as_of: Timestamp::MAX, known_at: None, team: team.clone() };
        let query = Query {
            key: "past".to_owned(),
            metric: measured.name.clone(),
            shape: Shape::Series,
            window,
            bucket: Some(Bucket::Day),
            filters: Vec::new(),
            splits: Vec::new(),
            max_rows: u64::from(MOST_DAYS) + 2,
            more: Vec::new(),
        };
        let zone = measured.zone.clone();
        let frame = fetcher.frame(&query, &[measured], &moment).await?;
        let found = frame.ok().and_then(|frame| {
            let Some(Column::S64(times)) = frame.column("time") else { return None };
            let column = |name: &str| frame.f64s(name).unwrap_or_default().to_vec();
            let (values, n, sum) = (column("value"), column("n"), column("sum"));
            let days = (0..times.len()).map(|row| day(metric.kind, &values, &n, &sum, row)).collect();
            let newest = day_of(Timestamp::from_millisecond(*times.last()?).ok()?, &zone);
            Past { metric: metric.clone(), days, squares: column("sum_sq"), newest }.trimmed()
        });
        Ok(found.ok_or_else(|| NoPast::Empty(key.clone())))
    }

    /// Whether whoever asks may read values of a metric: those of a team alone, only who works in it.
    async fn reads(&self, before: &Before<'_>, metric: &Metric) -> Result<bool> {
        if metric.visibility == Visibility::Company || self.is_operator(before.caller).await? {
            return Ok(true);
        }
        let Some(team) = self.store.team(&metric.team).await? else { return Ok(false) };
        Ok(self.membership(before.caller, &team).await?.is_some())
    }
}

/// Midday, which is on the same day in nearly every zone.
pub(super) fn midday(day: Date, team: &TimeZone) -> Timestamp {
    let start = start_of_day(day, team);
    start.checked_add(SignedDuration::from_hours(12)).unwrap_or(start)
}

fn day(kind: Kind, values: &[f64], n: &[f64], sum: &[f64], row: usize) -> Day {
    let at = |column: &[f64]| column.get(row).copied().unwrap_or(f64::NAN);
    match kind {
        Kind::Gauge | Kind::Sum if at(values).is_nan() => Day::MISSING,
        Kind::Gauge | Kind::Sum => Day { n: 1.0, sum: at(values) },
        Kind::Mean | Kind::Ratio => Day { n: at(n), sum: at(sum) },
    }
}

fn is_present(day: &Day) -> bool {
    day.n.is_finite() && day.sum.is_finite()
}

impl Past {
    /// Without the days after the newest value and before the first one that is not nothing; `None`: no day is left.
    fn trimmed(mut self) -> Option<Self> {
        let last = self.days.iter().rposition(is_present)?;
        let gone = self.days.len() - 1 - last;
        self.days.truncate(last + 1);
        self.squares.truncate(last + 1);
        self.newest = plus_days(self.newest, -i32::try_from(gone).ok()?);
        let first = self.days.iter().position(|day| is_present(day) && (day.sum != 0.0 || day.n > 1.0))?;
        self.days.drain(..first);
        self.squares.drain(..first.min(self.squares.len()));
        Some(self)
    }

    /// The newest `days`, or as many as there are.
    pub(super) fn last(&self, days: usize) -> &[Day] {
        &self.days[self.days.len() - days.min(self.days.len())..]
    }

    /// Days that were looked at.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.days.len()).unwrap_or(u32::MAX)
    }

    /// What `days` come to: the last level of a gauge, the total of a sum, the pooled value of a mean or ratio; `None`
    /// without a value, or of a total where a day is missing.
    pub(super) fn over(&self, days: &[Day]) -> Option<f64> {
        match self.metric.kind {
            Kind::Gauge => days.last().filter(|day| is_present(day)).map(|day| day.sum),
            Kind::Sum => days.iter().all(is_present).then(|| total(days, |day| day.sum)),
            Kind::Mean | Kind::Ratio => pooled(days),
        }
    }

    /// Standard deviation of the values of the newest `days`; `None` with fewer than two.
    pub(super) fn spread(&self, days: usize) -> Option<f64> {
        let values: Vec<f64> = self
            .last(days)
            .iter()
            .filter(|day| is_present(day) && day.n > 0.0)
            .map(|day| day.sum / day.n)
            .collect();
        moments(&values).variance().map(f64::sqrt)
    }

    /// Observations a day over the newest `days` that have a value; `None` for gauges and sums.
    pub(super) fn n_per_day(&self, days: usize) -> Option<f64> {
        if matches!(self.metric.kind, Kind::Gauge | Kind::Sum) {
            return None;
        }
        let days: Vec<Day> = self.last(days).iter().copied().filter(is_present).collect();
        (!days.is_empty()).then(|| total(&days, |day| day.n) / days.len() as f64)
    }
}

/// Sum over sum of the days that have both; `None`: over nothing.
pub(super) fn pooled(days: &[Day]) -> Option<f64> {
    let present: Vec<Day> = days.iter().copied().filter(is_present).collect();
    let n = total(&present, |day| day.n);
    let value = total(&present, |day| day.sum) / n;
    (n > 0.0 && value.is_finite()).then_some(value)
}

pub(super) fn total(days: &[Day], of: impl Fn(&Day) -> f64) -> f64 {
    days.iter().map(of).collect::<CompensatedSum>().value()
}

/// By how much a weekly number grew a week: the slope of the line through up to eight whole weeks, each weighing as
/// much. `of` gives the number of a week that ends so many days before the newest. `None`: fewer than three weeks.
pub(super) fn trend(days: usize, of: impl Fn(usize) -> Option<f64>) -> Option<f64> {
    let weeks: Vec<(f64, f64)> = (0..TREND_WEEKS)
        .filter(|week| (week + 1) * WEEK <= days)
        .filter_map(|week| Some((0.0 - week as f64, of(week * WEEK)?)))
        .collect();
    if weeks.len() < LEAST_WEEKS {
        return None;
    }
    let count = weeks.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| weeks.iter().map(of).sum::<f64>() / count;
    let (at, value) = (mean(|week| week.0), mean(|week| week.1));
    let squares: f64 = weeks.iter().map(|week| (week.0 - at) * (week.0 - at)).sum();
    let slope = weeks.iter().map(|week| (week.0 - at) * (week.1 - value)).sum::<f64>() / squares;
    slope.is_finite().then_some(slope)
}
