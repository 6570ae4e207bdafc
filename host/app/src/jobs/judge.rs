//! The verdict of a checkpoint that has come due.

use jiff::Timestamp;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::criteria::Terms;
use yardstick_domain::ids::{ReleaseSlug, TeamKey};
use yardstick_domain::job::{Ended, JobKind, NewJob, Priority};
use yardstick_domain::release::{Launch, ReleaseFacts};
use yardstick_domain::time::zone;
use yardstick_domain::verdict::{Verdict, VerdictNumber, VerdictRef};

use crate::error::{AppError, Result};
use crate::judge::{JudgeRequest, Stopped};
use crate::{App, Caller};

impl App {
    /// The jobs of a release that has launched: one for each sealed checkpoint, due at its end.
    pub(crate) async fn verdicts_due(&self, facts: &ReleaseFacts) -> Result<Vec<NewJob>> {
        match &facts.launch {
            Some(launch) => self.verdicts_of(facts, launch, None).await,
            None => Ok(Vec::new()),
        }
    }

    /// The jobs of a launch; `terms` are those that it seals, `None`: those that were sealed before.
    pub(crate) async fn verdicts_of(
        &self,
        facts: &ReleaseFacts,
        launch: &Launch,
        terms: Option<&[u8]>,
    ) -> Result<Vec<NewJob>> {
        let terms: Terms = match (terms, facts.counts()) {
            (Some(terms), _) => serde_json::from_slice(terms).map_err(AppError::fault)?,
            (None, Some(counts)) => self.terms(counts).await?,
            (None, None) => return Err(AppError::fault("a launch without a seal")),
        };
        let team = zone(&terms.time_zone);
        let job = |checkpoint: &Checkpoint| {
            let (release, due_at) = (&facts.release, checkpoint.end(launch.at, &team));
            verdict_job(&release.slug, &release.team, *checkpoint, Priority::DUE, due_at)
        };
        Ok(terms.checkpoints.iter().map(job).collect())
    }

    /// Gives the official verdict of a checkpoint, or says what it waits for. What was judged already is judged again:
    /// from the same inputs nothing comes of it.
    pub(crate) async fn judge_due(
        &self,
        caller: &Caller,
        at: &VerdictRef,
        stopped: Stopped,
    ) -> Result<Ended> {
        let slug = &at.release;
        let facts = self.facts(slug).await?;
        if facts.launch.is_none() || facts.cancelled.is_some() {
            return Ok(Ended::Done(format!(
                "{slug} is not judged: it was cancelled, or its launch taken back"
            )));
        }
        let request = JudgeRequest {
            release: slug.clone(),
            checkpoint: Some(at.checkpoint),
            as_of: None,
            known_at: None,
        };
        let before = self.store.newest_revision(slug, at.checkpoint).await?;
        match self.judge_if_due(caller, &facts, &request, stopped).await? {
            Ok(Verdict { at, .. })
                if at.number == before.map_or(VerdictNumber::Newest, VerdictNumber::Revision) =>
            {
                Ok(Ended::Done(format!("{at} stands: nothing it rests on has changed")))
            }
            Ok(Verdict { at, outcome, .. }) => Ok(Ended::Done(format!("{at}: {}", outcome.as_str()))),
            Err(look) => Ok(match look.until {
                Some(until) => Ended::Later { at: until, waits_for: look.why },
                None => Ended::Done(format!("{at} is not judged: {}", look.why)),
            }),
        }
    }
}

/// The job that judges a release at a checkpoint.
pub(crate) fn verdict_job(
    release: &ReleaseSlug,
    team: &TeamKey,
    checkpoint: Checkpoint,
    priority: Priority,
    due_at: Timestamp,
) -> NewJob {
    let at = VerdictRef { release: release.clone(), checkpoint, number: VerdictNumber::Newest };
    NewJob {
        kind: JobKind::Judge,
        key: at.to_string(),
        team: Some(team.clone()),
        release: Some(release.clone()),
        priority,
        due_at,
    }
}
