//! Looking for what no transaction causes: verdicts that are overdue, people who forget.

use jiff::{SignedDuration, Timestamp};
use yardstick_domain::event::{EventKind, NewEvent};
use yardstick_domain::job::Job;
use yardstick_domain::people::Organisation;

use crate::App;
use crate::error::{AppError, Result};

/// A verdict that could have been given for this long, and was not, is overdue.
pub(crate) const OVERDUE: SignedDuration = SignedDuration::from_hours(1);

impl App {
    /// Looks once for what time alone causes, and writes down what is new: how many events that were. Any number of
    /// processes may do so at any time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn watch(&self) -> Result<u32> {
        let now = (self.clock)();
        let company = self.store.organisation().await?.unwrap_or_default();
        let mut events = self.overdue(now, &company).await?;
        events.extend(self.launch_nudges(now, &company).await?);
        events.extend(self.data_nudges(now).await?);
        Ok(self.store.put_events(&events).await?)
    }

    /// A service that has just begun again catches up first.
    async fn overdue(&self, now: Timestamp, company: &Organisation) -> Result<Vec<NewEvent>> {
        let before = now.checked_sub(OVERDUE).map_err(AppError::fault)?;
        if self.began > before {
            return Ok(Vec::new());
        }
        let overdue = self.store.overdue_verdicts(before).await?;
        let event = |(job, since): (Job, Timestamp)| {
            let tried = match &job.error {
                Some(error) => format!("it was tried {} times, and failed: {error}", job.attempts),
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
