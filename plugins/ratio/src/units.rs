//! Totals of the metrics by the values of a dimension, such as instances. Levels are never added up.

use std::collections::{BTreeMap, BTreeSet};

use yardstick_sdk::stats::delta::Pair;
use yardstick_sdk::stats::{CompensatedSum, format};
use yardstick_sdk::{Calendar, Criterion, Frames, Metric, Value};

use crate::answer::Trouble;
use crate::data::Data;
use crate::request::Request;
use crate::{DENOMINATOR, NUMERATOR, days};

/// What one metric has of a unit.
#[derive(Debug, Clone, Copy)]
struct Part {
    /// Its total; NaN: not reported.
    value: f64,
    /// Days that have a value, and days there are.
    days: (f64, f64),
}

type Parts = BTreeMap<String, Part>;

/// # Errors
/// When a frame is not as the contract says.
pub(crate) fn read(
    request: &Request<'_>,
    criterion: &Criterion,
    frames: &Frames,
    dimension: &str,
) -> Result<Result<Data, Trouble>, String> {
    let above = parts(frames, NUMERATOR, dimension)?;
    let below = parts(frames, DENOMINATOR, dimension)?;
    let calendar = Calendar::of(frames.get(NUMERATOR)?, criterion.window);
    let other = Calendar::of(frames.get(DENOMINATOR)?, criterion.window);
    Ok(check(request.numerator, &calendar, &above, request.is_part)
        .and_then(|()| check(request.denominator, &other, &below, true))
        .and_then(|()| pair(request, &calendar, &above, &below)))
}

fn parts(frames: &Frames, name: &str, dimension: &str) -> Result<Parts, String> {
    let totals = frames.get(name)?;
    let (values, labels) = (totals.numbers("value")?, totals.texts(dimension)?);
    let days = totals.numbers("buckets")?.into_iter().zip(totals.numbers("expected")?);
    let rows = values.into_iter().zip(days).map(|(value, days)| Part { value, days });
    Ok(labels.into_iter().zip(rows).collect())
}

/// What makes any number of this metric unusable.
fn check(
    metric: &Metric,
    calendar: &Calendar,
    parts: &Parts,
    is_negative_wrong: bool,
) -> Result<(), Trouble> {
    let key = &metric.key;
    if parts.values().all(|part| part.value.is_nan()) {
        return Err(Trouble::insufficient("no-data", format!("no value of {key} to {}", calendar.last())));
    }
    if parts.values().any(|part| part.value.is_infinite()) {
        let headline = format!("{key} has a number beyond all bounds, which it cannot");
        return Err(Trouble::untrusted("out-of-range", headline));
    }
    if let Some((label, _)) = parts.iter().find(|(_, part)| is_negative_wrong && part.value < 0.0) {
        return Err(Trouble::untrusted("negative", format!("{key} is below zero in {label}")));
    }
    let complete = metric.complete_through.map(|through| calendar.complete_days(through));
    if let Some(complete) = complete.filter(|complete| *complete < calendar.days()) {
        let headline = format!(
            "{key} is complete through {} only; the window runs to {}",
            calendar.day(complete as i64 - 1),
            calendar.last()
        );
        return Err(Trouble::untrusted("stale", headline));
    }
    Ok(())
}

fn pair(request: &Request<'_>, calendar: &Calendar, above: &Parts, below: &Parts) -> Result<Data, Trouble> {
    let labels: BTreeSet<&String> = above.keys().chain(below.keys()).collect();
    let of = |metric: &Metric, parts: &Parts, label: &String| {
        let is_zero = metric.fact("missing").and_then(Value::as_text) == Some("zero");
        let absent = Part { value: if is_zero { 0.0 } else { f64::NAN }, days: (f64::NAN, f64::NAN) };
        parts.get(label).copied().unwrap_or(absent)
    };
    let both = |label: &&String| (of(request.numerator, above, label), of(request.denominator, below, label));
    // Totals of different days make no ratio; where one is absent and means zero, it has no days to compare.
    let differ = |(above, below): (Part, Part)| (above.days.0 - below.days.0).abs() > 0.0;
    let pairs: Vec<Pair> = labels
        .iter()
        .map(both)
        .map(|(above, below)| {
            let pair = Pair { numerator: above.value, denominator: below.value };
            if pair.is_present() && !differ((above, below)) { pair } else { Pair::MISSING }
        })
        .collect();
    let present = || pairs.iter().filter(|pair| pair.is_present());
    let lost = pairs.len() - present().count();
    let all = format::counted(pairs.len() as u64, &request.units());
    let mut warnings = Vec::new();
    if lost > 0 {
        let verb = if lost == 1 { "has" } else { "have" };
        let sentence = format!(
            "{lost} of {all} {verb} not the same days of {} and {}",
            request.numerator.key, request.denominator.key
        );
        if lost as f64 > request.max_missing * pairs.len() as f64 + 1e-9 {
            let most = format::confidence(request.max_missing);
            return Err(Trouble::untrusted("unpaired", format!("{sentence}; at most {most} may")));
        }
        let verb = if lost == 1 { "is" } else { "are" };
        warnings.push(format!("{sentence}, and {verb} left out"));
    }
    warnings.extend(check_days(request, above, below)?);
    let total = |of: fn(&Pair) -> f64| present().map(of).collect::<CompensatedSum>().value();
    let shown = (total(|pair| pair.numerator), total(|pair| pair.denominator));
    let covered = days::covered(request, calendar, calendar.days());
    Ok(Data { pairs, shown, covered, warnings })
}

/// Units that report on some days only: how many of all their days are missing.
fn check_days(request: &Request<'_>, above: &Parts, below: &Parts) -> Result<Option<String>, Trouble> {
    let days = || above.values().chain(below.values()).map(|part| part.days);
    if days().any(|(present, expected)| !(present >= 0.0 && expected > 0.0 && present <= expected)) {
        let headline = format!("nobody knows how many days of all {} are there", request.units());
        return Err(Trouble::untrusted("gap", headline));
    }
    let expected: f64 = days().map(|(_, expected)| expected).sum();
    let present: f64 = days().map(|(present, _)| present).sum();
    if present >= expected {
        return Ok(None);
    }
    let missing = 1.0 - present / expected;
    let read = format::value_beside(missing, request.max_missing, "share");
    let sentence = format!("{read} of the days of all {} are missing", request.units());
    if missing > request.max_missing + 1e-9 {
        let most = format::confidence(request.max_missing);
        return Err(Trouble::untrusted("gap", format!("{sentence}; at most {most} may be")));
    }
    Ok(Some(sentence))
}
