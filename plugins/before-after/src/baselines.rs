//! Does the answer depend on which baseline is taken, and did the metric move before the launch already?

use yardstick_sdk::bounds::Call;
use yardstick_sdk::stats::before_after::Change;
use yardstick_sdk::stats::format;
use yardstick_sdk::{Finding, Table, Value};

use crate::answer::Measured;
use crate::data::Data;
use crate::request::Request;

/// Days of two weeks: a shorter baseline is warned about, and a part of one has at least half of it.
const TWO_WEEKS: usize = 14;
const WEEK: usize = 7;

/// A part of the baseline and what the comparison with it comes to.
struct Part {
    name: &'static str,
    from: usize,
    to: usize,
    result: Option<(Change, Call)>,
}

/// Adds what other baselines say: a table, and warnings where it matters.
pub(crate) fn compared(finding: Finding, request: &Request<'_>, data: &Data, whole: &Measured) -> Finding {
    let days = data.before.days.len();
    if days < TWO_WEEKS {
        let days = format::counted(days as u64, "days");
        return finding.warn(format!(
            "a baseline of {days} is shorter than two weeks; one odd day weighs heavily in it"
        ));
    }
    let parts = parts(request, data);
    let other: Vec<String> = parts
        .iter()
        .filter_map(|part| {
            let (change, call) = part.result?;
            differs(request, whole, change, call).then(|| {
                format!(
                    "{} ({}) {}",
                    part.name,
                    data.before.span(part.from, part.to),
                    words(request, change, call)
                )
            })
        })
        .collect();
    let mut finding = finding;
    if !other.is_empty() {
        finding = finding.warn(format!(
            "the answer depends on the baseline: the whole one {}; {}",
            words(request, whole.change, whole.call),
            other.join("; ")
        ));
    }
    moved(finding, request, data).table(table(request, data, whole, &parts))
}

/// Warns where the metric moved before the launch already.
pub(crate) fn moved(finding: Finding, request: &Request<'_>, data: &Data) -> Finding {
    match trend(request, data) {
        Some(trend) => finding.warn(trend),
        None => finding,
    }
}

/// Halves in whole weeks, as nearly as there are any, and the newest two weeks.
fn parts(request: &Request<'_>, data: &Data) -> Vec<Part> {
    let days = data.before.days.len();
    let half = half(days);
    // An odd number of weeks has no halves in whole weeks.
    let names = if 2 * half.abs_diff(days / 2) < WEEK {
        ["the older half", "the newer half"]
    } else {
        ["the older part", "the newer part"]
    };
    let mut parts = vec![(names[0], 0, half), (names[1], half, days)];
    if days - half != TWO_WEEKS && days != TWO_WEEKS {
        parts.push(("the last two weeks", days - TWO_WEEKS, days));
    }
    let part = |(name, from, to): (&'static str, usize, usize)| {
        let found =
            request.compare(data.after(), data.before(from, to)).and_then(|found| request.change(&found));
        let result = found.ok().map(|change| (change, request.bounds.call(change.interval)));
        Part { name, from, to, result }
    };
    parts.into_iter().map(part).collect()
}

/// Where the newer half starts: a whole number of weeks before the baseline's end.
fn half(days: usize) -> usize {
    days - (days / WEEK / 2).max(1) * WEEK
}

/// Whether a part of the baseline gives another answer. That it is less sure because it is shorter does not
/// count: it must put the change itself on the other side of the bound, or decide where the whole does not.
fn differs(request: &Request<'_>, whole: &Measured, change: Change, call: Call) -> bool {
    match whole.call {
        Call::Straddles => call != Call::Straddles,
        _ => request.bounds.call_point(change.value) != whole.call,
    }
}

/// `gives +3.1 % [+0.2, +6.0], inconclusive`.
fn words(request: &Request<'_>, change: Change, call: Call) -> String {
    let Change { value, interval } = change;
    let numbers =
        format::estimate_beside(value, interval.low, interval.high, request.bounds.target, request.unit());
    format!("gives {numbers}, {}", word(call))
}

fn word(call: Call) -> &'static str {
    match call {
        Call::Pass => "pass",
        Call::Marginal => "marginal",
        Call::Straddles => "inconclusive",
        Call::Fail => "fail",
    }
}

/// The baseline's newer half (or part) against its older one, where nothing was launched.
fn trend(request: &Request<'_>, data: &Data) -> Option<String> {
    let days = data.before.days.len();
    if days < TWO_WEEKS {
        return None;
    }
    let half = half(days);
    let found = request.compare(data.before(half, days), data.before(0, half)).ok()?;
    let Change { value, interval } = request.change(&found).ok()?;
    if interval.low <= 0.0 && interval.high >= 0.0 {
        return None;
    }
    let unit = request.unit();
    // From the middle of the baseline to the middle of the days after, over the launch day, in the steps of
    // the halves' middles.
    let (before, after) = (days as f64, data.after.days.len() as f64);
    let steps = ((before + after) / 2.0 + 1.0) / (before / 2.0);
    Some(format!(
        "the metric moved before the launch: {} from {} to {}; a trend that goes on would by itself come to \
         about {}",
        format::estimate_beside(value, interval.low, interval.high, 0.0, unit),
        data.before.span(0, half),
        data.before.span(half, days),
        format::value(value * steps, unit)
    ))
}

fn table(request: &Request<'_>, data: &Data, whole: &Measured, parts: &[Part]) -> Table {
    let mut rows = vec![row(data, "the whole", 0, data.before.days.len(), Some((whole.change, whole.call)))];
    rows.extend(parts.iter().map(|part| row(data, part.name, part.from, part.to, part.result)));
    let unit = request.unit();
    let columns = ["baseline", "days", &format!("change ({unit})"), "low", "high", "outcome"];
    Table {
        title: "Against other baselines".to_owned(),
        columns: columns.map(str::to_owned).to_vec(),
        rows,
        more: Vec::new(),
    }
}

fn row(data: &Data, name: &str, from: usize, to: usize, result: Option<(Change, Call)>) -> Vec<Value> {
    let numbers = match result {
        Some((Change { value, interval }, call)) => {
            [value.into(), interval.low.into(), interval.high.into(), word(call).into()]
        }
        None => ["", "", "", "cannot be compared"].map(Value::from),
    };
    let mut row = vec![name.into(), data.before.span(from, to).into()];
    row.extend(numbers);
    row
}
