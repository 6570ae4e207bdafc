//! Pairs of the two metrics, by day or by unit, and what they say.

use yardstick_sdk::Value;
use yardstick_sdk::bounds::Bounds;
use yardstick_sdk::flip::{self, Steps};
use yardstick_sdk::stats::delta::{self, Pair};
use yardstick_sdk::stats::{Degenerate, Interval, clopper_pearson, format};

use crate::answer::{Measured, Trouble};
use crate::form::Form;
use crate::request::{How, Request};
use crate::text;

/// Neighbours of fewer days do not show how much days resemble each other.
const LEAST_DAYS: u64 = 3;
/// Fewer days or units than this say little about how they differ.
const FEW: u64 = 7;
/// Beyond this a part is more than its whole by more than rounding.
const ROUNDING: f64 = 1e-12;

/// What the frames hold, once it can be trusted.
#[derive(Debug)]
pub(crate) struct Data {
    /// One per day in the order of time, or one per unit in the order of their names. Where one of the two is
    /// missing, so is the pair.
    pub(crate) pairs: Vec<Pair>,
    /// Numerator and denominator as they are told to a reader: totals where they are of the totals.
    pub(crate) shown: (f64, f64),
    /// What they cover, such as `28 days to 7 Apr`.
    pub(crate) covered: String,
    pub(crate) warnings: Vec<String>,
}

impl Data {
    pub(crate) fn judge(&self, request: &Request<'_>) -> Result<Measured, Trouble> {
        let present: Vec<Pair> = self.pairs.iter().copied().filter(|pair| pair.is_present()).collect();
        let value = delta::value(&present).map_err(|why| Trouble::of(why, request))?;
        let value = at_bound(value, &request.bounds);
        let units = present.len() as u64;
        self.check_parts(request, value)?;
        let so_far = Some((value, units));
        if let Some(least) = request.min_n.filter(|least| self.shown.1 < *least) {
            let unit = &request.denominator.unit;
            let headline = format!("{} of {}", format::value(self.shown.1, ""), format::value(least, unit));
            return Err(Trouble { so_far, ..Trouble::insufficient("too-few", headline) });
        }
        let spread = match request.how {
            How::Counted => None,
            How::Interval | How::Estimate => Some(self.spread(request)),
        };
        let spread = match spread {
            Some(Err(why)) if request.how == How::Interval => {
                return Err(Trouble { so_far, ..why.trouble(request) });
            }
            found => found.and_then(Result::ok),
        };
        let interval = spread.as_ref().map(|spread| spread.shown);
        let point = Interval { low: value, high: value };
        let decider =
            |found: Option<Interval>| found.filter(|_| request.how == How::Interval).unwrap_or(point);
        let decides = decider(interval);
        let free = decider(spread.as_ref().map(|spread| spread.free));
        let mut measured = Measured {
            value,
            interval,
            units,
            call: request.bounds.call(decides),
            detail: self.detail(request, interval.is_some()),
            flip: self.flip(request, decides, free),
            warnings: self.uneven(request, &present),
            facts: Vec::new(),
        };
        if let Some(spread) = spread {
            describe(request, &spread, &present, &mut measured);
        }
        Ok(measured)
    }

    /// A part cannot be more than its whole.
    fn check_parts(&self, request: &Request<'_>, value: f64) -> Result<(), Trouble> {
        if !request.is_part || value <= 1.0 + ROUNDING {
            return Ok(());
        }
        let (above, below) = (&request.numerator.key, &request.denominator.key);
        Err(Trouble::untrusted(
            "part-above-whole",
            format!(
                "{above} is more than {below} ({}); a part cannot be; where it is none, write \
                 may_exceed: true",
                text::shown(request, self.shown)
            ),
        ))
    }

