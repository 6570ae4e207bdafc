//! Decisions of people, beside verdicts that stay as they are.

use jiff::Timestamp;
use serde_json::json as object;
use sqlx::AssertSqlSafe;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::decision::{Action, ActionKind, Decision, Settled, Signed, Stance};
use yardstick_domain::digest::Digest;
use yardstick_domain::event::NewEvent;
use yardstick_domain::ids::{PersonId, ReleaseSlug, TeamKey};
use yardstick_domain::job::NewJob;
use yardstick_domain::people::Actor;
use yardstick_domain::release::Extension;
use yardstick_domain::verdict::{Standing, VerdictNumber, VerdictRef};

use crate::audit::Act;
use crate::changes::moved;
use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::page::Page;
use crate::releases::Sees;
use crate::rows::{Row, Value, values};
use crate::verdicts::{checkpoint, nth};

/// Decisions `d` of releases `r`.
pub(crate) const DECISION: &str = "SELECT d.id, d.release, d.made_at, d.made_by, d.stance, d.outcome, d.until, d.action, \
    d.extend_to, d.extend_counts, d.reason, d.approved_at, d.approved_by, d.withdrawn_at, d.withdrawn_by, \
    d.withdrawn_because, v.standing AS verdict_standing, v.checkpoint, v.number \
    FROM decisions d JOIN releases r ON r.slug = d.release LEFT JOIN verdicts v ON v.id = d.verdict";

/// Which decisions to list. The default: all.
#[derive(Debug, Clone, Default)]
pub struct DecisionFilter {
    /// About this release.
    pub release: Option<ReleaseSlug>,
    /// About this team's releases.
    pub team: Option<TeamKey>,
    /// Only overrides that nobody has approved or withdrawn.
    pub only_waiting: bool,
    /// About releases that whoever asks may see.
    pub sees: Sees,
}

/// A decision to be.
#[derive(Debug, Clone)]
pub struct NewDecision {
    /// The release.
    pub release: ReleaseSlug,
    /// The revision it is about.
    pub verdict: Option<VerdictRef>,
    /// Who makes it, and when.
    pub made: Signed<Actor>,
    /// What they hold of the verdict.
    pub stance: Option<Stance>,
    /// What becomes of the feature.
    pub action: Option<Action>,
    /// Why.
    pub reason: Option<String>,
    /// Of an extension: the job that judges its checkpoint.
    pub job: Option<NewJob>,
}

