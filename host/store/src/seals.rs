//! Seals.

use serde_json::json as object;
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::release::{Seal, SealedWhen};

use crate::audit::Act;
use crate::changes::moved;
use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::rows::values;

impl Store {
    /// Takes a seal over the current version of the criteria (`seal.version`). A further one before the
    /// launch replaces which one counts; after the launch there can be one only where none was taken before.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the criteria moved on, the release was cancelled, or launched (with a
    /// seal, or unknown to the caller).
    pub async fn seal(&self, slug: &ReleaseSlug, seal: &Seal, terms: &[u8]) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Release(slug)).await?;
        let facts = tx.require_release(slug).await?;
        if facts.cancelled.is_some() {
            return Err(StoreError::conflict(format!("{slug} is cancelled, so it cannot be sealed")));
        }
        if facts.launch.is_some() && facts.seal.is_some() {
            return Err(StoreError::conflict(format!(
                "{slug} is launched and its criteria are sealed; change them by an amendment with a reason"
            )));
        }
        let after = matches!(seal.when, SealedWhen::AfterLaunch { .. });
        if facts.version != seal.version || facts.launch.is_some() != after {
            return Err(moved(slug));
        }
        let launch = tx.standing_launch(slug).await?;
        tx.put_seal(slug, seal, terms, launch).await?;
        let detail = object!({ "version": seal.version, "hash": seal.hash });
        let (subject, by, at) = (format!("release {slug}"), &seal.by, seal.at);
        tx.audit(Act { action: "seal", subject, detail, by, at }).await?;
        tx.stand(slug).await?;
        tx.commit().await
    }
}

impl Tx {
    /// Writes a seal that belongs to this launch; `None`: taken before any.
    pub(crate) async fn put_seal(
        &mut self,
        slug: &ReleaseSlug,
        seal: &Seal,
        terms: &[u8],
        launch: Option<i64>,
    ) -> Result<()> {
        self.put_terms(seal.hash, terms).await?;
        let (when, days) = match seal.when {
            SealedWhen::BeforeLaunch => ("before-launch", None),
            SealedWhen::ByLaunch => ("by-launch", None),
            SealedWhen::AfterLaunch { days } => ("after-launch", Some(days)),
        };
        let sql = "INSERT INTO seals (release, version, hash, sealed_at, actor, sealed_when, days, launch) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = values![slug.as_str(), seal.version, seal.hash, seal.at, &seal.by, when, days, launch];
        self.execute(sql, values).await?;
        let detail = object!({ "version": seal.version, "hash": seal.hash, "when": when });
        self.event(slug, seal.at, &seal.by, "sealed", detail).await
    }
}
