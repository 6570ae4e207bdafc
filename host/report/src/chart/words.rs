//! A chart in words: labels, and what somebody who does not see it is told.

use yardstick_client::chart::{ChartPart, LevelPart, ObservedPart};
use yardstick_stats::format;

use super::scale::{Days, level};

/// A label of two lines; the second may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) main: String,
    pub(crate) sub: String,
}

/// What the values are: `users, level of each day`.
pub(crate) fn subtitle(chart: &ChartPart) -> String {
    let unit = match chart.unit.as_str() {
        "share" | "relative" => "per cent",
        "pp" => "percentage points",
        unit => unit,
    };
    let what = match chart.kind.as_str() {
        "gauge" => "level of each day",
        "sum" => "total of each day",
        "mean" => "mean of each day",
        "ratio" => "rate of each day",
        "" => "days",
        _ => "quotient of each day",
    };
    let unit = if unit.is_empty() { String::new() } else { format!("{unit}, ") };
    format!("{unit}{what} in {}", chart.time_zone)
}

/// `target 4,000` `or more`; of a total or a change, the number as agreed below.
pub(crate) fn bound(part: &LevelPart, unit: &str, apart: f64, is_marginal: bool) -> Label {
    let own = part.over_days.is_none() && part.unit == unit;
    let number = if own { chosen(part.value, unit) } else { level(part.at, unit, apart) };
    let number = if part.over_days.is_some() { format!("{number} a day") } else { number };
    let (before, after) = match (part.bound.as_deref(), is_marginal) {
        (Some("at-most"), true) => ("marginal to", ""),
        (_, true) => ("marginal from", ""),
        (Some("at-most"), _) => ("at most", ""),
        (Some("above"), _) => ("target above", ""),
        (Some("below"), _) => ("target below", ""),
        (Some("at-least"), _) => ("target", "or more"),
        _ => ("target", ""),
    };
    let sub = match part.over_days {
        Some(days) => format!("{} in {}", chosen(part.value, ""), format::counted(days.into(), "days")),
        None if own => after.to_owned(),
        None => format!("{} on before", chosen(part.value, &part.unit)),
    };
    Label { main: format!("{before} {number}"), sub }
}

/// `observed 64.1 %` `[63.2, 65.0]`; of a total or a change, the number as found below.
pub(crate) fn observed(part: &ObservedPart, unit: &str, apart: f64) -> Label {
    let word = if part.so_far { "so far" } else { "observed" };
    let said = &part.said;
    let number = level(part.at, unit, apart);
    if let Some(days) = part.over_days {
        let total = format!("{} in {}", level(said.value, "", 0.0), format::counted(days.into(), "days"));
        return Label { main: format!("{word} {number} a day"), sub: total };
    }
    let interval = |low: f64, high: f64, unit: &str| {
        let text = format::estimate_beside(said.value, low, high, f64::NAN, unit);
        text.find('[').map(|at| text[at..].to_owned()).unwrap_or_default()
    };
    let ends = said.low.zip(said.high).map(|(low, high)| interval(low, high, &said.unit));
    let sub = match (said.unit == unit, ends) {
        (true, ends) => ends.unwrap_or_default(),
        (false, Some(ends)) => format!("{} {ends}", level(said.value, &said.unit, 0.0)),
        (false, None) => format!("{} on before", level(said.value, &said.unit, 0.0)),
    };
    Label { main: format!("{word} {number}"), sub: short(&sub) }
}

/// What the picture shows, for those who do not see it.
pub(crate) fn description(chart: &ChartPart, days: &Days, apart: f64) -> String {
    let mut parts = vec![format!(
        "{} ({}) from {} to {}; launched on {}.",
        chart.title,
        subtitle(chart),
        days.full(0),
        days.full(days.count - 1),
        days.launch_date()
    )];
    for line in &chart.lines {
        let values: Vec<(usize, f64)> = values(&line.values, days.count).collect();
        let name = line.label.as_ref().map(|label| format!("{label}: ")).unwrap_or_default();
        let missing = line.values.len().min(days.count) - values.len();
        let text = match (values.first(), values.last()) {
            (Some(first), Some(last)) => format!(
                "{} on {}, {} on {}",
                level(first.1, &chart.unit, apart),
                days.short(first.0),
                level(last.1, &chart.unit, apart),
                days.short(last.0)
            ),
            _ => "no values".to_owned(),
        };
        let gaps = if missing > 0 && !values.is_empty() {
            format!("; {} without a value", format::counted(missing as u64, "days"))
        } else {
            String::new()
        };
        parts.push(format!("{name}{text}{gaps}."));
    }
    if let Some(mean) = chart.baseline.as_ref().and_then(|baseline| baseline.mean) {
        parts.push(format!("Baseline {}.", level(mean, &chart.unit, apart)));
    }
    let labels = [
        chart.target.as_ref().map(|part| bound(part, &chart.unit, apart, false)),
        chart.marginal.as_ref().map(|part| bound(part, &chart.unit, apart, true)),
        chart.observed.as_ref().map(|part| observed(part, &chart.unit, apart)),
    ];
    for label in labels.into_iter().flatten() {
        parts.push(format!("{} {}", label.main, label.sub).trim_end().to_owned() + ".");
    }
    parts.extend(remarks(chart));
    parts.join(" ")
}

/// Why something is not shown.
pub(crate) fn remarks(chart: &ChartPart) -> impl Iterator<Item = String> {
    chart.withheld.iter().chain(&chart.notes).map(|text| sentence(text))
}

/// What to know of the values that are shown, on one line; empty where there is nothing to know.
pub(crate) fn notes(chart: &ChartPart) -> String {
    chart.notes.iter().map(|text| sentence(text)).collect::<Vec<_>>().join(" ")
}

/// Days and their values, without the gaps.
pub(crate) fn values(values: &[Option<f64>], most: usize) -> impl Iterator<Item = (usize, f64)> {
    let known = |(day, value): (usize, &Option<f64>)| Some((day, value.filter(|value| value.is_finite())?));
    values.iter().take(most).enumerate().filter_map(known)
}

/// A clause as a sentence of its own.
fn sentence(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}

/// A number somebody chose, in few characters whatever its size.
fn chosen(value: f64, unit: &str) -> String {
    let text = format::chosen_short(value, unit);
    if text.chars().count() > 16 { level(value, unit, 0.0) } else { text }
}

/// Nothing in the place of a text that only extreme numbers make so long.
fn short(text: &str) -> String {
    if text.chars().count() > 48 { String::new() } else { text.to_owned() }
}
