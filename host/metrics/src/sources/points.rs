//! Points that were imported here: aggregation by kind, in one documented order.
//!
//! A point carries a value for each of its dimensions, or is a total over those it leaves out. A query takes,
//! bucket by bucket, the points that carry exactly the dimensions it filters and splits by; where there are
//! none, sums and ratios are added up from the points that carry every dimension. Levels are never added up.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use yardstick_domain::frame::{Attrs, Frame, Shape};
use yardstick_domain::metric::{IllegalQuery, Kind, Metric, Missing};
use yardstick_domain::point::StoredPoint;
use yardstick_domain::question::{Bucket, Query};
use yardstick_domain::time::{day_of, plus_days, start_of_day};
use yardstick_stats::CompensatedSum;

use self::columns::{about, columns};
use super::{Ask, SourceError};

mod columns;

/// Answers a query from points of its window, in order of bucket and dimensions.
///
/// # Errors
/// When the aggregation is not legal for the metric's kind, or there are more rows than asked for.
pub fn answer(ask: &Ask<'_>, points: &[StoredPoint]) -> Result<Frame, SourceError> {
    let query = ask.query;
    let dimensions = query.dimensions();
    ask.metric.allows(query.shape, &dimensions)?;
    if let (Shape::Samples, Some(unit)) = (query.shape, &ask.metric.unit_dimension) {
        return samples(ask, unit, points);
    }
    let days = whole_days(ask);
    let table = Table::filled(ask, &dimensions, points)?;
    let about = about(ask, &days, &table);
    let buckets = buckets(query, &days);
    // Before they are made: a split of many values has far more than may be asked for.
    let splits = table.splits().len();
    bounded(query, if query.shape == Shape::Series { splits.saturating_mul(buckets.len()) } else { splits })?;
    let rows = match query.shape {
        Shape::Series => table.series(&buckets),
        // Single values without a unit dimension are refused by `allows` above.
        Shape::Totals | Shape::Samples => table.totals(&days),
    };
    framed(ask, &rows, about)
}

/// A value for each unit that has one in the window: what its totals would say. In order of labels and value, so that
/// nothing tells which unit is which.
fn samples(ask: &Ask<'_>, unit: &str, points: &[StoredPoint]) -> Result<Frame, SourceError> {
    let mut query = ask.query.clone();
    query.splits.push(unit.to_owned());
    let by_unit = Ask { query: &query, ..*ask };
    let days = whole_days(ask);
    let table = Table::filled(&by_unit, &query.dimensions(), points)?;
    let about = about(&by_unit, &days, &table);
    let mut rows = table.totals(&days);
    rows.retain(|row| row.value.is_finite());
    for row in &mut rows {
        row.labels.pop();
    }
    rows.sort_by(|one, other| one.labels.cmp(&other.labels).then(one.value.total_cmp(&other.value)));
    framed(ask, &rows, about)
}

fn framed(ask: &Ask<'_>, rows: &[Row], about: Attrs) -> Result<Frame, SourceError> {
    let query = ask.query;
    bounded(query, rows.len())?;
    Ok(Frame::new(query.shape, columns(query, ask.metric.kind, rows), about)?)
}

/// Refuses more rows than were asked for.
fn bounded(query: &Query, rows: usize) -> Result<(), SourceError> {
    match usize::try_from(query.max_rows).is_ok_and(|most| rows > most) {
        true => Err(SourceError::TooManyRows { key: query.key.clone(), rows, most: query.max_rows }),
        false => Ok(()),
    }
}

/// The metric's whole days inside the window that had ended.
fn whole_days(ask: &Ask<'_>) -> Vec<Date> {
    let mut days = Vec::new();
    let mut day = day_of(ask.window.start, ask.zone);
    loop {
        let (start, end) = (start_of_day(day, ask.zone), start_of_day(plus_days(day, 1), ask.zone));
        if end > ask.window.end || end > ask.as_of || end <= start {
            return days;
        }
        if start >= ask.window.start {
            days.push(day);
        }
        day = plus_days(day, 1);
    }
}

/// The days of each bucket. Only ISO weeks that lie wholly inside count.
fn buckets(query: &Query, days: &[Date]) -> Vec<Vec<Date>> {
    match query.bucket {
        Some(Bucket::Week) => days
            .windows(7)
            .filter(|week| week[0].weekday() == Weekday::Monday)
            .map(<[Date]>::to_vec)
            .collect(),
        Some(Bucket::Day) | None => days.iter().map(|day| vec![*day]).collect(),
    }
}

/// Sums of one bucket and split.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    present: bool,
    /// Points that were added up.
    parts: u32,
    sum: CompensatedSum,
    n: CompensatedSum,
    sum_sq: CompensatedSum,
    /// Parts that have an n, and a sum of squares.
    with_n: u32,
    with_sum_sq: u32,
}

