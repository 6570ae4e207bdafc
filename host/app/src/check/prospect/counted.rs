//! Numbers that are compared as they are: where they stand, and where they would be if nothing changed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use yardstick_domain::criteria::Criterion;
use yardstick_domain::metric::Kind;
use yardstick_domain::time::{days_between, plus_days};
use yardstick_stats::daily::Day;

use super::past::{LEAST_WEEKS, Past, total, trend};

const WEEK: usize = 7;

/// What is counted.
pub(super) enum Number<'a> {
    /// One metric.
    Metric(&'a Past),
    /// One over another, as the judge `ratio` puts them.
    Ratio { above: &'a Past, below: &'a Past, levels: Option<String> },
}

/// What the days of one metric come to in a ratio.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Total,
    Last,
    Average,
}

impl<'a> Number<'a> {
    /// What a criterion of this judge counts; `None`: it lacks the metrics.
    pub(super) fn of(criterion: &Criterion, pasts: &'a BTreeMap<String, Past>) -> Option<Self> {
        match (pasts.get("numerator"), pasts.get("denominator")) {
            (Some(above), Some(below)) => {
                let levels = criterion.params.get("levels").and_then(serde_json::Value::as_str);
                Some(Self::Ratio { above, below, levels: levels.map(str::to_owned) })
            }
            _ => pasts.values().next().filter(|_| pasts.len() == 1).map(Self::Metric),
        }
    }

    /// Days that all of its metrics have.
    fn days(&self) -> usize {
        match self {
            Self::Metric(past) => past.days.len(),
            Self::Ratio { above, below, .. } => above.days.len().min(below.days.len()),
        }
    }

    /// The newest day that all of them have.
    pub(super) fn newest(&self) -> Date {
        match self {
            Self::Metric(past) => past.newest,
            Self::Ratio { above, below, .. } => above.newest.min(below.newest),
        }
    }

    /// What `days` days come to that end so many before the newest; `None`: they are not all there.
    pub(super) fn over(&self, days: usize, back: usize) -> Option<f64> {
        match self {
            Self::Metric(past) => past.over(ending(past, past.newest, days, back)?),
            Self::Ratio { above, below, .. } => {
                let (one, other) = self.forms();
                let newest = self.newest();
                let numerator = level(ending(above, newest, days, back)?, one)?;
                let denominator = level(ending(below, newest, days, back)?, other)?;
                (denominator > 0.0).then(|| numerator / denominator).filter(|ratio| ratio.is_finite())
            }
        }
    }

    fn forms(&self) -> (Form, Form) {
        let Self::Ratio { above, below, levels } = self else { return (Form::Last, Form::Last) };
        let covers = |past: &Past| past.metric.covers_days.unwrap_or(1);
        let is_sum = |past: &Past| past.metric.kind == Kind::Sum;
        let one = match levels.as_deref() {
            _ if is_sum(above) => Form::Total,
            Some("average" | "average-over-last") => Form::Average,
            Some(_) => Form::Last,
            None if covers(above) < covers(below) => Form::Average,
            None => Form::Last,
        };
        let other = match levels.as_deref() {
            _ if is_sum(below) => Form::Total,
            Some("average") => Form::Average,
            None if one == Form::Total && covers(below) <= 1 => Form::Average,
            _ => Form::Last,
        };
        (one, other)
    }

    /// Whether it grows with the days that count, so that a week is no measure of it.
    fn is_total_over_level(&self) -> bool {
        matches!(self.forms(), (Form::Total, Form::Last | Form::Average))
    }

    /// By how much it grew a week: of a sum, by how much the sum of a week did.
    pub(super) fn trend(&self) -> Option<f64> {
        if self.is_total_over_level() {
            return None;
        }
        trend(self.days(), |back| self.over(WEEK, back))
    }

    /// Whether a trend is missing because there are too few weeks.
    pub(super) fn is_too_short_for_a_trend(&self) -> bool {
        self.days() < LEAST_WEEKS * WEEK
    }

    /// What it would come to over `days` days that end on this day, if its trend went on. Never below zero where it
    /// never was, nor a share above one.
    pub(super) fn reaches(&self, days: u32, end: Date) -> Option<f64> {
        let slope = self.trend()?;
        let newest = self.over(WEEK, 0)?;
        let weeks = |from: Date, to: Date| f64::from(days_between(from, to)) / WEEK as f64;
        let is_sum = matches!(self, Self::Metric(past) if past.metric.kind == Kind::Sum);
        let reached = if is_sum {
            // From the middle of the newest week to the middle of the days that count.
            let middle = plus_days(end, -(days.cast_signed() / 2));
            let ahead = weeks(plus_days(self.newest(), -3), middle);
            f64::from(days) / WEEK as f64 * (newest + slope * ahead)
        } else {
            newest + slope * weeks(self.newest(), end)
        };
        let is_share = matches!(self, Self::Metric(past) if past.metric.is_share());
        let least = if newest >= 0.0 { 0.0 } else { f64::NEG_INFINITY };
        let most = if is_share { 1.0 } else { f64::INFINITY };
        reached.is_finite().then(|| reached.clamp(least, most))
    }
}

/// The days of a metric that end so many before this one.
fn ending(past: &Past, newest: Date, days: usize, back: usize) -> Option<&[Day]> {
    let later = usize::try_from(days_between(newest, past.newest)).ok()?;
    let end = past.days.len().checked_sub(later)?.checked_sub(back)?;
    Some(&past.days[end.checked_sub(days)?..end])
}

fn level(days: &[Day], form: Form) -> Option<f64> {
    let present = days.iter().filter(|day| day.sum.is_finite()).count();
    match form {
        Form::Last => days.last().map(|day| day.sum).filter(|level| level.is_finite()),
        Form::Total => (present == days.len()).then(|| total(days, |day| day.sum)),
        Form::Average => {
            let known: Vec<Day> = days.iter().copied().filter(|day| day.sum.is_finite()).collect();
            (present > 0).then(|| total(&known, |day| day.sum) / present as f64)
        }
    }
}
