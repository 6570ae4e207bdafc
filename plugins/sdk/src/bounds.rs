//! Bounds that a number is held against: how they are written, how they decide, how they read.
//!
//! With a target and a weaker bound (the target itself, where no weaker one is declared), for `at_least`:
//!
//! | the interval | decides |
//! |---|---|
//! | lies wholly at or beyond the target | pass |
//! | lies wholly at or beyond the weaker bound only | marginal: that is shown to be met, the target is not |
//! | lies wholly short of the weaker bound | fail |
//! | contains the weaker bound | inconclusive |
//!
//! `at_most` is the mirror image. A number without sampling error is an interval of one point, for which the
//! table is a plain comparison and never inconclusive. Moving both ends of an interval in the good direction
//! never worsens the call, in the order fail, inconclusive, marginal, pass.

use crate::Quantity;
use crate::stats::{Interval, format};

/// The side on which the target is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    AtLeast,
    /// Less is better.
    AtMost,
}

/// What is asked of the number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The side on which the target is met.
    pub direction: Direction,
    /// The target itself counts as met.
    pub target: f64,
    /// The second bound, short of the target; `None`: none is declared.
    pub weaker: Option<f64>,
}

/// What the rule says, from worst to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// Wholly short of the weaker bound.
    Fail,
    /// The data fit both sides of the weaker bound.
    Straddles,
    /// The weaker bound is met, the target is not shown to be.
    Marginal,
    /// Wholly at or beyond the target.
    Pass,
}

/// Bounds as a release file writes them, each by the name of its parameter.
#[derive(Debug, Clone, Copy, Default)]
pub struct Written {
    /// `at_least`: the target to reach or exceed.
    pub at_least: Option<Quantity>,
    /// `at_most`: the target not to exceed.
    pub at_most: Option<Quantity>,
    /// `marginal_from`: with `at_least`, a second, weaker bound below it.
    pub marginal_from: Option<Quantity>,
    /// `marginal_to`: with `at_most`, a second, weaker bound above it.
    pub marginal_to: Option<Quantity>,
}

impl Written {
    /// The bounds in this unit. `level` reads the quantity of the parameter it is given the name of.
    ///
    /// # Errors
    /// A sentence that names the parameter: not exactly one target, a second bound that is not weaker or goes
    /// with the other target, or what `level` refuses.
    pub fn read(
        &self,
        unit: &str,
        level: impl Fn(&str, Quantity) -> Result<f64, String>,
    ) -> Result<Bounds, String> {
        let (name, target, weaker_name, weaker, direction) = match (self.at_least, self.at_most) {
            (Some(target), None) => {
                refuse("marginal_to", self.marginal_to, "at_most", "marginal_from")?;
                ("at_least", target, "marginal_from", self.marginal_from, Direction::AtLeast)
            }
            (None, Some(target)) => {
                refuse("marginal_from", self.marginal_from, "at_least", "marginal_to")?;
                ("at_most", target, "marginal_to", self.marginal_to, Direction::AtMost)
            }
            (Some(_), Some(_)) => return Err("at_least, at_most: give one of them, not both".to_owned()),
            (None, None) => {
                return Err("at_least: no target is given; write at_least or at_most".to_owned());
            }
        };
        let target = level(name, target)?;
        let weaker = weaker.map(|weaker| level(weaker_name, weaker)).transpose()?;
        let (is_weaker, side) = match direction {
            Direction::AtLeast => (weaker.is_none_or(|weaker| weaker < target), "below"),
            Direction::AtMost => (weaker.is_none_or(|weaker| weaker > target), "above"),
        };
        if !is_weaker {
            return Err(format!(
                "{weaker_name}: the second bound must be weaker, {side} {name} ({})",
                format::chosen(target, unit)
            ));
        }
        Ok(Bounds { direction, target, weaker })
    }
}

fn refuse(name: &str, given: Option<Quantity>, goes_with: &str, instead: &str) -> Result<(), String> {
    match given {
        None => Ok(()),
        Some(_) => Err(format!("{name}: goes with {goes_with}; write {instead}")),
    }
}

impl Bounds {
    /// More is better, without a second bound.
    #[must_use]
    pub fn at_least(target: f64) -> Self {
        Self { direction: Direction::AtLeast, target, weaker: None }
    }

    /// Less is better, without a second bound.
    #[must_use]
    pub fn at_most(target: f64) -> Self {
        Self { direction: Direction::AtMost, target, weaker: None }
    }

    /// The rule.
    #[must_use]
    pub fn call(&self, interval: Interval) -> Call {
        [Call::Pass, Call::Marginal, Call::Straddles]
            .into_iter()
            .find(|call| self.short_of(*call, interval) <= 0.0)
            .unwrap_or(Call::Fail)
    }

    /// The rule for a number without sampling error.
    #[must_use]
    pub fn call_point(&self, value: f64) -> Call {
        self.call(Interval { low: value, high: value })
    }