impl Sums {
    fn add(&mut self, other: (f64, Option<f64>, Option<f64>)) {
        let (sum, n, sum_sq) = other;
        self.present = true;
        self.parts += 1;
        self.sum.add(sum);
        if let Some(n) = n {
            self.with_n += 1;
            self.n.add(n);
        }
        if let Some(sum_sq) = sum_sq {
            self.with_sum_sq += 1;
            self.sum_sq.add(sum_sq);
        }
    }

    /// A sum over some of the parts only would be short, and is unknown.
    fn numbers(&self) -> (f64, Option<f64>, Option<f64>) {
        let n = (self.with_n == self.parts).then(|| self.n.value());
        let sum_sq = (self.with_sum_sq == self.parts).then(|| self.sum_sq.value());
        (self.sum.value(), n, sum_sq)
    }
}

type Labels = Vec<String>;

/// Values by day and split, exact ones and ones added up from the finest points.
struct Table<'a> {
    metric: &'a Metric,
    query: &'a Query,
    ask: &'a Ask<'a>,
    wanted: BTreeSet<&'a str>,
    exact: BTreeMap<(Date, Labels), Sums>,
    finest: BTreeMap<(Date, Labels), Sums>,
    /// The most points of any day, by split, where values are not listed.
    most_parts: BTreeMap<Labels, u32>,
    /// Dimensions that levels were imported by and the query asks nothing of.
    uncombined: BTreeSet<String>,
    corrections: i64,
    late: i64,
    /// The last bucket that was looked at, its day, and when that ended.
    last: Option<(Timestamp, Date, Timestamp)>,
}

/// A row of the frame before it becomes columns.
struct Row {
    time: Option<Timestamp>,
    labels: Labels,
    value: f64,
    n: f64,
    sum: f64,
    sum_sq: f64,
    buckets: f64,
    expected: f64,
}

