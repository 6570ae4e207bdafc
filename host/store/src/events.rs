//! What happened to a release, in the order it happened.

use jiff::Timestamp;
use serde::Serialize;
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::people::Actor;

use crate::database::{Store, Tx};
use crate::error::Result;
use crate::rows::{json, values};

/// One thing that happened to a release.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReleaseEvent {
    /// When it was recorded.
    pub at: Timestamp,
    /// Who did it.
    pub by: Actor,
    /// `registered`, `criteria-changed`, `amended`, `sealed`, `launched`, `launch-undone`, `rescheduled`, `cancelled`
    /// or `late-values`.
    pub kind: String,
    /// What is worth knowing about it, an object: the reason, the hash, the day.
    pub detail: serde_json::Value,
}

impl Store {
    /// Everything that happened to a release, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_events(&self, slug: &ReleaseSlug) -> Result<Vec<ReleaseEvent>> {
        let sql = "SELECT at, actor, kind, detail FROM release_events WHERE release = $1 ORDER BY id";
        let rows = self.all(sql, values![slug.as_str()]).await?;
        rows.iter()
            .map(|row| {
                Ok(ReleaseEvent {
                    at: row.instant("at")?,
                    by: row.parse("actor")?,
                    kind: row.get("kind")?,
                    detail: row.json("detail", &format!("an event of release {slug}"))?,
                })
            })
            .collect()
    }
}

impl Tx {
    pub(crate) async fn event(
        &mut self,
        release: &ReleaseSlug,
        at: Timestamp,
        by: &Actor,
        kind: &'static str,
        detail: serde_json::Value,
    ) -> Result<()> {
        let sql = "INSERT INTO release_events (release, at, actor, kind, detail) VALUES ($1, $2, $3, $4, $5)";
        self.execute(sql, values![release.as_str(), at, by, kind, json(&detail)?]).await?;
        Ok(())
    }
}
