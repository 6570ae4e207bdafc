//! Judging one criterion: question, plan, fetch, evaluate, finding.

use std::sync::Arc;

use jiff::Timestamp;
use yardstick_domain::criteria::{ResolvedPlugin, SealedCriterion, Terms, metric_hash};
use yardstick_domain::digest::Digest;
use yardstick_domain::finding::Finding;
use yardstick_domain::frame::Frame;
use yardstick_domain::plugin::Run;
use yardstick_domain::question::{Query, Question};
use yardstick_domain::time::{Window, day_of, start_of_day};
use yardstick_domain::verdict::{Decided, FrameUsed, Judgement, RunUsed, Seen, Standing};
use yardstick_engine::Plugin;

use crate::error::{AppError, Result};
use crate::fetch::Fetcher;
use crate::host_findings::{stale, too_early, undecided};
use crate::plugins::{Taken, refused, run_of};
use crate::question::{Measured, Moment, ask, measured, window};
use crate::{App, Caller};

/// A criterion judged, with the frames it was judged from.
pub(crate) struct OneJudged {
    pub(crate) judgement: Judgement,
    pub(crate) frames: Vec<(Digest, Vec<u8>)>,
    /// What plugins of teams used and wrote: the one that decided, and its shadows.
    pub(crate) runs: Vec<Run>,
}

/// What asking a judge came to.
#[derive(Default)]
pub(crate) struct Asked {
    pub(crate) queries: Vec<Query>,
    pub(crate) frames: Vec<(String, Arc<Frame>)>,
    pub(crate) run: Option<RunUsed>,
    pub(crate) finding: Option<Finding>,
    pub(crate) taken: Taken,
}

/// Who has a criterion judged, and whether the verdict will count.
#[derive(Clone, Copy)]
pub(crate) struct Asking<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) standing: Standing,
}

impl App {
    /// Judges one criterion at a moment.
    pub(crate) async fn judge_one(
        &self,
        asking: Asking<'_>,
        sealed: &SealedCriterion,
        terms: &Terms,
        moment: &Moment,
        fetcher: &mut Fetcher<'_>,
    ) -> Result<OneJudged> {
        let criterion = &sealed.criterion;
        let metrics = match self.measured(sealed, terms, moment, fetcher).await? {
            Ok(metrics) => metrics,
            Err(finding) => return one(sealed, None, Asked::default(), None, None, finding),
        };
        let complete = metrics.iter().map(|measured| measured.complete_through).min().flatten();
        let decided = decided(sealed, terms, moment, &metrics);
        let Some(whole) = window(criterion, moment) else {
            let finding = too_early(decided.as_ref(), None, &moment.team);
            return one(sealed, None, Asked::default(), decided, complete, finding);
        };
        let last = terms.last().unwrap_or(moment.checkpoint);
        let ended =
            moment.ended() && metrics.iter().all(|measured| measured.end(whole, moment) <= moment.as_of);
        if ended && criterion.is_due(moment.checkpoint, last) {
            if let Some(short) = metrics.iter().find(|measured| !measured.covers(whole, moment)) {
                let finding =
                    stale(&short.metric, short.complete_through, short.end(whole, moment), &short.zone);
                return one(sealed, None, Asked::default(), None, complete, finding);
            }
            let state = fetcher.state(sealed, terms, moment).await?;
            let question = Question { state, ..ask(criterion, terms, moment, whole, &metrics) };
            let mut asked = self
                .ask_guarded(asking.caller, sealed.plugin.as_ref(), &question, &metrics, moment, fetcher)
                .await?;
            let finding = asked.finding.take().unwrap_or_else(|| undecided("host-fault", ""));
            let mut runs = Vec::new();
            if asking.standing == Standing::Official {
                runs = self
                    .shadows(asking.caller, sealed, &question, &finding, &metrics, moment, fetcher)
                    .await?;
            }
            let own = self.recorded(asking.caller, sealed, std::mem::take(&mut asked.taken)).await?;
            let mut one = one(sealed, Some(question), asked, None, complete, finding)?;
            one.runs.extend(own.into_iter().chain(runs));
            return Ok(one);
        }
        let so_far = cut_to_data(whole, complete, moment);
        if so_far.is_empty() {
            let finding = too_early(decided.as_ref(), None, &moment.team);
            return one(sealed, None, Asked::default(), decided, complete, finding);
        }
        let question = ask(criterion, terms, moment, so_far, &metrics);
        let mut asked = self
            .ask_guarded(asking.caller, sealed.plugin.as_ref(), &question, &metrics, moment, fetcher)
            .await?;
        let trial = asked.finding.as_ref().map(|finding| (&question, finding));
        let finding = too_early(decided.as_ref(), trial, &moment.team);
        let own = self.recorded(asking.caller, sealed, std::mem::take(&mut asked.taken)).await?;
        let mut one = one(sealed, Some(question), asked, decided, complete, finding)?;
        one.runs.extend(own);
        Ok(one)
    }

