//! The frames, read into days, and the checks that come before any judgement.

use yardstick_sdk::stats::{CompensatedSum, daily, format};
use yardstick_sdk::{Calendar, Criterion, Day, Frame, Reason};

use crate::answer::Trouble;
use crate::request::{Kind, Request};
use crate::words::{is_whole, whole};

/// Relative error of totals from summation alone.
const ROUNDING: f64 = 1e-9;

/// What the frames hold.
pub(crate) struct Data {
    calendar: Calendar,
    /// One per day of the window, in order; a missing day is null. Of means and ratios.
    pub(crate) days: Vec<daily::Day>,
    /// Values of gauges and sums, likewise.
    values: Vec<f64>,
    /// Positions of the days without a value.
    missing: Vec<usize>,
    /// Over the whole window, as the host pools them; `None`: null.
    pub(crate) total: Total,
    /// Whole days up to which points are complete, counted from the window's first; `None`: nobody says.
    complete_days: Option<usize>,
}

/// The totals' only row, of which a kind of metric has some.
#[derive(Default)]
pub(crate) struct Total {
    /// Last level of a gauge, total of a sum.
    pub(crate) value: Option<f64>,
    pub(crate) n: Option<f64>,
    pub(crate) sum: Option<f64>,
    /// `None` also where any day with observations has none, since the sum over the others would be short.
    pub(crate) sum_sq: Option<f64>,
}

impl Data {
    /// # Errors
    /// When a frame is not as the contract says.
    pub(crate) fn read(
        request: &Request<'_>,
        criterion: &Criterion,
        totals: &Frame,
        series: &Frame,
    ) -> Result<Self, String> {
        let calendar = Calendar::of(series, criterion.window);
        let complete_days = request.metric.complete_through.map(|through| calendar.complete_days(through));
        let times = series.integers("time")?;
        let by_day = |column: &str| series.numbers(column).map(|values| by_day(&calendar, &times, &values));
        let (mut days, mut values) = (Vec::new(), Vec::new());
        let total = if request.kind.is_counted() {
            values = by_day("value")?;
            Total { value: totals.number("value")?, ..Total::default() }
        } else {
            let (n, sum, squares) = (by_day("n")?, by_day("sum")?, by_day("sum_sq")?);
            days = n.into_iter().zip(sum).map(|(n, sum)| daily::Day { n, sum }).collect();
            let is_short = days.iter().zip(squares).any(|(day, squares)| day.n > 0.0 && squares.is_nan());
            let sum_sq = totals.number("sum_sq")?.filter(|_| !is_short);
            Total { value: None, n: totals.number("n")?, sum: totals.number("sum")?, sum_sq }
        };
        let is_missing = |day: &usize| {
            values.get(*day).is_none_or(|value| value.is_nan())
                && days.get(*day).is_none_or(|day| day.n.is_nan() || day.sum.is_nan())
        };
        let missing = (0..calendar.days()).filter(is_missing).collect();
        Ok(Self { calendar, days, values, missing, total, complete_days })
    }

    /// What makes any number of these data untrustworthy or too small, in the order in which people would
    /// mend it.
    pub(crate) fn check(&self, request: &Request<'_>) -> Result<(), Trouble> {
        let (missing, days) = (&self.missing, self.calendar.days());
        if missing.len() == days {
            let headline = match days {
                0 => "the window has no whole day".to_owned(),
                1 => format!("no value on {}", self.calendar.day(0)),
                all => format!("no value on any of the {all} days to {}", self.last()),
            };
            return Err(Trouble::new(Reason::InsufficientData, "no-data", headline));
        }
        if let Some(what) = self.out_of_range(request) {
            let key = &request.metric.key;
            let headline = format!("{key} has {what}, which it cannot");
            return Err(Trouble::new(Reason::UntrustedData, "out-of-range", headline));
        }
        if let Some(complete) = self.complete_days.filter(|complete| *complete < days) {
            let headline = format!(
                "complete through {} only; the window runs to {}",
                self.calendar.day(complete as i64 - 1),
                self.last()
            );
            return Err(Trouble::new(Reason::UntrustedData, "stale", headline));
        }
        // A share of the days, but never so that rounding of the share forbids a whole number of them.
        let allowed = (request.max_missing * days as f64 + 1e-9) as usize;
        // Whatever may be missing, the level that decides may not.
        let decides = (request.kind == Kind::Gauge).then(|| days - 1);
        let undecidable = decides.is_some_and(|last| missing.contains(&last));
        if missing.len() > allowed || undecidable {
            let may = match allowed {
                0 => "none may be".to_owned(),
                some if missing.len() > some => format!("at most {some} may be"),
                _ => format!("the level of {} decides", self.last()),
            };
            let headline = format!("{}; {may}", self.calendar.missing(missing));
            return Err(Trouble::new(Reason::UntrustedData, "gap", headline));
        }
        self.check_totals(request)?;
        self.check_n(request)
    }

