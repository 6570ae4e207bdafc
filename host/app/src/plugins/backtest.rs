//! Back-tests: what another version would have found in verdicts that were given, from what they recorded. Nothing is
//! stored.

use std::sync::Arc;

use jiff::Timestamp;
use semver::Version;
use yardstick_domain::finding::{Finding, Outcome};
use yardstick_domain::frame::Frame;
use yardstick_domain::ids::{CriterionId, PluginName};
use yardstick_domain::verdict::{Judgement, VerdictRef};
use yardstick_engine::Plugin;

use crate::conclusion::outcome;
use crate::error::{AppError, Result};
use crate::host_findings::undecided;
use crate::judging::Asked;
use crate::{App, Caller};

/// Which verdicts a version is tried on.
#[derive(Debug, Clone)]
pub struct BacktestRequest {
    /// The plugin.
    pub plugin: PluginName,
    /// The version to try.
    pub version: Version,
    /// Only verdicts that were given since; `None`: whenever.
    pub since: Option<Timestamp>,
    /// At most so many verdicts, the newest first.
    pub limit: u32,
}

/// What a version would have found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Backtest {
    /// Verdicts that were looked at.
    pub verdicts: u32,
    /// Findings that were computed again.
    pub findings: u32,
    /// Findings that would differ, in the order of their verdicts.
    pub changed: Vec<ChangedFinding>,
    /// Verdicts that would come to something else.
    pub turned: Vec<TurnedVerdict>,
    /// Findings that could not be computed again.
    pub left_out: Vec<LeftOut>,
}

/// A finding that would differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFinding {
    /// The verdict it is in.
    pub at: VerdictRef,
    /// Its criterion.
    pub criterion: CriterionId,
    /// What was found.
    pub then: (Outcome, String),
    /// What would be found.
    pub now: (Outcome, String),
}

/// A verdict that would come to something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnedVerdict {
    /// The verdict.
    pub at: VerdictRef,
    /// What it came to.
    pub then: Outcome,
    /// What it would come to.
    pub now: Outcome,
}

/// A finding that could not be computed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The verdict it is in.
    pub at: VerdictRef,
    /// Its criterion.
    pub criterion: CriterionId,
    /// Why.
    pub why: String,
}

/// What a criterion was judged from, as recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct VerdictInputs {
    /// The verdict, with its number.
    pub at: VerdictRef,
    /// The judgement, with the question and the queries.
    pub judgement: Judgement,
    /// The frames, by the keys of the queries, in their order.
    pub frames: Vec<(String, Arc<Frame>)>,
}

impl App {
    /// Tries a version on verdicts whose releases were sealed with another version of the plugin, and which whoever
    /// asks may read.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an unknown plugin or version; [`AppError::Conflict`] when it cannot be loaded.
    pub async fn backtest(&self, caller: &Caller, request: &BacktestRequest) -> Result<Backtest> {
        let name = &request.plugin;
        let versions = self.judge_versions(name).await?;
        let Some(wanted) = versions.iter().find(|known| known.version == request.version) else {
            return Err(self.published(name, &request.version).await.err().unwrap_or_else(|| {
                AppError::NotFound { what: format!("plugin {name} {}", request.version), hint: String::new() }
            }));
        };
        let judge = self.load_judge(wanted.digest).await?.map_err(AppError::Conflict)?;
        let sees = self.sees(caller).await?;
        let verdicts = self.store.verdicts_by_plugin(name, request.since, &sees, request.limit).await?;
        let mut found = Backtest::default();
        for at in verdicts {
            self.try_on(name, &judge, &at, &mut found).await?;
        }
        Ok(found)
    }

