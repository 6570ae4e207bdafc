//! Findings the host writes when no judge can be asked, or its answer cannot be used.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use yardstick_domain::codes;
use yardstick_domain::finding::{Estimate, Finding, Grade, Outcome, Reason};
use yardstick_domain::frame::Value;
use yardstick_domain::metric::Metric;
use yardstick_domain::question::Question;
use yardstick_domain::time::{day_of, days_between, plus_days};
use yardstick_domain::verdict::Decided;
use yardstick_stats::format;

use crate::question::{COVERS_DAYS, N_UNIT};

/// What a judge of a comparison says of how many units all compared groups have.
const UNITS: &str = "units";

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
/// data is there is shown, because an early estimate is the one people remember. `trial`: what the judge was asked
/// and said; everything is taken from it, so that a replay comes to the same. `zone`: the team's.
pub(crate) fn too_early(
    decided: Option<&Decided>,
    trial: Option<(&Question, &Finding)>,
    zone: &TimeZone,
) -> Finding {
    let mut finding = Finding::by_host(Outcome::undecided(Reason::TooEarly, "not-due"), String::new());
    let when = decided.map(|decided| {
        format!("decided at {} (about {})", decided.checkpoint, short(day_of(decided.at, zone)))
    });
    let mut parts = Vec::new();
    let seen =
        trial.and_then(|(question, said)| said.primary.as_ref().map(|primary| (question, said, primary)));
    match seen {
        Some((question, said, primary)) if said.grade == Grade::TargetOnly => {
            finding.target = said.target;
            finding.primary = Some(bare(primary));
            finding.grade = said.grade;
            parts.push(so_far(primary, said.target, named_units(question).is_some()));
            parts.extend(before_launch(question, zone));
        }
        Some((question, said, primary)) => {
            let fallback = if said.grade == Grade::BeforeAfter { "days" } else { "observations" };
            let units = named_units(question).unwrap_or(fallback);
            parts.extend(seen_so_far(said, primary).map(|n| format!("{} so far", format::counted(n, units))));
            parts.push("the comparison is not looked at before it is due".to_owned());
        }
        None => {}
    }
    parts.extend(when);
    finding.headline = if parts.is_empty() { "It is too early to say.".to_owned() } else { parts.join("; ") };
    finding
}

/// How much of the data of a comparison is there: of all variants where the judge says so, because what is compared
/// first tells which one leads.
fn seen_so_far(said: &Finding, primary: &Estimate) -> Option<u64> {
    let all = said.more.iter().find(|(name, _)| name == UNITS).and_then(|(_, value)| match value {
        Value::Integer(units) => u64::try_from(*units).ok(),
        _ => None,
    });
    all.or(primary.n)
}

/// What one observation of the first metric is called, in the plural; `None`: nobody says.
fn named_units(question: &Question) -> Option<&str> {
    let named =
        question.metrics.first().and_then(|metric| metric.more.iter().find(|(name, _)| name == N_UNIT));
    match named {
        Some((_, Value::Text(unit))) => Some(unit),
        _ => None,
    }
}

/// How much of a level that looks back lies before the launch.
fn before_launch(question: &Question, zone: &TimeZone) -> Option<String> {
    let covers = question.metrics.first()?.more.iter().find(|(name, _)| name == COVERS_DAYS)?;
    let Value::Integer(covers) = covers.1 else { return None };
    // The last bucket is the day before the window's end; the launch day itself counts as before.
    let since = days_between(day_of(question.launch, zone), day_of(question.window.end, zone)) - 1;
    let before = covers - i64::from(since);
    (before > 0).then(|| format!("includes {before} days before launch"))
}

/// The number without its interval: before a criterion is due there is only a count.
fn bare(estimate: &Estimate) -> Estimate {
    Estimate { low: None, high: None, confidence: None, log10_p: None, more: Vec::new(), ..estimate.clone() }
}

/// The count so far beside what it shall come to: `1,912 of 4,000 users so far`, `58.1 % of 1,544 so far, target
/// 60 %`.
fn so_far(primary: &Estimate, target: Option<f64>, n_is_named: bool) -> String {
    let unit = primary.unit.as_str();
    let value = format::value(primary.value, unit);
    let share = unit == "share";
    let of = primary
        .n
        .filter(|_| share && n_is_named)
        .map_or(String::new(), |n| format!(" of {}", format::count(n)));
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
