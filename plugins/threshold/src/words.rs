//! Sentences.

use yardstick_sdk::stats::{Interval, format};

use crate::request::{How, Request};
use crate::rule::{Call, Direction};

/// One sentence with the numbers that decide.
pub(crate) fn headline(request: &Request<'_>, value: f64, interval: Option<Interval>, call: Call) -> String {
    let unit = &request.metric.unit;
    let target = request.bounds.target;
    // Beside the bound that the number is closest to deciding, so that rounding cannot hide the side.
    let deciding = match call {
        Call::Pass => target,
        Call::Marginal if value >= target => target,
        Call::Marginal | Call::Straddles | Call::Fail => request.bounds.weaker.unwrap_or(target),
    };
    let mut text = match interval {
        Some(Interval { low, high }) => format::estimate_beside(value, low, high, deciding, unit),
        None => format::value_beside(value, deciding, unit),
    };
    match (request.how, call) {
        (How::Estimate, _) => text.push_str(" by the estimate alone"),
        (_, Call::Straddles) => {
            text.push_str(&format!(" contains {}", format::chosen_short(deciding, unit)));
        }
        _ => {}
    }
    format!("{text}; {}", asked(request))
}

/// `target 4,000 or more, marginal from 3,200`.
fn asked(request: &Request<'_>) -> String {
    let unit = &request.metric.unit;
    let (more, from) = match request.bounds.direction {
        Direction::AtLeast => ("more", "from"),
        Direction::AtMost => ("less", "to"),
    };
    let target = format!("target {} or {more}", format::chosen_short(request.bounds.target, unit));
    match request.bounds.weaker {
        Some(weaker) => format!("{target}, marginal {from} {}", format::chosen_short(weaker, unit)),
        None => target,
    }
}

/// How a call begins the text of what would bring it about.
pub(crate) fn becomes(call: Call) -> &'static str {
    match call {
        Call::Pass => "passes",
        Call::Marginal => "marginal",
        Call::Straddles => "inconclusive",
        Call::Fail => "fails",
    }
}

/// Whether this is a whole number that a float holds exactly.
pub(crate) fn is_whole(value: f64) -> bool {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    value.abs() <= LARGEST && value == value.trunc()
}

/// A count that arrived as a float; 0 for what is none.
pub(crate) fn whole(value: f64) -> u64 {
    // The cast saturates and takes NaN to 0.
    value as u64
}