    async fn try_on(
        &self,
        name: &PluginName,
        judge: &Arc<Plugin>,
        at: &VerdictRef,
        found: &mut Backtest,
    ) -> Result<()> {
        let mut verdict = self.verdict_named(at).await?;
        let at = verdict.at.clone();
        found.verdicts += 1;
        for judgement in &mut verdict.judgements {
            let own = judgement.plugin.as_ref().is_some_and(|plugin| plugin.name == *name);
            if !own || judgement.question.is_none() || judgement.decided.is_some() {
                continue;
            }
            let criterion = judgement.criterion.id.clone();
            match self.again(judge, judgement).await? {
                Ok(finding) => {
                    found.findings += 1;
                    let then = (judgement.finding.outcome.clone(), judgement.finding.headline.clone());
                    let now = (finding.outcome.clone(), finding.headline.clone());
                    if then != now {
                        found.changed.push(ChangedFinding { at: at.clone(), criterion, then, now });
                    }
                    judgement.finding = finding;
                }
                Err(why) => found.left_out.push(LeftOut { at: at.clone(), criterion, why }),
            }
        }
        let terms = self.terms(verdict.terms).await?;
        let now = outcome(terms.passes_when, &verdict.judgements);
        // Another reason for the same is told by its findings.
        if now.as_str() != verdict.outcome.as_str() {
            found.turned.push(TurnedVerdict { at, then: verdict.outcome, now });
        }
        Ok(())
    }

    /// What this judge finds from what was recorded; the inner error says why it cannot be asked.
    async fn again(
        &self,
        judge: &Arc<Plugin>,
        judgement: &Judgement,
    ) -> Result<std::result::Result<Finding, String>> {
        let Some(question) = &judgement.question else { return Ok(Err("it was not asked".to_owned())) };
        let problems = judge.check_params(&question.params);
        if let [first, ..] = problems.as_slice() {
            return Ok(Err(format!("its parameters do not fit: with.{first}")));
        }
        let mut asked = Asked::default();
        self.plan(judge, question, &mut asked).await;
        if let Some(finding) = asked.finding {
            return Ok(Ok(finding));
        }
        if asked.queries != judgement.queries {
            return Ok(Err("it asks for other data than was recorded".to_owned()));
        }
        match self.frames_of(judgement).await? {
            Ok(frames) if frames.len() == judgement.queries.len() => asked.frames = frames,
            Ok(_) => return Ok(Err("its data could not be had then".to_owned())),
            Err(why) => return Ok(Err(why)),
        }
        self.evaluate(judge, question, &mut asked).await;
        Ok(Ok(asked.finding.unwrap_or_else(|| undecided("host-fault", ""))))
    }

    /// The frames that a judgement recorded; the inner error names one that is not as it was.
    async fn frames_of(
        &self,
        judgement: &Judgement,
    ) -> Result<std::result::Result<Vec<(String, Arc<Frame>)>, String>> {
        let mut differences = Vec::new();
        let id = judgement.criterion.id.as_str();
        let frames = self.recorded_frames(judgement, id, &mut differences).await?;
        Ok(match differences.into_iter().next() {
            Some(difference) => Err(format!("{}: {}", difference.part, difference.detail)),
            None => Ok(frames),
        })
    }

    /// What a criterion of a verdict was judged from. It belongs to the team of the release.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an unknown verdict or criterion, [`AppError::Forbidden`] for another team's,
    /// [`AppError::Conflict`] for one that no judge was asked about.
    pub async fn verdict_inputs(
        &self,
        caller: &Caller,
        at: &VerdictRef,
        criterion: &CriterionId,
    ) -> Result<VerdictInputs> {
        let facts = self.visible(caller, &at.release).await?;
        let verdict = self.verdict_named(at).await?;
        if !self.sees(caller).await?.of_team(&facts.release.team) {
            return Err(AppError::Forbidden(format!(
                "what {} was judged from belongs to {}; ask them to save it as a case",
                verdict.at, facts.release.team
            )));
        }
        let known: Vec<String> =
            verdict.judgements.iter().map(|judgement| judgement.criterion.id.to_string()).collect();
        let own = |judgement: &&Judgement| judgement.criterion.id == *criterion;
        let Some(judgement) = verdict.judgements.iter().find(own).cloned() else {
            let known = known.iter().map(String::as_str);
            return Err(AppError::not_found(
                &format!("criterion in {}", verdict.at),
                criterion.as_str(),
                known,
            ));
        };
        if judgement.question.is_none() {
            return Err(AppError::Conflict(format!(
                "no judge was asked about {criterion} in {}: {}",
                verdict.at, judgement.finding.headline
            )));
        }
        let frames = self.frames_of(&judgement).await?.map_err(AppError::Conflict)?;
        Ok(VerdictInputs { at: verdict.at, judgement, frames })
    }
}
