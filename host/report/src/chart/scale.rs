//! From values and days to places in a picture.

use jiff::civil::{Date, Weekday};
use yardstick_domain::time::{days_between, plus_days};
use yardstick_stats::format;

use crate::dates;

/// Values beyond this are drawn at the edge: twice as much must still be a number.
const LARGEST: f64 = 1e300;

/// An axis of values from `low` at the bottom to `high` at the top, with round numbers for its grid.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Values {
    low: f64,
    high: f64,
    /// Round numbers on it, ascending.
    pub(crate) ticks: Vec<f64>,
    /// Their distance.
    pub(crate) apart: f64,
}

impl Values {
    /// An axis that holds all of these; what is not finite is left out. It begins at zero unless more than half of
    /// it would then be empty. Nothing to hold: 0 to 1.
    pub(crate) fn holding(values: impl IntoIterator<Item = f64>) -> Self {
        let values = values.into_iter().filter(|value| value.is_finite());
        let mut ends: Option<(f64, f64)> = None;
        for value in values.map(|value| value.clamp(-LARGEST, LARGEST)) {
            let (low, high) = ends.unwrap_or((value, value));
            ends = Some((low.min(value), high.max(value)));
        }
        let (low, high) = match ends {
            None | Some((0.0, 0.0)) => (0.0, 1.0),
            Some((low, high)) if low >= 0.0 && low <= high / 2.0 => (0.0, high),
            Some((low, high)) if high <= 0.0 && high >= low / 2.0 => (low, 0.0),
            Some(ends) => ends,
        };
        // All equal, or so close that numbers cannot tell: as wide as a tenth of the number.
        let size = low.abs().max(high.abs());
        let least = (size * 1e-9).max(f64::MIN_POSITIVE);
        let (low, high) = if high - low < least {
            (low - size * 0.05 - least, high + size * 0.05 + least)
        } else {
            (low, high)
        };
        let step = round_step((high - low) / 5.0);
        let (first, last) = ((low / step.size).floor(), (high / step.size).ceil());
        // At most a handful: the step is at least a fifth of what is between.
        let count = (last - first).clamp(1.0, 12.0) as i32;
        let ticks: Vec<f64> = (0..=count).map(|index| step.times(first + f64::from(index))).collect();
        let (low, high) = match (ticks.first(), ticks.last()) {
            (Some(first), Some(last)) if first < last => (low.min(*first), high.max(*last)),
            _ => (low, high),
        };
        Self { low, high, ticks, apart: step.size }
    }

