//! The audit: an event in the transaction of what was done, and a chain over those that are committed.

use jiff::Timestamp;
use serde_json::Value as Json;
use yardstick_domain::audit::{AuditEvent, AuditOutcome, Head};
use yardstick_domain::people::Actor;

use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::page::Page;
use crate::rows::{Row, Value, json, values};

const EVENT: &str = "SELECT e.id, e.at, e.actor, n.name, e.action, e.subject, e.outcome, e.detail, e.seq, e.hash \
                     FROM audit_events e LEFT JOIN audit_names n ON n.id = e.actor";
/// Events that are chained at a time.
const CHUNK: u32 = 500;

/// Which events to list. The default: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// About this, such as `release batch-changes-ga`.
    pub subject: Option<String>,
    /// That this was done or wanted, such as `launch`.
    pub action: Option<String>,
    /// Done, or refused.
    pub outcome: Option<AuditOutcome>,
    /// Of this instant or later.
    pub since: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
}

/// What was done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Act<'a> {
    /// What, such as `launch`.
    pub(crate) action: &'static str,
    /// To what, such as `release batch-changes-ga`.
    pub(crate) subject: String,
    /// Particulars, an object without names of people.
    pub(crate) detail: Json,
    /// Who.
    pub(crate) by: &'a Actor,
    /// When.
    pub(crate) at: Timestamp,
}

impl Store {
    /// Writes down an attempt that was refused.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_refused(&self, action: &str, subject: &str, by: &Actor, at: Timestamp) -> Result<()> {
        let mut tx = self.write().await?;
        let actor = tx.audit_name(by).await?;
        let sql = "INSERT INTO audit_events (at, actor, action, subject, outcome, detail) \
                   VALUES ($1, $2, $3, $4, 'refused', '{}')";
        tx.execute(sql, values![at, actor, action, subject]).await?;
        tx.commit().await
    }

    /// Chains the events that were committed since: how many. One process at a time does it; another that tries
    /// meanwhile waits, and finds nothing left.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn chain_audit(&self) -> Result<u64> {
        let mut chained = 0;
        loop {
            let loose = "SELECT id FROM audit_events WHERE seq IS NULL ORDER BY id LIMIT 1";
            if self.optional(loose, values![]).await?.is_none() {
                return Ok(chained);
            }
            let mut tx = self.write().await?;
            tx.lock(Lock::Audit).await?;
            let mut last = tx.audit_head().await?;
            let sql = sqlx::AssertSqlSafe(format!("{EVENT} WHERE e.seq IS NULL ORDER BY e.id LIMIT {CHUNK}"));
            for row in tx.all(sql, values![]).await? {
                let found = event(&row)?;
                let seq = last.map_or(1, |last| last.seq + 1);
                let hash = found.hash(seq, last.map(|last| last.hash));
                let hash = hash.map_err(|error| StoreError::corrupt(error.to_string()))?;
                let sql = "UPDATE audit_events SET seq = $1, hash = $2 WHERE id = $3";
                let number = i64::try_from(seq).map_err(|error| StoreError::corrupt(error.to_string()))?;
                tx.execute(sql, values![number, hash, row.get::<i64>("id")?]).await?;
                last = Some(Head { seq, hash });
                chained += 1;
            }
            tx.commit().await?;
        }
    }

    /// The head of the chain; `None`: nothing is chained yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_head(&self) -> Result<Option<Head>> {
        self.read().await?.audit_head().await
    }

    /// Events of the chain after this number, in order, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_chain(&self, after: u64, limit: u32) -> Result<Vec<AuditEvent>> {
        let sql = format!("{EVENT} WHERE e.seq > $1 ORDER BY e.seq LIMIT $2");
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let rows = self.all(sqlx::AssertSqlSafe(sql), values![after, limit]).await?;
        rows.iter().map(event).collect()
    }

    /// How many events are not chained yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_loose(&self) -> Result<u64> {
        let sql = "SELECT COUNT(*) AS n FROM audit_events WHERE seq IS NULL";
        self.one(sql, values![]).await?.count("n")
    }

    /// Events, the newest first, a page of at most `limit` at a time: of one subject, or all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_events(
        &self,
        filter: &AuditFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<AuditEvent, i64>> {
        let mut sql = format!("{EVENT} WHERE e.id < $1");
        let mut values: Vec<Value> = values![before.unwrap_or(i64::MAX)];
        let mut with = |condition: &str, value: Value| {
            values.push(value);
            sql += &format!(" AND {condition} ${}", values.len());
        };
        if let Some(subject) = &filter.subject {
            with("e.subject =", subject.as_str().into());
        }
        if let Some(action) = &filter.action {
            with("e.action =", action.as_str().into());
        }
        if let Some(outcome) = filter.outcome {
            with("e.outcome =", outcome.as_str().into());
        }
        if let Some(at) = filter.since {
            with("e.at >=", at.into());
        }
        if let Some(at) = filter.until {
            with("e.at <", at.into());
        }
        values.push((i64::from(limit) + 1).into());
        sql += &format!(" ORDER BY e.id DESC LIMIT ${}", values.len());
        let rows = self.all(sqlx::AssertSqlSafe(sql), values).await?;
        let items = rows.iter().map(|row| Ok((row.get("id")?, event(row)?))).collect::<Result<Vec<_>>>()?;
        let page = Page::of(items, limit, |(id, _)| *id);
        Ok(Page { items: page.items.into_iter().map(|(_, event)| event).collect(), next: page.next })
    }

    /// Erases the name behind the events of a person or local user; the chain stays as it was. Whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_forget(&self, who: &Actor, by: &Actor, at: Timestamp) -> Result<bool> {
        let mut tx = self.write().await?;
        let sql = "SELECT id FROM audit_names WHERE name = $1";
        let Some(row) = tx.optional(sql, values![who]).await? else { return Ok(false) };
        let id: String = row.get("id")?;
        tx.execute("UPDATE audit_names SET name = NULL WHERE id = $1", values![id.as_str()]).await?;
        let subject = format!("name {id}");
        tx.audit(Act { action: "forget", subject, detail: serde_json::json!({}), by, at }).await?;
        tx.commit().await?;
        Ok(true)
    }
}

