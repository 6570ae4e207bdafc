//! Replay: the recorded question to the recorded judge on the recorded frames must give the recorded finding,
//! bit for bit. What differs is named.

use std::sync::Arc;

use yardstick_domain::criteria::{Terms, canonical};
use yardstick_domain::digest::Digest;
use yardstick_domain::frame::Frame;
use yardstick_domain::verdict::{Judgement, RULES, Verdict, VerdictRef};
use yardstick_store::StoreError;

use crate::conclusion::{headline, outcome};
use crate::error::{AppError, Result};
use crate::host_findings::{too_early, undecided};
use crate::judging::Asked;
use crate::{App, Caller};
use yardstick_domain::time::zone;

/// Something that is not as it was when the verdict was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The criterion; `None`: the verdict as a whole.
    pub criterion: Option<String>,
    /// Which part: `terms`, `criterion`, `question`, `plan`, `frames`, `frame KEY`, `run`, `plugin`, `finding`,
    /// `fuel`; of the whole `outcome`, `headline`, `record`, `rules`.
    pub part: String,
    /// What was recorded and what is there now.
    pub detail: String,
}

/// What a replay came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// The verdict.
    pub at: String,
    /// Judgements that were computed again and gave the same bytes.
    pub identical: u32,
    /// Judgements the host wrote itself; their records were checked.
    pub by_host: u32,
    /// Judgements that a wall clock stopped: nobody can compute those again.
    pub not_replayable: u32,
    /// Whether fuel was compared: only under the engine that judged.
    pub fuel_compared: bool,
    /// What differs; none: everything is as it was.
    pub differences: Vec<Difference>,
}

impl App {
    /// Recomputes a verdict from what was recorded with it.
    ///
    /// # Errors
    /// When there is no such verdict, or the database fails.
    pub async fn replay(&self, caller: &Caller, at: &VerdictRef) -> Result<Replay> {
        self.visible(caller, &at.release).await?;
        let mut replay = Replay {
            at: at.to_string(),
            identical: 0,
            by_host: 0,
            not_replayable: 0,
            fuel_compared: true,
            differences: Vec::new(),
        };
        let verdict = match self.verdict_named(at).await {
            Ok(verdict) => verdict,
            Err(AppError::Store(StoreError::Corrupt { what })) => {
                replay.differences.push(difference(None, "record", what));
                return Ok(replay);
            }
            Err(error) => return Err(error),
        };
        replay.at = verdict.at.to_string();
        let terms = match self.terms(verdict.terms).await {
            Ok(terms) => terms,
            Err(AppError::Fault(detail)) => {
                replay.differences.push(difference(None, "terms", detail));
                return Ok(replay);
            }
            Err(error) => return Err(error),
        };
        if verdict.rules != RULES {
            let detail =
                format!("judged under version {} of the host's rules; this build has {RULES}", verdict.rules);
            replay.differences.push(difference(None, "rules", detail));
        }
        for (index, sealed) in terms.criteria.iter().enumerate() {
            let id = sealed.criterion.id.to_string();
            let Some(judgement) = verdict.judgements.get(index) else {
                let detail = "its finding is no longer stored".to_owned();
                replay.differences.push(difference(Some(&id), "finding", detail));
                continue;
            };
            if (&sealed.criterion, &sealed.plugin) != (&judgement.criterion, &judgement.plugin) {
                let detail = "the recorded criterion is not the sealed one".to_owned();
                replay.differences.push(difference(Some(&id), "criterion", detail));
            }
            self.replay_one(judgement, &mut replay).await?;
        }
        whole(&verdict, &terms, &mut replay.differences)?;
        Ok(replay)
    }

    async fn replay_one(&self, judgement: &Judgement, replay: &mut Replay) -> Result<()> {
        let id = judgement.criterion.id.to_string();
        let before = replay.differences.len();
        recorded(judgement, &id, &mut replay.differences)?;
        let frames = self.recorded_frames(judgement, &id, &mut replay.differences).await?;
        let (Some(question), Some(run), Some(plugin)) =
            (&judgement.question, &judgement.run, &judgement.plugin)
        else {
            replay.by_host += 1;
            return Ok(());
        };
        if !run.replayable {
            replay.not_replayable += 1;
            return Ok(());
        }
        if replay.differences.len() > before {
            return Ok(());
        }
        let judge = match self.load_judge(plugin.hash).await? {
            Ok(judge) => judge,
            Err(why) => {
                replay.differences.push(difference(Some(&id), "plugin", why));
                return Ok(());
            }
        };
        let mut asked = Asked::default();
        self.plan(&judge, question, &mut asked).await;
        if asked.queries != judgement.queries {
            let detail = "the judge plans other queries than it did".to_owned();
            replay.differences.push(difference(Some(&id), "plan", detail));
            return Ok(());
        }
        asked.frames = frames;
        let fetched_all = asked.frames.len() == judgement.queries.len();
        if asked.finding.is_none() && fetched_all {
            self.evaluate(&judge, question, &mut asked).await;
        }
        compare_fuel(self.engine.hash(), judgement, &asked, &id, replay);
        if asked.finding.is_none() && !fetched_all {
            // Data could not be had then; the host wrote the finding, and its record was checked above.
            replay.by_host += 1;
            return Ok(());
        }
        let finding = self.finding_again(judgement, asked);
        if canonical(&finding).map_err(AppError::fault)?
            != canonical(&judgement.finding).map_err(AppError::fault)?
        {
            let detail =
                format!("recorded {:?}, computed {:?}", judgement.finding.headline, finding.headline);
            replay.differences.push(difference(Some(&id), "finding", detail));
        } else if replay.differences.len() == before {
            replay.identical += 1;
        }
        Ok(())
    }

