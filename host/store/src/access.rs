//! Service accounts and tokens.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::AssertSqlSafe;
use yardstick_domain::access::{Scope, Scopes, Secret, ServiceAccount, Token};
use yardstick_domain::ids::ServiceKey;
use yardstick_domain::people::Actor;

use crate::audit::Act;
use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::page::Page;
use crate::rows::{Row, Value, json, values};

const TOKEN: &str = "SELECT id, name, beginning, owner, scopes, created_at, created_by, expires_at, used_at, \
                     revoked_at, revoked_by FROM tokens";
const ACCOUNT: &str = "SELECT key, name, team, created_at, created_by, retired_at FROM service_accounts";

/// A token to be.
#[derive(Debug, Clone)]
pub struct NewToken<'a> {
    /// What it is for, in words.
    pub name: &'a str,
    /// Whom it acts as.
    pub owner: &'a Actor,
    /// What it may be used for.
    pub scopes: Scopes,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

impl Store {
    /// Keeps a token by the hash of its secret.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_token(
        &self,
        secret: &Secret,
        new: &NewToken<'_>,
        by: &Actor,
        at: Timestamp,
    ) -> Result<Token> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Register).await?;
        let scopes: Vec<Scope> = new.scopes.iter().collect();
        let sql = "INSERT INTO tokens (name, hash, beginning, owner, scopes, created_at, created_by, expires_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id";
        let values = values![
            new.name,
            secret.hash(),
            secret.beginning(),
            new.owner,
            json(&scopes)?,
            at,
            by,
            new.expires_at
        ];
        let id: i64 = tx.one(sql, values).await?.get("id")?;
        let token = tx.require_token(id).await?;
        let detail = serde_json::json!({
            "owner": tx.audit_name(new.owner).await?, "scopes": scopes, "expires_at": new.expires_at,
        });
        tx.audit(Act { action: "make-token", subject: format!("token {id}"), detail, by, at }).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// The token with this secret; `None`: nobody has it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn token_of(&self, secret: &Secret) -> Result<Option<Token>> {
        let sql = format!("{TOKEN} WHERE hash = $1");
        let row = self.optional(AssertSqlSafe(sql), values![secret.hash()]).await?;
        row.as_ref().map(token).transpose()
    }

    /// Writes down when tokens were last used, by their numbers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tokens_used(&self, uses: &BTreeMap<i64, Timestamp>) -> Result<()> {
        let mut tx = self.write().await?;
        for (token, at) in uses {
            // Another process may know of a later use.
            let sql = "UPDATE tokens SET used_at = $1 WHERE id = $2 AND (used_at IS NULL OR used_at < $1)";
            tx.execute(sql, values![*at, *token]).await?;
        }
        tx.commit().await
    }

    /// A token; `None`: there is none of this number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn token(&self, id: i64) -> Result<Option<Token>> {
        let sql = format!("{TOKEN} WHERE id = $1");
        let row = self.optional(AssertSqlSafe(sql), values![id]).await?;
        row.as_ref().map(token).transpose()
    }

    /// Tokens, the newest first, a page of at most `limit` at a time: of these owners, or all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tokens(
        &self,
        owners: Option<&[Actor]>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<Token, i64>> {
        let mut sql = format!("{TOKEN} WHERE id < $1");
        let mut values: Vec<Value> = values![before.unwrap_or(i64::MAX)];
        if let Some(owners) = owners {
            let mut places = Vec::new();
            for owner in owners {
                values.push(owner.into());
                places.push(format!("${}", values.len()));
            }
            // Of nobody there are none.
            sql += &format!(
                " AND owner IN ({})",
                if places.is_empty() { "NULL".to_owned() } else { places.join(", ") }
            );
        }
        values.push((i64::from(limit) + 1).into());
        sql += &format!(" ORDER BY id DESC LIMIT ${}", values.len());
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let items = rows.iter().map(token).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, limit, |token| token.id))
    }

    /// Revokes a token for good; one that was revoked stays as it was.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none of this number.
    pub async fn revoke_token(&self, id: i64, by: &Actor, at: Timestamp) -> Result<Token> {
        let mut tx = self.write().await?;
        let sql = "UPDATE tokens SET revoked_at = $1, revoked_by = $2 WHERE id = $3 AND revoked_at IS NULL";
        let revoked = tx.execute(sql, values![at, by, id]).await?;
        let token = tx.require_token(id).await?;
        if revoked > 0 {
            let (subject, detail) = (format!("token {id}"), serde_json::json!({}));
            tx.audit(Act { action: "revoke-token", subject, detail, by, at }).await?;
        }
        tx.commit().await?;
        Ok(token)
    }

    /// A service account; `None`: there is none of this key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn service_account(&self, key: &ServiceKey) -> Result<Option<ServiceAccount>> {
        let sql = format!("{ACCOUNT} WHERE key = $1");
        let row = self.optional(AssertSqlSafe(sql), values![key.as_str()]).await?;
        row.as_ref().map(account).transpose()
    }

    /// All service accounts, by key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn service_accounts(&self) -> Result<Vec<ServiceAccount>> {
        let rows = self.all(AssertSqlSafe(format!("{ACCOUNT} ORDER BY key")), values![]).await?;
        rows.iter().map(account).collect()
    }

    /// Makes a service account.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there is one of this key, [`StoreError::NotFound`] for an unknown team.
    pub async fn put_service_account(&self, new: &ServiceAccount) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Register).await?;
        if let Some(team) = &new.team {
            tx.require_team(team, &format!("service account {}", new.key)).await?;
        }
        let sql = "INSERT INTO service_accounts (key, name, team, created_at, created_by) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key) DO NOTHING";
        let team = new.team.as_ref().map(AsRef::<str>::as_ref);
        let values = values![new.key.as_str(), new.name.as_str(), team, new.created_at, &new.created_by];
        if tx.execute(sql, values).await? == 0 {
            return Err(StoreError::conflict(format!("there is a service account {} already", new.key)));
        }
        let (subject, detail) = (format!("service {}", new.key), serde_json::json!({ "team": new.team }));
        let (by, at) = (&new.created_by, new.created_at);
        tx.audit(Act { action: "make-service", subject, detail, by, at }).await?;
        tx.commit().await
    }

    /// Retires a service account: its tokens are refused from then on.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none of this key.
    pub async fn retire_service_account(
        &self,
        key: &ServiceKey,
        by: &Actor,
        at: Timestamp,
    ) -> Result<ServiceAccount> {
        let mut tx = self.write().await?;
        let sql = "UPDATE service_accounts SET retired_at = $1 WHERE key = $2 AND retired_at IS NULL";
        let retired = tx.execute(sql, values![at, key.as_str()]).await?;
        let row =
            tx.optional(AssertSqlSafe(format!("{ACCOUNT} WHERE key = $1")), values![key.as_str()]).await?;
        let found = row.as_ref().map(account).transpose()?;
        let found = found.ok_or_else(|| StoreError::not_found(format!("service account {key}")))?;
        if retired > 0 {
            let (subject, detail) = (format!("service {key}"), serde_json::json!({}));
            tx.audit(Act { action: "retire-service", subject, detail, by, at }).await?;
        }
        tx.commit().await?;
        Ok(found)
    }
}