impl<'a> Table<'a> {
    fn new(ask: &'a Ask<'a>, dimensions: &[&'a str]) -> Self {
        Self {
            metric: ask.metric,
            query: ask.query,
            ask,
            wanted: dimensions.iter().copied().collect(),
            exact: BTreeMap::new(),
            finest: BTreeMap::new(),
            most_parts: BTreeMap::new(),
            uncombined: BTreeSet::new(),
            corrections: 0,
            late: 0,
            last: None,
        }
    }

    fn filled(ask: &'a Ask<'a>, dimensions: &[&'a str], points: &[StoredPoint]) -> Result<Self, SourceError> {
        let mut table = Self::new(ask, dimensions);
        for point in points {
            table.add(point)?;
        }
        table.check_levels()?;
        table.count_parts();
        Ok(table)
    }

    fn add(&mut self, point: &StoredPoint) -> Result<(), SourceError> {
        let (day, ended) = self.day(point.bucket)?;
        let passes = self.query.filters.iter().all(|(name, value)| point.dimensions.get(name) == Some(value));
        let labels = self.query.splits.iter().map(|split| point.dimensions.get(split).cloned());
        let Some(labels) = labels.collect::<Option<Labels>>().filter(|_| passes && ended <= self.ask.as_of)
        else {
            return Ok(());
        };
        // Both in the order of their names.
        let exact = point.dimensions.keys().eq(self.wanted.iter());
        if !exact && self.metric.kind == Kind::Gauge {
            let carried = point.dimensions.keys().filter(|name| !self.wanted.contains(name.as_str()));
            let further = carried.filter(|name| !self.uncombined.contains(*name)).cloned();
            self.uncombined.extend(further.collect::<Vec<_>>());
            return Ok(());
        }
        let place = if exact {
            self.exact.entry((day, labels)).or_default()
        } else if self.metric.dimensions.keys().all(|name| point.dimensions.contains_key(name)) {
            self.finest.entry((day, labels)).or_default()
        } else {
            return Ok(());
        };
        place.add((point.measure.sum, point.measure.n, point.measure.sum_sq));
        self.corrections += i64::from(point.corrections);
        let promised = ended.checked_add(self.metric.fresh_within).unwrap_or(Timestamp::MAX);
        self.late += i64::from(point.received_at > promised);
        Ok(())
    }

    /// The day of a bucket, and when it ended. Points come in the order of their buckets, so most are of the same
    /// one as the point before.
    fn day(&mut self, bucket: Timestamp) -> Result<(Date, Timestamp), SourceError> {
        if let Some((_, day, ended)) = self.last.filter(|(last, ..)| *last == bucket) {
            return Ok((day, ended));
        }
        let day = day_of(bucket, self.ask.zone);
        if start_of_day(day, self.ask.zone) != bucket {
            let (metric, zone) = (self.metric.key.clone(), self.metric.time_zone.clone());
            return Err(SourceError::Misplaced { metric, bucket, zone });
        }
        let ended = start_of_day(plus_days(day, 1), self.ask.zone);
        self.last = Some((bucket, day, ended));
        Ok((day, ended))
    }

    fn count_parts(&mut self) {
        for ((_, labels), sums) in &self.finest {
            let most = self.most_parts.entry(labels.clone()).or_default();
            *most = sums.parts.max(*most);
        }
    }

    /// Levels that were only imported by dimension have no total: adding them up would count people twice.
    fn check_levels(&self) -> Result<(), IllegalQuery> {
        if !self.exact.is_empty() || self.uncombined.is_empty() {
            return Ok(());
        }
        let over = self.uncombined.iter().cloned().collect::<Vec<_>>().join(", ");
        Err(IllegalQuery::GaugeOver { metric: self.metric.key.clone(), over })
    }

    fn on(&self, day: Date, labels: &Labels) -> Option<&Sums> {
        let key = (day, labels.clone());
        let finest = || self.finest.get(&key).filter(|sums| sums.parts >= self.parts(labels));
        self.exact.get(&key).or_else(finest).filter(|sums| sums.present)
    }

    /// How many of the finest points make a whole day of a split: one for each combination of the values that the
    /// dimensions list, or where they list none, as many as any day of the window has. A day that lacks one is a
    /// gap, unless the metric says that missing is zero.
    fn parts(&self, labels: &Labels) -> u32 {
        // Units come and go: one that is not there is no hole in the data.
        if self.metric.missing == Missing::Zero || self.metric.unit_dimension.is_some() {
            return 0;
        }
        let open = self.metric.dimensions.iter().filter(|(name, _)| !self.wanted.contains(name.as_str()));
        let listed = open.map(|(_, values)| u32::try_from(values.len()).unwrap_or(u32::MAX));
        match listed.fold(1, u32::saturating_mul) {
            0 => self.most_parts.get(labels).copied().unwrap_or(0),
            product => product,
        }
    }

    fn splits(&self) -> Vec<Labels> {
        if self.query.splits.is_empty() {
            return vec![Vec::new()];
        }
        let all = self.exact.keys().chain(self.finest.keys()).map(|(_, labels)| labels.clone());
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn totals(&self, days: &[Date]) -> Vec<Row> {
        self.splits().into_iter().map(|labels| self.row(days, labels, None)).collect()
    }

    fn series(&self, buckets: &[Vec<Date>]) -> Vec<Row> {
        let splits = self.splits();
        let mut rows = Vec::with_capacity(buckets.len() * splits.len());
        for days in buckets {
            for labels in &splits {
                let start = days.first().map(|day| start_of_day(*day, self.ask.zone));
                rows.push(self.row(days, labels.clone(), start));
            }
        }
        rows
    }

    /// The days added up; of a gauge the last one. A gap in a week makes the week unknown, since its sum
    /// would be short; totals say how many buckets they hold instead.
    fn row(&self, days: &[Date], labels: Labels, time: Option<Timestamp>) -> Row {
        let counted =
            if self.metric.kind == Kind::Gauge { &days[days.len().saturating_sub(1)..] } else { days };
        let mut sums = Sums::default();
        let mut buckets = 0_u32;
        for day in counted {
            match (self.on(*day, &labels), self.metric.missing) {
                (Some(found), _) => {
                    buckets += 1;
                    sums.add(found.numbers());
                }
                (None, Missing::Zero) => {
                    buckets += 1;
                    sums.add(self.zero());
                }
                (None, Missing::Gap) => {}
            }
        }
        let expected = u32::try_from(counted.len()).unwrap_or(u32::MAX);
        let unknown = !sums.present || (time.is_some() && buckets < expected);
        let (sum, n, sum_sq) = sums.numbers();
        let value = match (self.metric.kind, n) {
            (Kind::Gauge | Kind::Sum, _) => sum,
            (Kind::Mean | Kind::Ratio, Some(n)) if n > 0.0 => sum / n,
            _ => f64::NAN,
        };
        let known = |number: Option<f64>| if unknown { f64::NAN } else { number.unwrap_or(f64::NAN) };
        Row {
            time,
            labels,
            value: known(Some(value)),
            n: known(n),
            sum: known(Some(sum)),
            sum_sq: known(sum_sq),
            buckets: f64::from(buckets),
            expected: f64::from(expected),
        }
    }

    fn zero(&self) -> (f64, Option<f64>, Option<f64>) {
        match self.metric.kind {
            Kind::Gauge | Kind::Sum => (0.0, None, None),
            Kind::Ratio => (0.0, Some(0.0), None),
            Kind::Mean => (0.0, Some(0.0), Some(0.0)),
        }
    }
}

#[cfg(test)]
mod tests;
