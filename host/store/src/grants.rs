//! Leave for plugins to read what they could not read by themselves.

use jiff::Timestamp;
use yardstick_domain::ids::{MetricKey, PluginName};
use yardstick_domain::people::Actor;
use yardstick_domain::plugin::Grant;

use crate::audit::Act;
use crate::database::{Lock, Store};
use crate::error::{Result, StoreError};
use crate::plugins::Event;
use crate::rows::{Row, values};

impl Store {
    /// Gives a plugin leave to read a metric, and whether it is new: one that stands already is left as it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn grant(
        &self,
        plugin: &PluginName,
        metric: &MetricKey,
        samples: bool,
        by: &Actor,
        at: Timestamp,
    ) -> Result<bool> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Plugin(plugin)).await?;
        let sql = "SELECT id FROM plugin_grants \
                   WHERE plugin = $1 AND metric = $2 AND samples = $3 AND revoked_at IS NULL";
        let values = values![plugin.as_str(), metric.as_str(), samples];
        if tx.optional(sql, values).await?.is_some() {
            return Ok(false);
        }
        let sql = "INSERT INTO plugin_grants (plugin, metric, samples, given_at, given_by) \
                   VALUES ($1, $2, $3, $4, $5)";
        tx.execute(sql, values![plugin.as_str(), metric.as_str(), samples, at, by]).await?;
        let detail = particulars(metric, samples);
        tx.plugin_event(plugin, &Event { version: None, kind: "granted", detail: &detail }, by, at).await?;
        let detail = serde_json::json!({ "metric": metric, "samples": samples });
        tx.audit(Act { action: "grant", subject: format!("plugin {plugin}"), detail, by, at }).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes a grant back.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it was never given, or taken back already.
    pub async fn revoke(
        &self,
        plugin: &PluginName,
        metric: &MetricKey,
        samples: bool,
        by: &Actor,
        at: Timestamp,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Plugin(plugin)).await?;
        let sql = "UPDATE plugin_grants SET revoked_at = $1, revoked_by = $2 \
                   WHERE plugin = $3 AND metric = $4 AND samples = $5 AND revoked_at IS NULL";
        let changed = tx.execute(sql, values![at, by, plugin.as_str(), metric.as_str(), samples]).await?;
        let detail = particulars(metric, samples);
        if changed == 0 {
            return Err(StoreError::not_found(format!("grant of {detail} to {plugin}")));
        }
        tx.plugin_event(plugin, &Event { version: None, kind: "revoked", detail: &detail }, by, at).await?;
        let audited = serde_json::json!({ "metric": metric, "samples": samples });
        let subject = format!("plugin {plugin}");
        tx.audit(Act { action: "revoke-grant", subject, detail: audited, by, at }).await?;
        tx.commit().await
    }

    /// The grants of a plugin that stand, by metric.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn grants(&self, plugin: &PluginName) -> Result<Vec<Grant>> {
        let sql = "SELECT id, plugin, metric, samples, given_at, given_by, revoked_at, revoked_by \
                   FROM plugin_grants WHERE plugin = $1 AND revoked_at IS NULL ORDER BY metric, samples";
        let rows = self.all(sql, values![plugin.as_str()]).await?;
        rows.iter().map(grant_of).collect()
    }
}

fn particulars(metric: &MetricKey, samples: bool) -> String {
    if samples { format!("samples of {metric}") } else { metric.to_string() }
}

fn grant_of(row: &Row) -> Result<Grant> {
    let revoked_by: Option<Actor> = row.maybe_parse("revoked_by")?;
    Ok(Grant {
        id: row.get("id")?,
        plugin: row.parse("plugin")?,
        metric: row.parse("metric")?,
        samples: row.get("samples")?,
        given_at: row.instant("given_at")?,
        given_by: row.parse("given_by")?,
        revoked: row.maybe_instant("revoked_at")?.zip(revoked_by),
    })
}