impl Tx {
    async fn require_token(&mut self, id: i64) -> Result<Token> {
        let row = self.optional(AssertSqlSafe(format!("{TOKEN} WHERE id = $1")), values![id]).await?;
        match row {
            Some(row) => token(&row),
            None => Err(StoreError::not_found(format!("token {id}"))),
        }
    }
}

fn token(row: &Row) -> Result<Token> {
    let id: i64 = row.get("id")?;
    let scopes: Vec<Scope> = row.json("scopes", &format!("token {id}"))?;
    Ok(Token {
        id,
        name: row.get("name")?,
        beginning: row.get("beginning")?,
        owner: row.parse("owner")?,
        scopes: scopes.into_iter().collect(),
        created_at: row.instant("created_at")?,
        created_by: row.parse("created_by")?,
        expires_at: row.instant("expires_at")?,
        used_at: row.maybe_instant("used_at")?,
        revoked_at: row.maybe_instant("revoked_at")?,
        revoked_by: row.maybe_parse("revoked_by")?,
    })
}

fn account(row: &Row) -> Result<ServiceAccount> {
    Ok(ServiceAccount {
        key: row.parse("key")?,
        name: row.get("name")?,
        team: row.maybe_parse("team")?,
        created_at: row.instant("created_at")?,
        created_by: row.parse("created_by")?,
        retired_at: row.maybe_instant("retired_at")?,
    })
}
