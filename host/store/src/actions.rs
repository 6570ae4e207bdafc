//! What comes of retros: actions, and a library of learnings.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json as object;
use sqlx::AssertSqlSafe;
use yardstick_domain::decision::Signed;
use yardstick_domain::ids::{PersonId, RetroId, TeamKey};
use yardstick_domain::people::Actor;
use yardstick_domain::retro::{ActionItem, ActionState, Learning};

use crate::audit::Act;
use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::page::Page;
use crate::releases::Sees;
use crate::rows::{Row, Value, json, values};

/// Actions `a` of retros `t`.
const ACTION: &str = "SELECT a.id, a.retro, a.team, a.version, a.text, a.owner, a.due, a.state, a.reason, a.issue, \
    a.made_at, a.made_by, a.ended_at FROM actions a JOIN retros t ON t.id = a.retro";
/// Learnings `l` of retros `t`.
const LEARNING: &str = "SELECT l.id, l.retro, l.team, l.text, l.tags, l.evidence, l.made_at, l.made_by \
    FROM learnings l JOIN retros t ON t.id = l.retro";

/// Which actions to list. The default: all.
#[derive(Debug, Clone, Default)]
pub struct ActionFilter {
    /// Of this team.
    pub team: Option<TeamKey>,
    /// Of this person.
    pub owner: Option<PersonId>,
    /// Of this retro.
    pub retro: Option<RetroId>,
    /// Standing here.
    pub state: Option<ActionState>,
    /// Open ones that were due before this day.
    pub due_before: Option<Date>,
    /// Of other retros than this one, made until an instant, and open or ended from another instant on.
    pub before: Option<BeforeRetro>,
    /// Of retros that whoever asks may see.
    pub sees: Sees,
}

/// What a retro opens with: actions of others before it.
#[derive(Debug, Clone)]
pub struct BeforeRetro {
    /// The retro.
    pub retro: RetroId,
    /// When it was opened: later actions are none of its.
    pub opened_at: Timestamp,
    /// Open ones, and those that ended at this instant or later.
    pub ended_since: Timestamp,
}

/// Which learnings to find. The default: all.
#[derive(Debug, Clone, Default)]
pub struct LearningFilter {
    /// Of this team.
    pub team: Option<TeamKey>,
    /// Of this retro.
    pub retro: Option<RetroId>,
    /// With this tag.
    pub tag: Option<String>,
    /// With any of these words, in any of their forms; empty: whatever their words.
    pub words: Vec<String>,
    /// Of retros that whoever asks may see.
    pub sees: Sees,
}

impl Store {
    /// An action; `None`: there is none of this number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn action(&self, id: i64) -> Result<Option<ActionItem>> {
        let row = self.optional(AssertSqlSafe(format!("{ACTION} WHERE a.id = $1")), values![id]).await?;
        row.as_ref().map(action).transpose()
    }

    /// Actions, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn actions(
        &self,
        filter: &ActionFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<ActionItem, i64>> {
        let mut sql = format!("{ACTION} WHERE a.id < $1");
        let mut values = values![before.unwrap_or(i64::MAX)];
        for (column, wanted) in [
            ("team", filter.team.as_ref().map(|team| team.as_str().to_owned())),
            ("owner", filter.owner.as_ref().map(ToString::to_string)),
            ("retro", filter.retro.as_ref().map(ToString::to_string)),
            ("state", filter.state.map(|state| state.to_string())),
        ] {
            if let Some(wanted) = wanted {
                values.push(wanted.into());
                sql += &format!(" AND a.{column} = ${}", values.len());
            }
        }
        if let Some(day) = filter.due_before {
            values.push(day.to_string().into());
            sql += &format!(" AND a.state = 'open' AND a.due < ${}", values.len());
        }
        if let Some(before) = &filter.before {
            let first = values.len() + 1;
            values.extend(values![before.retro.as_str(), before.opened_at, before.ended_since]);
            sql += &format!(
                " AND a.retro <> ${first} AND a.made_at <= ${} AND (a.state = 'open' OR a.ended_at >= ${})",
                first + 1,
                first + 2
            );
        }
        sql += &filter.sees.retro_condition(&mut values);
        values.push((i64::from(limit) + 1).into());
        sql += &format!(" ORDER BY a.id DESC LIMIT ${}", values.len());
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let items = rows.iter().map(action).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, limit, |action| action.id))
    }

    /// Changes an action from the version it has. Its retro, which shows it, has another version with that, until it is
    /// closed: whoever has read it and puts it back overwrites no action that they have not seen.
    ///
    /// # Errors
    /// [`StoreError::Changed`] when it has another one by now.
    pub async fn edit_action(&self, action: &ActionItem, by: &Signed<Actor>) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Register).await?;
        tx.ensure_persons([&action.owner]).await?;
        tx.update_action(action).await?;
        let sql = "UPDATE retros SET version = version + 1 WHERE id = $1 AND status <> 'closed'";
        tx.execute(sql, values![action.retro.as_str()]).await?;
        let detail = object!({ "state": action.state, "due": action.due, "version": action.version + 1 });
        let (subject, at) = (format!("action A-{}", action.id), by.at);
        tx.audit(Act { action: "edit-action", subject, detail, by: &by.by, at }).await?;
        tx.commit().await
    }

    /// Learnings: those with the words, the best first; without words the newest first. A page of at most `limit` at a
    /// time, after the first `skip`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn learnings(
        &self,
        filter: &LearningFilter,
        skip: u32,
        limit: u32,
    ) -> Result<Page<Learning, u32>> {
        let (sql, values) = self.find(filter, skip, limit);
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let items = rows.iter().map(learning).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, limit, |_| skip + limit))
    }

    /// The statement that finds learnings. Words are letters and digits only, so they mean nothing but themselves to
    /// either database.
    fn find(&self, filter: &LearningFilter, skip: u32, limit: u32) -> (String, Vec<Value>) {
        let mut values: Vec<Value> = Vec::new();
        let (mut sql, order) = match &self.pool {
            _ if filter.words.is_empty() => (format!("{LEARNING} WHERE TRUE"), "l.id DESC"),
            crate::database::Pool::Sqlite { .. } => {
                let words: Vec<String> = filter.words.iter().map(|word| format!("\"{word}\"")).collect();
                values.push(words.join(" OR ").into());
                let found =
                    "JOIN learnings_found ON learnings_found.rowid = l.id WHERE learnings_found MATCH $1";
                (format!("{LEARNING} {found}"), "learnings_found.rank, l.id DESC")
            }
            crate::database::Pool::Postgres(_) => {
                let words: Vec<String> = filter.words.iter().map(|word| format!("'{word}'")).collect();
                values.push(words.join(" | ").into());
                let found = "to_tsvector('english', l.text || l.tags) @@ to_tsquery('english', $1)";
                let rank = "ts_rank(to_tsvector('english', l.text || l.tags), to_tsquery('english', $1)) DESC, l.id DESC";
                (format!("{LEARNING} WHERE {found}"), rank)
            }
        };
        if let Some(team) = &filter.team {
            values.push(team.as_str().into());
            sql += &format!(" AND l.team = ${}", values.len());
        }
        if let Some(retro) = &filter.retro {
            values.push(retro.as_str().into());
            sql += &format!(" AND l.retro = ${}", values.len());
        }
        if let Some(tag) = &filter.tag {
            values.push(format!("% {tag} %").into());
            sql += &format!(" AND l.tags LIKE ${}", values.len());
        }
        sql += &filter.sees.retro_condition(&mut values);
        values.push((i64::from(limit) + 1).into());
        values.push(i64::from(skip).into());
        sql += &format!(" ORDER BY {order} LIMIT ${} OFFSET ${}", values.len() - 1, values.len());
        (sql, values)
    }
}

