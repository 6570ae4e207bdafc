//! How the runs of components end.

use jiff::Timestamp;
use semver::Version;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::PluginName;
use yardstick_domain::people::Actor;
use yardstick_domain::plugin::Health;

use crate::database::{Lock, Store, Tx};
use crate::error::Result;
use crate::plugins::Event;
use crate::rows::{Row, values};

impl Store {
    /// How a component stands; `None`: its last run ended well, or it never ran.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plugin_health(&self, digest: Digest) -> Result<Option<Health>> {
        self.read().await?.plugin_health(digest).await
    }

    /// Components that are suspended now, with their names, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn suspended_plugins(&self) -> Result<Vec<(PluginName, Digest, Health)>> {
        let sql = "SELECT name, plugins.digest, crashes, failed_at, code, message, suspended_at \
                   FROM plugin_health JOIN plugins ON plugins.digest = plugin_health.digest \
                   WHERE suspended_at IS NOT NULL ORDER BY name";
        let rows = self.all(sql, values![]).await?;
        rows.iter().map(|row| Ok((row.parse("name")?, row.parse("digest")?, health_of(row)?))).collect()
    }

    /// Writes down that a run crashed, and gives how the component stands now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plugin_crashed(
        &self,
        name: &PluginName,
        digest: Digest,
        (code, message): (&str, &str),
        by: &Actor,
        at: Timestamp,
    ) -> Result<Health> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Plugin(name)).await?;
        let before = tx.plugin_health(digest).await?;
        let now = Health::crashed(before.as_ref(), at, code, message);
        let sql = "INSERT INTO plugin_health (digest, crashes, failed_at, code, message, suspended_at) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (digest) DO UPDATE SET \
                   crashes = excluded.crashes, failed_at = excluded.failed_at, code = excluded.code, \
                   message = excluded.message, suspended_at = excluded.suspended_at";
        let (crashes, since) = (now.crashes, now.suspended_at);
        tx.execute(sql, values![digest, crashes, now.failed_at, code, message, since]).await?;
        if since.is_some() && before.is_none_or(|before| before.suspended_at.is_none()) {
            let detail = format!("it crashed {crashes} times in a row, at last with {code}: {message}");
            let version = tx.version_of(name, digest).await?;
            let event = Event { version: version.as_ref(), kind: "suspended", detail: &detail };
            tx.plugin_event(name, &event, by, at).await?;
            tx.suspended(name, version.as_ref(), crashes, (code, at)).await?;
        }
        tx.commit().await?;
        Ok(now)
    }

    /// Writes down that a run of a component that had crashed ended well.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plugin_recovered(
        &self,
        name: &PluginName,
        digest: Digest,
        by: &Actor,
        at: Timestamp,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Plugin(name)).await?;
        let before = tx.plugin_health(digest).await?;
        tx.execute("DELETE FROM plugin_health WHERE digest = $1", values![digest]).await?;
        if before.is_some_and(|before| before.suspended_at.is_some()) {
            let version = tx.version_of(name, digest).await?;
            let event = Event { version: version.as_ref(), kind: "resumed", detail: "it answered again" };
            tx.plugin_event(name, &event, by, at).await?;
        }
        tx.commit().await
    }
}

impl Tx {
    /// The version of a plugin that has these bytes; `None`: none has, as with one that is built in.
    async fn version_of(&mut self, name: &PluginName, digest: Digest) -> Result<Option<Version>> {
        let sql = "SELECT version FROM plugins WHERE name = $1 AND digest = $2 ORDER BY version LIMIT 1";
        let row = self.optional(sql, values![name.as_str(), digest]).await?;
        row.map(|row| row.parse("version")).transpose()
    }

    async fn plugin_health(&mut self, digest: Digest) -> Result<Option<Health>> {
        let sql =
            "SELECT crashes, failed_at, code, message, suspended_at FROM plugin_health WHERE digest = $1";
        self.optional(sql, values![digest]).await?.as_ref().map(health_of).transpose()
    }
}

fn health_of(row: &Row) -> Result<Health> {
    Ok(Health {
        crashes: row.count("crashes")?,
        failed_at: row.instant("failed_at")?,
        code: row.get("code")?,
        message: row.get("message")?,
        suspended_at: row.maybe_instant("suspended_at")?,
    })
}
