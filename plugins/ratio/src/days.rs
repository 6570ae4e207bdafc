//! Daily values of the metrics, paired by day.

use yardstick_sdk::stats::delta::Pair;
use yardstick_sdk::stats::{CompensatedSum, format};
use yardstick_sdk::{Calendar, Criterion, Frames, Metric};

use crate::answer::Trouble;
use crate::data::Data;
use crate::form::Form;
use crate::request::Request;
use crate::{DENOMINATOR, NUMERATOR, text};

/// The values of one metric by day.
#[derive(Debug)]
pub(crate) struct Daily {
    pub(crate) calendar: Calendar,
    /// One per day of the window; NaN is a missing day.
    pub(crate) values: Vec<f64>,
    key: String,
    /// Days up to which points are complete; `None`: nobody says.
    complete: Option<usize>,
}

impl Daily {
    /// # Errors
    /// When the frame is not as the contract says.
    pub(crate) fn read(
        frames: &Frames,
        name: &str,
        metric: &Metric,
        criterion: &Criterion,
    ) -> Result<Self, String> {
        let series = frames.get(name)?;
        let calendar = Calendar::of(series, criterion.window);
        let mut values = vec![f64::NAN; calendar.days()];
        for (time, value) in series.integers("time")?.into_iter().zip(series.numbers("value")?) {
            if let Some(position) = calendar.position(time) {
                values[position] = value;
            }
        }
        let complete = metric.complete_through.map(|through| calendar.complete_days(through));
        Ok(Self { calendar, values, key: metric.key.clone(), complete })
    }

    /// The value of a day; NaN: missing.
    pub(crate) fn on(&self, day: usize) -> f64 {
        self.values.get(day).copied().unwrap_or(f64::NAN)
    }

    /// What makes any number of this metric unusable, in the order in which people would mend it.
    pub(crate) fn check(&self, is_negative_wrong: bool) -> Result<(), Trouble> {
        let (key, days) = (&self.key, self.values.len());
        if self.values.iter().all(|value| value.is_nan()) {
            let headline = match days {
                0 => "the window has no whole day".to_owned(),
                _ => format!("no value of {key} on any of the {days} days to {}", self.calendar.last()),
            };
            return Err(Trouble::insufficient("no-data", headline));
        }
        if self.values.iter().any(|value| value.is_infinite()) {
            let headline = format!("{key} has a number beyond all bounds, which it cannot");
            return Err(Trouble::untrusted("out-of-range", headline));
        }
        if let Some(day) = self.values.iter().position(|value| is_negative_wrong && *value < 0.0) {
            let day = self.calendar.day(day as i64);
            return Err(Trouble::untrusted("negative", format!("{key} is below zero on {day}")));
        }
        if let Some(complete) = self.complete.filter(|complete| *complete < days) {
            let headline = format!(
                "{key} is complete through {} only; the window runs to {}",
                self.calendar.day(complete as i64 - 1),
                self.calendar.last()
            );
            return Err(Trouble::untrusted("stale", headline));
        }
        Ok(())
    }
}

/// # Errors
/// When a frame is not as the contract says.
pub(crate) fn read(
    request: &Request<'_>,
    criterion: &Criterion,
    frames: &Frames,
) -> Result<Result<Data, Trouble>, String> {
    let above = Daily::read(frames, NUMERATOR, request.numerator, criterion)?;
    let below = Daily::read(frames, DENOMINATOR, request.denominator, criterion)?;
    Ok(pair(request, &above, &below))
}

