//! Shadows: versions that judge beside the one that decides, so that what they would change is seen before they do.

use yardstick_domain::criteria::SealedCriterion;
use yardstick_domain::finding::Finding;
use yardstick_domain::plugin::{Channel, Run, Shadow};
use yardstick_domain::question::Question;
use yardstick_engine::Plugin;

use super::Taken;
use crate::error::Result;
use crate::fetch::Fetcher;
use crate::question::{Measured, Moment};
use crate::{App, Caller};

impl App {
    /// Puts the question of a criterion to the shadows of its plugin. What they find decides nothing, and what goes
    /// wrong with one is a failure in its own record.
    #[expect(clippy::too_many_arguments, reason = "what a criterion is judged from, and what was found")]
    pub(crate) async fn shadows(
        &self,
        caller: &Caller,
        sealed: &SealedCriterion,
        question: &Question,
        decided: &Finding,
        metrics: &[Measured],
        moment: &Moment,
        fetcher: &mut Fetcher<'_>,
    ) -> Result<Vec<Run>> {
        let Some(resolved) = sealed.plugin.as_ref().filter(|plugin| plugin.name.team().is_some()) else {
            return Ok(Vec::new());
        };
        let mut runs = Vec::new();
        for version in self.store.plugin_versions(&resolved.name).await? {
            if version.channel != Channel::Shadow || version.yanked.is_some() {
                continue;
            }
            let Ok(judge) = self.load_judge(version.digest).await? else { continue };
            let (suspended, health) = self.suspended(caller, &judge).await?;
            if suspended.is_some() {
                continue;
            }
            let mut asked = self.ask_judge(&judge, question, metrics, moment, fetcher).await?;
            self.ended(caller, &judge, health.as_ref(), &asked.taken).await?;
            let Some(found) = asked.finding.take() else { continue };
            let shadow = Shadow {
                outcome: found.outcome,
                headline: found.headline,
                decided: decided.outcome.clone(),
                decided_headline: decided.headline.clone(),
            };
            runs.push(run_of(&judge, sealed, caller, asked.taken, Some(shadow)));
        }
        Ok(runs)
    }
}

/// The record of a run.
pub(crate) fn run_of(
    judge: &Plugin,
    sealed: &SealedCriterion,
    caller: &Caller,
    taken: Taken,
    shadow: Option<Shadow>,
) -> Run {
    let about = &judge.manifest().plugin;
    Run {
        plugin: about.name.clone(),
        version: about.version.clone(),
        digest: *judge.digest(),
        criterion: sealed.criterion.id.clone(),
        at: caller.now,
        shadow,
        cost: taken.cost,
        failure: taken.failure.map(|failure| (failure.code.to_owned(), failure.message)),
        log: taken.log,
    }
}
