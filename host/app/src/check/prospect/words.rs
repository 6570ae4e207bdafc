//! What can be told of a criterion, in sentences.

use yardstick_domain::criteria::Criterion;
use yardstick_domain::metric::Kind;
use yardstick_stats::{Degenerate, format};

use super::counted::Number;
use super::past::NoPast;
use super::reckon::Reckoning;
use super::{Prospect, ProspectLook, Way};

/// Of a criterion whose parameters and metric make no bound.
pub(super) const NO_BOUND: &str =
    "cannot be told: its parameters and its metric give no bound that could be held against it";

/// Why there is nothing to look at.
pub(super) fn no_past(why: &NoPast) -> String {
    match why {
        NoPast::NotDefined(key) => format!("cannot be told: {key} is not defined yet"),
        NoPast::Private(key) => format!("cannot be told here: values of {key} are its team's alone"),
        NoPast::Empty(key) => {
            format!("cannot be told: {key} has no value from before the launch that would show how it varies")
        }
    }
}

/// Of a judge whose method nobody here knows.
pub(super) fn no_method(criterion: &Criterion) -> String {
    format!(
        "cannot be told for this judge: how {} decides is its own, and its parameters do not say",
        criterion.judge
    )
}

/// Where a counted number stands, and where it would be if nothing changed.
pub(super) fn counted(prospect: &Prospect, reckoning: &Reckoning<'_>, number: &Number<'_>) -> String {
    let unit = &prospect.unit;
    let how = match reckoning.criterion.params.get("decide_by").and_then(serde_json::Value::as_str) {
        Some("estimate") => "decided by the estimate alone, whatever its error",
        _ => "counted, not sampled",
    };
    let Some(baseline) = prospect.baseline else {
        return format!("{how}; its values from before the launch are too few or have gaps");
    };
    let last = prospect.looks.iter().rfind(|look| look.decides).or(prospect.looks.last());
    let is_level = matches!(number, Number::Metric(past) if past.metric.kind == Kind::Gauge);
    let over = match last {
        Some(look) if !is_level => {
            format!(" over the {} to {}", format::counted(u64::from(look.days), "days"), number.newest())
        }
        _ => format!(" on {}", number.newest()),
    };
    let beside = |value: f64| match prospect.target {
        Some(target) => format::value_beside(value, target, unit),
        None => format::value(value, unit),
    };
    let mut text = format!("{how}: {}{over}", beside(baseline));
    if let Some(trend) = prospect.trend_per_week {
        let word = if trend < 0.0 { "less" } else { "more" };
        let size = format::about(trend.abs());
        let size = if unit == "share" { points(size) } else { format::value(size, unit) };
        text.push_str(&format!(", lately {size} {word} each week"));
        if let Some((look, reaches)) = last.and_then(|look| Some((look, look.reaches?))) {
            let target = match prospect.target {
                Some(target) => format!(" (target {})", format::chosen(target, unit)),
                None => String::new(),
            };
            text.push_str(&format!(
                ". Were that to go on, it would come to {} by {}{target}; no forecast, and nothing judges by it",
                beside(format::about(reaches)),
                look.checkpoint
            ));
        }
    } else if number.is_too_short_for_a_trend() {
        text.push_str("; too few weeks are there to show a trend");
    }
    text
}

/// What days tell, and whether that is enough; and by itself what it would take where it is not. `why`: the days that
/// decide tell nothing.
pub(super) fn told(
    prospect: &Prospect,
    reckoning: &Reckoning<'_>,
    why: Option<Degenerate>,
) -> (String, String) {
    let last = prospect.looks.iter().rfind(|look| look.decides).or(prospect.looks.last());
    let Some(look) = last else { return ("no day after the launch counts".to_owned(), String::new()) };
    let mut text = before(prospect);
    let end = match why {
        Some(why) => format!("What {} days will tell cannot be told from them: {why}", look.days),
        None => {
            text.push_str(&at(prospect, reckoning, look));
            outcome(prospect, look)
        }
    };
    if prospect.decided != Some(false) {
        text.push_str(&end);
        return (text, String::new());
    }
    let would_take = would_take(prospect, reckoning, look);
    text.push_str(&format!("It {would_take}"));
    (text, would_take)
}

/// `Before the launch 59.5 % (28 days, which differ by 1.9 pp). `
fn before(prospect: &Prospect) -> String {
    let Some(baseline) = prospect.baseline else { return String::new() };
    let unit = &prospect.unit;
    let differ = prospect.spread.map_or(String::new(), |spread| {
        let spread = if unit == "share" { points(spread) } else { format::value(spread, unit) };
        format!(", days differ by {spread}")
    });
    format!("Before the launch {}{differ}. ", format::value(baseline, unit))
}

