//! What so many days after a launch tell from a bound, by the mathematics of the judge that decides.

use yardstick_domain::metric::Kind;
use yardstick_stats::before_after::{Comparison, Effect, Period, compare};
use yardstick_stats::daily::{self, Day};
use yardstick_stats::delta::{self, Pair};
use yardstick_stats::power::{
    Aim, Limits, Told, TwoShares, design, mean_told, means_told, over_days, share_told,
};
use yardstick_stats::{Degenerate, standard_error};

use super::past::{Past, pooled, total};

/// With fewer expected successes or failures a share is decided by exact limits.
const FEW: f64 = 20.0;
const WEEK: usize = 7;
/// The most days that a comparison of days takes, and the latest checkpoint there is.
const MOST_COMPARED: u32 = 364;
const MOST_DAYS: u32 = 730;

/// What is held against a bound, and how.
pub(super) enum Held<'a> {
    /// A pooled level.
    Level(&'a Past),
    /// One sum of days over another.
    Pairs(Vec<Pair>),
    /// Days after against this many days before, as a part of them or in the metric's unit.
    Compared { past: &'a Past, baseline: u32, relative: bool },
    /// Variants of parts of all units against a control.
    Variants { past: &'a Past, arms: Arms, relative: bool },
}

/// How units are split.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arms {
    /// Part of all units that the control has.
    pub(super) control: f64,
    /// Part that the smallest variant that decides has.
    pub(super) variant: f64,
}

/// What is asked of the future.
pub(super) struct Teller<'a> {
    pub(super) held: Held<'a>,
    /// The bound, with its sign.
    pub(super) bound: f64,
    pub(super) aim: Aim,
}

/// What a number of days tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) told: Told,
    /// Observations in them.
    pub(super) n: Option<f64>,
}

