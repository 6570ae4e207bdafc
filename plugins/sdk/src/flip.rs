//! What would change an outcome, in words.

use crate::bounds::{Bounds, Call, Direction};
use crate::stats::{Interval, format, wilson};

/// A number that changes in whole steps, one thing more or less.
pub struct Steps<'a> {
    /// The side on which the target is met.
    pub direction: Direction,
    /// Steps that can be taken downwards and upwards.
    pub room: (u64, u64),
    /// What is called after so many steps down (`true`) or up; never better the further from the good side.
    pub call: &'a dyn Fn(bool, u64) -> Call,
    /// `313 fewer users` from the sign and number of steps.
    pub text: &'a dyn Fn(bool, u64) -> String,
}

impl Steps<'_> {
    /// `fails with 313 fewer users`, exact to the step.
    #[must_use]
    pub fn describe(&self) -> String {
        let now = (self.call)(true, 0);
        let mut parts = Vec::new();
        let (mut reached, mut taken) = (now, 0);
        for wanted in better_calls(now) {
            // A step may lead past the next better call.
            if reached >= wanted {
                continue;
            }
            let Some((call, steps)) = self.first(true, taken, |call| call >= wanted) else { break };
            (reached, taken) = (call, steps);
            parts.push(self.part(true, call, steps));
        }
        if now != Call::Fail {
            let found = self.first(false, 0, |call| call < now);
            parts.extend(found.map(|(call, steps)| self.part(false, call, steps)));
        }
        joined(parts)
    }

    /// Whether steps go down.
    fn is_down(&self, improve: bool) -> bool {
        improve == (self.direction == Direction::AtMost)
    }

    fn part(&self, improve: bool, call: Call, steps: u64) -> (Call, String) {
        (call, format!("with {}", (self.text)(self.is_down(improve), steps)))
    }

    /// The fewest steps after which `changed` holds, and what is called there, found by bisection: calls are
    /// monotone in steps, and after `not_yet` of them it does not hold.
    fn first(&self, improve: bool, mut not_yet: u64, changed: impl Fn(Call) -> bool) -> Option<(Call, u64)> {
        let down = self.is_down(improve);
        let mut enough = if down { self.room.0 } else { self.room.1 };
        let mut there = (self.call)(down, enough);
        if !changed(there) {
            return None;
        }
        while enough - not_yet > 1 {
            let middle = not_yet + (enough - not_yet) / 2;
            let call = (self.call)(down, middle);
            if changed(call) { (enough, there) = (middle, call) } else { not_yet = middle }
        }
        Some((there, enough))
    }
}

/// For the share `done / of` within its Wilson interval: `fails with 313 fewer done`, where `noun` is `done`. Counts that
/// are not whole are rounded down.
#[must_use]
pub fn share(done: f64, of: f64, confidence: f64, bounds: &Bounds, noun: &str) -> String {
    let call = |fewer: bool, steps: u64| {
        let moved = if fewer { done - steps as f64 } else { done + steps as f64 };
        wilson(moved.clamp(0.0, of), of, confidence).map_or(Call::Straddles, |moved| bounds.call(moved))
    };
    let word = |fewer: bool| if fewer { "fewer" } else { "more" };
    Steps {
        direction: bounds.direction,
        room: (done as u64, (of - done) as u64),
        call: &call,
        text: &|fewer, steps| format!("{} {} {noun}", format::count(steps), word(fewer)),
    }
    .describe()
}

/// For a number that changes continuously while the width of its interval stays: `fails if more than 12 ms
/// lower`.
#[must_use]
pub fn continuous(bounds: &Bounds, interval: Interval, unit: &str) -> String {
    let now = bounds.call(interval);
    let amount = |distance: f64| {
        // A difference of shares is in percentage points.
        let unit = if unit == "share" { "pp" } else { unit };
        format::value(distance.abs(), unit).trim_start_matches('+').to_owned()
    };
    let (better, worse) = match bounds.direction {
        Direction::AtLeast => ("higher", "lower"),
        Direction::AtMost => ("lower", "higher"),
    };
    let mut parts = Vec::new();
    for wanted in better_calls(now) {
        let short = bounds.short_of(wanted, interval);
        // The best call that so much brings along.
        let reached = better_calls(now).filter(|call| bounds.short_of(*call, interval) <= short).last();
        parts.push((reached.unwrap_or(wanted), format!("if {} {better}", amount(short))));
    }
    if now != Call::Fail {
        let reach = bounds.short_of(now, interval);
        let left = [Call::Marginal, Call::Straddles, Call::Fail]
            .into_iter()
            .find(|call| *call < now && bounds.short_of(*call, interval) < reach);
        let left = left.unwrap_or(Call::Fail);
        parts.push((left, format!("if more than {} {worse}", amount(reach))));
    }
    joined(parts)
}

/// [`continuous`] for a share, whose interval `shown` is `free` cut off at 0 and 1: what lies beyond them moves
/// along.
#[must_use]
pub fn cut(bounds: &Bounds, shown: Interval, free: Interval, unit: &str) -> String {
    if bounds.call(shown) == bounds.call(free) {
        continuous(bounds, free, unit)
    } else {
        "decided by the range of a share alone".to_owned()
    }
}

fn better_calls(now: Call) -> impl Iterator<Item = Call> {
    [Call::Straddles, Call::Marginal, Call::Pass].into_iter().filter(move |call| *call > now)
}

/// Drops parts that lead to a call which an earlier part already reaches.
fn joined(mut parts: Vec<(Call, String)>) -> String {
    parts.dedup_by(|later, earlier| later.0 == earlier.0);
    if parts.is_empty() {
        return "nothing within the range of the data would change it".to_owned();
    }
    let texts = parts.into_iter().map(|(call, text)| format!("{} {text}", call.becomes()));
    texts.collect::<Vec<_>>().join(", ")
}