/// `At d28, from about 9,600 changesets: 60 % is told from 57.9 % or less and from 62.0 % or more. `
fn at(prospect: &Prospect, reckoning: &Reckoning<'_>, look: &ProspectLook) -> String {
    let from = match look.n {
        Some(n) => format!("from about {}", format::counted(format::about(n) as u64, &unit_of_n(reckoning))),
        None => format!("from {}", format::counted(u64::from(look.days), "days")),
    };
    let target = prospect.target.unwrap_or_default();
    let unit = &prospect.target_unit;
    let chosen = format::chosen(target, unit);
    let beside = |value: f64| format::value_beside(value, target, unit);
    let what = match (look.low, look.high) {
        (None, None) => format!("nothing is told from {chosen}"),
        (Some(low), None) => format!("{chosen} is told from {} or less alone", beside(low)),
        (None, Some(high)) => format!("{chosen} is told from {} or more alone", beside(high)),
        (Some(low), Some(high)) => {
            format!("{chosen} is told from {} or less and from {} or more", beside(low), beside(high))
        }
    };
    let what = if prospect.way == Way::Sampled { what } else { format!("a change of {what}") };
    format!("At {}, {from}, {what}. ", look.checkpoint)
}

fn outcome(prospect: &Prospect, look: &ProspectLook) -> String {
    if prospect.target.is_none() || prospect.assumed.is_none() {
        return "What to expect is not known, so nothing more can be told".to_owned();
    }
    let within = format!("unless the true value lies within {} of the target", margin(prospect, look));
    match prospect.decided {
        Some(_) => format!("It is decided {within}"),
        None => format!("It stands at the target now, and is decided {within}"),
    }
}

/// `cannot be decided by d28 unless …: it would need about 71 days to tell the declared change of 2 %`.
fn would_take(prospect: &Prospect, reckoning: &Reckoning<'_>, look: &ProspectLook) -> String {
    let due = reckoning.criterion.due.or(reckoning.criteria.last()).unwrap_or(look.checkpoint);
    let is_last = reckoning.criteria.last() == Some(due);
    let by =
        if is_last { format!("{due}, the final checkpoint,") } else { format!("{due}, when it is due,") };
    let apart = (prospect.assumed.unwrap_or_default() - prospect.target.unwrap_or_default()).abs();
    let declared = declared(prospect, reckoning, &distance(apart, &prospect.target_unit));
    let needs = match (prospect.days_needed, prospect.way, reckoning.criterion.baseline_days) {
        (Some(days), ..) => format!("about {}", format::counted(u64::from(days), "days")),
        (None, Way::Compared, Some(days)) => {
            let baseline = format::counted(u64::from(days), "days");
            format!("more days than are compared, or a longer baseline than {baseline},")
        }
        (None, ..) => "more days than any release is judged for".to_owned(),
    };
    let unless = match look.detectable {
        Some(_) => format!(" unless the true value lies {} or more from the target", margin(prospect, look)),
        None => String::new(),
    };
    format!("cannot be decided by {by}{unless}: it would need {needs} to tell {declared}")
}

/// The smallest distance that is told.
fn margin(prospect: &Prospect, look: &ProspectLook) -> String {
    look.detectable.map_or("further".to_owned(), |size| distance(size, &prospect.target_unit))
}

/// What is to be told: a change of such a size, or a level from its target.
fn declared(prospect: &Prospect, reckoning: &Reckoning<'_>, apart: &str) -> String {
    let expected = reckoning.criterion.expected().is_some();
    match (prospect.way, expected) {
        (Way::Sampled, true) => format!("the {apart} between what is expected and the target"),
        (Way::Sampled, false) => format!("the {apart} between where it stands and the target"),
        (_, true) => format!("the {apart} between what is expected and the bound"),
        (_, false) => format!("the declared change of {apart}"),
    }
}

/// The size of a difference: points for a share, per cent of the baseline for what is relative.
fn distance(size: f64, unit: &str) -> String {
    match unit {
        "share" | "pp" => points(size),
        "relative" => format::value(size.abs(), "relative").trim_start_matches('+').to_owned(),
        unit => format::value(size.abs(), unit),
    }
}

fn points(size: f64) -> String {
    format::value(size.abs(), "pp").trim_start_matches('+').to_owned()
}

/// What one observation is called, in the plural.
fn unit_of_n(reckoning: &Reckoning<'_>) -> String {
    let column = reckoning.pasts.values().next().and_then(|past| past.metric.import.denominator.clone());
    column.map_or("observations".to_owned(), |column| column.replace('_', " "))
}