    /// The record of a run of a team's plugin; `None`: it did not run, or is built in.
    async fn recorded(&self, caller: &Caller, sealed: &SealedCriterion, taken: Taken) -> Result<Option<Run>> {
        let Some(plugin) = sealed.plugin.as_ref().filter(|plugin| plugin.name.team().is_some()) else {
            return Ok(None);
        };
        if taken.cost.fuel_limit == 0 {
            return Ok(None);
        }
        // It has just run, so it is loaded.
        let judge = self.load_judge(plugin.hash).await?;
        Ok(judge.ok().map(|judge| run_of(&judge, sealed, caller, taken, None)))
    }

    /// The metrics of a criterion as they were sealed, or the finding that says which one is not defined or means
    /// something else by now: its values may then be a mixture, and nobody could tell.
    async fn measured(
        &self,
        sealed: &SealedCriterion,
        terms: &Terms,
        moment: &Moment,
        fetcher: &mut Fetcher<'_>,
    ) -> Result<std::result::Result<Vec<Measured>, Finding>> {
        let mut metrics = Vec::new();
        for (name, key) in &sealed.criterion.metrics {
            let Some(hash) = terms.metrics.get(key).copied().flatten() else {
                let detail = format!("{key} was not defined when the criteria were sealed.");
                return Ok(Err(undecided("metric-missing", &detail)));
            };
            let known = fetcher.metric(key, moment.known_at).await?;
            let (metric, complete) =
                known.ok_or_else(|| AppError::fault(format!("metric {key} was sealed and is gone")))?;
            if metric_hash(&metric).map_err(AppError::fault)? != hash {
                let detail = format!(
                    "{key} is at version {} of its definition; amend the criteria to be judged by it.",
                    metric.definition_version
                );
                return Ok(Err(undecided("metric-changed", &detail)));
            }
            metrics.push(measured(name, metric, complete));
        }
        Ok(Ok(metrics))
    }

    /// As [`App::ask_judge`], unless the judge is suspended; how it ended is written down.
    async fn ask_guarded(
        &self,
        caller: &Caller,
        resolved: Option<&ResolvedPlugin>,
        question: &Question,
        metrics: &[Measured],
        moment: &Moment,
        fetcher: &mut Fetcher<'_>,
    ) -> Result<Asked> {
        let Some(resolved) = resolved else {
            return Ok(Asked { finding: Some(undecided("plugin-missing", "")), ..Asked::default() });
        };
        let judge = match self.load_judge(resolved.hash).await? {
            Ok(judge) => judge,
            Err(why) => {
                return Ok(Asked { finding: Some(undecided("plugin-load", &why)), ..Asked::default() });
            }
        };
        let (suspended, health) = self.suspended(caller, &judge).await?;
        if suspended.is_some() {
            return Ok(Asked { finding: suspended, ..Asked::default() });
        }
        let asked = self.ask_judge(&judge, question, metrics, moment, fetcher).await?;
        self.ended(caller, &judge, health.as_ref(), &asked.taken).await?;
        Ok(asked)
    }

