//! Sentences.

use yardstick_sdk::bounds::{Call, Direction};
use yardstick_sdk::stats::{Interval, format};

use crate::arms::{Arm, Checked};
use crate::compare::Compared;
use crate::decide::Decided;
use crate::request::Request;
use crate::rule::Asked;

/// The most characters of a variant's name in a sentence.
const MOST_OF_A_NAME: usize = 40;
/// The most variants that a sentence names.
const MOST_NAMES: usize = 5;

/// A variant's name, cut to what a sentence bears.
pub(crate) fn shown(name: &str) -> String {
    cut(name, MOST_OF_A_NAME)
}

/// A variant's name, cut to what a column or an estimate bears.
pub(crate) fn name(name: &str) -> String {
    cut(name, 60)
}

fn cut(name: &str, most: usize) -> String {
    if name.chars().nth(most).is_none() {
        return name.to_owned();
    }
    let start: String = name.chars().take(most - 1).collect();
    format!("{start}…")
}

/// `a, b and c`.
pub(crate) fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<String> = names.into_iter().map(shown).collect();
    if names.len() > MOST_NAMES {
        let more = names.len() - (MOST_NAMES - 1);
        names.truncate(MOST_NAMES - 1);
        names.push(format!("{more} more"));
    }
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => "none".to_owned(),
    }
}

/// One sentence with the numbers that decide: `gate_40 is 0.82 percentage points below gate_30 (18.2 % v 19.0
/// % back after 7 days); 95 % interval −1.33 to −0.31 pp; asked to be above it`.
pub(crate) fn headline(request: &Request<'_>, checked: &Checked<'_>, decided: &Decided<'_>) -> String {
    let standing = decided.first();
    let compared = &standing.compared;
    let unit = &request.metric.unit;
    let rate = |arm: &Arm| arm.value().map_or(String::new(), |value| format::value(value, unit));
    let what = request.unit_of_sum().map(|unit| format!(" {unit}")).unwrap_or_default();
    let mut text = format!(
        "{} is {} {} ({} v {}{what}); {} interval {}",
        shown(&standing.arm.name),
        distance(request, compared.value),
        shown(request.control),
        rate(standing.arm),
        rate(checked.control),
        format::confidence(compared.confidence),
        range(request, compared),
    );
    if decided.call == Call::Straddles {
        text.push_str(&format!(" contains {}", bound(request)));
    }
    let others = decided.standings.len() - 1;
    if others > 0 {
        let alike = decided.standings.iter().filter(|other| other.compared.call == compared.call).count();
        text.push_str(&format!("; {alike} of {} variants {}", others + 1, stands(compared.call, alike)));
    }
    format!("{text}; {}", asked(request))
}

fn stands(call: Call, count: usize) -> &'static str {
    match (call, count) {
        (Call::Pass, 1) => "passes",
        (Call::Pass, _) => "pass",
        (Call::Fail, 1) => "fails",
        (Call::Fail, _) => "fail",
        (Call::Marginal | Call::Straddles, 1) => "is inconclusive",
        (Call::Marginal | Call::Straddles, _) => "are inconclusive",
    }
}

/// `0.82 percentage points below`.
fn distance(request: &Request<'_>, difference: f64) -> String {
    let amount = format::value(difference.abs(), request.unit());
    let amount = amount.trim_start_matches('+');
    let amount = match amount.strip_suffix(" pp") {
        Some(points) => format!("{points} percentage points"),
        None => amount.to_owned(),
    };
    if difference == 0.0 {
        "level with".to_owned()
    } else if difference > 0.0 {
        format!("{amount} above")
    } else {
        format!("{amount} below")
    }
}

