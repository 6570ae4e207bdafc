//! Sinks, and the log of what was delivered to them.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;
use yardstick_domain::ids::SinkName;
use yardstick_domain::people::Actor;
use yardstick_domain::sink::{
    Answer, Delivered, Delivery, DeliveryOutcome, OLD_SECRET_SIGNS_FOR, SigningSecret, Sink, SinkKind,
};

use crate::audit::Act;
use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::page::Page;
use crate::rows::{Row, Value, json, values};

const SINK: &str = "SELECT name, kind, team, kinds, url, private_addresses, created_at, created_by, removed_at, \
                    rests_until FROM sinks";
const DELIVERY: &str = "SELECT id, event, sink, at, took_ms, outcome, status, says FROM deliveries";

/// Which deliveries to list. The default: all.
#[derive(Debug, Clone, Default)]
pub struct DeliveryFilter {
    /// To one of these sinks, each from an instant on; `None`: to any.
    pub sinks: Option<Vec<(SinkName, Timestamp)>>,
    /// Of this event.
    pub event: Option<i64>,
}

impl Store {
    /// Adds a sink, with the secret that signs what it gets. One that was removed may be added anew.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there is one of this name, [`StoreError::NotFound`] for an unknown team.
    pub async fn put_sink(&self, sink: &Sink, secret: Option<&SigningSecret>) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Register).await?;
        if let Some(team) = &sink.team {
            tx.require_team(team, &format!("sink {}", sink.name)).await?;
        }
        let sql = "INSERT INTO sinks (name, kind, team, kinds, url, private_addresses, secret, created_at, created_by) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (name) DO UPDATE SET \
                   kind = excluded.kind, team = excluded.team, kinds = excluded.kinds, url = excluded.url, \
                   private_addresses = excluded.private_addresses, secret = excluded.secret, old_secret = NULL, \
                   old_until = NULL, created_at = excluded.created_at, created_by = excluded.created_by, \
                   removed_at = NULL, rests_until = NULL WHERE sinks.removed_at IS NOT NULL";
        let values = values![
            sink.name.as_str(),
            sink.kind.as_str(),
            sink.team.as_ref().map(AsRef::<str>::as_ref),
            json(&sink.kinds)?,
            sink.url.as_deref(),
            sink.private_addresses,
            secret.map(SigningSecret::text),
            sink.created_at,
            &sink.created_by,
        ];
        if tx.execute(sql, values).await? == 0 {
            return Err(StoreError::conflict(format!("there is a sink {} already", sink.name)));
        }
        // Neither its address nor its secret: who reads the audit need not be able to send to it.
        let detail = serde_json::json!({
            "kind": sink.kind, "team": sink.team, "private_addresses": sink.private_addresses,
        });
        let (subject, by, at) = (format!("sink {}", sink.name), &sink.created_by, sink.created_at);
        tx.audit(Act { action: "add-sink", subject, detail, by, at }).await?;
        tx.commit().await
    }

    /// Removes a sink; what waits to be delivered to it is no longer. Its log stays.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none of this name.
    pub async fn remove_sink(&self, name: &SinkName, by: &Actor, at: Timestamp) -> Result<Sink> {
        let mut tx = self.write().await?;
        let sql = "UPDATE sinks SET removed_at = $1, secret = NULL, old_secret = NULL, old_until = NULL \
                   WHERE name = $2 AND removed_at IS NULL";
        if tx.execute(sql, values![at, name.as_str()]).await? == 0 {
            return Err(StoreError::not_found(format!("sink {name}")));
        }
        // Another one may get this name.
        let sql = "UPDATE jobs SET state = 'cancelled', ended_at = $1, waits_for = NULL, result = $2 \
                   WHERE kind = 'deliver' AND state IN ('waiting', 'dead') AND key LIKE $3";
        tx.execute(sql, values![at, "the sink was removed", format!("%/{name}")]).await?;
        let (subject, detail) = (format!("sink {name}"), serde_json::json!({}));
        tx.audit(Act { action: "remove-sink", subject, detail, by, at }).await?;
        let sink = tx.sink(name).await?;
        tx.commit().await?;
        sink.ok_or_else(|| StoreError::not_found(format!("sink {name}")))
    }

    /// Gives a sink another secret. The one before goes on signing for a day beside it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no sink of this name that signs.
    pub async fn turn_secret(
        &self,
        name: &SinkName,
        secret: &SigningSecret,
        by: &Actor,
        at: Timestamp,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        let sql = "UPDATE sinks SET old_secret = secret, old_until = $1, secret = $2 \
                   WHERE name = $3 AND removed_at IS NULL AND secret IS NOT NULL";
        let until = at.checked_add(OLD_SECRET_SIGNS_FOR).unwrap_or(Timestamp::MAX);
        if tx.execute(sql, values![until, secret.text(), name.as_str()]).await? == 0 {
            return Err(StoreError::not_found(format!("sink {name}")));
        }
        let (subject, detail) = (format!("sink {name}"), serde_json::json!({}));
        tx.audit(Act { action: "turn-secret", subject, detail, by, at }).await?;
        tx.commit().await
    }

    /// The secrets that sign what a sink gets now, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn signing_secrets(&self, name: &SinkName, now: Timestamp) -> Result<Vec<SigningSecret>> {
        let sql =
            "SELECT secret, CASE WHEN old_until > $1 THEN old_secret END AS old FROM sinks WHERE name = $2";
        let row = self.optional(sql, values![now, name.as_str()]).await?;
        let Some(row) = row else { return Ok(Vec::new()) };
        let secrets: [Option<String>; 2] = [row.get("secret")?, row.get("old")?];
        Ok(secrets.into_iter().flatten().map(SigningSecret::of).collect())
    }

    /// A sink, one that was removed too; `None`: there was never one of this name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sink(&self, name: &SinkName) -> Result<Option<Sink>> {
        self.read().await?.sink(name).await
    }

    /// All sinks that were not removed, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sinks(&self) -> Result<Vec<Sink>> {
        self.read().await?.sinks().await
    }

    /// Whether a sink has an event.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_taken(&self, event: i64, sink: &SinkName) -> Result<bool> {
        let sql = "SELECT id FROM deliveries WHERE event = $1 AND sink = $2 AND outcome = 'taken'";
        Ok(self.optional(sql, values![event, sink.as_str()]).await?.is_some())
    }

    /// Writes down how a try of a delivery ended, and until when the sink is left alone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn log_delivery(
        &self,
        (event, sink): (i64, &SinkName),
        at: Timestamp,
        took_ms: u64,
        delivered: &Delivered,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        let answer = delivered.answer();
        // Somebody else may have done the same at the same time.
        let sql = "INSERT INTO deliveries (event, sink, at, took_ms, outcome, status, says) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (event, sink) WHERE outcome = 'taken' DO NOTHING";
        let took = i64::try_from(took_ms).unwrap_or(i64::MAX);
        let status = answer.status.map(u32::from);
        let values = values![
            event,
            sink.as_str(),
            at,
            took,
            delivered.outcome().as_str(),
            status,
            answer.says.as_str()
        ];
        tx.execute(sql, values).await?;
        let rests_until = match delivered {
            Delivered::Failed { rest_until, .. } => *rest_until,
            Delivered::Taken(_) | Delivered::Refused(_) => None,
        };
        if let Delivered::Taken(_) = delivered {
            tx.wake_sink(sink, at).await?;
        }
        if let Some(until) = rests_until {
            let sql = "UPDATE sinks SET rests_until = $1 WHERE name = $2 AND (rests_until IS NULL OR rests_until < $1)";
            tx.execute(sql, values![until, sink.as_str()]).await?;
            // Nobody takes up, one after the other, what cannot be sent yet.
            let sql = "UPDATE jobs SET due_at = $1, waits_for = $2 WHERE kind = 'deliver' AND state = 'waiting' \
                       AND due_at < $1 AND key LIKE $3";
            let waits_for = format!("{sink} is left alone until {until}");
            tx.execute(sql, values![until, waits_for, format!("%/{sink}")]).await?;
        }
        tx.commit().await
    }

    /// Tries of deliveries, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page
    /// before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn deliveries(
        &self,
        filter: &DeliveryFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<Delivery, i64>> {
        let mut sql = format!("{DELIVERY} WHERE id < $1");
        let mut values: Vec<Value> = values![before.unwrap_or(i64::MAX)];
        if let Some(event) = filter.event {
            values.push(event.into());
            sql += &format!(" AND event = ${}", values.len());
        }
        if let Some(sinks) = &filter.sinks {
            let mut places = Vec::new();
            for (sink, since) in sinks {
                values.extend(values![sink.as_str(), *since]);
                places.push(format!("(sink = ${} AND at >= ${})", values.len() - 1, values.len()));
            }
            // Of none there is none.
            let places = if places.is_empty() { "FALSE".to_owned() } else { places.join(" OR ") };
            sql += &format!(" AND ({places})");
        }
        values.push((i64::from(limit) + 1).into());
        sql += &format!(" ORDER BY id DESC LIMIT ${}", values.len());
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let items = rows.iter().map(delivery).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, limit, |delivery| delivery.id))
    }
}

