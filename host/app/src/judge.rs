//! Judging a release at a checkpoint.

use jiff::Timestamp;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::criteria::Terms;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::{CriterionId, ReleaseSlug};
use yardstick_domain::problem::Problem;
use yardstick_domain::release::{Amendment, Extension, Launch, ReleaseFacts};
use yardstick_domain::time::zone;
use yardstick_domain::verdict::{Judgement, RULES, Standing, Verdict, VerdictNumber, VerdictRef};

use crate::apply::used;
use crate::conclusion::{headline, outcome};
use crate::error::{AppError, Result};
use crate::fetch::Fetcher;
use crate::judging::Asking;
use crate::question::{Moment, measured, window};
use crate::{App, Caller, crash};

/// What to judge.
#[derive(Debug, Clone)]
pub struct JudgeRequest {
    /// The release.
    pub release: ReleaseSlug,
    /// The checkpoint; `None`: the latest that has ended, or the first one.
    pub checkpoint: Option<Checkpoint>,
    /// The world at this instant: buckets that had ended by then, as known now; `None`: now.
    pub as_of: Option<Timestamp>,
    /// Only what had been received by then.
    pub known_at: Option<Timestamp>,
}

/// A verdict, and what is beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Where it is.
    pub at: VerdictRef,
    /// Why it is a look rather than official; `None`: it is official.
    pub look_because: Option<String>,
    /// The verdict under the latest amendment, shown beside it.
    pub amended: Option<VerdictRef>,
}

/// What becomes of a judge that was stopped by the wall clock, which says more of the machine than of the judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// The verdict is not given this time; it is tried again when the machine has less to do.
    FailsTheTry,
    /// It is found undecided, as whoever asks now is told, and as the last try finds it.
    Counts,
}

/// How a verdict is given.
#[derive(Debug, Clone, Copy)]
struct Giving<'a> {
    moment: &'a Moment,
    standing: Standing,
    /// Whether it is a last checkpoint's.
    is_final: bool,
    stopped: Stopped,
}

/// Whether a verdict of this checkpoint is final: the last one that was agreed, or one that was decided on because that
/// one's was undecided.
fn finishes(terms: &Terms, facts: &ReleaseFacts, checkpoint: Checkpoint) -> bool {
    let extended = facts.extensions.iter().any(|extension| extension.counts && extension.to == checkpoint);
    terms.last() == Some(checkpoint) || extended
}

/// The first criterion whose judge was stopped by the wall clock; `None`: none was.
fn stopped_by_the_clock(judgements: &[Judgement]) -> Option<&CriterionId> {
    let stopped = |judgement: &&Judgement| judgement.run.as_ref().is_some_and(|run| !run.replayable);
    judgements.iter().find(stopped).map(|judgement| &judgement.criterion.id)
}

/// Why a run would be a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look {
    /// A sentence without its full stop.
    pub(crate) why: String,
    /// When it would no longer be one; `None`: never.
    pub(crate) until: Option<Timestamp>,
}

impl App {
    /// Judges a launched release: official when its terms are sealed, the checkpoint has ended and its data are
    /// complete or waited for long enough; a look otherwise. Judging again from the same inputs gives the same
    /// official verdict, not another one.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it has not launched or was cancelled; [`AppError::Refused`] for an instant
    /// that makes no sense.
    pub async fn judge(&self, caller: &Caller, request: &JudgeRequest) -> Result<Judged> {
        let facts = self.own_release(caller, &request.release, "judge releases of").await?;
        let (launch, sealed) = self.launched(&facts)?;
        let terms = self.terms(sealed).await?;
        let moment = moment(caller, request, (launch, &facts.extensions), &terms)?;
        let mut fetcher = Fetcher::new(&self.store);
        let look = self.look(&terms, &moment, request, (&facts, launch.at), &mut fetcher).await?;
        let look_because = look.map(|look| look.why);
        let standing = if look_because.is_none() { Standing::Official } else { Standing::AdHoc };
        let is_final = finishes(&terms, &facts, moment.checkpoint);
        let giving = Giving { moment: &moment, standing, is_final, stopped: Stopped::Counts };
        let at = self.judge_terms(caller, &terms, giving, &mut fetcher).await?.at;
        let amended = self.judge_amended(caller, &facts, request, launch, &mut fetcher).await?;
        Ok(Judged { at, look_because, amended })
    }

    /// The verdict under the latest amendment, a look; `None`: there is none, or it is what counts.
    async fn judge_amended(
        &self,
        caller: &Caller,
        facts: &ReleaseFacts,
        request: &JudgeRequest,
        launch: &Launch,
        fetcher: &mut Fetcher<'_>,
    ) -> Result<Option<VerdictRef>> {
        let Some(amendment) = beside(facts) else { return Ok(None) };
        let terms = self.terms(amendment.hash).await?;
        // Its own checkpoints and zone, which an amendment may change too.
        let moment = moment(caller, request, (launch, &facts.extensions), &terms)?;
        let is_final = finishes(&terms, facts, moment.checkpoint);
        let (standing, stopped) = (Standing::AdHoc, Stopped::Counts);
        let giving = Giving { moment: &moment, standing, is_final, stopped };
        Ok(Some(self.judge_terms(caller, &terms, giving, fetcher).await?.at))
    }