/// `−1.33 to −0.31 pp`, with as many decimals as it takes to see on which side of the bound each end lies.
fn range(request: &Request<'_>, compared: &Compared) -> String {
    let (bound, unit) = (request.bound.at(), request.unit());
    let Interval { low, high } = compared.interval;
    let end = |end: f64| format::value_beside(end, bound, unit);
    match (low.is_finite(), high.is_finite()) {
        (true, true) => {
            let beside = format::estimate_beside(compared.value, low, high, bound, unit);
            let ends = beside.split_once('[').map_or("", |(_, ends)| ends.trim_end_matches(']'));
            let sign = match unit {
                "relative" => "%",
                unit => unit,
            };
            format!("{} {sign}", ends.replace(", ", " to ")).trim_end().to_owned()
        }
        (true, false) => format!("{} or more", end(low)),
        (false, true) => format!("{} or less", end(high)),
        (false, false) => "without an end".to_owned(),
    }
}

/// The difference and its interval for a table.
pub(crate) fn difference(request: &Request<'_>, compared: &Compared) -> (String, String) {
    (format::value(compared.value, request.unit()), range(request, compared))
}

fn bound(request: &Request<'_>) -> String {
    match request.bound.at() {
        0.0 => "0".to_owned(),
        at => format::chosen_short(at, request.unit()),
    }
}

/// `target above 0`, `at most 0.5 pp below accepted`.
fn asked(request: &Request<'_>) -> String {
    let at = request.bound.at();
    let amount = format::chosen(at.abs(), request.unit());
    let amount = amount.trim_start_matches('+');
    let (better, worse) = match request.bound.bounds.direction {
        Direction::AtLeast => ("above", "below"),
        Direction::AtMost => ("below", "above"),
    };
    match request.bound.asked {
        Asked::BetterByAtLeast if at == 0.0 => format!("asked to be {better} it"),
        Asked::BetterByAtLeast => format!("asked to be at least {amount} {better} it"),
        Asked::WorseByAtMost if at == 0.0 => format!("asked not to be {worse} it"),
        Asked::WorseByAtMost => format!("at most {amount} {worse} it is accepted"),
    }
}

/// Which side of the bound passes, in the words of reports.
pub(crate) fn side(request: &Request<'_>) -> &'static str {
    match (request.bound.bounds.direction, request.bound.asked, request.bound.at() == 0.0) {
        (Direction::AtLeast, Asked::BetterByAtLeast, true) => "above",
        (Direction::AtMost, Asked::BetterByAtLeast, true) => "below",
        (Direction::AtLeast, ..) => "at-least",
        (Direction::AtMost, ..) => "at-most",
    }
}

/// What was compared: `gate_40 8,279 of 45,489 v gate_30 8,502 of 44,700 back after 7 days; Newcombe 95 %`.
pub(crate) fn detail(
    request: &Request<'_>,
    checked: &Checked<'_>,
    decided: &Decided<'_>,
    method: &str,
) -> String {
    let part = |arm: &Arm| match request.kind {
        crate::request::Kind::Share => {
            format!("{} {} of {}", shown(&arm.name), count(arm.sum), count(arm.n))
        }
        crate::request::Kind::Mean => {
            let mean = arm.value().map_or(String::new(), |value| format::value(value, &request.metric.unit));
            format!("{} {mean} of {}", shown(&arm.name), count(arm.n))
        }
    };
    let units = request.unit_of_sum().unwrap_or(request.unit_of_n());
    let first = decided.first();
    format!("{} v {} {units}; {method}", part(first.arm), part(checked.control))
}

/// `44,700 gate_30 and 45,489 gate_40 players where 1 : 1 was meant`.
pub(crate) fn split(request: &Request<'_>, arms: &[Arm]) -> String {
    let some = || arms.iter().take(MOST_NAMES);
    let sizes: Vec<String> = some().map(|arm| format!("{} {}", shown(&arm.name), count(arm.n))).collect();
    let weights: Vec<String> = some().map(|arm| request.weight(&arm.name).to_string()).collect();
    let more = if arms.len() > MOST_NAMES { ", …" } else { "" };
    format!("{}{more} {}, meant as {}{more}", sizes.join(", "), request.unit_of_n(), weights.join(" : "))
}

fn count(value: f64) -> String {
    format::count(whole(value))
}

/// A p-value to three digits, from its decimal logarithm.
pub(crate) fn p_value(log10_p: f64) -> String {
    format::p_value(log10_p)
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
