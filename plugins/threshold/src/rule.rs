//! How bounds and an interval decide.
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

use yardstick_sdk::stats::Interval;

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

impl Bounds {
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
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Bounds, Call, Direction};
    use yardstick_sdk::stats::Interval;

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
