//! Launches, and what keeps one from happening as planned.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json as object;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::job::NewJob;
use yardstick_domain::people::Actor;
use yardstick_domain::release::{Cancelled, Launch, ReleaseFacts, Seal, SealedWhen};

use crate::audit::Act;
use crate::changes::moved;
use crate::database::{Lock, Store};
use crate::error::{Result, StoreError};
use crate::rows::values;

impl Store {
    /// Records the launch, with the seal it takes where nobody had taken one (and its canonical terms), and asks for
    /// the verdicts it makes due.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it is launched or cancelled already, or the seal (this one, or the one
    /// that was taken before) is not over the current version of the criteria.
    pub async fn launch(
        &self,
        slug: &ReleaseSlug,
        launch: &Launch,
        seal: Option<(&Seal, &[u8])>,
        verdicts: &[NewJob],
    ) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Release(slug)).await?;
        let facts = tx.require_release(slug).await?;
        not_launched(&facts)?;
        not_cancelled(&facts)?;
        let sealed_version = facts.seal.as_ref().map_or(facts.version, |seal| seal.version);
        let version = seal.map_or(sealed_version, |(seal, _)| seal.version);
        let late = |(seal, _): (&Seal, _)| matches!(seal.when, SealedWhen::AfterLaunch { .. });
        if version != facts.version || seal.is_some_and(late) {
            return Err(moved(slug));
        }
        let sql = "INSERT INTO launches (release, launched_at, recorded_at, actor, confidence) \
                   VALUES ($1, $2, $3, $4, $5) RETURNING id";
        let confidence = facts.release.confidence;
        let values = values![slug.as_str(), launch.at, launch.recorded_at, &launch.by, confidence];
        let id = tx.one(sql, values).await?.get("id")?;
        tx.event(slug, launch.recorded_at, &launch.by, "launched", object!({ "at": launch.at })).await?;
        if let Some((seal, terms)) = seal {
            tx.put_seal(slug, seal, terms, Some(id)).await?;
        }
        for job in verdicts {
            tx.put_job(job, launch.recorded_at).await?;
        }
        let seal = seal.map(|(seal, _)| seal.hash).or(facts.seal.map(|seal| seal.hash));
        let detail = object!({ "at": launch.at, "seal": seal });
        let (subject, by, at) = (format!("release {slug}"), &launch.by, launch.recorded_at);
        tx.audit(Act { action: "launch", subject, detail, by, at }).await?;
        tx.stand(slug).await?;
        tx.commit().await
    }

    /// Takes a launch back; it stays on record. A seal it took and amendments after it no longer count.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there is no launch, or an official verdict speaks of it.
    pub async fn undo_launch(
        &self,
        slug: &ReleaseSlug,
        by: &Actor,
        at: Timestamp,
        reason: &str,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Release(slug)).await?;
        let facts = tx.require_release(slug).await?;
        let (Some(launch), Some(id)) = (&facts.launch, tx.standing_launch(slug).await?) else {
            return Err(StoreError::conflict(format!("{slug} has not been launched")));
        };
        if facts.judged {
            return Err(StoreError::conflict(format!(
                "{slug} has an official verdict, so its launch can no longer be undone"
            )));
        }
        let sql = "UPDATE launches SET undone_at = $1, undone_by = $2, undone_reason = $3 WHERE id = $4";
        tx.execute(sql, values![at, by, reason, id]).await?;
        tx.event(slug, at, by, "launch-undone", object!({ "at": launch.at, "reason": reason })).await?;
        tx.cancel_jobs_of(slug, "the launch was taken back", at).await?;
        let (subject, detail) =
            (format!("release {slug}"), object!({ "at": launch.at, "reason": digest(reason) }));
        tx.audit(Act { action: "undo-launch", subject, detail, by, at }).await?;
        tx.stand(slug).await?;
        tx.commit().await
    }

    /// Moves the planned day, which makes a new version of what a seal is taken over: the number of it. The
    /// same day again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it is launched or cancelled already.
    pub async fn reschedule(
        &self,
        slug: &ReleaseSlug,
        planned: Date,
        by: &Actor,
        at: Timestamp,
        reason: &str,
    ) -> Result<u32> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Release(slug)).await?;
        let facts = tx.require_release(slug).await?;
        not_launched(&facts)?;
        not_cancelled(&facts)?;
        let mut release = facts.release;
        if release.planned == planned {
            return Ok(facts.version);
        }
        let (version, from) = (facts.version + 1, release.planned);
        release.planned = planned;
        tx.upsert_release(&release, version, by, at).await?;
        tx.criteria_version(&release, version, by, at, Some(reason)).await?;
        let detail = object!({ "from": from, "to": planned, "reason": reason, "version": version });
        tx.event(slug, at, by, "rescheduled", detail).await?;
        let detail = object!({ "from": from, "to": planned, "reason": digest(reason), "version": version });
        tx.audit(Act { action: "reschedule", subject: format!("release {slug}"), detail, by, at }).await?;
        tx.stand(slug).await?;
        tx.commit().await?;
        Ok(version)
    }

    /// Cancels a release, launched or not, for good.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it is cancelled already, or has its final verdict.
    pub async fn cancel(&self, slug: &ReleaseSlug, cancelled: &Cancelled) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Release(slug)).await?;
        let facts = tx.require_release(slug).await?;
        not_cancelled(&facts)?;
        if facts.judged_finally {
            return Err(StoreError::conflict(format!(
                "{slug} has its final verdict, so it cannot be cancelled"
            )));
        }
        let Cancelled { at, by, reason } = cancelled;
        let sql = "INSERT INTO cancellations (release, cancelled_at, actor, reason) VALUES ($1, $2, $3, $4)";
        tx.execute(sql, values![slug.as_str(), *at, by, reason.as_str()]).await?;
        tx.event(slug, *at, by, "cancelled", object!({ "reason": reason })).await?;
        tx.cancel_jobs_of(slug, "the release was cancelled", *at).await?;
        let (subject, detail) = (format!("release {slug}"), object!({ "reason": digest(reason) }));
        tx.audit(Act { action: "cancel", subject, detail, by, at: *at }).await?;
        tx.stand(slug).await?;
        tx.commit().await
    }
}

/// What the audit has of a text that may name people: enough to tell that it was changed.
fn digest(reason: &str) -> Digest {
    Digest::of(reason.as_bytes())
}

fn not_launched(facts: &ReleaseFacts) -> Result<()> {
    match &facts.launch {
        None => Ok(()),
        Some(launch) => {
            Err(StoreError::conflict(format!("{} was launched at {}", facts.release.slug, launch.at)))
        }
    }
}

fn not_cancelled(facts: &ReleaseFacts) -> Result<()> {
    match &facts.cancelled {
        None => Ok(()),
        Some(cancelled) => Err(StoreError::conflict(format!(
            "{} was cancelled on {} by {}: {}",
            facts.release.slug,
            cancelled.at.strftime("%Y-%m-%d"),
            cancelled.by,
            cancelled.reason
        ))),
    }
}
