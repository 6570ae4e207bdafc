//! Metrics and every meaning they have had.

use jiff::Timestamp;
use yardstick_domain::criteria::metric_hash;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::MetricKey;
use yardstick_domain::metric::Metric;
use yardstick_domain::people::Actor;

use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::points::known;
use crate::rows::{Row, json, values};

impl Store {
    /// A metric as defined now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn metric(&self, key: &MetricKey) -> Result<Option<Metric>> {
        let sql = "SELECT document FROM metrics WHERE key = $1";
        let row = self.optional(sql, values![key.as_str()]).await?;
        row.map(|row| row.json("document", &format!("metric {key}"))).transpose()
    }

    /// A metric as defined now and its watermark, as [`Store::complete_through`] gives it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn metric_with_watermark(
        &self,
        key: &MetricKey,
        known_at: Option<Timestamp>,
    ) -> Result<Option<(Metric, Option<Timestamp>)>> {
        let sql = "SELECT m.document, (SELECT MAX(b.complete_through) FROM batches b WHERE b.metric = m.key \
                   AND b.received_at <= $2 AND (b.undone_at IS NULL OR b.undone_at > $2)) AS complete \
                   FROM metrics m WHERE m.key = $1";
        let row = self.optional(sql, values![key.as_str(), known(known_at)]).await?;
        let read =
            |row: Row| Ok((row.json("document", &format!("metric {key}"))?, row.maybe_instant("complete")?));
        row.map(read).transpose()
    }

    /// All metrics as defined now, by key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn metrics(&self) -> Result<Vec<Metric>> {
        let rows = self.all("SELECT key, document FROM metrics ORDER BY key", values![]).await?;
        rows.iter()
            .map(|row| row.json("document", &format!("metric {}", row.get::<String>("key")?)))
            .collect()
    }

    /// A metric as it was first defined with this meaning: the one a seal names by hash.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn metric_definition(&self, hash: Digest) -> Result<Option<Metric>> {
        let sql = "SELECT document FROM metric_definitions WHERE hash = $1";
        let row = self.optional(sql, values![hash]).await?;
        row.map(|row| row.json("document", &format!("metric definition {hash}"))).transpose()
    }

    /// All metrics with their watermarks, by key; without one, nobody has imported anything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn watermarks(&self) -> Result<Vec<(Metric, Option<Timestamp>)>> {
        let sql = "SELECT m.key, m.document, (SELECT MAX(b.complete_through) FROM batches b \
                   WHERE b.metric = m.key AND b.undone_at IS NULL) AS complete FROM metrics m ORDER BY m.key";
        let rows = self.all(sql, values![]).await?;
        rows.iter()
            .map(|row| {
                let metric = row.json("document", &format!("metric {}", row.get::<String>("key")?))?;
                Ok((metric, row.maybe_instant("complete")?))
            })
            .collect()
    }
}

impl Tx {
    pub(crate) async fn put_metric(&mut self, metric: &Metric, by: &Actor, at: Timestamp) -> Result<()> {
        self.require_team(&metric.team, &format!("metric {}", metric.key)).await?;
        self.ensure_persons([&metric.owner]).await?;
        let hash = metric_hash(metric).map_err(|error| StoreError::conflict(error.to_string()))?;
        if self.metric_meaning(&metric.key).await?.is_some_and(|known| known != hash) {
            self.may_mean(metric).await?;
        }
        let document = json(metric)?;
        let sql = "INSERT INTO metrics (key, team, owner, hash, document, changed_at, changed_by, kind, title) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                   ON CONFLICT (key) DO UPDATE SET team = excluded.team, owner = excluded.owner, \
                   hash = excluded.hash, document = excluded.document, changed_at = excluded.changed_at, \
                   changed_by = excluded.changed_by, kind = excluded.kind, title = excluded.title";
        let key = metric.key.as_str();
        let values = values![
            key,
            metric.team.as_str(),
            metric.owner.as_str(),
            hash,
            document.clone(),
            at,
            by,
            metric.kind.as_str(),
            metric.title.as_str(),
        ];
        self.execute(sql, values).await?;
        let sql = "INSERT INTO metric_definitions (metric, hash, document, defined_at, defined_by) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT (metric, hash) DO NOTHING";
        self.execute(sql, values![key, hash, document, at, by]).await?;
        Ok(())
    }

    /// Hash of what a metric means now; `None`: it is not defined.
    pub(crate) async fn metric_meaning(&mut self, key: &MetricKey) -> Result<Option<Digest>> {
        let row = self.optional("SELECT hash FROM metrics WHERE key = $1", values![key.as_str()]).await?;
        row.map(|row| row.parse("hash")).transpose()
    }

    /// Refuses a kind or a zone that would misread values that are there, once imports that run have ended.
    async fn may_mean(&mut self, metric: &Metric) -> Result<()> {
        self.lock(Lock::Metric(&metric.key)).await?;
        let key = metric.key.as_str();
        let sql = "SELECT document, EXISTS (SELECT 1 FROM series s JOIN points p ON p.series = s.id \
                   JOIN batches b ON b.id = p.batch WHERE s.metric = $1 AND b.undone_at IS NULL) AS used \
                   FROM metrics WHERE key = $1";
        let row = self.one(sql, values![key]).await?;
        let before: Metric = row.json("document", &format!("metric {key}"))?;
        let misread = before.kind != metric.kind || before.time_zone != metric.time_zone;
        if misread && row.get::<bool>("used")? {
            return Err(StoreError::conflict(format!(
                "{key} has values, which another kind or time_zone would misread; define another metric"
            )));
        }
        Ok(())
    }
}
