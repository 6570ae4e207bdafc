//! Looking for what no transaction causes: verdicts that are overdue, people who forget.

use jiff::{SignedDuration, Timestamp};
use yardstick_domain::event::{EventKind, NewEvent};
use yardstick_domain::job::{Job, JobState};
use yardstick_domain::people::Organisation;

use crate::App;
use crate::error::{AppError, Result};

/// A verdict that could have been given for this long, and was not, is overdue.
pub(crate) const OVERDUE: SignedDuration = SignedDuration::from_hours(1);

/// Verdicts that are told of at a time; the others are the next time.
const TOLD_AT_ONCE: u32 = 1_000;

impl App {
    /// Looks once for what time alone causes, and writes down what is new: how many events that were. Any number of
    /// processes may do so at any time. `has_caught_up`: whether this process has done what was due when it began; one
    /// that has not, and began within the hour, says nothing of verdicts that are overdue.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn watch(&self, has_caught_up: bool) -> Result<u32> {
        let now = (self.clock)();
        let company = self.store.organisation().await?.unwrap_or_default();
        // What one part cannot tell must not keep the others from telling.
        let parts = [
            self.overdue(now, &company, has_caught_up).await,
            self.launch_nudges(now, &company).await,
            self.data_nudges(now, &company).await,
        ];
        let mut made = 0;
        let mut came = Ok(());
        for part in parts {
            match part {
                Ok(events) => made += self.store.put_events(&events).await?,
                Err(error) => came = Err(error),
            }
        }
        came.map(|()| made)
    }

    async fn overdue(
        &self,
        now: Timestamp,
        company: &Organisation,
        has_caught_up: bool,
    ) -> Result<Vec<NewEvent>> {
        let before = now.checked_sub(OVERDUE).map_err(AppError::fault)?;
        if !has_caught_up && self.began > before {
            return Ok(Vec::new());
        }
        let overdue = self.store.overdue_verdicts(before, TOLD_AT_ONCE).await?;
        let event = |(job, since): (Job, Timestamp)| {
            let tried = match &job.error {
                Some(error) => format!("it was tried {} times, and failed: {error}", job.attempts),
                None if job.state == JobState::Running => "a worker is at it".to_owned(),
                None => "no worker came to it".to_owned(),
            };
            NewEvent {
                kind: EventKind::VerdictOverdue,
                key: format!("{} {}", job.key, job.id),
                at: now,
                team: job.team,
                release: job.release,
                verdict: None,
                urgent: false,
                says: format!("The verdict {} could have been given since {since:.0}: {tried}", job.key),
                advice: Some(format!("see yardstick jobs show {}, and whether workers run", job.id)),
                to: company.operators.iter().cloned().collect(),
            }
        };
        Ok(overdue.into_iter().map(event).collect())
    }
}