    /// How far up a value lies: 0 at the bottom, 1 at the top; what lies outside is at the edge.
    pub(crate) fn share(&self, value: f64) -> f64 {
        let share = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// A distance between round numbers: 1, 2 or 5 times a power of ten.
struct Step {
    size: f64,
    digit: f64,
    exponent: i32,
}

impl Step {
    /// A multiple of it, without the noise of a product of decimal fractions.
    fn times(&self, count: f64) -> f64 {
        let exact = format!("{:.0}e{}", count * self.digit, self.exponent).parse();
        exact.ok().filter(|value: &f64| value.is_finite()).unwrap_or(count * self.size)
    }
}

/// The round distance at or above one.
fn round_step(least: f64) -> Step {
    // `libm`'s logarithm is the same everywhere, so pictures are.
    let exponent = (libm::log10(least).floor() as i32).clamp(-307, 300);
    let step = |digit: f64, exponent: i32| {
        let size = format!("{digit}e{exponent}").parse().unwrap_or(1.0);
        Step { size, digit, exponent }
    };
    let candidates = [step(1.0, exponent), step(2.0, exponent), step(5.0, exponent)];
    candidates.into_iter().find(|step| step.size >= least).unwrap_or_else(|| step(1.0, exponent + 1))
}

/// A round number beside the axis. Units that are words stand above it; signs stand with each number.
pub(crate) fn tick(value: f64, unit: &str) -> String {
    let size = value.abs() * if matches!(unit, "share" | "relative" | "pp") { 100.0 } else { 1.0 };
    if value != 0.0 && !(1e-6..1e9).contains(&size) {
        return scientific(value, unit);
    }
    // Of a share, a plain sign of change would be wrong; zero needs no sign at all.
    format::chosen_short(value, unit)
}

/// A number of any size in few characters.
fn scientific(value: f64, unit: &str) -> String {
    let (value, sign) = match unit {
        "share" | "relative" => (value * 100.0, " %"),
        "pp" => (value * 100.0, " pp"),
        _ => (value, ""),
    };
    format!("{value:.1e}{sign}").replace('-', "\u{2212}")
}

/// A level that was read off or computed: rounded, and in few characters whatever its size. `apart`: the distance
/// of grid lines, of which a twentieth shall still show; 0 for none.
pub(crate) fn level(value: f64, unit: &str, apart: f64) -> String {
    let sign = matches!(unit, "share" | "relative" | "pp");
    let text = if sign { format::value(value, unit) } else { format::value(value, "") };
    if text.chars().count() > 16 {
        return scientific(value, unit);
    }
    let hundred = if sign { 100.0 } else { 1.0 };
    let wanted = -libm::log10(apart * hundred / 20.0).floor();
    let shown =
        text.split_once('.').map_or(0, |(_, after)| after.bytes().take_while(u8::is_ascii_digit).count());
    // Whole numbers of things stay whole; infinite for no distance at all.
    let is_whole = !sign && value == libm::trunc(value);
    if is_whole || !(1.0..=8.0).contains(&wanted) || wanted as usize <= shown {
        return text;
    }
    // Beside a distance that small, the number has no thousands.
    let digits = format!("{:.*}", wanted as usize, value * hundred).replace('-', "\u{2212}");
    match unit {
        "share" => format!("{digits} %"),
        "relative" | "pp" => text,
        _ => digits,
    }
}

/// An axis of days.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Days {
    first: Date,
    /// At least 1.
    pub(crate) count: usize,
    launch: Date,
}

impl Days {
    /// From the first to the last day, at most so many; `None`: they are no days, or in the wrong order.
    pub(crate) fn new(first: &str, last: &str, launch: &str, most: usize) -> Option<Self> {
        let (first, last): (Date, Date) = (first.parse().ok()?, last.parse().ok()?);
        let count = usize::try_from(days_between(first, last)).ok()? + 1;
        Some(Self { first, count: count.min(most), launch: launch.parse().ok()? })
    }

    /// Where a day lies, in days from the first; days outside too.
    pub(crate) fn position(&self, day: Date) -> f64 {
        f64::from(days_between(self.first, day))
    }

    /// Where the day of this text lies; `None`: it is no day, or not on the axis.
    pub(crate) fn find(&self, day: &str) -> Option<f64> {
        let position = self.position(day.parse().ok()?);
        (0.0..self.count as f64).contains(&position).then_some(position)
    }

    /// Positions of the days of a span, cut to the axis; `None`: nothing of it is on the axis.
    pub(crate) fn span(&self, first: &str, last: &str) -> Option<(f64, f64)> {
        let (first, last) = (self.position(first.parse().ok()?), self.position(last.parse().ok()?));
        let (first, last) = (first.max(0.0), last.min(self.count as f64 - 1.0));
        (first <= last).then_some((first, last))
    }

    /// The launch day.
    pub(crate) fn launch(&self) -> Option<f64> {
        let position = self.position(self.launch);
        (0.0..self.count as f64).contains(&position).then_some(position)
    }

    /// A day beside the launch: `10 Mar`.
    pub(crate) fn short(&self, position: usize) -> String {
        dates::short(self.day(position), self.launch)
    }

    /// A day in full: `Tue 10 Mar 2026`.
    pub(crate) fn full(&self, position: usize) -> String {
        dates::full(self.day(position))
    }

    /// The launch day in full, without its weekday: `10 Mar 2026`.
    pub(crate) fn launch_date(&self) -> String {
        self.launch.strftime("%-d %b %Y").to_string()
    }

    fn day(&self, position: usize) -> Date {
        plus_days(self.first, i32::try_from(position).unwrap_or(i32::MAX))
    }

