//! The frames, read into days, and the checks that come before any judgement.

use yardstick_sdk::stats::before_after::Period;
use yardstick_sdk::stats::{daily, format};
use yardstick_sdk::{Calendar, Criterion, Frame, Reason, Window};

use crate::answer::Trouble;
use crate::request::{Kind, Request};

const DAY: i64 = 86_400_000;
const WEEK: usize = 7;

/// The days of one period.
pub(crate) struct Days {
    pub(crate) calendar: Calendar,
    /// One per day, in order; a missing day is null.
    pub(crate) days: Vec<daily::Day>,
}

/// What the frames hold.
pub(crate) struct Data {
    pub(crate) after: Days,
    pub(crate) before: Days,
    /// The weekday of the first day after the launch, counted from the baseline's first day.
    first_weekday: usize,
}

impl Days {
    fn read(request: &Request<'_>, series: &Frame, asked: Window) -> Result<Self, String> {
        let calendar = Calendar::of(series, asked);
        let mut days = vec![daily::Day::MISSING; calendar.days()];
        let times = series.integers("time")?;
        let (value, n, sum) = (series.numbers("value")?, series.numbers("n")?, series.numbers("sum")?);
        for (time, (value, (n, sum))) in times.into_iter().zip(value.into_iter().zip(n.into_iter().zip(sum)))
        {
            let Some(position) = calendar.position(time) else { continue };
            days[position] = match request.kind {
                Kind::Gauge | Kind::Sum if value.is_nan() => daily::Day::MISSING,
                Kind::Gauge | Kind::Sum => daily::Day { n: 1.0, sum: value },
                Kind::Mean | Kind::Ratio => daily::Day { n, sum },
            };
        }
        Ok(Self { calendar, days })
    }

    pub(crate) fn missing(&self) -> Vec<usize> {
        let missing = |position: &usize| {
            let day = self.days[*position];
            day.n.is_nan() || day.sum.is_nan()
        };
        (0..self.days.len()).filter(missing).collect()
    }

    /// Positions of days that are there and hold no observations, so that they have no value.
    pub(crate) fn empty(&self) -> Vec<usize> {
        let empty = |position: &usize| self.days[*position].n == 0.0 && self.days[*position].sum == 0.0;
        (0..self.days.len()).filter(empty).collect()
    }

    /// Days that have a value.
    fn valued(&self) -> impl Iterator<Item = &daily::Day> {
        self.days.iter().filter(|day| day.n.is_finite() && day.n != 0.0 && day.sum.is_finite())
    }

    /// How many days have a value.
    pub(crate) fn count(&self) -> u64 {
        self.valued().count() as u64
    }

    /// Observations of a mean or ratio, on the days that have a value.
    pub(crate) fn n(&self) -> f64 {
        self.valued().map(|day| day.n).sum()
    }

    /// Whether all days have the same value.
    pub(crate) fn is_constant(&self) -> bool {
        let values = || self.valued().map(|day| day.sum / day.n);
        let (low, high) =
            (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        high - low <= 1e-13 * high.abs().max(low.abs())
    }

    /// `10 Feb to 9 Mar`, from and up to these positions.
    pub(crate) fn span(&self, from: usize, to: usize) -> String {
        let (first, last) = (self.calendar.day(from as i64), self.calendar.day(to as i64 - 1));
        if first == last { first.to_string() } else { format!("{first} to {last}") }
    }
}

impl Data {
    /// # Errors
    /// When a frame is not as the contract says.
    pub(crate) fn read(
        request: &Request<'_>,
        criterion: &Criterion,
        after: &Frame,
        before: &Frame,
    ) -> Result<Self, String> {
        let start =
            |frame: &Frame, asked: Window| frame.about().integer("window-start").unwrap_or(asked.start);
        let apart = start(after, criterion.window).saturating_sub(start(before, request.baseline));
        // Days of 23 and 25 hours round to one.
        let apart = apart.saturating_add(DAY / 2).div_euclid(DAY);
        Ok(Self {
            after: Days::read(request, after, criterion.window)?,
            before: Days::read(request, before, request.baseline)?,
            first_weekday: apart.rem_euclid(WEEK as i64) as usize,
        })
    }

    /// The days after the launch.
    pub(crate) fn after(&self) -> Period<'_> {
        Period { days: &self.after.days, first_weekday: self.first_weekday }
    }

