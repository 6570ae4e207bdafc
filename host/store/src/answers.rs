//! Answers to requests that came with an idempotency key. They are no part of what happened, so the audit does not have
//! them, and they go after a day.

use jiff::Timestamp;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::IdempotencyKey;
use yardstick_domain::people::Actor;

use crate::database::Store;
use crate::error::{Result, StoreError};
use crate::rows::{Row, json, values};

/// A key, and what was asked under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedRequest {
    /// Whose key it is.
    pub actor: Actor,
    /// The key.
    pub key: IdempotencyKey,
    /// Hash over everything that was asked.
    pub request: Digest,
}

/// An answer that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The status.
    pub status: u16,
    /// The headers that belong to it, by name.
    pub headers: Vec<(String, String)>,
    /// The body, or why it is not kept.
    pub body: std::result::Result<String, Withheld>,
}

/// Why a body is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    /// It has a secret in it.
    Secret,
    /// It is too large.
    Large,
}

/// What reserving a key came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reserved {
    /// It was free, and is now this request's.
    Now,
    /// It stands for another request.
    OtherRequest,
    /// The same request is being answered, or its process was ended while it was.
    Running {
        /// The process.
        process: String,
        /// Since when.
        since: Timestamp,
    },
    /// The same request came to no answer that tells whether it was done.
    Unsure,
    /// The same request was answered.
    Done(KeptAnswer),
}

impl Store {
    /// Reserves a key for a request, unless it stands for one already. What was reserved before `oldest` is as if it
    /// had never been.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reserve_answer(
        &self,
        asked: &KeyedRequest,
        process: &str,
        at: Timestamp,
        oldest: Timestamp,
    ) -> Result<Reserved> {
        let (by, key) = (&asked.actor, asked.key.as_str());
        let mut tx = self.write().await?;
        let sql = "DELETE FROM answers WHERE actor = $1 AND key = $2 AND reserved_at < $3";
        tx.execute(sql, values![by, key, oldest]).await?;
        let sql = "INSERT INTO answers (actor, key, request, process, reserved_at, state) \
                   VALUES ($1, $2, $3, $4, $5, 'running') ON CONFLICT (actor, key) DO NOTHING";
        if tx.execute(sql, values![by, key, asked.request, process, at]).await? > 0 {
            tx.commit().await?;
            return Ok(Reserved::Now);
        }
        let sql = "SELECT request, process, reserved_at, state, status, headers, body, withheld FROM answers \
                   WHERE actor = $1 AND key = $2";
        let row = tx.one(sql, values![by, key]).await?;
        tx.commit().await?;
        if row.parse::<Digest>("request")? != asked.request {
            return Ok(Reserved::OtherRequest);
        }
        match row.get::<String>("state")?.as_str() {
            "running" => {
                Ok(Reserved::Running { process: row.get("process")?, since: row.instant("reserved_at")? })
            }
            "unsure" => Ok(Reserved::Unsure),
            "done" => answer(&row).map(Reserved::Done),
            other => Err(StoreError::corrupt(format!("an answer that is {other:?}"))),
        }
    }

    /// Keeps the answer to a request that this process reserved a key for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_answer(&self, asked: &KeyedRequest, process: &str, answer: &KeptAnswer) -> Result<()> {
        let (body, withheld) = match &answer.body {
            Ok(body) => (Some(body.as_str()), None),
            Err(Withheld::Secret) => (None, Some("secret")),
            Err(Withheld::Large) => (None, Some("large")),
        };
        let mut tx = self.write().await?;
        let sql = "UPDATE answers SET state = 'done', status = $1, headers = $2, body = $3, withheld = $4 \
                   WHERE actor = $5 AND key = $6 AND process = $7 AND state = 'running'";
        let status = i64::from(answer.status);
        let headers = json(&answer.headers)?;
        let values = values![status, headers, body, withheld, &asked.actor, asked.key.as_str(), process];
        tx.execute(sql, values).await?;
        tx.commit().await
    }

    /// Writes down that nobody knows whether a request was done that this process reserved a key for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answer_is_unsure(&self, asked: &KeyedRequest, process: &str) -> Result<()> {
        let mut tx = self.write().await?;
        let sql = "UPDATE answers SET state = 'unsure' \
                   WHERE actor = $1 AND key = $2 AND process = $3 AND state = 'running'";
        tx.execute(sql, values![&asked.actor, asked.key.as_str(), process]).await?;
        tx.commit().await
    }

    /// Deletes answers that were reserved before this instant, the oldest first, at most `limit`; gives how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep_answers(&self, before: Timestamp, limit: u32) -> Result<u64> {
        // Whoever finds nothing to do keeps nobody from writing.
        let sql = "SELECT key FROM answers WHERE reserved_at < $1 LIMIT 1";
        if self.optional(sql, values![before]).await?.is_none() {
            return Ok(0);
        }
        let mut tx = self.write().await?;
        let sql = "DELETE FROM answers WHERE (actor, key) IN \
                   (SELECT actor, key FROM answers WHERE reserved_at < $1 ORDER BY reserved_at LIMIT $2)";
        let gone = tx.execute(sql, values![before, limit]).await?;
        tx.commit().await?;
        Ok(gone)
    }
}

fn answer(row: &Row) -> Result<KeptAnswer> {
    let withheld = row.get::<Option<String>>("withheld")?;
    let body = match withheld.as_deref() {
        None => Ok(row.get::<Option<String>>("body")?.unwrap_or_default()),
        Some("secret") => Err(Withheld::Secret),
        Some("large") => Err(Withheld::Large),
        Some(other) => return Err(StoreError::corrupt(format!("an answer withheld as {other:?}"))),
    };
    Ok(KeptAnswer { status: row.count("status")?, headers: row.json("headers", "an answer")?, body })
}
