//! Where the numbers of a finding lie on the axis of its daily values.

use std::ops::Range;

use serde_json::Value;
use yardstick_client::chart::{LevelPart, LinePart, ObservedPart};
use yardstick_client::document::FindingPart;
use yardstick_stats::Quantity;

/// Parameters that hold a second, weaker bound, by the names they have by convention.
const MARGINAL: [&str; 2] = ["marginal_from", "marginal_to"];
/// The judge's estimate of the days before, by the name it has by convention.
const BEFORE: &str = "before";

/// The axis that numbers are placed on.
pub(super) struct Scale<'a> {
    /// Unit of its values.
    pub(super) unit: &'a str,
    /// Whether the judged number is the total of the window's days.
    pub(super) total: bool,
    /// Positions of the window's days.
    pub(super) window: Option<Range<usize>>,
    /// The only line.
    pub(super) line: Option<&'a LinePart>,
}

/// How a finding's number becomes a level of the axis.
#[derive(Debug, Clone, Copy)]
enum Way {
    Same,
    /// A total, spread over days.
    PerDay(u32),
    /// A ratio minus one, of a baseline.
    Times(f64),
    /// A difference from a baseline.
    Plus(f64),
}

impl Way {
    fn level(self, number: f64) -> Option<f64> {
        let level = match self {
            Self::Same => number,
            Self::PerDay(days) => number / f64::from(days),
            Self::Times(base) => base * (1.0 + number),
            Self::Plus(base) => base + number,
        };
        Some(level).filter(|level| level.is_finite())
    }

    fn over_days(self) -> Option<u32> {
        match self {
            Self::PerDay(days) => Some(days),
            Self::Same | Self::Times(_) | Self::Plus(_) => None,
        }
    }
}

/// Target, weaker bound, and the number that decided.
pub(super) type Placed = (Option<LevelPart>, Option<LevelPart>, Option<ObservedPart>);

impl Scale<'_> {
    /// What of a finding has a place on the axis. A difference between variants has none.
    pub(super) fn place(&self, finding: &FindingPart, params: &Value) -> Placed {
        let said = finding.observed.as_ref();
        let unit = said.map_or(self.unit, |said| said.unit.as_str());
        let level = |value: f64| {
            let way = self.way(finding, unit, self.days())?;
            Some(LevelPart {
                at: way.level(value)?,
                value,
                unit: unit.to_owned(),
                over_days: way.over_days(),
                bound: finding.bound.clone(),
            })
        };
        let marginal = MARGINAL.iter().find_map(|name| quantity(params.get(name)?));
        (finding.target.and_then(level), marginal.and_then(level), self.observed(finding, unit))
    }

    fn observed(&self, finding: &FindingPart, unit: &str) -> Option<ObservedPart> {
        let said = finding.observed.as_ref()?;
        let so_far = match finding.reason.as_deref() {
            None | Some("inconclusive") => false,
            Some("too-early") => true,
            // It decided nothing, and nothing says how far it can be relied upon.
            Some(_) => return None,
        };
        // Once decided, the total and its bound lie side by side over the same days.
        let days = if so_far { self.days_there() } else { self.days() };
        let way = self.way(finding, unit, days)?;
        let end = |end: Option<f64>| end.and_then(|end| way.level(end));
        // A change from a negative level turns its interval over.
        let (low, high) = match (end(said.low), end(said.high)) {
            (Some(low), Some(high)) if low > high => (Some(high), Some(low)),
            ends => ends,
        };
        Some(ObservedPart {
            at: way.level(said.value)?,
            low,
            high,
            said: said.clone(),
            over_days: way.over_days(),
            so_far,
        })
    }

    /// How a number of this finding and unit lies on the axis; `None`: it does not.
    fn way(&self, finding: &FindingPart, unit: &str, days: u32) -> Option<Way> {
        match (finding.grade.as_str(), unit) {
            ("target-only", _) if self.total => (days > 0).then_some(Way::PerDay(days)),
            ("target-only", unit) => (unit == self.unit).then_some(Way::Same),
            ("before-after", "relative") => self.before(finding).map(Way::Times),
            ("before-after", unit) if unit == self.unit || (unit == "pp" && self.unit == "share") => {
                self.before(finding).map(Way::Plus)
            }
            _ => None,
        }
    }

    /// The level that the judge compared with. It weighs the days before by their weekdays, so their plain
    /// mean must not stand in for it; `None`: the judge names none.
    fn before(&self, finding: &FindingPart) -> Option<f64> {
        let before = finding.others.iter().find(|other| other.name == BEFORE && other.unit == self.unit)?;
        Some(before.value)
    }

    /// Days of the window.
    fn days(&self) -> u32 {
        self.window.as_ref().map_or(0, |window| count(window.len()))
    }

    /// Days of the window that have a value.
    fn days_there(&self) -> u32 {
        let (Some(window), Some(line)) = (&self.window, self.line) else { return 0 };
        let days = line.values.iter().enumerate().filter(|(day, _)| window.contains(day));
        count(days.filter(|(_, value)| value.is_some()).count())
    }
}

/// A number of a file, as the judge reads it.
fn quantity(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse::<Quantity>().ok().map(Quantity::value),
        _ => None,
    }
}

fn count(days: usize) -> u32 {
    u32::try_from(days).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use yardstick_client::chart::LinePart;
    use yardstick_client::document::FindingPart;

    use super::Scale;

    fn estimate(name: &str, unit: &str, value: f64) -> Value {
        json!({ "name": name, "unit": unit, "value": value })
    }

    fn finding(grade: &str, reason: Option<&str>, observed: &Value, others: &[Value]) -> FindingPart {
        serde_json::from_value(json!({
            "criterion": "uses", "role": "goal", "required": false, "says": "", "outcome": "undecided",
            "reason": reason, "headline": "", "method": "", "grade": grade, "target": 0.5,
            "observed": observed, "others": others, "warnings": [], "tables": [], "metrics": {},
            "corrections": 0
        }))
        .unwrap()
    }

    #[test]
    fn totals_lie_at_their_pace_and_changes_on_the_level_before() {
        let line = LinePart { label: None, values: vec![Some(1.0), None, Some(2.0), Some(3.0), None, None] };
        let scale = |total| Scale { unit: "uses per user", total, window: Some(1..6), line: Some(&line) };
        let own = estimate("ratio", "uses per user", 10.0);
        let change = estimate("change", "relative", 0.2);
        let before = estimate("before", "uses per user", 4.0);
        let foreign = estimate("before", "uses", 4.0);
        for (total, finding, expected) in [
            (true, finding("target-only", None, &own, &[]), Some((0.1, 2.0))),
            (true, finding("target-only", Some("too-early"), &own, &[]), Some((0.1, 5.0))),
            (false, finding("target-only", None, &own, &[]), Some((0.5, 10.0))),
            (false, finding("before-after", None, &change, &[before]), Some((6.0, 4.8))),
            (false, finding("before-after", None, &change, &[foreign]), None),
            (false, finding("before-after", None, &change, &[]), None),
        ] {
            let (target, _, observed) = scale(total).place(&finding, &json!({}));
            let places = target.zip(observed).map(|(target, observed)| (target.at, observed.at));
            assert_eq!(places, expected, "{finding:?}");
        }
    }
}
