//! The frames, read into days, and the checks that come before any judgement.

use yardstick_sdk::stats::{daily, format};
use yardstick_sdk::{Calendar, Criterion, Day, Frame, Reason};

use crate::answer::Trouble;
use crate::request::{Kind, Request};
use crate::words::{is_whole, whole};

/// What the frames hold.
pub(crate) struct Data {
    calendar: Calendar,
    /// One per day of the window, in order; a missing day is null.
    pub(crate) days: Vec<daily::Day>,
    /// Values of gauges and sums, likewise.
    values: Vec<f64>,
    /// Over the whole window, as the host pools them; `None`: null.
    pub(crate) total: Total,
    /// Whole days up to which points are complete, counted from the window's first; `None`: nobody says.
    complete_days: Option<usize>,
}

/// The totals' only row.
pub(crate) struct Total {
    /// Last level of a gauge, total of a sum.
    pub(crate) value: Option<f64>,
    pub(crate) n: Option<f64>,
    pub(crate) sum: Option<f64>,
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
        let mut days = vec![daily::Day::MISSING; calendar.days()];
        let mut values = vec![f64::NAN; calendar.days()];
        let times = series.integers("time")?;
        let (value, n, sum) = (series.numbers("value")?, series.numbers("n")?, series.numbers("sum")?);
        let pairs = value.iter().zip(n.iter().zip(&sum));
        for (time, (&value, (&n, &sum))) in times.iter().zip(pairs) {
            if let Some(slot) = calendar.position(*time) {
                days[slot] = daily::Day { n, sum };
                values[slot] = value;
            }
        }
        Ok(Self {
            calendar,
            days,
            values,
            total: Total {
                value: totals.number("value")?,
                n: totals.number("n")?,
                sum: totals.number("sum")?,
                sum_sq: totals.number("sum_sq")?,
            },
            complete_days: request.metric.complete_through.map(|through| calendar.complete_days(through)),
        })
    }

    /// What makes any number of these data untrustworthy or too small, in the order in which people would
    /// mend it.
    pub(crate) fn check(&self, request: &Request<'_>) -> Result<(), Trouble> {
        let missing = self.missing(request);
        if missing.len() == self.days.len() {
            let headline = match self.days.len() {
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
        if let Some(complete) = self.complete_days.filter(|days| *days < self.days.len()) {
            let headline = format!(
                "complete through {} only; the window runs to {}",
                self.calendar.day(complete as i64 - 1),
                self.last()
            );
            return Err(Trouble::new(Reason::UntrustedData, "stale", headline));
        }
        // A share of the days, but never so that rounding of the share forbids a whole number of them.
        let allowed = (request.max_missing * self.days.len() as f64 + 1e-9) as usize;
        // Whatever may be missing, the level that decides may not.
        let decides = (request.kind == Kind::Gauge).then(|| self.days.len() - 1);
        let undecidable = decides.is_some_and(|last| missing.contains(&last));
        if missing.len() > allowed || undecidable {
            let may = match allowed {
                0 => "none may be".to_owned(),
                some if missing.len() > some => format!("at most {some} may be"),
                _ => format!("the level of {} decides", self.last()),
            };
            let headline = format!("{}; {may}", self.calendar.missing(&missing));
            return Err(Trouble::new(Reason::UntrustedData, "gap", headline));
        }
        self.check_n(request)
    }

    /// Whether there are enough observations.
    fn check_n(&self, request: &Request<'_>) -> Result<(), Trouble> {
        let n = match request.kind {
            Kind::Gauge => return Ok(()),
            Kind::Sum => self.present(request) as f64,
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

    pub(crate) fn warnings(&self, request: &Request<'_>) -> Vec<String> {
        let missing = self.missing(request);
        if missing.is_empty() || missing.len() == self.days.len() {
            return Vec::new();
        }
        vec![self.calendar.missing(&missing)]
    }

    /// Days that have a value.
    pub(crate) fn present(&self, request: &Request<'_>) -> u64 {
        (self.days.len() - self.missing(request).len()) as u64
    }

    /// Positions of the days without a value.
    fn missing(&self, request: &Request<'_>) -> Vec<usize> {
        let is_missing = |index: &usize| match request.kind {
            Kind::Gauge | Kind::Sum => self.values[*index].is_nan(),
            Kind::Mean | Kind::Ratio => self.days[*index].n.is_nan() || self.days[*index].sum.is_nan(),
        };
        (0..self.days.len()).filter(is_missing).collect()
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