    fn spread(&self, request: &Request<'_>) -> Result<Spread, NoSpread> {
        let ratio = match request.split {
            None => delta::consecutive(&self.pairs),
            Some(_) => delta::independent(&self.pairs),
        };
        let ratio = ratio.map_err(NoSpread::Degenerate)?;
        if request.split.is_none() && ratio.units < LEAST_DAYS {
            return Err(NoSpread::FewDays(ratio.units));
        }
        let linear = ratio.interval(request.confidence).map_err(NoSpread::Degenerate)?;
        let free = match self.exact(request) {
            Some(exact) => Interval { low: linear.low.min(exact.low), high: linear.high.max(exact.high) },
            None => linear,
        };
        // A part lies in 0..=1, whatever its linearised error says.
        let (least, most) = if request.is_part { (0.0, 1.0) } else { (f64::NEG_INFINITY, f64::INFINITY) };
        let shown = Interval { low: free.low.max(least), high: free.high.min(most) };
        Ok(Spread { shown, free, is_exact: free != linear, ratio })
    }

    /// Limits of counted things if each came about by itself: no interval of so many events is narrower, however
    /// alike their days or units look. Clopper and Pearson's of a part; those of a Poisson count else, as one of
    /// very many trials. `None`: it is not counts that are put over something.
    fn exact(&self, request: &Request<'_>) -> Option<Interval> {
        /// Trials that a part is of which has no whole; counts up to a millionth of them.
        const MANY: f64 = 1e9;
        let (above, below) = self.shown;
        let whole = |of: fn(&Pair) -> f64| {
            let mut present = self.pairs.iter().filter(|pair| pair.is_present());
            present.all(|pair| of(pair) >= 0.0 && text::is_whole(of(pair)))
        };
        if !whole(|pair| pair.numerator) || above <= 0.0 || below <= 0.0 {
            return None;
        }
        if request.is_part {
            let counts = request.form == Form::Totals && whole(|pair| pair.denominator);
            return clopper_pearson(above, below, request.confidence).ok().filter(|_| counts);
        }
        let adds_up = matches!(request.form, Form::Totals | Form::TotalOverAverage | Form::TotalOverLast);
        if !adds_up || above > 1e-3 * MANY {
            return None;
        }
        let Interval { low, high } = clopper_pearson(above, MANY, request.confidence).ok()?;
        let (low, high) = (low * MANY / below, high * MANY / below);
        (low.is_finite() && high.is_finite()).then_some(Interval { low, high })
    }

    /// `6,212 of 9,640 changesets; 28 days to 7 Apr; counted, not sampled`.
    fn detail(&self, request: &Request<'_>, has_interval: bool) -> String {
        let shown = text::shown(request, self.shown);
        format!("{shown}; {}; {}", self.covered, request.method(has_interval))
    }

    /// In whole things where the numerator counts things that decide by themselves, else by how much.
    fn flip(&self, request: &Request<'_>, decides: Interval, free: Interval) -> String {
        let (above, below) = self.shown;
        let bounds = &request.bounds;
        let farthest = bounds.weaker.map_or(0.0, |weaker| (weaker * below - above).abs());
        let farthest = farthest.max((bounds.target * below - above).abs());
        let counts = matches!(request.form, Form::Totals | Form::Last | Form::TotalOverLast)
            && request.how != How::Interval
            && text::is_whole(above)
            && text::is_whole(below)
            && above >= 0.0
            && farthest < 1e15;
        if !counts {
            return flip::cut(bounds, decides, free, &request.unit);
        }
        // Far below 2^53; one step more than needed does no harm.
        let most = farthest as u64 + 2;
        let up = if request.is_part { most.min((below - above).max(0.0) as u64) } else { most };
        let unit = &request.numerator.unit;
        Steps {
            direction: bounds.direction,
            room: (most.min(above as u64), up),
            call: &|down, steps| {
                let steps = steps as f64;
                let above = if down { above - steps } else { above + steps };
                bounds.call_point(at_bound(above / below, bounds))
            },
            text: &|down, steps| {
                let word = if down { "fewer" } else { "more" };
                let key = &request.numerator.key;
                format!("{} {word} {} in {key}", format::count(steps), format::noun(steps, unit))
            },
        }
        .describe()
    }