    /// Days to write below the axis, at most `most` of them: each day, Mondays, or firsts of months.
    pub(crate) fn ticks(&self, most: usize) -> Vec<usize> {
        let weeks = |every: i32| {
            // Weeks are counted from one fixed Monday, so that the same days are marked in every picture.
            let monday = Date::constant(2024, 1, 1);
            move |day: Date| {
                day.weekday() == Weekday::Monday && (days_between(monday, day) / 7).rem_euclid(every) == 0
            }
        };
        let months = |every: i8| move |day: Date| day.day() == 1 && (day.month() - 1) % every == 0;
        let rules: [&dyn Fn(Date) -> bool; 8] =
            [&|_| true, &weeks(1), &weeks(2), &months(1), &months(2), &months(3), &months(6), &months(12)];
        let days = || (0..self.count).map(|position| (position, self.day(position)));
        let marked = |rule: &dyn Fn(Date) -> bool| -> Vec<usize> {
            days().filter(|(_, day)| rule(*day)).map(|(position, _)| position).collect()
        };
        rules.into_iter().map(marked).find(|ticks| ticks.len() <= most.max(1)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{Days, Values, level, tick};

    #[test]
    fn axes_have_few_round_numbers() {
        for (values, ticks) in [
            (vec![], vec![0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
            (vec![0.0, 0.0], vec![0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
            (vec![1_552.0, 4_424.0, 4_000.0], vec![0.0, 1_000.0, 2_000.0, 3_000.0, 4_000.0, 5_000.0]),
            (vec![2_711.0, 4_424.0, 4_000.0], vec![2_500.0, 3_000.0, 3_500.0, 4_000.0, 4_500.0]),
            (vec![0.61, 0.68], vec![0.6, 0.62, 0.64, 0.66, 0.68]),
            (vec![-3.0, 5.0], vec![-4.0, -2.0, 0.0, 2.0, 4.0, 6.0]),
            (vec![f64::NAN, 5.0, f64::INFINITY], vec![4.6, 4.8, 5.0, 5.2, 5.4]),
        ] {
            assert_eq!(Values::holding(values.clone()).ticks, ticks, "{values:?}");
        }
    }

    #[test]
    fn numbers_of_any_size_are_short() {
        for (value, unit, text) in [
            (4_000.0, "users", "4,000"),
            (0.012, "share", "1.2 %"),
            (1e12, "bytes", "1.0e12"),
            (-1e-12, "s", "\u{2212}1.0e\u{2212}12"),
            (1e300, "share", "1.0e302 %"),
            (0.0, "pp", "0 pp"),
        ] {
            assert_eq!(tick(value, unit), text);
        }
        assert_eq!(level(1e300, "share", 0.0), "1.0e302 %");
        assert_eq!(level(71.4285, "runs", 10.0), "71.43");
        assert_eq!(level(0.011_466, "share", 0.0005), "1.147 %");
        assert_eq!(level(0.6414, "share", 0.05), "64.1 %");
        assert_eq!(level(4_424.0, "users", 500.0), "4,424");
    }

    #[test]
    fn days_are_marked_so_that_their_names_fit() {
        let days = Days::new("2026-02-10", "2026-04-07", "2026-03-10", 2_000).unwrap();
        let named: Vec<String> = days.ticks(9).into_iter().map(|day| days.short(day)).collect();
        assert_eq!(named, ["16 Feb", "23 Feb", "2 Mar", "9 Mar", "16 Mar", "23 Mar", "30 Mar", "6 Apr"]);
        let days = Days::new("2024-01-15", "2026-12-31", "2026-03-10", 2_000).unwrap();
        assert!(days.ticks(8).len() <= 8 && !days.ticks(8).is_empty());
        assert!(days.ticks(0).len() <= 1);
        for (first, last) in [("2026-02-10", "2026-02-09"), ("x", "2026-02-09"), ("2026-02-30", "2026-03-01")]
        {
            assert!(Days::new(first, last, "2026-02-09", 10).is_none());
        }
    }
}