    /// How far both ends would have to move in the good direction for this call or a better one; at most 0:
    /// it is reached. Every interval reaches [`Call::Fail`].
    #[must_use]
    pub fn short_of(&self, call: Call, interval: Interval) -> f64 {
        // Seen so that more is better.
        let (worst, best, sign) = match self.direction {
            Direction::AtLeast => (interval.low, interval.high, 1.0),
            Direction::AtMost => (-interval.high, -interval.low, -1.0),
        };
        let weaker = self.weaker.unwrap_or(self.target);
        match call {
            Call::Fail => f64::NEG_INFINITY,
            Call::Straddles => sign * weaker - best,
            Call::Marginal if self.weaker.is_none() => sign * self.target - worst,
            Call::Marginal => sign * weaker - worst,
            Call::Pass => sign * self.target - worst,
        }
    }

    /// `64.4 % [63.5, 65.4] contains 65 %; target 65 % or more`: one sentence with the numbers that decide.
    /// An interval that does not decide is shown with the words `by the estimate alone`.
    #[must_use]
    pub fn headline(
        &self,
        value: f64,
        interval: Option<Interval>,
        call: Call,
        by_estimate: bool,
        unit: &str,
    ) -> String {
        // Beside the bound that the number is closest to deciding, so that rounding cannot hide the side.
        let deciding = match call {
            Call::Pass => self.target,
            Call::Marginal if value >= self.target => self.target,
            Call::Marginal | Call::Straddles | Call::Fail => self.weaker.unwrap_or(self.target),
        };
        let mut text = match interval {
            Some(Interval { low, high }) => format::estimate_beside(value, low, high, deciding, unit),
            None => format::value_beside(value, deciding, unit),
        };
        if by_estimate {
            text.push_str(" by the estimate alone");
        } else if call == Call::Straddles {
            text.push_str(&format!(" contains {}", format::chosen_short(deciding, unit)));
        }
        format!("{text}; {}", self.asked(unit))
    }

    /// `target 4,000 or more, marginal from 3,200`.
    fn asked(&self, unit: &str) -> String {
        let (more, from) = match self.direction {
            Direction::AtLeast => ("more", "from"),
            Direction::AtMost => ("less", "to"),
        };
        let target = format!("target {} or {more}", format::chosen_short(self.target, unit));
        match self.weaker {
            Some(weaker) => format!("{target}, marginal {from} {}", format::chosen_short(weaker, unit)),
            None => target,
        }
    }
}

impl Call {
    /// How a call begins the text of what would bring it about.
    pub(crate) fn becomes(self) -> &'static str {
        match self {
            Self::Pass => "passes",
            Self::Marginal => "marginal",
            Self::Straddles => "inconclusive",
            Self::Fail => "fails",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Bounds, Call, Direction};
    use crate::stats::Interval;

    #[test]
    fn the_table_holds_in_both_directions() {
        use Call::{Fail, Marginal, Pass, Straddles};
        for (low, high, without_weaker, with_weaker) in [
            (61.0, 65.0, Pass, Pass),
            (60.0, 65.0, Pass, Pass),
            (60.0, 60.0, Pass, Pass),
            (59.0, 65.0, Straddles, Marginal),
            (56.0, 60.0, Straddles, Marginal),
            (56.0, 59.0, Fail, Marginal),
            (55.0, 55.0, Fail, Marginal),
            (54.0, 65.0, Straddles, Straddles),
            (54.0, 58.0, Fail, Straddles),
            (50.0, 55.0, Fail, Straddles),
            (50.0, 54.0, Fail, Fail),
            (54.0, 54.0, Fail, Fail),
        ] {
            let least = |weaker| Bounds { direction: Direction::AtLeast, target: 60.0, weaker };
            let most = |weaker| Bounds { direction: Direction::AtMost, target: -60.0, weaker };
            let (interval, mirrored) = (Interval { low, high }, Interval { low: -high, high: -low });
            assert_eq!(least(None).call(interval), without_weaker, "[{low}, {high}]");
            assert_eq!(least(Some(55.0)).call(interval), with_weaker, "[{low}, {high}]");
            assert_eq!(most(None).call(mirrored), without_weaker, "mirrored [{low}, {high}]");
            assert_eq!(most(Some(-55.0)).call(mirrored), with_weaker, "mirrored [{low}, {high}]");
        }
    }

    proptest! {
        #[test]
        fn a_better_interval_is_never_called_worse(
            low in -10.0..10.0_f64, width in 0.0..5.0_f64, up in 0.0..5.0_f64, wider in 0.0..5.0_f64,
            target in -10.0..10.0_f64, weaker in proptest::option::of(0.01..5.0_f64), least: bool,
        ) {
            let direction = if least { Direction::AtLeast } else { Direction::AtMost };
            let sign = if least { 1.0 } else { -1.0 };
            let bounds = Bounds { direction, target, weaker: weaker.map(|by| target - sign * by) };
            let before = Interval { low, high: low + width };
            let after = if least {
                Interval { low: low + up, high: low + width + up + wider }
            } else {
                Interval { low: low - up - wider, high: low + width - up }
            };
            prop_assert!(bounds.call(after) >= bounds.call(before));
        }

        #[test]
        fn a_single_point_is_never_inconclusive(value in -10.0..10.0_f64, target in -10.0..10.0_f64) {
            let bounds = Bounds { direction: Direction::AtLeast, target, weaker: Some(target - 1.0) };
            prop_assert_ne!(bounds.call_point(value), Call::Straddles);
        }
    }
}