    /// Days or units on which the part is more than the whole, which hints at other things being counted.
    fn uneven(&self, request: &Request<'_>, present: &[Pair]) -> Vec<String> {
        let exceeds = |pair: &&Pair| pair.numerator > pair.denominator * (1.0 + ROUNDING);
        let over = present.iter().filter(exceeds).count();
        if !request.is_part
            || over == 0
            || !matches!(request.form, Form::Totals | Form::Averages | Form::Last)
        {
            return Vec::new();
        }
        let (above, below) = (&request.numerator.key, &request.denominator.key);
        let have = if over == 1 { "has" } else { "have" };
        vec![format!(
            "{over} of {} {have} more in {above} than in {below}: they may not count the same things",
            format::counted(present.len() as u64, &request.units())
        )]
    }
}

/// An interval and what it comes from.
struct Spread {
    /// Where the ratio may lie.
    shown: Interval,
    /// The same before a part is cut off at 0 and 1.
    free: Interval,
    /// Whether the exact limits of the counts are wider than those of the days or units.
    is_exact: bool,
    ratio: delta::Ratio,
}

/// Why there is no interval.
#[derive(Debug, Clone, Copy)]
enum NoSpread {
    Degenerate(Degenerate),
    FewDays(u64),
}

impl NoSpread {
    fn trouble(self, request: &Request<'_>) -> Trouble {
        match self {
            Self::Degenerate(why) => Trouble::of(why, request),
            Self::FewDays(days) => Trouble::insufficient(
                "too-few",
                format!(
                    "{} cannot show how much days resemble each other; at least {LEAST_DAYS} can",
                    format::counted(days, "days")
                ),
            ),
        }
    }
}

/// What is behind the interval.
fn describe(request: &Request<'_>, spread: &Spread, present: &[Pair], measured: &mut Measured) {
    let ratio = &spread.ratio;
    let all = format::counted(ratio.units, &request.units());
    let worth = format::value((10.0 * ratio.effective_units).round() / 10.0, "");
    let exact = if spread.is_exact { ", no narrower than exact limits of the counts" } else { "" };
    measured.detail = format!("{}; {all} worth {worth}{exact}", measured.detail);
    measured.facts.push(("units", Value::Integer(ratio.units.cast_signed())));
    measured.facts.push(("effective-units", Value::Number(ratio.effective_units)));
    if request.split.is_none() {
        measured.facts.push(("autocorrelation", Value::Number(ratio.autocorrelation)));
    } else if 2.0 * ratio.effective_units < ratio.units as f64 {
        let few = if 2.0 * sizes(present) < ratio.units as f64 {
            format!("a few hold most of {}", request.denominator.key)
        } else {
            format!("a few make most of the difference between {}", request.units())
        };
        measured.warnings.push(format!("{few}: {all} are worth {worth} of one size"));
    }
    if ratio.units < FEW {
        measured.warnings.push(format!("{all} say little about how much {} differ", request.units()));
    }
}

/// Equally large units that the denominators are worth (Kish).
fn sizes(present: &[Pair]) -> f64 {
    let largest = present.iter().map(|pair| pair.denominator).fold(0.0, f64::max);
    let (mut sum, mut squares) = (0.0, 0.0);
    for size in present.iter().map(|pair| pair.denominator / largest) {
        sum += size;
        squares += size * size;
    }
    sum * sum / squares
}

/// A ratio that differs from a bound by rounding alone is at the bound: 60 of 100 in thousands are 0.06 of
/// 0.1, whose quotient need not be 0.6 to the last bit.
fn at_bound(value: f64, bounds: &Bounds) -> f64 {
    let near = |bound: &f64| (value - bound).abs() <= 8.0 * f64::EPSILON * bound.abs();
    [Some(bounds.target), bounds.weaker].into_iter().flatten().find(near).unwrap_or(value)
}