    /// Whether the totals are those of the days: of null totals, or others, nobody knows what they are of.
    fn check_totals(&self, request: &Request<'_>) -> Result<(), Trouble> {
        let close = |total: Option<f64>, parts: &dyn Fn(&daily::Day) -> f64| {
            let (sum, size) = sums(self.days.iter().map(parts));
            total.is_some_and(|total| (total - sum).abs() <= ROUNDING * size)
        };
        let fits = match request.kind {
            // A level or total that is null is no data.
            Kind::Gauge => self.total.value.is_none_or(|value| self.values.last() == Some(&value)),
            Kind::Sum => self.total.value.is_none_or(|value| {
                let (sum, size) = sums(self.values.iter().copied());
                (value - sum).abs() <= ROUNDING * size
            }),
            // Of the days that have both.
            Kind::Mean | Kind::Ratio => {
                close(self.total.n, &|day| day.n + 0.0 * day.sum)
                    && close(self.total.sum, &|day| day.sum + 0.0 * day.n)
            }
        };
        if fits {
            return Ok(());
        }
        let headline = format!("the totals of {} are not those of its days", request.metric.key);
        Err(Trouble::new(Reason::UntrustedData, "out-of-range", headline))
    }

    /// Whether there are enough observations.
    fn check_n(&self, request: &Request<'_>) -> Result<(), Trouble> {
        let n = match request.kind {
            Kind::Gauge => return Ok(()),
            Kind::Sum => self.present() as f64,
            Kind::Mean | Kind::Ratio => self.total.n.unwrap_or(0.0),
        };
        let unit = request.unit_of_n();
        let (code, headline) = match (request.kind, request.min_n) {
            (Kind::Ratio, _) if n <= 0.0 => {
                ("zero-denominator", format!("no {unit} in the window, so there is no rate"))
            }
            (Kind::Mean, _) if n <= 0.0 => ("no-data", format!("no {unit} in the window")),
            (_, Some(min_n)) if n < min_n as f64 => {
                ("too-few", format!("{} of {}", format::count(whole(n)), format::counted(min_n, unit)))
            }
            _ => return Ok(()),
        };
        let value = if request.kind == Kind::Sum { self.total.value } else { self.pooled() };
        let so_far = value.map(|value| (value, whole(n)));
        Err(Trouble { so_far, ..Trouble::new(Reason::InsufficientData, code, headline) })
    }

    /// `sum / n` over the window.
    pub(crate) fn pooled(&self) -> Option<f64> {
        let value = self.total.sum? / self.total.n?;
        value.is_finite().then_some(value)
    }

    /// The window's last day.
    pub(crate) fn last(&self) -> Day {
        self.calendar.last()
    }

    /// Whether every value of a gauge or sum is whole.
    pub(crate) fn is_whole(&self) -> bool {
        self.values.iter().filter(|value| value.is_finite()).all(|value| is_whole(*value))
    }

    pub(crate) fn warnings(&self) -> Vec<String> {
        if self.missing.is_empty() || self.missing.len() == self.calendar.days() {
            return Vec::new();
        }
        vec![self.calendar.missing(&self.missing)]
    }

    /// Days that have a value.
    pub(crate) fn present(&self) -> u64 {
        (self.calendar.days() - self.missing.len()) as u64
    }

    /// Days of a mean or ratio that have observations.
    pub(crate) fn with_observations(&self) -> usize {
        self.days.iter().filter(|day| day.n > 0.0 && day.sum.is_finite()).count()
    }

    /// `28 days`, or `26 of 28 days` where some are missing.
    pub(crate) fn covered(&self) -> String {
        let all = format::counted(self.calendar.days() as u64, "days");
        if self.missing.is_empty() { all } else { format!("{} of {all}", self.present()) }
    }

    /// What no value of this kind and unit can be.
    fn out_of_range(&self, request: &Request<'_>) -> Option<&'static str> {
        let share = request.metric.is_share();
        let total = &self.total;
        let all = [total.value, total.n, total.sum, total.sum_sq];
        let of_days = self.days.iter().flat_map(|day| [day.n, day.sum]);
        if all.into_iter().flatten().chain(of_days).chain(self.values.iter().copied()).any(f64::is_infinite) {
            return Some("a number beyond all bounds");
        }
        let days = || self.days.iter().filter(|day| day.n.is_finite() && day.sum.is_finite());
        match request.kind {
            Kind::Gauge if share && self.values.iter().any(|value| *value < 0.0 || *value > 1.0) => {
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
}

/// The column's values by day of the calendar; NaN where there is none.
fn by_day(calendar: &Calendar, times: &[i64], values: &[f64]) -> Vec<f64> {
    let mut days = vec![f64::NAN; calendar.days()];
    for (time, value) in times.iter().zip(values) {
        if let Some(day) = calendar.position(*time) {
            days[day] = *value;
        }
    }
    days
}

/// Sum of the finite numbers, and of their sizes.
fn sums(numbers: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut sum, mut size) = (CompensatedSum::default(), 0.0);
    for number in numbers.filter(|number| number.is_finite()) {
        sum.add(number);
        size += number.abs();
    }
    (sum.value(), size)
}