impl Store {
    /// Records a decision, and has those told of it that `event` of its number names: its number.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the release has not launched, was cancelled, or its verdict or checkpoints are no
    /// longer what the caller saw.
    pub async fn put_decision(
        &self,
        new: &NewDecision,
        event: impl Fn(i64) -> NewEvent + Send + Sync,
    ) -> Result<i64> {
        let slug = &new.release;
        let mut tx = self.write().await?;
        tx.lock(Lock::Release(slug)).await?;
        let facts = tx.require_release(slug).await?;
        let launch = tx.standing_launch(slug).await?.filter(|_| facts.cancelled.is_none());
        let launch = launch.ok_or_else(|| moved(slug))?;
        let verdict = match &new.verdict {
            Some(at) => Some(tx.newest_of(at).await?),
            None => None,
        };
        let extend_to = new.action.and_then(Action::extends_to);
        if let Some(to) = extend_to
            && facts.extensions.iter().any(|extension| extension.to >= to)
        {
            return Err(moved(slug));
        }
        let id = tx.insert_decision(new, launch, verdict).await?;
        if let Some(job) = &new.job {
            tx.put_job(job, new.made.at).await?;
        }
        let (by, at) = (&new.made.by, new.made.at);
        let outcome = new.stance.and_then(Stance::overrides).map(|(outcome, _)| outcome);
        let detail = object!({
            "release": slug, "verdict": new.verdict.as_ref().map(VerdictRef::numbered),
            "stance": new.stance.map(Stance::as_str), "outcome": outcome.map(Settled::as_str),
            "action": new.action.map(|action| action.kind().as_str()), "extend_to": extend_to.map(Checkpoint::days),
            "reason": new.reason.as_ref().map(|reason| Digest::of(reason.as_bytes())),
        });
        tx.audit(Act { action: "decide", subject: format!("decision {id}"), detail, by, at }).await?;
        tx.stand(slug).await?;
        tx.put_event(&event(id), None).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A decision; `None`: there is none of this number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn decision(&self, id: i64) -> Result<Option<Decision>> {
        let row = self.optional(AssertSqlSafe(format!("{DECISION} WHERE d.id = $1")), values![id]).await?;
        row.as_ref().map(decision).transpose()
    }

    /// Decisions, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page before
    /// gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn decisions(
        &self,
        filter: &DecisionFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<Decision, i64>> {
        let (sql, values) = list(filter, before, limit);
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let items = rows.iter().map(decision).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, limit, |decision| decision.id))
    }

    /// Approves an override in another person's name, and has those told of it that `event` names.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it was approved or withdrawn, is no override, or a newer revision of its verdict was
    /// given.
    pub async fn approve_decision(
        &self,
        decision: &Decision,
        by: &PersonId,
        at: Timestamp,
        event: &NewEvent,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Release(&decision.release)).await?;
        if let Some(verdict) = &decision.verdict {
            tx.newest_of(verdict).await?;
        }
        tx.ensure_persons([by]).await?;
        let sql = "UPDATE decisions SET approved_at = $1, approved_by = $2 WHERE id = $3 AND stance = 'override' \
                   AND approved_at IS NULL AND withdrawn_at IS NULL";
        if tx.execute(sql, values![at, by.as_str(), decision.id]).await? == 0 {
            return Err(changed(decision.id));
        }
        let actor = Actor::Person(by.clone());
        let (subject, detail) = (format!("decision {}", decision.id), object!({}));
        tx.audit(Act { action: "approve-decision", subject, detail, by: &actor, at }).await?;
        tx.stand(&decision.release).await?;
        tx.put_event(event, None).await?;
        tx.commit().await
    }

    /// Takes a decision back; it stays on record. A checkpoint that it added is no longer judged.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it was withdrawn already, or the checkpoint that it added has its verdict.
    pub async fn withdraw_decision(
        &self,
        decision: &Decision,
        because: &str,
        by: &Actor,
        at: Timestamp,
    ) -> Result<()> {
        let (id, slug) = (decision.id, &decision.release);
        let mut tx = self.write().await?;
        tx.lock(Lock::Release(slug)).await?;
        if let Some(to) = decision.action.and_then(Action::extends_to) {
            if tx.judged_checkpoints(slug).await?.contains(&to) {
                return Err(StoreError::conflict(format!(
                    "{slug} has its verdict of {to}, so the decision that added it can no longer be withdrawn"
                )));
            }
            tx.cancel_job_of(slug, to, at).await?;
        }
        let sql = "UPDATE decisions SET withdrawn_at = $1, withdrawn_by = $2, withdrawn_because = $3 \
                   WHERE id = $4 AND withdrawn_at IS NULL";
        if tx.execute(sql, values![at, by, because, id]).await? == 0 {
            return Err(changed(id));
        }
        let (subject, detail) =
            (format!("decision {id}"), object!({ "because": Digest::of(because.as_bytes()) }));
        tx.audit(Act { action: "withdraw-decision", subject, detail, by, at }).await?;
        tx.stand(slug).await?;
        tx.commit().await
    }

    /// Approves an amendment in a second person's name: from now on official verdicts are given under it, which `jobs`
    /// ask for.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there is a newer amendment, or this one was approved already.
    pub async fn approve_amendment(
        &self,
        slug: &ReleaseSlug,
        version: u32,
        by: &PersonId,
        at: Timestamp,
        jobs: &[NewJob],
    ) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Release(slug)).await?;
        let facts = tx.require_release(slug).await?;
        let newest = facts.amendments.last().filter(|newest| newest.version == version);
        let Some(newest) = newest.filter(|newest| newest.approved_by.is_none()) else {
            return Err(moved(slug));
        };
        tx.ensure_persons([by]).await?;
        let sql =
            "UPDATE amendments SET approved_by = $1, approved_at = $2 WHERE release = $3 AND version = $4";
        tx.execute(sql, values![by.as_str(), at, slug.as_str(), version]).await?;
        let actor = Actor::Person(by.clone());
        let detail = object!({ "version": version, "hash": newest.hash });
        tx.event(slug, at, &actor, "amendment-approved", detail.clone()).await?;
        for job in jobs {
            tx.put_job(job, at).await?;
        }
        let subject = format!("release {slug}");
        tx.audit(Act { action: "approve-amendment", subject, detail, by: &actor, at }).await?;
        tx.stand(slug).await?;
        tx.commit().await
    }
}

impl Tx {
    /// The row of this revision of an official verdict, as long as it is the newest.
    pub(crate) async fn newest_of(&mut self, at: &VerdictRef) -> Result<i64> {
        let sql = "SELECT id, number FROM verdicts WHERE release = $1 AND standing = 'official' AND checkpoint = $2 \
                   ORDER BY number DESC LIMIT 1";
        let row = self.optional(sql, values![at.release.as_str(), at.checkpoint.days()]).await?;
        let row = row.ok_or_else(|| StoreError::not_found(format!("verdict {at}")))?;
        let newest = nth(Standing::Official, row.count("number")?);
        if newest != at.number {
            let newest = VerdictRef { number: newest, ..at.clone() };
            return Err(StoreError::conflict(format!(
                "{} was revised meanwhile: look at {} first",
                at.numbered(),
                newest.numbered()
            )));
        }
        row.get("id")
    }

