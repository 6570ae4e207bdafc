//! Jobs: list, show, try again, take out of line.

use yardstick_app::{App, Caller};
use yardstick_client::api::{JobDocument, JobsRequest, Page};
use yardstick_domain::job::{Job, JobKind, JobState};
use yardstick_store::JobFilter;

use super::reading::Reading;
use super::{Error, Result};

/// Jobs, the newest first.
pub(crate) async fn list(app: &App, caller: &Caller, request: &JobsRequest) -> Result<Page<JobDocument>> {
    let mut reading = Reading::default();
    let state = reading.with("state", request.state.as_ref(), state);
    let kind = reading.one_of("kind", request.kind.as_ref(), &JobKind::ALL, JobKind::as_str);
    let release = reading.maybe("release", request.release.as_ref());
    let before = reading.cursor(request.cursor.as_ref(), |text| text.parse().ok());
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page =
        app.jobs(caller, &JobFilter { state, kind, release, ..JobFilter::default() }, before, limit).await?;
    let items = page.items.into_iter().map(document).collect();
    Ok(Page { items, next: page.next.map(|id| id.to_string()) })
}

/// Where a job stands, by its name.
pub(crate) fn state(text: &str) -> std::result::Result<JobState, String> {
    let found = JobState::ALL.into_iter().find(|state| state.as_str() == text);
    found.ok_or_else(|| {
        format!("{text:?} is no state of a job; expected waiting, running, done, dead or cancelled")
    })
}

/// The number of a job.
pub(crate) fn number(text: &str) -> Result<i64> {
    let bad = || Error::malformed("id", format!("{text:?} is no number of a job; expected such as 17"));
    text.parse().map_err(|_| bad())
}

/// One job.
pub(crate) async fn show(app: &App, caller: &Caller, id: i64) -> Result<JobDocument> {
    Ok(document(app.job(caller, id).await?))
}

/// Puts a job that was given up or cancelled, or that waits, in line now.
pub(crate) async fn retry(app: &App, caller: &Caller, id: i64) -> Result<JobDocument> {
    Ok(document(app.retry_job(caller, id).await?))
}

/// Takes a job that waits or was given up out of line.
pub(crate) async fn cancel(app: &App, caller: &Caller, id: i64) -> Result<JobDocument> {
    Ok(document(app.cancel_job(caller, id).await?))
}

fn document(job: Job) -> JobDocument {
    JobDocument {
        id: job.id,
        kind: job.kind.into(),
        key: job.key,
        team: job.team.map(|team| team.to_string()),
        release: job.release.map(|release| release.to_string()),
        state: job.state.into(),
        due_at: job.due_at,
        attempts: job.attempts,
        worker: job.worker,
        created_at: job.created_at,
        started_at: job.started_at,
        ended_at: job.ended_at,
        waits_for: job.waits_for,
        error: job.error,
        result: job.result,
    }
}
