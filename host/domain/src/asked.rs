//! What a criterion asks of its metric, read from its parameters by the names that the built-in judges give them.
//!
//! A plugin of a team may call its parameters anything; one that uses the same names is read the same way. For
//! looking at a criterion before anything is judged: what decides is what its judge makes of the parameters.

use serde_json::Value;
use yardstick_stats::Quantity;

use crate::criteria::Criterion;
use crate::metric::{Better, Metric};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Asked {
    /// `at_least`: a level to reach or exceed.
    AtLeast(Quantity),
    /// `at_most`: a level not to exceed.
    AtMost(Quantity),
    /// `better_by_at_least`: an improvement to reach; not negative.
    BetterBy(Quantity),
    /// `worse_by_at_most`: a worsening that is still acceptable; not negative.
    WorseBy(Quantity),
}

/// A bound in the metric's own unit, or of a change of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// What the number is held against, with its sign.
    pub at: f64,
    /// Whether it is met at and above the bound, rather than at and below it.
    pub is_least: bool,
}

impl Asked {
    /// The parameter it is written as.
    #[must_use]
    pub fn parameter(self) -> &'static str {
        match self {
            Self::AtLeast(_) => "at_least",
            Self::AtMost(_) => "at_most",
            Self::BetterBy(_) => "better_by_at_least",
            Self::WorseBy(_) => "worse_by_at_most",
        }
    }

    /// What is written there.
    #[must_use]
    pub fn quantity(self) -> Quantity {
        match self {
            Self::AtLeast(given) | Self::AtMost(given) | Self::BetterBy(given) | Self::WorseBy(given) => {
                given
            }
        }
    }

    /// Whether it is of a change, rather than of a level.
    #[must_use]
    pub fn is_change(self) -> bool {
        matches!(self, Self::BetterBy(_) | Self::WorseBy(_))
    }

    /// The bound of the level or of the change: a part of the level before for per cent, else in the metric's unit.
    /// `None`: a change of a metric that improves neither way.
    #[must_use]
    pub fn bound(self, better: Better) -> Option<Bound> {
        let size = self.quantity().value();
        let change = |better_by: f64| match better {
            Better::Higher => Some(Bound { at: better_by, is_least: true }),
            // -0 becomes 0.
            Better::Lower => Some(Bound { at: 0.0 - better_by, is_least: false }),
            Better::Neither => None,
        };
        match self {
            Self::AtLeast(_) => Some(Bound { at: size, is_least: true }),
            Self::AtMost(_) => Some(Bound { at: size, is_least: false }),
            Self::BetterBy(_) => change(size),
            Self::WorseBy(_) => change(0.0 - size),
        }
    }
}

impl Bound {
    /// Whether this number meets it.
    #[must_use]
    pub fn is_met_by(self, number: f64) -> bool {
        if self.is_least { number >= self.at } else { number <= self.at }
    }
}

impl Criterion {
    /// What it asks; `None`: no parameter of these names, or more than one, or none that is a quantity.
    #[must_use]
    pub fn asked(&self) -> Option<Asked> {
        let of = |name: &str, asked: fn(Quantity) -> Asked| self.quantity(name).map(asked);
        let found = [
            of("at_least", Asked::AtLeast),
            of("at_most", Asked::AtMost),
            of("better_by_at_least", Asked::BetterBy),
            of("worse_by_at_most", Asked::WorseBy),
        ];
        let mut found = found.into_iter().flatten();
        found.next().filter(|_| found.next().is_none())
    }

    /// A parameter that is a number or a quantity in a text; `None`: there is none of this name.
    #[must_use]
    pub fn quantity(&self, name: &str) -> Option<Quantity> {
        match self.params.get(name)? {
            Value::Number(number) => Quantity::from_json_number(number.as_f64()?).ok(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// What the team expects, as a quantity of the kind of the one that is asked; `None`: nothing, or of another
    /// kind.
    #[must_use]
    pub fn expected(&self) -> Option<f64> {
        let expected: Quantity = self.expected.as_deref()?.parse().ok()?;
        let alike =
            |one: Quantity, other: Quantity| std::mem::discriminant(&one) == std::mem::discriminant(&other);
        self.asked().is_none_or(|asked| alike(asked.quantity(), expected)).then(|| expected.value())
    }

    /// The metric it is about where it names one alone; `None`: it names several, or it is not among these.
    pub fn only_metric<'a>(
        &self,
        known: impl Fn(&crate::ids::MetricKey) -> Option<&'a Metric>,
    ) -> Option<&'a Metric> {
        let mut keys = self.metrics.values();
        let key = keys.next().filter(|_| self.metrics.len() == 1)?;
        known(key)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use yardstick_stats::Quantity;

    use super::{Asked, Bound};
    use crate::metric::Better;

    #[test]
    fn what_is_asked_is_one_quantity_of_a_known_name() {
        let asked = |params: serde_json::Value| crate::lint::tests::criterion("a", params).asked();
        assert_eq!(asked(json!({ "at_least": 4000 })), Some(Asked::AtLeast(Quantity::Plain(4000.0))));
        assert_eq!(asked(json!({ "at_most": "1%" })), Some(Asked::AtMost(Quantity::Percent(0.01))));
        assert_eq!(
            asked(json!({ "worse_by_at_most": "0.1pp" })),
            Some(Asked::WorseBy(Quantity::Points(0.001)))
        );
        for none in [
            json!({}),
            json!({ "at_least": true }),
            json!({ "at_least": 1, "at_most": 2 }),
            json!({ "beyond": 1 }),
        ] {
            assert_eq!(asked(none.clone()), None, "{none}");
        }
    }

    #[test]
    fn a_change_is_bound_in_the_direction_in_which_the_metric_improves() {
        let better = Asked::BetterBy(Quantity::Percent(0.05));
        let worse = Asked::WorseBy(Quantity::Percent(0.05));
        for (asked, direction, bound) in [
            (better, Better::Higher, Some(Bound { at: 0.05, is_least: true })),
            (better, Better::Lower, Some(Bound { at: -0.05, is_least: false })),
            (worse, Better::Higher, Some(Bound { at: -0.05, is_least: true })),
            (worse, Better::Lower, Some(Bound { at: 0.05, is_least: false })),
            (worse, Better::Neither, None),
        ] {
            assert_eq!(asked.bound(direction), bound, "{asked:?} {direction:?}");
        }
    }

    #[test]
    fn what_is_expected_is_written_like_what_is_asked() {
        let mut criterion = crate::lint::tests::criterion("a", json!({ "at_least": "60%" }));
        criterion.expected = Some("65%".to_owned());
        assert_eq!(criterion.expected(), Some(0.65));
        criterion.expected = Some("65".to_owned());
        assert_eq!(criterion.expected(), None);
    }
}