fn pair(request: &Request<'_>, above: &Daily, below: &Daily) -> Result<Data, Trouble> {
    above.check(request.is_part)?;
    below.check(true)?;
    let days = above.values.len().max(below.values.len());
    let last = days.saturating_sub(1);
    let takes_last = request.form.takes_last_denominator();
    if request.form == Form::Last && (above.on(last).is_nan() || below.on(last).is_nan()) {
        return Err(undecidable(above, below, last));
    }
    if takes_last && below.on(last).is_nan() {
        return Err(undecidable(below, below, last));
    }
    let has = |daily: &Daily, day: usize| !daily.on(day).is_nan();
    let counts = |day: &usize| request.form != Form::Last || *day == last;
    let lacks = |day: &usize| counts(day) && !(has(above, *day) && (takes_last || has(below, *day)));
    let missing: Vec<usize> = (0..days).filter(lacks).collect();
    let one_sided: Vec<usize> =
        missing.iter().copied().filter(|day| has(above, *day) || (!takes_last && has(below, *day))).collect();
    let warnings = check_missing(request, &above.calendar, &missing, &one_sided)?;
    let paired: Vec<usize> = (0..days).filter(|day| counts(day) && !lacks(day)).collect();
    let level = below.on(last);
    let number = paired.len() as f64;
    let of_day = |day: usize| {
        let denominator = match request.form {
            Form::Totals | Form::Averages | Form::Last => below.on(day),
            Form::AverageOverLast => level,
            Form::TotalOverLast => level / number,
            Form::TotalOverAverage => below.on(day) / number,
        };
        Pair { numerator: above.on(day), denominator }
    };
    let pairs = match request.form {
        Form::Last => vec![of_day(last)],
        _ => (0..days).map(|day| if lacks(&day) { Pair::MISSING } else { of_day(day) }).collect(),
    };
    let total = |daily: &Daily| paired.iter().map(|day| daily.on(*day)).collect::<CompensatedSum>().value();
    let shown = match request.form {
        Form::Totals => (total(above), total(below)),
        Form::Averages => (total(above) / number, total(below) / number),
        Form::Last => (above.on(last), level),
        Form::AverageOverLast => (total(above) / number, level),
        Form::TotalOverLast => (total(above), level),
        Form::TotalOverAverage => (total(above), total(below) / number),
    };
    Ok(Data { pairs, shown, covered: covered(request, &above.calendar, paired.len()), warnings })
}

/// The level that decides is not there.
fn undecidable(one: &Daily, other: &Daily, last: usize) -> Trouble {
    let lacking = if one.on(last).is_nan() { one } else { other };
    let is_one_sided = one.key != other.key && one.on(last).is_nan() != other.on(last).is_nan();
    let headline = format!("{} has no value on {}, which decides", lacking.key, lacking.calendar.last());
    Trouble::untrusted(if is_one_sided { "unpaired" } else { "gap" }, headline)
}

/// Warnings about days that are missing, as long as so many may be.
fn check_missing(
    request: &Request<'_>,
    calendar: &Calendar,
    missing: &[usize],
    one_sided: &[usize],
) -> Result<Vec<String>, Trouble> {
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    // A share of the days, but never so that rounding of the share forbids a whole number of them.
    let allowed = (request.max_missing * calendar.days() as f64 + 1e-9) as usize;
    let may = match allowed {
        0 => "none may be".to_owned(),
        some => format!("at most {some} may be"),
    };
    if one_sided.len() > allowed {
        let headline = format!(
            "{} from {} or {} alone; {may}",
            calendar.missing(one_sided),
            request.numerator.key,
            request.denominator.key
        );
        return Err(Trouble::untrusted("unpaired", headline));
    }
    if missing.len() > allowed {
        return Err(Trouble::untrusted("gap", format!("{}; {may}", calendar.missing(missing))));
    }
    let left_out = match one_sided.len() {
        0 => String::new(),
        1 => "; 1 of them from one side only, and left out on both".to_owned(),
        several => format!("; {several} of them from one side only, and left out on both"),
    };
    Ok(vec![format!("{}{left_out}", calendar.missing(missing))])
}

/// `28 days to 7 Apr`, `26 of 28 days to 7 Apr`, `level of 7 Apr`; `counted`: the days that are not left out.
pub(crate) fn covered(request: &Request<'_>, calendar: &Calendar, counted: usize) -> String {
    let last = calendar.last();
    let all = format::counted(calendar.days() as u64, "days");
    match (request.form, text::covers(request.numerator)) {
        (Form::Last, Some(days)) => format!("trailing {} to {last}", format::counted(days, "days")),
        (Form::Last, None) => format!("level of {last}"),
        _ if counted < calendar.days() => format!("{counted} of {all} to {last}"),
        _ => format!("{all} to {last}"),
    }
}