    /// Plan, fetch, evaluate. A judge that fails, or data that cannot be had, become a finding.
    pub(crate) async fn ask_judge(
        &self,
        judge: &Arc<Plugin>,
        question: &Question,
        metrics: &[Measured],
        moment: &Moment,
        fetcher: &mut Fetcher<'_>,
    ) -> Result<Asked> {
        let mut asked = Asked::default();
        self.plan(judge, question, &mut asked).await;
        let leave = self.leave(&judge.manifest().plugin.name).await?;
        let named = |name: &str| metrics.iter().find(|measured| measured.name == name);
        let metric = |name: &str| named(name).map(|measured| measured.metric.clone());
        if let [first, ..] = refused(&leave, judge, &asked.queries, metric).as_slice() {
            asked.finding = Some(undecided("not-granted", &format!("{first}.")));
            return Ok(asked);
        }
        for query in asked.queries.clone() {
            match fetcher.frame(&query, metrics, moment).await? {
                Ok(frame) => asked.frames.push((query.key.clone(), Arc::new(frame))),
                Err(none) => {
                    asked.finding = Some(undecided(none.code, &none.message));
                    return Ok(asked);
                }
            }
        }
        if asked.finding.is_none() {
            self.evaluate(judge, question, &mut asked).await;
        }
        Ok(asked)
    }

    pub(crate) async fn plan(&self, judge: &Arc<Plugin>, question: &Question, asked: &mut Asked) {
        let run = self.engine.plan(judge, question).await;
        let mut used = RunUsed {
            engine: self.engine.hash(),
            contract: judge.contract().to_owned(),
            plan_fuel: run.usage.fuel,
            evaluate_fuel: 0,
            replayable: true,
        };
        asked.taken.add(&run.usage, run.result.as_ref().err(), run.log, true);
        match run.result {
            Ok(queries) => asked.queries = queries,
            Err(failure) => {
                used.replayable = failure.replayable;
                asked.finding = Some(undecided(failure.code, &failure.message));
            }
        }
        asked.run = Some(used);
    }

    pub(crate) async fn evaluate(&self, judge: &Arc<Plugin>, question: &Question, asked: &mut Asked) {
        let run = self.engine.evaluate(judge, question, asked.frames.clone()).await;
        asked.taken.add(&run.usage, run.result.as_ref().err(), run.log, false);
        if let Some(used) = &mut asked.run {
            used.evaluate_fuel = run.usage.fuel;
            used.replayable &= run.result.as_ref().err().is_none_or(|failure| failure.replayable);
        }
        asked.finding = Some(match run.result {
            Ok(finding) => finding,
            Err(failure) => undecided(failure.code, &failure.message),
        });
    }
}

/// The window as far as there are data: whole days of the team that had ended and are complete.
fn cut_to_data(window: Window, complete: Option<Timestamp>, moment: &Moment) -> Window {
    let known = complete.map_or(window.start, |complete| complete.min(moment.as_of));
    let end = start_of_day(day_of(known, &moment.team), &moment.team);
    Window { start: window.start, end: window.end.min(end) }
}

fn decided(
    sealed: &SealedCriterion,
    terms: &Terms,
    moment: &Moment,
    metrics: &[Measured],
) -> Option<Decided> {
    let checkpoint = sealed.criterion.decided_at(moment.checkpoint, &terms.checkpoints)?;
    let promise = metrics.iter().map(|measured| measured.metric.fresh_within).max().unwrap_or_default();
    let end = checkpoint.end(moment.launch, &moment.team);
    Some(Decided { checkpoint, at: end.checked_add(promise).unwrap_or(end) })
}

fn one(
    sealed: &SealedCriterion,
    question: Option<Question>,
    asked: Asked,
    decided: Option<Decided>,
    complete_through: Option<Timestamp>,
    finding: Finding,
) -> Result<OneJudged> {
    let mut frames = Vec::new();
    let mut used = Vec::new();
    for (key, frame) in &asked.frames {
        let bytes = frame.encode();
        let digest = Digest::of(&bytes);
        used.push(FrameUsed { key: key.clone(), digest, rows: frame.rows() as u64 });
        frames.push((digest, bytes));
    }
    let mut judgement = Judgement {
        criterion: sealed.criterion.clone(),
        plugin: sealed.plugin.clone(),
        question,
        queries: asked.queries,
        frames: used,
        run: asked.run,
        decided,
        complete_through,
        finding,
        seen: Seen::default(),
    };
    judgement.seen = judgement.parts().map_err(AppError::fault)?;
    Ok(OneJudged { judgement, frames, runs: Vec::new() })
}