    /// Judges a launched release if that makes an official verdict, and says why not otherwise. Where none was given
    /// since, the verdict under the latest amendment is made beside it.
    pub(crate) async fn judge_if_due(
        &self,
        caller: &Caller,
        facts: &ReleaseFacts,
        request: &JudgeRequest,
        stopped: Stopped,
    ) -> Result<std::result::Result<Verdict, Look>> {
        let (launch, sealed) = self.launched(facts)?;
        let terms = self.terms(sealed).await?;
        let moment = moment(caller, request, (launch, &facts.extensions), &terms)?;
        let mut fetcher = Fetcher::new(&self.store);
        // Of a launch that was recorded afterwards the data have the same time to come from then on.
        let since = launch.recorded_at;
        if let Some(look) = self.look(&terms, &moment, request, (facts, since), &mut fetcher).await? {
            return Ok(Err(look));
        }
        let is_final = finishes(&terms, facts, moment.checkpoint);
        let giving = Giving { moment: &moment, standing: Standing::Official, is_final, stopped };
        let verdict = self.judge_terms(caller, &terms, giving, &mut fetcher).await?;
        if let Some(amendment) = beside(facts) {
            // Also where the official one was given before, and whoever gave it did not come this far.
            let (slug, since) = (&facts.release.slug, self.verdict_named(&verdict.at).await?.judged_at);
            if !self.store.looked_since(slug, moment.checkpoint, amendment.hash, since).await? {
                self.judge_amended(caller, facts, request, launch, &mut fetcher).await?;
            }
        }
        Ok(Ok(verdict))
    }

    fn launched<'a>(&self, facts: &'a ReleaseFacts) -> Result<(&'a Launch, Digest)> {
        let slug = &facts.release.slug;
        if facts.cancelled.is_some() {
            return Err(AppError::Conflict(format!("{slug} was cancelled; it is not judged")));
        }
        let Some(launch) = &facts.launch else {
            return Err(AppError::Conflict(format!(
                "{slug} has not launched (planned {}); announce it with: yardstick launch {slug} --at INSTANT",
                facts.release.planned
            )));
        };
        // A launch seals what is not sealed, so there is a seal.
        let counts = facts.counts().ok_or_else(|| AppError::fault("a launched release without a seal"))?;
        Ok((launch, counts))
    }

    /// Sealed terms by their hash; bytes that no longer match it are refused.
    pub(crate) async fn terms(&self, hash: Digest) -> Result<Terms> {
        let bytes = self.store.terms(hash).await?;
        let bytes =
            bytes.ok_or_else(|| AppError::fault(format!("the sealed terms {hash} are not stored")))?;
        read_terms(hash, &bytes)
    }

    /// Why this run does not count; `None`: it does. Data are waited for from the end of their days on, or from `since`
    /// where that is later.
    async fn look(
        &self,
        terms: &Terms,
        moment: &Moment,
        request: &JudgeRequest,
        (facts, since): (&ReleaseFacts, Timestamp),
        fetcher: &mut Fetcher<'_>,
    ) -> Result<Option<Look>> {
        let checkpoint = moment.checkpoint;
        if request.known_at.is_some() {
            let why = "it uses only what had been received by an earlier instant (--known-at)".to_owned();
            return Ok(Some(Look { why, until: None }));
        }
        let is_extended = facts.extensions.iter().any(|extension| extension.to == checkpoint);
        if !terms.checkpoints.contains(&checkpoint) && !is_extended {
            let known: Vec<String> = terms.checkpoints.iter().map(ToString::to_string).collect();
            let why = format!("{checkpoint} is none of the sealed checkpoints {}", known.join(", "));
            return Ok(Some(Look { why, until: None }));
        }
        if !moment.ended() {
            let end = checkpoint.end(moment.launch, &moment.team);
            return Ok(Some(Look { why: format!("{checkpoint} ends at {end}"), until: Some(end) }));
        }
        let last = terms.last().unwrap_or(checkpoint);
        for sealed in terms.criteria.iter().filter(|sealed| sealed.criterion.is_due(checkpoint, last)) {
            let Some(window) = window(&sealed.criterion, moment) else { continue };
            for (name, key) in &sealed.criterion.metrics {
                let known = fetcher.metric(key, moment.known_at).await?;
                let Some((metric, complete)) = known else { continue };
                let measured = measured(name, metric, complete);
                let end = measured.end(window, moment);
                if moment.as_of < end {
                    let why = format!("the last day of {checkpoint} ends at {end} where {key} is counted");
                    return Ok(Some(Look { why, until: Some(end) }));
                }
                let until = measured.waited_for_until(window, moment, since);
                if !measured.covers(window, moment) && moment.as_of < until {
                    let why = format!(
                        "{key} is not complete up to the end of {checkpoint}; it is waited for until {until}"
                    );
                    return Ok(Some(Look { why, until: Some(until) }));
                }
            }
        }
        Ok(None)
    }

    /// The verdict as it was concluded now, under the address at which it, or the same one given before, is kept.
    async fn judge_terms(
        &self,
        caller: &Caller,
        terms: &Terms,
        Giving { moment, standing, is_final, stopped }: Giving<'_>,
        fetcher: &mut Fetcher<'_>,
    ) -> Result<Verdict> {
        let mut judgements = Vec::new();
        let mut frames = Vec::new();
        let mut runs = Vec::new();
        for sealed in &terms.criteria {
            let asking = Asking { caller, standing };
            let one = self.judge_one(asking, sealed, terms, moment, fetcher).await?;
            crash::point("criterion-judged");
            judgements.push(one.judgement);
            runs.extend(one.runs);
            for (digest, bytes) in one.frames {
                if !frames.iter().any(|(known, _)| *known == digest) {
                    frames.push((digest, bytes));
                }
            }
        }
        if let (Stopped::FailsTheTry, Some(criterion)) = (stopped, stopped_by_the_clock(&judgements)) {
            return Err(AppError::Conflict(format!(
                "the judge of {criterion} was stopped by the clock: this machine has too much to do"
            )));
        }
        let outcome = outcome(terms.passes_when, &judgements);
        let bytes = terms.canonical().map_err(AppError::fault)?;
        let mut verdict = Verdict {
            at: VerdictRef {
                release: terms.release.clone(),
                checkpoint: moment.checkpoint,
                number: VerdictNumber::Newest,
            },
            standing,
            is_final,
            headline: headline(terms.passes_when, &outcome, &judgements),
            outcome,
            launch: moment.launch,
            as_of: moment.as_of,
            known_at: moment.known_at,
            judged_at: caller.now,
            judged_by: caller.actor.clone(),
            terms: Digest::of(&bytes),
            rules: RULES,
            judgements,
            seen: Digest::default(),
        };
        verdict.seen = verdict.record().map_err(AppError::fault)?;
        self.keep_judges(&used(terms), caller).await?;
        crash::point("verdict-concluded");
        verdict.at = self.store.save_verdict(&verdict, frames, &bytes, &runs).await?;
        crash::point("verdict-saved");
        Ok(verdict)
    }
}

