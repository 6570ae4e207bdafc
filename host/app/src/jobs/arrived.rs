//! Values of a metric have arrived or were taken back: the verdicts that wait for them, and those that rest on them.

use jiff::SignedDuration;
use yardstick_domain::ids::MetricKey;
use yardstick_domain::job::{Ended, Priority};
use yardstick_domain::time::zone;

use super::judge::verdict_job;
use crate::error::{AppError, Result};
use crate::{App, Caller};

/// How long after the end of its last checkpoint late values still revise a release's verdicts. Those that come later
/// are noted.
const REVISED_FOR: SignedDuration = SignedDuration::from_hours(28 * 24);

impl App {
    pub(crate) async fn arrived(&self, caller: &Caller, metric: &MetricKey) -> Result<Ended> {
        let (mut waited, mut again, mut noted) = (0, 0, 0);
        for slug in self.store.launched_with(metric).await? {
            let facts = self.facts(&slug).await?;
            let (Some(launch), Some(seal)) = (&facts.launch, &facts.seal) else { continue };
            waited += self.store.wake_jobs_of(&slug, caller.now).await?;
            let terms = self.terms(seal.hash).await?;
            let Some(last) = terms.last() else { continue };
            let judged = self.store.judged_checkpoints(&slug).await?;
            let until = last.end(launch.at, &zone(&terms.time_zone)).checked_add(REVISED_FOR);
            if judged.is_empty() {
                continue;
            }
            if caller.now > until.map_err(AppError::fault)? {
                self.store.note_late_values(&slug, metric, &caller.actor, caller.now).await?;
                noted += 1;
                continue;
            }
            let job = |checkpoint| verdict_job(&facts, checkpoint, Priority::AGAIN, caller.now);
            let jobs: Vec<_> = judged.into_iter().map(job).collect();
            again += jobs.len();
            self.store.put_jobs(&jobs, caller.now).await?;
        }
        Ok(Ended::Done(format!(
            "{waited} verdicts waited for {metric}, {again} are looked at again, {noted} releases are past revising"
        )))
    }
}