impl Tx {
    /// A sink is no longer left alone.
    pub(crate) async fn wake_sink(&mut self, sink: &SinkName, now: Timestamp) -> Result<()> {
        let sql = "UPDATE sinks SET rests_until = NULL WHERE name = $1 AND rests_until IS NOT NULL";
        if self.execute(sql, values![sink.as_str()]).await? > 0 {
            let sql = "UPDATE jobs SET due_at = $1, waits_for = NULL WHERE kind = 'deliver' AND state = 'waiting' \
                       AND waits_for IS NOT NULL AND due_at > $1 AND key LIKE $2";
            self.execute(sql, values![now, format!("%/{sink}")]).await?;
            self.wake().await?;
        }
        Ok(())
    }

    pub(crate) async fn sinks(&mut self) -> Result<Vec<Sink>> {
        let sql = format!("{SINK} WHERE removed_at IS NULL ORDER BY name");
        self.all(AssertSqlSafe(sql), values![]).await?.iter().map(sink).collect()
    }

    async fn sink(&mut self, name: &SinkName) -> Result<Option<Sink>> {
        let sql = format!("{SINK} WHERE name = $1");
        self.optional(AssertSqlSafe(sql), values![name.as_str()]).await?.as_ref().map(sink).transpose()
    }
}

fn sink(row: &Row) -> Result<Sink> {
    let name: SinkName = row.parse("name")?;
    let kind: String = row.get("kind")?;
    let kind: SinkKind =
        kind.parse().map_err(|error| StoreError::corrupt(format!("sink {name}: {error}")))?;
    let kinds = row.json("kinds", &format!("sink {name}"))?;
    Ok(Sink {
        name,
        kind,
        team: row.maybe_parse("team")?,
        kinds,
        url: row.get("url")?,
        private_addresses: row.get("private_addresses")?,
        created_at: row.instant("created_at")?,
        created_by: row.parse("created_by")?,
        removed_at: row.maybe_instant("removed_at")?,
        rests_until: row.maybe_instant("rests_until")?,
    })
}

fn delivery(row: &Row) -> Result<Delivery> {
    let (status, outcome): (Option<i64>, String) = (row.get("status")?, row.get("outcome")?);
    let known = DeliveryOutcome::ALL.into_iter().find(|known| known.as_str() == outcome);
    Ok(Delivery {
        id: row.get("id")?,
        event: row.get("event")?,
        sink: row.parse("sink")?,
        at: row.instant("at")?,
        took_ms: row.count("took_ms")?,
        outcome: known.ok_or_else(|| StoreError::corrupt(format!("a delivery is {outcome}")))?,
        answer: Answer {
            status: status.and_then(|status| u16::try_from(status).ok()),
            says: row.get("says")?,
        },
    })
}