    /// What the host made of the judge's answer: the answer, or the counts so far of what is not due.
    fn finding_again(&self, judgement: &Judgement, asked: Asked) -> yardstick_domain::finding::Finding {
        let finding = asked.finding.unwrap_or_else(|| undecided("host-fault", ""));
        if judgement.finding.outcome.reason() != Some(yardstick_domain::finding::Reason::TooEarly)
            || judgement.decided.is_none()
        {
            return finding;
        }
        let Some(question) = &judgement.question else { return finding };
        too_early(judgement.decided.as_ref(), Some((question, &finding)), &zone(&question.time_zone))
    }

    /// The frames as recorded; those whose bytes no longer match their digest are named.
    pub(crate) async fn recorded_frames(
        &self,
        judgement: &Judgement,
        id: &str,
        differences: &mut Vec<Difference>,
    ) -> Result<Vec<(String, Arc<Frame>)>> {
        let mut frames = Vec::new();
        for used in &judgement.frames {
            let part = format!("frame {}", used.key);
            let Some(bytes) = self.store.frame(used.digest).await? else {
                differences.push(difference(Some(id), &part, format!("{} is not stored", used.digest)));
                continue;
            };
            let found = Digest::of(&bytes);
            match Frame::decode(&bytes) {
                Ok(frame) if found == used.digest => frames.push((used.key.clone(), Arc::new(frame))),
                _ => {
                    let detail = format!("its bytes were changed: {} recorded, {found} stored", used.digest);
                    differences.push(difference(Some(id), &part, detail));
                }
            }
        }
        Ok(frames)
    }
}

/// Compares the verdict as a whole with what its parts come to, and with what it hashed to when it was judged.
fn whole(verdict: &Verdict, terms: &Terms, differences: &mut Vec<Difference>) -> Result<()> {
    let before = differences.len();
    let again = outcome(terms.passes_when, &verdict.judgements);
    if again != verdict.outcome {
        let detail = format!("recorded {}, computed {}", verdict.outcome.as_str(), again.as_str());
        differences.push(difference(None, "outcome", detail));
    }
    if headline(terms.passes_when, &again, &verdict.judgements) != verdict.headline
        && differences.len() == before
    {
        differences.push(difference(None, "headline", "it is not what the findings come to".to_owned()));
    }
    if differences.is_empty() && verdict.record().map_err(AppError::fault)? != verdict.seen {
        let detail = "its instants, standing or place were changed since it was judged".to_owned();
        differences.push(difference(None, "record", detail));
    }
    Ok(())
}

/// Compares the recorded parts with what they hashed to when they were judged.
fn recorded(judgement: &Judgement, id: &str, differences: &mut Vec<Difference>) -> Result<()> {
    let now = judgement.parts().map_err(AppError::fault)?;
    let then = &judgement.seen;
    for (part, same) in [
        ("question", now.question == then.question),
        ("plan", now.queries == then.queries),
        ("frames", now.frames == then.frames),
        ("finding", now.finding == then.finding),
        ("run", now.rest == then.rest),
    ] {
        // A changed criterion is named as such.
        let named = differences.last().is_some_and(|last| last.criterion.as_deref() == Some(id));
        let told = same || (part == "run" && named);
        if !told {
            let detail = "its record was changed since it was judged".to_owned();
            differences.push(difference(Some(id), part, detail));
        }
    }
    Ok(())
}

fn compare_fuel(engine: Digest, judgement: &Judgement, asked: &Asked, id: &str, replay: &mut Replay) {
    let (Some(then), Some(now)) = (&judgement.run, &asked.run) else { return };
    if then.engine != engine {
        replay.fuel_compared = false;
        return;
    }
    if (then.plan_fuel, then.evaluate_fuel) != (now.plan_fuel, now.evaluate_fuel) {
        let detail = format!(
            "recorded {} + {}, computed {} + {}",
            then.plan_fuel, then.evaluate_fuel, now.plan_fuel, now.evaluate_fuel
        );
        replay.differences.push(difference(Some(id), "fuel", detail));
    }
}

fn difference(criterion: Option<&str>, part: &str, detail: String) -> Difference {
    Difference { criterion: criterion.map(str::to_owned), part: part.to_owned(), detail }
}
