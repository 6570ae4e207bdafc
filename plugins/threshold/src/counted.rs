//! Gauges and sums: compared as they are.

use yardstick_sdk::flip::{self, Steps};
use yardstick_sdk::stats::{Interval, format};
use yardstick_sdk::{Reason, Value};

use crate::answer::{Measured, Trouble};
use crate::data::Data;
use crate::request::{How, Kind, Request};
use crate::words::{is_whole, whole};

pub(crate) fn judge(request: &Request<'_>, data: &Data) -> Result<Measured, Trouble> {
    let Some(value) = data.total.value else {
        let headline = format!("{} has no value in the window", request.metric.key);
        return Err(Trouble::new(Reason::InsufficientData, "no-data", headline));
    };
    let covered = match (request.kind, request.metric.fact("covers-days").and_then(Value::as_integer)) {
        (Kind::Gauge, Some(covers)) if covers > 1 => {
            format!("trailing {} to {}", format::counted(covers.unsigned_abs(), "days"), data.last())
        }
        (Kind::Gauge, _) => format!("level of {}", data.last()),
        _ => format!("{} to {}", data.covered(), data.last()),
    };
    let kind_of_number = match request.how {
        How::Counted => "counted, not sampled",
        How::Estimate | How::Interval => "a sample of unknown error",
    };
    Ok(Measured {
        value,
        interval: None,
        n: (request.kind == Kind::Sum).then(|| data.present()),
        call: request.bounds.call_point(value),
        method: request.method(None),
        detail: format!("{covered}; {kind_of_number}"),
        flip: flip(request, value, data.is_whole()),
        warnings: Vec::new(),
        facts: Vec::new(),
    })
}

/// In whole things where the metric counts things, else by how much.
fn flip(request: &Request<'_>, value: f64, counts_things: bool) -> String {
    let bounds = &request.bounds;
    let unit = &request.metric.unit;
    let farthest =
        bounds.weaker.map_or(0.0, |weaker| (value - weaker).abs()).max((value - bounds.target).abs());
    if !counts_things || request.metric.is_share() || !is_whole(value) || farthest > 1e15 {
        return flip::continuous(bounds, Interval { low: value, high: value }, unit);
    }
    let most = whole(farthest) + 1;
    Steps {
        direction: bounds.direction,
        room: (most, most),
        call: &|down, steps| {
            let steps = steps as f64;
            bounds.call_point(if down { value - steps } else { value + steps })
        },
        text: &|down, steps| fewer_or_more(down, steps, unit),
    }
    .describe()
}

/// `313 fewer users`.
pub(crate) fn fewer_or_more(down: bool, steps: u64, unit: &str) -> String {
    let word = if down { "fewer" } else { "more" };
    format!("{} {word} {}", format::count(steps), format::noun(steps, unit)).trim_end().to_owned()
}
