//! The dress rehearsal of one criterion: its moment, its baseline, and what it shows.

use jiff::Timestamp;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::criteria::Criterion;
use yardstick_domain::finding::{Finding, Grade as Evidence, Reason};
use yardstick_domain::frame::{Frame, Shape, Value};
use yardstick_domain::question::{Bucket, Query, Role};
use yardstick_domain::time::{Window, day_of, plus_days, start_of_day};
use yardstick_stats::format;

use super::{CheckLine, Grade, line};
use crate::error::Result;
use crate::fetch::Fetcher;
use crate::judging::Asked;
use crate::question::{Measured, Moment};

/// Baselines of fewer days are warned about.
const SHORT_BASELINE: u32 = 14;

/// The moment at which a window of `checkpoint` days ends with the newest complete data.
pub(super) fn rehearsal(complete: Timestamp, checkpoint: Checkpoint, team: &jiff::tz::TimeZone) -> Moment {
    let end = day_of(complete, team);
    let launch_day = plus_days(end, -(checkpoint.days() as i32) - 1);
    // Midday is on the launch day in every zone's own reckoning of it, more or less.
    let launch =
        start_of_day(launch_day, team).checked_add(jiff::SignedDuration::from_hours(12)).unwrap_or(complete);
    Moment {
        launch,
        checkpoint,
        as_of: complete.max(checkpoint.end(launch, team)),
        known_at: None,
        team: team.clone(),
    }
}

/// Whether the newest days would make a baseline: long enough for its weekdays, and whole.
pub(super) async fn baseline(
    id: &str,
    days: u32,
    complete: Timestamp,
    moment: &Moment,
    metrics: &[Measured],
    fetcher: &mut Fetcher<'_>,
) -> Result<Vec<CheckLine>> {
    let mut lines = Vec::new();
    if days < SHORT_BASELINE {
        let text =
            format!("a baseline of {days} days is shorter than two weeks; weekdays weigh heavily in it");
        lines.push(line(Grade::Warn, id, text));
    }
    let last = day_of(complete, &moment.team);
    let window = Window {
        start: start_of_day(plus_days(last, -(days as i32)), &moment.team),
        end: start_of_day(last, &moment.team),
    };
    for measured in metrics {
        let query = Query {
            key: "baseline".to_owned(),
            metric: measured.name.clone(),
            shape: Shape::Series,
            window,
            bucket: Some(Bucket::Day),
            filters: Vec::new(),
            splits: Vec::new(),
            max_rows: u64::from(days) + 1,
            more: Vec::new(),
        };
        let frame = fetcher.frame(&query, metrics, moment).await?;
        if let Some(missing) = frame.as_ref().ok().and_then(gap) {
            let text = format!(
                "{}: the newest {days} days, its baseline, have a gap: {missing}",
                measured.metric.key
            );
            lines.push(line(Grade::Warn, id, text));
        }
    }
    Ok(lines)
}

/// What the rehearsal shows: only whether there are enough data, never which way they point.
pub(super) fn rehearsed(criterion: &Criterion, asked: &Asked, checkpoint: Checkpoint) -> Vec<CheckLine> {
    let (id, role, metrics) = (criterion.id.as_str(), criterion.role, &criterion.metrics);
    let mut lines = Vec::new();
    let counts = if role == Role::Watch { "; watch, never counts" } else { "" };
    for (key, frame) in &asked.frames {
        let metric = asked.queries.iter().find(|query| query.key == *key).map_or(key, |query| &query.metric);
        let metric = metrics.get(metric).map_or(metric.as_str(), |key| key.as_str());
        let Some(days) = gap(frame) else { continue };
        let warning = line(Grade::Warn, id, format!("{metric} has a gap: {days}"));
        // A judge may read the same days twice, in different shapes.
        if !lines.contains(&warning) {
            lines.push(warning);
        }
    }
    let Some(finding) = &asked.finding else { return lines };
    match finding.outcome.reason() {
        Some(Reason::InsufficientData) => {
            let text = format!(
                "on the last {} days: {} As things are it will be undecided (insufficient data){counts}",
                checkpoint.days(),
                sentence(finding)
            );
            lines.push(line(Grade::Warn, id, text));
        }
        Some(Reason::UntrustedData) => {
            let text = format!("on the last {} days: {}{counts}", checkpoint.days(), sentence(finding));
            lines.push(line(Grade::Warn, id, text));
        }
        // What stops a plan stops the seal too, and is listed with what else does.
        Some(Reason::Error) if asked.queries.is_empty() || stops_the_seal(finding) => {}
        Some(Reason::Error) => lines.push(line(Grade::Error, id, sentence(finding))),
        _ => {
            if let Some(n) = finding.primary.as_ref().and_then(|primary| primary.n) {
                let text =
                    format!("n {} on the last {} days: enough to judge", format::count(n), checkpoint.days());
                lines.push(line(Grade::Ok, id, text));
            }
        }
    }
    if finding.grade == Evidence::TargetOnly && role == Role::Goal {
        lines.push(line(Grade::Note, id, "target-only evidence, no control group"));
    }
    lines
}

/// Whether it is something that a seal looks at itself.
fn stops_the_seal(finding: &Finding) -> bool {
    matches!(finding.outcome.code(), Some("not-granted" | "aggregation" | "dimension"))
}

fn sentence(finding: &Finding) -> String {
    let text = finding.headline.trim_end_matches('.');
    format!("{text}.")
}

/// The days a frame lacks, as it names them.
fn gap(frame: &Frame) -> Option<&str> {
    match frame.fact("missing-days") {
        Some(Value::Text(days)) => Some(days),
        _ => None,
    }
}