impl Tx {
    /// Writes down what this transaction does.
    pub(crate) async fn audit(&mut self, act: Act<'_>) -> Result<()> {
        let actor = self.audit_name(act.by).await?;
        let sql = "INSERT INTO audit_events (at, actor, action, subject, outcome, detail) \
                   VALUES ($1, $2, $3, $4, 'done', $5)";
        self.execute(sql, values![act.at, actor, act.action, act.subject, json(&act.detail)?]).await?;
        Ok(())
    }

    /// The id that stands for somebody in the chain.
    pub(crate) async fn audit_name(&mut self, who: &Actor) -> Result<String> {
        if matches!(who, Actor::Service(_) | Actor::Host) {
            return Ok(who.to_string());
        }
        let find = "SELECT id FROM audit_names WHERE name = $1";
        if let Some(row) = self.optional(find, values![who]).await? {
            return row.get("id");
        }
        // Of chance, not of the name: an erased one cannot be found again by trying names.
        let chance = match self {
            Self::Sqlite { .. } => "SELECT lower(hex(randomblob(8))) AS id",
            Self::Postgres(_) => "SELECT substr(replace(gen_random_uuid()::text, '-', ''), 1, 16) AS id",
        };
        let id = format!("p-{}", self.one(chance, values![]).await?.get::<String>("id")?);
        let sql = "INSERT INTO audit_names (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
        self.execute(sql, values![id.as_str(), who]).await?;
        self.one(find, values![who]).await?.get("id")
    }

    async fn audit_head(&mut self) -> Result<Option<Head>> {
        let sql = "SELECT seq, hash FROM audit_events WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1";
        let row = self.optional(sql, values![]).await?;
        row.map(|row| Ok(Head { seq: row.count("seq")?, hash: row.parse("hash")? })).transpose()
    }
}

fn event(row: &Row) -> Result<AuditEvent> {
    let outcome: String = row.get("outcome")?;
    let seq: Option<i64> = row.get("seq")?;
    let link = match seq {
        Some(_) => Some(Head { seq: row.count("seq")?, hash: row.parse("hash")? }),
        None => None,
    };
    Ok(AuditEvent {
        at: row.instant("at")?,
        actor: row.get("actor")?,
        name: row.get("name")?,
        action: row.get("action")?,
        subject: row.get("subject")?,
        outcome: match outcome.as_str() {
            "done" => AuditOutcome::Done,
            "refused" => AuditOutcome::Refused,
            other => return Err(StoreError::corrupt(format!("an event of the audit is {other}"))),
        },
        detail: row.json("detail", "an event of the audit")?,
        link,
    })
}