impl Teller<'_> {
    /// What so many days tell.
    pub(super) fn after(&self, days: u32) -> Result<Seen, Degenerate> {
        let count = days as usize;
        match &self.held {
            Held::Level(past) => self.level(past, count),
            Held::Pairs(pairs) => {
                let found = over_days(pairs, count, delta::consecutive, |found| found.standard_error)?;
                let df = found.effective_units - 1.0;
                let half = self.aim.student(df)?.difference(found.standard_error);
                Ok(Seen { told: around(self.bound, half), n: None })
            }
            Held::Compared { past, baseline, relative } => {
                self.compared(past, count, *baseline as usize, *relative)
            }
            Held::Variants { past, arms, relative } => self.variants(past, count, *arms, *relative),
        }
    }

    /// Whether so many days tell this value from the bound.
    pub(super) fn tells(&self, days: u32, value: f64) -> bool {
        self.after(days).is_ok_and(|seen| seen.tells(value))
    }

    /// The fewest days that tell this value from the bound, looked for from the days that decide: fewer where those tell
    /// it, else more. `None`: more than any checkpoint has.
    pub(super) fn needed(&self, value: f64, due: u32) -> Option<u32> {
        let most = if matches!(self.held, Held::Compared { .. }) { MOST_COMPARED } else { MOST_DAYS };
        let (mut few, mut many) = (0, due.clamp(1, most));
        while !self.tells(many, value) {
            if many >= most {
                return None;
            }
            few = many;
            many = (many * 2).min(most);
        }
        while many - few > 1 {
            let middle = few + (many - few) / 2;
            if self.tells(middle, value) { many = middle } else { few = middle }
        }
        Some(many)
    }

    /// As the judge `threshold`: counts of things by Wilson's interval, wider where days differ; anything else by the
    /// error between days, or between the units of a mean where that is larger.
    fn level(&self, past: &Past, count: usize) -> Result<Seen, Degenerate> {
        let n = past.n_per_day(WEEK * 4).map(|n| n * count as f64);
        let is_count =
            past.metric.is_share() && past.metric.kind == Kind::Ratio && past.days.iter().all(is_whole);
        if is_count {
            let design = over_days(&past.days, count, design, |found| found.effect)?;
            let trials = n.unwrap_or(0.0) / design.effect;
            let quantiles = match design.df {
                None => self.aim.normal()?,
                Some(df) => self.aim.student(df)?,
            };
            let share = pooled(&past.days).unwrap_or(self.bound);
            let few = trials * share.min(1.0 - share) < FEW;
            let limits = if few { Limits::Exact } else { Limits::Score };
            return Ok(Seen { told: share_told(quantiles, self.bound, trials, limits)?, n });
        }
        let found = over_days(&past.days, count, daily::pool, |found| found.standard_error)?;
        let days = self.aim.student(found.effective_days - 1.0)?.difference(found.standard_error);
        let half = match (deviation(past), n) {
            (Some(deviation), Some(n)) if n >= 2.0 => days.max(mean_told(self.aim, deviation, n)?),
            _ => days,
        };
        Ok(Seen { told: around(self.bound, half), n })
    }

    /// As the judge `before-after`.
    fn compared(
        &self,
        past: &Past,
        days_after: usize,
        days_before: usize,
        relative: bool,
    ) -> Result<Seen, Degenerate> {
        let effect = if relative { Effect::Proportional } else { Effect::Additive };
        // The launch day belongs to neither side.
        let compared = |days: &[Day]| {
            let baseline = Period { days: &days[..days_before], first_weekday: 0 };
            let after = Period { days: &days[days_before + 1..], first_weekday: days_before + 1 };
            compare(after, baseline, effect)
        };
        let error =
            |found: &Comparison| found.difference().map_or(f64::INFINITY, |found| found.standard_error);
        let found = over_days(&past.days, days_before + 1 + days_after, compared, error)?;
        let quantiles = self.aim.student(found.difference()?.df)?;
        let times = if relative { 1.0 + self.bound } else { 1.0 };
        let (after, before) = (found.after.standard_error, times * found.before.standard_error);
        let half = quantiles.difference((after * after + before * before).sqrt());
        let half = match relative {
            true if found.before.value <= 0.0 => return Err(Degenerate::NotPositive),
            true => half / found.before.value,
            false => half,
        };
        let n = past.n_per_day(WEEK * 4).map(|n| n * days_after as f64);
        Ok(Seen { told: around(self.bound, half), n })
    }

    /// As the judge `experiment`: two proportions, or Welch's two means, of the units that there are a day.
    fn variants(&self, past: &Past, count: usize, arms: Arms, relative: bool) -> Result<Seen, Degenerate> {
        let n = past.n_per_day(WEEK * 4).unwrap_or(0.0) * count as f64;
        let level = pooled(&past.days).ok_or(Degenerate::NoData)?;
        if relative && level <= 0.0 {
            return Err(Degenerate::NotPositive);
        }
        let (control, variant) = (n * arms.control, n * arms.variant);
        let (factor, margin) = if relative { (1.0 + self.bound, 0.0) } else { (1.0, self.bound) };
        let told = if past.metric.kind == Kind::Ratio {
            let two = TwoShares { control: level, factor, margin, per_control: arms.variant / arms.control };
            let found = two.told(self.aim.normal()?, control)?;
            let change = |share: f64| if relative { share / level - 1.0 } else { share - level };
            Told { low: found.low.map(change), high: found.high.map(change) }
        } else {
            let deviation = deviation(past).ok_or(Degenerate::ZeroVariance)?;
            let half = means_told(self.aim, (deviation, factor * deviation), (variant, control))?;
            around(self.bound, if relative { half / level } else { half })
        };
        Ok(Seen { told, n: Some(n) })
    }
}

impl Seen {
    fn tells(&self, value: f64) -> bool {
        self.told.low.is_some_and(|low| value <= low) || self.told.high.is_some_and(|high| value >= high)
    }
}

fn around(bound: f64, half: f64) -> Told {
    Told { low: Some(bound - half), high: Some(bound + half) }
}

fn is_whole(day: &Day) -> bool {
    let whole = |number: f64| number.is_nan() || number == number.trunc();
    whole(day.n) && whole(day.sum)
}

/// Standard deviation of the units of a mean; `None`: it has none, or a day does not say.
fn deviation(past: &Past) -> Option<f64> {
    let told = |day: &Day, squares: &f64| day.n.is_finite() && day.sum.is_finite() && squares.is_finite();
    let known: Vec<(Day, f64)> = past
        .days
        .iter()
        .zip(&past.squares)
        .filter(|(day, squares)| told(day, squares))
        .map(|(day, squares)| (*day, *squares))
        .collect();
    if past.metric.kind != Kind::Mean || known.is_empty() {
        return None;
    }
    let days: Vec<Day> = known.iter().map(|(day, _)| *day).collect();
    let squares: f64 = known.iter().map(|(_, squares)| squares).sum();
    let n = total(&days, |day| day.n);
    let error = standard_error(n, total(&days, |day| day.sum), squares).ok()?;
    Some(error * n.sqrt()).filter(|deviation| *deviation > 0.0)
}
