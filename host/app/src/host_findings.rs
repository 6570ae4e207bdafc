//! Findings the host writes when no judge can be asked, or its answer cannot be used.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use yardstick_domain::codes;
use yardstick_domain::criteria::Criterion;
use yardstick_domain::finding::{Estimate, Finding, Grade, Outcome, Reason};
use yardstick_domain::metric::Metric;
use yardstick_domain::time::{day_of, days_between, plus_days};
use yardstick_domain::verdict::Decided;
use yardstick_stats::format;

/// Undecided with this code: its sentence, and what was seen.
pub(crate) fn undecided(code: &str, detail: &str) -> Finding {
    let row = codes::find(code);
    let reason = row.map_or(Reason::Error, |row| row.reason);
    let sentence = codes::explain(reason, code).0;
    let headline = if detail.is_empty() { sentence.to_owned() } else { format!("{sentence} {detail}") };
    Finding::by_host(Outcome::undecided(reason, code), headline)
}

/// A metric is not complete up to the end of the window.
pub(crate) fn stale(
    metric: &Metric,
    complete_through: Option<Timestamp>,
    end: Timestamp,
    zone: &TimeZone,
) -> Finding {
    let last = plus_days(day_of(end, zone), -1);
    let detail = match complete_through {
        None => format!("Nothing says how far {} is complete; the window ends with {last}.", metric.key),
        Some(instant) => {
            let through = plus_days(day_of(instant, zone), -1);
            format!("{} is complete through {through}; the window ends with {last}.", metric.key)
        }
    };
    undecided("stale", &detail)
}

/// Not due yet. A trial run of the judge tells the counts so far; of a comparison nothing but how much of the
/// data is there is shown, because an early estimate is the one people remember.
pub(crate) fn too_early(
    criterion: &Criterion,
    decided: Option<&Decided>,
    trial: Option<&Finding>,
    covers_days: Option<u32>,
    counted_to: Option<(Timestamp, Timestamp)>,
    zone: &TimeZone,
) -> Finding {
    let mut finding = Finding::by_host(Outcome::undecided(Reason::TooEarly, "not-due"), String::new());
    let when = decided.map(|decided| {
        format!("decided at {} (about {})", decided.checkpoint, short(day_of(decided.at, zone)))
    });
    let mut parts = Vec::new();
    match trial.filter(|trial| trial.grade == Grade::TargetOnly && trial.primary.is_some()) {
        Some(trial) => {
            finding.target = trial.target;
            finding.primary = trial.primary.as_ref().map(bare);
            finding.grade = trial.grade;
            parts.extend(finding.primary.as_ref().map(|primary| so_far(primary, trial.target)));
        }
        None if trial.is_some_and(|trial| trial.primary.is_some()) => {
            parts.push("the comparison is not looked at before it is due".to_owned());
        }
        None => {}
    }
    if let (Some(covers), Some((launch, to)), true) = (covers_days, counted_to, finding.primary.is_some()) {
        // The last bucket is the day before `to`; the launch day itself counts as before.
        let since = days_between(day_of(launch, zone), day_of(to, zone)) - 1;
        let before = i64::from(covers) - i64::from(since);
        if before > 0 {
            parts.push(format!("includes {before} days before launch"));
        }
    }
    parts.extend(when);
    finding.headline = if parts.is_empty() { "It is too early to say.".to_owned() } else { parts.join("; ") };
    if let Some(expected) = &criterion.expected {
        finding.more.push(("expected".to_owned(), yardstick_domain::frame::Value::Text(expected.clone())));
    }
    finding
}

/// The number without its interval: before a criterion is due there is only a count.
fn bare(estimate: &Estimate) -> Estimate {
    Estimate { low: None, high: None, confidence: None, log10_p: None, more: Vec::new(), ..estimate.clone() }
}

/// The count so far beside what it shall come to: `1,912 of 4,000 users so far`, `58.1 % of 1,544 so far, target
/// 60 %`.
fn so_far(primary: &Estimate, target: Option<f64>) -> String {
    let unit = primary.unit.as_str();
    let value = format::value(primary.value, unit);
    let share = unit == "share";
    let of = primary.n.filter(|_| share).map_or(String::new(), |n| format!(" of {}", format::count(n)));
    match target {
        Some(target) if !share && primary.value < target => {
            format!("{} of {} so far", format::value(primary.value, ""), format::chosen(target, unit))
        }
        Some(target) => format!("{value}{of} so far, target {}", format::chosen_short(target, unit)),
        None => format!("{value}{of} so far"),
    }
}

/// `9 Apr`.
fn short(date: jiff::civil::Date) -> String {
    date.strftime("%-d %b").to_string()
}
