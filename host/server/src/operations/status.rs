//! How the service fares, on one screen.

use std::path::Path;

use yardstick_app::{App, Caller, LateMetric, Status};
use yardstick_client::api::{StatusDocument, StatusLine};
use yardstick_stats::format::counted;

use super::Result;

/// Metrics and plugins that are named; further ones are counted.
const NAMED: usize = 5;
/// Less free space than this, in MiB, needs somebody.
const LITTLE_SPACE: u64 = 1024;

/// How it fares.
pub(crate) async fn status(app: &App, caller: &Caller) -> Result<StatusDocument> {
    let status = app.status(caller).await?;
    let database = app.store().name().to_owned();
    let mut lines = vec![
        jobs(&status, caller),
        dead(&status),
        overdue(&status),
        undelivered(&status, caller),
        late(&status.late),
        named(
            "plugins",
            "none is suspended",
            "suspended",
            &status.suspended,
            "yardstick plugin logs PLUGIN --failed",
        ),
        named("judges", "all of this build are loaded", "not loaded", &status.not_loaded, "the log says why"),
    ];
    lines.extend(database.strip_prefix("sqlite:").and_then(|path| space(Path::new(path))));
    Ok(StatusDocument {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        database,
        ok: lines.iter().all(|line| line.ok),
        lines,
    })
}

fn line(name: &str, ok: bool, text: String, advice: &str) -> StatusLine {
    StatusLine { name: name.to_owned(), ok, text, advice: (!ok).then(|| advice.to_owned()) }
}

fn jobs(status: &Status, caller: &Caller) -> StatusLine {
    let jobs = &status.jobs;
    let mut text = format!("{} waiting, {} of them due, {} running", jobs.waiting, jobs.due, jobs.running);
    if let Some(since) = jobs.oldest_due {
        let minutes = caller.now.duration_since(since).as_mins().max(0);
        text += &format!("; the oldest has been due for {}", counted(minutes.unsigned_abs(), "minutes"));
    }
    line(
        "jobs",
        !status.late_jobs,
        text,
        "nobody does them fast enough: start yardstick serve or yardstick work",
    )
}

fn dead(status: &Status) -> StatusLine {
    let dead = status.jobs.dead;
    let text = if dead == 0 {
        "no job was given up".to_owned()
    } else {
        format!("{} given up", counted(dead, "job"))
    };
    line("dead", dead == 0, text, "yardstick jobs list --state dead; then: yardstick jobs retry ID")
}

fn overdue(status: &Status) -> StatusLine {
    let sentence = |(at, since): &(String, jiff::Timestamp)| {
        format!("{at} (since {})", since.strftime("%Y-%m-%d %H:%M UTC"))
    };
    let mut named: Vec<String> = status.overdue.iter().map(sentence).collect();
    let count = status.overdue_count;
    let more = count.saturating_sub(named.len() as u64);
    if more > 0 {
        named.push(format!("{more} more"));
    }
    let text = match count {
        0 => "none is overdue".to_owned(),
        _ => format!("{count} overdue: {}", named.join(", ")),
    };
    line("verdicts", count == 0, text, "yardstick jobs list; are there workers?")
}

fn undelivered(status: &Status, caller: &Caller) -> StatusLine {
    let text = match status.undelivered {
        None => "every event is where it goes".to_owned(),
        Some(since) => {
            let minutes = caller.now.duration_since(since).as_mins().max(0);
            format!(
                "the oldest event waits to be delivered for {}",
                counted(minutes.unsigned_abs(), "minutes")
            )
        }
    };
    line("events", !status.undelivered_long, text, "yardstick sink deliveries; a receiver may be away")
}

fn late(late: &[LateMetric]) -> StatusLine {
    let sentence = |metric: &LateMetric| {
        format!(
            "{} (promised by {}, {})",
            metric.key,
            metric.promised.strftime("%Y-%m-%d %H:%M UTC"),
            metric.owner
        )
    };
    let late: Vec<String> = late.iter().map(sentence).collect();
    named("metrics", "none is late", "late", &late, "ask their owners; verdicts wait for them")
}

fn named<T: ToString>(name: &str, none: &str, are: &str, found: &[T], advice: &str) -> StatusLine {
    if found.is_empty() {
        return line(name, true, none.to_owned(), "");
    }
    let mut names: Vec<String> = found.iter().take(NAMED).map(ToString::to_string).collect();
    if found.len() > NAMED {
        names.push(format!("{} more", found.len() - NAMED));
    }
    line(name, false, format!("{} {are}: {}", found.len(), names.join(", ")), advice)
}

/// Free space beside a database file; `None`: the system does not say.
fn space(database: &Path) -> Option<StatusLine> {
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let found = rustix::fs::statvfs(folder).ok()?;
    let free = found.f_bavail.saturating_mul(found.f_frsize) >> 20;
    let text = format!("{} MiB free", yardstick_stats::format::count(free));
    Some(line("disk", free >= LITTLE_SPACE, text, "make room: without it nothing can be written"))
}