    /// Days of the baseline, from and up to these positions.
    pub(crate) fn before(&self, from: usize, to: usize) -> Period<'_> {
        Period { days: &self.before.days[from..to], first_weekday: from % WEEK }
    }

    /// What makes any comparison of these data untrustworthy or too small, in the order in which people would
    /// mend it.
    pub(crate) fn check(&self, request: &Request<'_>) -> Result<(), Trouble> {
        let periods = [(&self.after, "after the launch"), (&self.before, "in the baseline")];
        for (period, place) in periods {
            if period.missing().len() == period.days.len() {
                let days = format::counted(period.days.len() as u64, "days");
                let headline = match period.days.len() {
                    0 => format!("there is no whole day {place}"),
                    _ => format!("no value on any of the {days} {place}"),
                };
                return Err(Trouble::new(Reason::InsufficientData, "no-data", headline));
            }
        }
        for (period, place) in periods {
            if let Some(what) = out_of_range(request, &period.days) {
                let headline = format!("{} has {what} {place}, which it cannot", request.metric.key);
                return Err(Trouble::new(Reason::UntrustedData, "out-of-range", headline));
            }
        }
        self.check_complete(request)?;
        for (period, place) in periods {
            let missing = period.missing();
            // A share of the days, but never so that rounding of the share forbids a whole number of them.
            let allowed = (request.max_missing * period.days.len() as f64 + 1e-9) as usize;
            if missing.len() > allowed {
                let may =
                    if allowed == 0 { "none may be".to_owned() } else { format!("at most {allowed} may be") };
                let headline = format!("{place}, {}; {may}", period.calendar.missing(&missing));
                return Err(Trouble::new(Reason::UntrustedData, "gap", headline));
            }
        }
        for (period, place) in periods.into_iter().filter(|_| !request.kind.is_daily()) {
            self.check_n(request, period, place)?;
        }
        Ok(())
    }

    fn check_complete(&self, request: &Request<'_>) -> Result<(), Trouble> {
        let Some(through) = request.metric.complete_through else { return Ok(()) };
        let calendar = &self.after.calendar;
        let complete = calendar.complete_days(through);
        if complete >= calendar.days() {
            return Ok(());
        }
        let headline = format!(
            "complete through {} only; the window runs to {}",
            calendar.day(complete as i64 - 1),
            calendar.last()
        );
        Err(Trouble::new(Reason::UntrustedData, "stale", headline))
    }

    fn check_n(&self, request: &Request<'_>, period: &Days, place: &str) -> Result<(), Trouble> {
        let (n, unit) = (period.n(), request.unit_of_n());
        let (code, headline) = match (request.kind, request.min_n) {
            (Kind::Ratio, _) if n <= 0.0 => {
                ("zero-denominator", format!("no {unit} {place}, so there is no rate"))
            }
            (_, _) if n <= 0.0 => ("no-data", format!("no {unit} {place}")),
            (_, Some(min_n)) if n < min_n as f64 => {
                let (n, of) = (format::count(n as u64), format::counted(min_n, unit));
                ("too-few", format!("{n} of {of} {place}"))
            }
            _ => return Ok(()),
        };
        Err(Trouble::new(Reason::InsufficientData, code, headline))
    }

    /// Days that are missing or empty, where so few are that it is judged all the same.
    pub(crate) fn warnings(&self, request: &Request<'_>) -> Vec<String> {
        [(&self.after, "after the launch"), (&self.before, "in the baseline")]
            .into_iter()
            .map(|(period, place)| (period, period.missing(), place))
            .filter(|(period, missing, _)| !missing.is_empty() && missing.len() < period.days.len())
            .map(|(period, missing, place)| format!("{place}, {}", period.calendar.missing(&missing)))
            .chain(self.without_observations(request))
            .collect()
    }

    fn without_observations(&self, request: &Request<'_>) -> Vec<String> {
        let periods = [(&self.after, "after the launch"), (&self.before, "in the baseline")];
        let some = periods.into_iter().map(|(period, place)| (period.empty().len(), period, place));
        let some = some.filter(|(empty, period, _)| *empty > 0 && period.count() > 0);
        some.map(|(empty, period, place)| {
            let (verb, count) = if empty == 1 { ("has", "counts") } else { ("have", "count") };
            format!(
                "{place}, {empty} of {} {verb} no {} and {count} for nothing",
                format::counted(period.days.len() as u64, "days"),
                request.unit_of_n()
            )
        })
        .collect()
    }
}

/// What no day of this kind and unit can be.
fn out_of_range(request: &Request<'_>, days: &[daily::Day]) -> Option<&'static str> {
    let share = request.metric.is_share();
    if days.iter().any(|day| day.n.is_infinite() || day.sum.is_infinite()) {
        return Some("a number beyond all bounds");
    }
    let days = || days.iter().filter(|day| day.n.is_finite() && day.sum.is_finite());
    match request.kind {
        Kind::Gauge if share && days().any(|day| !(0.0..=1.0).contains(&day.sum)) => {
            Some("a share outside 0 % to 100 %")
        }
        Kind::Gauge | Kind::Sum => None,
        Kind::Mean | Kind::Ratio if days().any(|day| day.n < 0.0) => {
            Some("a negative number of observations")
        }
        Kind::Mean if days().any(|day| day.n == 0.0 && day.sum != 0.0) => {
            Some("a day with a sum of no observations")
        }
        Kind::Mean => None,
        Kind::Ratio if share && days().any(|day| day.sum < 0.0) => Some("a negative numerator"),
        Kind::Ratio if share && days().any(|day| day.sum > day.n) => {
            Some("a day with more in the numerator than in the denominator")
        }
        Kind::Ratio if days().any(|day| day.n == 0.0 && day.sum != 0.0) => {
            Some("a day with a numerator over nothing")
        }
        Kind::Ratio => None,
    }
}