impl Tx {
    pub(crate) async fn insert_action(&mut self, action: &ActionItem) -> Result<i64> {
        let sql = "INSERT INTO actions (retro, team, version, text, owner, due, state, reason, issue, made_at, made_by, \
                   ended_at) VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id";
        let values = values![
            action.retro.as_str(),
            action.team.as_str(),
            action.text.as_str(),
            action.owner.as_str(),
            action.due.to_string(),
            action.state.as_str(),
            action.reason.clone(),
            action.issue.clone(),
            action.made.at,
            &action.made.by,
            action.ended_at,
        ];
        self.one(sql, values).await?.get("id")
    }

    pub(crate) async fn update_action(&mut self, action: &ActionItem) -> Result<()> {
        let sql = "UPDATE actions SET version = version + 1, text = $1, owner = $2, due = $3, state = $4, reason = $5, \
                   issue = $6, ended_at = $7 WHERE id = $8 AND version = $9";
        let values = values![
            action.text.as_str(),
            action.owner.as_str(),
            action.due.to_string(),
            action.state.as_str(),
            action.reason.clone(),
            action.issue.clone(),
            action.ended_at,
            action.id,
            action.version,
        ];
        if self.execute(sql, values).await? == 0 {
            return Err(StoreError::Changed {
                what: format!(
                    "action A-{} was changed since version {}; read it again and change that",
                    action.id, action.version
                ),
            });
        }
        Ok(())
    }

    pub(crate) async fn insert_learning(&mut self, learning: &Learning) -> Result<()> {
        let sql = "INSERT INTO learnings (retro, team, text, tags, evidence, made_at, made_by) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values = values![
            learning.retro.as_str(),
            learning.team.as_str(),
            learning.text.as_str(),
            tags(&learning.tags),
            json(&learning.evidence)?,
            learning.made.at,
            &learning.made.by,
        ];
        self.execute(sql, values).await?;
        Ok(())
    }

    pub(crate) async fn update_learning(&mut self, learning: &Learning) -> Result<()> {
        let sql = "UPDATE learnings SET text = $1, tags = $2, evidence = $3 WHERE id = $4 AND retro = $5";
        let values = values![
            learning.text.as_str(),
            tags(&learning.tags),
            json(&learning.evidence)?,
            learning.id,
            learning.retro.as_str(),
        ];
        self.execute(sql, values).await?;
        Ok(())
    }
}

/// Tags as they are kept: a blank before, between and behind them.
fn tags(tags: &[String]) -> String {
    let mut text = String::from(" ");
    for tag in tags {
        text.push_str(tag);
        text.push(' ');
    }
    text
}

fn action(row: &Row) -> Result<ActionItem> {
    Ok(ActionItem {
        id: row.get("id")?,
        retro: row.parse("retro")?,
        team: row.parse("team")?,
        version: row.count("version")?,
        text: row.get("text")?,
        owner: row.parse("owner")?,
        due: row.parse("due")?,
        state: row.parse("state")?,
        reason: row.get("reason")?,
        issue: row.get("issue")?,
        made: Signed { by: row.parse("made_by")?, at: row.instant("made_at")? },
        ended_at: row.maybe_instant("ended_at")?,
    })
}

fn learning(row: &Row) -> Result<Learning> {
    let id: i64 = row.get("id")?;
    Ok(Learning {
        id,
        retro: row.parse("retro")?,
        team: row.parse("team")?,
        text: row.get("text")?,
        tags: row.get::<String>("tags")?.split_whitespace().map(str::to_owned).collect(),
        evidence: row.json("evidence", &format!("learning L-{id}"))?,
        made: Signed { by: row.parse("made_by")?, at: row.instant("made_at")? },
    })
}