    async fn insert_decision(&mut self, new: &NewDecision, launch: i64, verdict: Option<i64>) -> Result<i64> {
        let (outcome, until) = new.stance.and_then(Stance::overrides).unzip();
        let counts = matches!(new.action, Some(Action::Extend { counts: true, .. }));
        let sql = "INSERT INTO decisions (release, launch, verdict, made_at, made_by, stance, outcome, until, action, \
                   extend_to, extend_counts, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
                   RETURNING id";
        let values = values![
            new.release.as_str(),
            launch,
            verdict,
            new.made.at,
            &new.made.by,
            new.stance.map(Stance::as_str),
            outcome.map(Settled::as_str),
            until,
            new.action.map(|action| action.kind().as_str()),
            new.action.and_then(Action::extends_to).map(Checkpoint::days),
            counts,
            new.reason.clone(),
        ];
        self.one(sql, values).await?.get("id")
    }

    /// Checkpoints that were decided on beyond the sealed ones for a launch, ascending.
    pub(crate) async fn extensions(&mut self, slug: &ReleaseSlug, launch: i64) -> Result<Vec<Extension>> {
        let sql = "SELECT extend_to, extend_counts FROM decisions WHERE release = $1 AND extend_to IS NOT NULL \
                   AND launch = $2 AND withdrawn_at IS NULL ORDER BY extend_to";
        let rows = self.all(sql, values![slug.as_str(), launch]).await?;
        rows.iter()
            .map(|row| {
                let to = Checkpoint::new(row.count("extend_to")?);
                let to = to.map_err(|error| StoreError::corrupt(error.to_string()))?;
                Ok(Extension { to, counts: row.get("extend_counts")? })
            })
            .collect()
    }
}

fn changed(id: i64) -> StoreError {
    StoreError::conflict(format!("decision {id} was approved or withdrawn meanwhile; look at it again"))
}

/// The statement of a page of decisions. Only what is filtered by is in it, so that each finds its index.
fn list(filter: &DecisionFilter, before: Option<i64>, limit: u32) -> (String, Vec<Value>) {
    let mut sql = format!("{DECISION} WHERE d.id < $1");
    let mut values = values![before.unwrap_or(i64::MAX)];
    if let Some(release) = &filter.release {
        values.push(release.as_str().into());
        sql += &format!(" AND d.release = ${}", values.len());
    }
    if let Some(team) = &filter.team {
        values.push(team.as_str().into());
        sql += &format!(" AND r.team = ${}", values.len());
    }
    if filter.only_waiting {
        sql += " AND d.stance = 'override' AND d.approved_at IS NULL AND d.withdrawn_at IS NULL";
    }
    sql += &filter.sees.condition(&mut values);
    values.push((i64::from(limit) + 1).into());
    sql += &format!(" ORDER BY d.id DESC LIMIT ${}", values.len());
    (sql, values)
}

/// The address of the verdict of a row, if it has one.
pub(crate) fn verdict_of(row: &Row) -> Result<Option<VerdictRef>> {
    let Some(standing) = row.get::<Option<String>>("verdict_standing")? else { return Ok(None) };
    let standing = if standing == "official" { Standing::Official } else { Standing::AdHoc };
    let number: VerdictNumber = nth(standing, row.count("number")?);
    Ok(Some(VerdictRef { release: row.parse("release")?, checkpoint: checkpoint(row)?, number }))
}

pub(crate) fn decision(row: &Row) -> Result<Decision> {
    let what = format!("decision {}", row.get::<i64>("id")?);
    let bad = |part: &str| StoreError::corrupt(format!("{what} has no {part} that is known"));
    let stance = match row.get::<Option<String>>("stance")?.as_deref() {
        None => None,
        Some("accept") => Some(Stance::Accept),
        Some("override") => {
            let outcome: Settled = row.parse("outcome")?;
            let until = row.maybe_instant("until")?.ok_or_else(|| bad("end"))?;
            Some(Stance::Override { outcome, until })
        }
        Some(_) => return Err(bad("stance")),
    };
    let action = match row.maybe_parse::<ActionKind>("action")? {
        None => None,
        Some(ActionKind::Keep) => Some(Action::Keep),
        Some(ActionKind::Iterate) => Some(Action::Iterate),
        Some(ActionKind::RollBack) => Some(Action::RollBack),
        Some(ActionKind::Retire) => Some(Action::Retire),
        Some(ActionKind::Extend) => {
            let to = Checkpoint::new(row.count("extend_to")?).map_err(|_| bad("checkpoint"))?;
            Some(Action::Extend { to, counts: row.get("extend_counts")? })
        }
    };
    let approved = row.maybe_parse("approved_by")?.zip(row.maybe_instant("approved_at")?);
    let withdrawn = row.maybe_parse("withdrawn_by")?.zip(row.maybe_instant("withdrawn_at")?);
    let because: Option<String> = row.get("withdrawn_because")?;
    Ok(Decision {
        id: row.get("id")?,
        release: row.parse("release")?,
        verdict: verdict_of(row)?,
        made: Signed { by: row.parse("made_by")?, at: row.instant("made_at")? },
        stance,
        action,
        reason: row.get("reason")?,
        approved: approved.map(|(by, at)| Signed { by, at }),
        withdrawn: withdrawn.map(|(by, at)| (Signed { by, at }, because.unwrap_or_default())),
    })
}
