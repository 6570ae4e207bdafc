//! What would change the outcome, said of the variant it rests on.

use yardstick_sdk::bounds::Call;
use yardstick_sdk::flip::{Steps, continuous};
use yardstick_sdk::stats::format;

use crate::arms::Checked;
use crate::compare::Against;
use crate::decide::{Decided, Standing};
use crate::request::{Kind, Request};
use crate::rule::together;
use crate::words::{shown, whole};

/// `inconclusive with 141 more in gate_40`: units that did it. Where several variants decide, the others stay as
/// they are, and so does the share of the error rate that this one has, which the text says.
pub(crate) fn flip(request: &Request<'_>, checked: &Checked<'_>, decided: &Decided<'_>) -> String {
    let standing = decided.first();
    match request.kind {
        Kind::Share => {
            let steps = steps(request, checked, decided, standing);
            if decided.standings.len() == 1 {
                return steps;
            }
            let confidence = format::confidence(standing.compared.confidence);
            format!("with this {confidence} interval and the others as they are: {steps}")
        }
        Kind::Mean => {
            let interval = standing.compared.interval;
            if !(interval.low.is_finite() && interval.high.is_finite()) {
                return "more units would give the interval an end".to_owned();
            }
            let amounts = continuous(&request.bound.bounds, interval, request.unit());
            let others = if decided.standings.len() > 1 { ", by itself" } else { "" };
            format!("{}{others}: {amounts}", shown(&standing.arm.name))
        }
    }
}

fn steps(
    request: &Request<'_>,
    checked: &Checked<'_>,
    decided: &Decided<'_>,
    standing: &Standing<'_>,
) -> String {
    let Ok(against) = Against::new(request, checked.control, standing.error) else {
        return String::new();
    };
    let arm = standing.arm;
    let with = |down: bool, steps: u64| {
        let steps = steps as f64;
        arm.with_sum(if down { arm.sum - steps } else { arm.sum + steps })
    };
    let call = |down: bool, steps: u64| {
        // Within 0 to all units there is an interval; a step outside is never asked for.
        let own = against.compare(&with(down, steps)).map_or(Call::Straddles, |compared| compared.call);
        let others = decided.standings.iter().filter(|other| other.arm.name != arm.name);
        together(request.bound.asked, others.map(|other| other.compared.call).chain([own]))
    };
    let text = |down: bool, steps: u64| {
        let word = if down { "fewer" } else { "more" };
        format!("{} {word} in {}", format::count(steps), shown(&arm.name))
    };
    let direction = request.bound.bounds.direction;
    Steps { direction, room: (whole(arm.sum), whole(arm.n - arm.sum)), call: &call, text: &text }.describe()
}
