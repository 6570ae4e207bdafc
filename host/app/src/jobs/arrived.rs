//! Values of a metric have arrived or were taken back: the verdicts that wait for them, and those that rest on them.

use jiff::SignedDuration;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::ids::MetricKey;
use yardstick_domain::job::{Ended, Priority};
use yardstick_domain::time::zone;

use super::judge::verdict_job;
use crate::error::{AppError, Result};
use crate::judge::read_terms;
use crate::{App, Caller};

/// How long after the end of its last checkpoint late values still revise a release's verdicts. Those that come later
/// are noted.
const REVISED_FOR: SignedDuration = SignedDuration::from_hours(28 * 24);

/// Releases that are looked at together: their jobs are asked for in one transaction.
const AT_ONCE: u32 = 200;

impl App {
    pub(crate) async fn arrived(&self, caller: &Caller, metric: &MetricKey) -> Result<Ended> {
        // First: whatever is judged from here on is judged from the new values.
        let waited = self.store.wake_jobs_with(metric, caller.now).await?;
        let (mut again, mut noted) = (0, 0);
        let mut after = None;
        loop {
            let some = self.store.judged_with(metric, after.as_ref(), AT_ONCE).await?;
            let mut jobs = Vec::new();
            for judged in &some {
                let terms = read_terms(judged.terms, &judged.bytes)?;
                let Some(last) = terms.last() else { continue };
                let end = last.end(judged.launched_at, &zone(&terms.time_zone));
                if caller.now > end.checked_add(REVISED_FOR).map_err(AppError::fault)? {
                    self.store.note_late_values(&judged.release, metric, &caller.actor, caller.now).await?;
                    noted += 1;
                    continue;
                }
                let job = |checkpoint: &Checkpoint| {
                    verdict_job(&judged.release, &judged.team, *checkpoint, Priority::AGAIN, caller.now)
                };
                jobs.extend(judged.checkpoints.iter().map(job));
            }
            self.store.put_jobs(&jobs, caller.now).await?;
            again += jobs.len();
            match some.last() {
                Some(last) if some.len() == AT_ONCE as usize => after = Some(last.release.clone()),
                _ => break,
            }
        }
        Ok(Ended::Done(format!(
            "{waited} verdicts waited for {metric}, {again} are looked at again, {noted} releases are past revising"
        )))
    }
}