/// Sealed terms from what is stored under their hash.
pub(crate) fn read_terms(hash: Digest, bytes: &[u8]) -> Result<Terms> {
    let found = Digest::of(bytes);
    if found != hash {
        return Err(AppError::Fault(format!("the sealed terms {hash} were changed: they hash to {found}")));
    }
    serde_json::from_slice(bytes).map_err(AppError::fault)
}

/// The newest amendment, if it is judged beside what counts.
fn beside(facts: &ReleaseFacts) -> Option<&Amendment> {
    facts.amendments.last().filter(|amendment| Some(amendment.hash) != facts.counts())
}

/// The moment a request speaks of: of a launch, and of checkpoints that were decided on since.
fn moment(
    caller: &Caller,
    request: &JudgeRequest,
    (launch, extensions): (&Launch, &[Extension]),
    terms: &Terms,
) -> Result<Moment> {
    let as_of = request.as_of.unwrap_or(caller.now);
    let mut problems = Vec::new();
    if as_of > caller.now {
        problems.push(Problem::new("as_of", format!("{as_of} is in the future (now {})", caller.now)));
    }
    if as_of < launch.at {
        problems.push(Problem::new("as_of", format!("{as_of} is before the launch at {}", launch.at)));
    }
    if let Some(known_at) = request.known_at.filter(|known_at| *known_at > caller.now) {
        problems.push(Problem::new("known_at", format!("{known_at} is in the future (now {})", caller.now)));
    }
    if !problems.is_empty() {
        return Err(AppError::Refused(problems));
    }
    let team = zone(&terms.time_zone);
    let ended = |checkpoint: &&Checkpoint| checkpoint.end(launch.at, &team) <= as_of;
    let first = terms.checkpoints.first().copied();
    let later = extensions.iter().rev().map(|extension| &extension.to).find(ended);
    let latest = later.or(terms.checkpoints.iter().rev().find(ended)).copied();
    let checkpoint = request.checkpoint.or(latest).or(first);
    let checkpoint = checkpoint.ok_or_else(|| AppError::fault("sealed terms without a checkpoint"))?;
    Ok(Moment { launch: launch.at, checkpoint, as_of, known_at: request.known_at, team })
}
