//! Whether the service can do its work, and what needs somebody.

use std::time::Duration;

use yardstick_app::{App, Status};
use yardstick_client::api::{Health, HealthCheck};
use yardstick_stats::format::counted;

/// How long the database may take to answer: whoever watches the service asks every few seconds.
const ANSWERS: Duration = Duration::from_secs(5);

/// Whether the database answers and the judges are loaded; beside that what `status` tells, in numbers: whoever watches
/// need not be told names, and a service that is behind is better than none.
pub(crate) async fn ready(app: &App) -> Health {
    let unreached = unreached(app).await;
    let status = match unreached {
        None => status(app).await,
        Some(_) => None,
    };
    // Whoever asks need not know how the database fails; the log does.
    let mut checks = vec![
        check("database", true, unreached),
        check("judges", true, app.judges_not_loaded().first().cloned()),
    ];
    checks.extend(status.iter().flat_map(behind));
    Health {
        ok: checks.iter().all(|check| check.ok || !check.required),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        checks,
    }
}

fn check(name: &str, required: bool, problem: Option<String>) -> HealthCheck {
    HealthCheck { name: name.to_owned(), ok: problem.is_none(), required, problem }
}

fn behind(status: &Status) -> Vec<HealthCheck> {
    let some = |count: usize, what: &str, are: &str| {
        (count > 0).then(|| format!("{} {are}", counted(count as u64, what)))
    };
    let dead = usize::try_from(status.jobs.dead).unwrap_or(usize::MAX);
    let overdue = usize::try_from(status.overdue_count).unwrap_or(usize::MAX);
    let late = status.late_jobs.then(|| "jobs wait that could be done".to_owned());
    vec![
        check("jobs", false, some(dead, "jobs", "given up").or(late)),
        check("verdicts", false, some(overdue, "verdicts", "overdue")),
        check("events", false, status.undelivered_long.then(|| "events wait to be delivered".to_owned())),
        check("metrics", false, some(status.late.len(), "metrics", "late")),
        check("plugins", false, some(status.suspended.len(), "plugins", "suspended")),
    ]
}

async fn status(app: &App) -> Option<Status> {
    match tokio::time::timeout(ANSWERS, app.status_lately()).await {
        Ok(Ok(status)) => Some(status),
        Ok(Err(error)) => {
            tracing::error!("how the service fares cannot be read: {error}");
            None
        }
        Err(_) => None,
    }
}

async fn unreached(app: &App) -> Option<String> {
    match tokio::time::timeout(ANSWERS, app.reach()).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => {
            tracing::error!("the database cannot be reached: {error}");
            Some("cannot be reached; the log says why".to_owned())
        }
        Err(_) => Some(format!("does not answer within {} s", ANSWERS.as_secs())),
    }
}
