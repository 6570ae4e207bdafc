//! Retros. Whatever an edit changes, the retro's actions and learnings among it, is changed together or not at all.

use jiff::Timestamp;
use serde_json::json as object;
use sqlx::AssertSqlSafe;
use yardstick_domain::decision::Signed;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::{PersonId, ReleaseSlug, RetroId, TeamKey};
use yardstick_domain::metric::Visibility;
use yardstick_domain::people::Actor;
use yardstick_domain::retro::{ActionItem, Learning, Retro, RetroStatus, Written};

use crate::audit::Act;
use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::page::Page;
use crate::releases::Sees;
use crate::rows::{Row, Value, json, values};

const RETRO: &str = "SELECT t.id, t.team, t.visibility, t.status, t.title, t.version, t.document, t.evidence, \
    t.opened_at, t.opened_by, t.closed_at, t.closed_by FROM retros t";
/// Retros of one team that are opened in one month, at most: each has a name of its own.
const MOST_ALIKE: u32 = 1_000;

/// Which retros to list. The default: all.
#[derive(Debug, Clone, Default)]
pub struct RetroFilter {
    /// Of this team.
    pub team: Option<TeamKey>,
    /// That look back on this release.
    pub release: Option<ReleaseSlug>,
    /// That stand here.
    pub status: Option<RetroStatus>,
    /// That whoever asks may see.
    pub sees: Sees,
}

/// An edit of a retro: all that people write, as it shall be.
#[derive(Debug, Clone)]
pub struct RetroEdit {
    /// Which one.
    pub id: RetroId,
    /// The version that was looked at.
    pub expected: u32,
    /// Its title.
    pub title: String,
    /// Where it stands afterwards.
    pub status: RetroStatus,
    /// Who may see it.
    pub visibility: Visibility,
    /// The releases it looks back on.
    pub releases: Vec<ReleaseSlug>,
    /// What people wrote. The action of a topic that ends in a new one is that one's place in `new_actions`, counted
    /// from -1 downwards.
    pub written: Written,
    /// Actions to be; their numbers are ignored.
    pub new_actions: Vec<ActionItem>,
    /// Actions that change, with the version that was looked at.
    pub actions: Vec<ActionItem>,
    /// Learnings to be; their numbers are ignored.
    pub new_learnings: Vec<Learning>,
    /// Learnings that change.
    pub learnings: Vec<Learning>,
    /// Numbers of learnings that go.
    pub gone: Vec<i64>,
    /// What the host knows, where this closes it.
    pub evidence: Option<String>,
    /// Who edits it, and when.
    pub by: Signed<Actor>,
}

impl Store {
    /// Opens a retro under its id, or where that is taken under the next one that is free, unless somebody has chosen it:
    /// the id.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a chosen one that is taken.
    pub async fn open_retro(&self, retro: &Retro, is_chosen: bool) -> Result<RetroId> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Register).await?;
        let id = tx.free_retro_id(&retro.id).await?;
        if is_chosen && id != retro.id {
            return Err(StoreError::conflict(format!("the id {} is taken; choose another", retro.id)));
        }
        tx.ensure_persons(people(&retro.written)).await?;
        let sql = "INSERT INTO retros (id, team, visibility, status, title, version, document, opened_at, opened_by) \
                   VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8)";
        let (by, at) = (&retro.opened.by, retro.opened.at);
        let values = values![
            id.as_str(),
            retro.team.as_str(),
            retro.visibility.as_str(),
            retro.status.as_str(),
            retro.title.as_str(),
            json(&retro.written)?,
            at,
            by,
        ];
        tx.execute(sql, values).await?;
        tx.put_retro_releases(&id, &retro.releases).await?;
        let detail = object!({ "team": retro.team, "releases": retro.releases });
        tx.audit(Act { action: "open-retro", subject: format!("retro {id}"), detail, by, at }).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A retro; `None`: there is none of this id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn retro(&self, id: &RetroId) -> Result<Option<Retro>> {
        self.read().await?.retro(id).await
    }

    /// Retros, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn retros(
        &self,
        filter: &RetroFilter,
        before: Option<&(Timestamp, RetroId)>,
        limit: u32,
    ) -> Result<Page<Retro, (Timestamp, RetroId)>> {
        let mut tx = self.read().await?;
        let (sql, values) = list(filter, before, limit);
        let rows = tx.all(AssertSqlSafe(sql), values).await?;
        let mut items = Vec::with_capacity(rows.len());
        for row in &rows {
            items.push(tx.retro_of(row).await?);
        }
        Ok(Page::of(items, limit, |last| (last.opened.at, last.id.clone())))
    }

    /// Whether somebody may see a retro: open to them itself, and so is each of its releases.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn shows_retro(&self, sees: &Sees, id: &RetroId) -> Result<bool> {
        let mut values = values![id.as_str()];
        let sql = format!("SELECT t.id FROM retros t WHERE t.id = $1{}", sees.retro_condition(&mut values));
        Ok(self.optional(AssertSqlSafe(sql), values).await?.is_some())
    }

    /// Edits a retro: its new version.
    ///
    /// # Errors
    /// [`StoreError::Changed`] when it, or one of its actions, is no longer as it was looked at;
    /// [`StoreError::Conflict`] when it is closed.
    pub async fn edit_retro(&self, edit: &RetroEdit) -> Result<u32> {
        let id = &edit.id;
        let (by, at) = (&edit.by.by, edit.by.at);
        let mut tx = self.write().await?;
        tx.lock(Lock::Register).await?;
        let closes = edit.status == RetroStatus::Closed;
        if closes {
            // Nobody gives a verdict while it is written how its releases stand; in one order, so that two who close
            // retros do not wait for each other.
            let mut releases: Vec<&ReleaseSlug> = edit.releases.iter().collect();
            releases.sort();
            for release in releases {
                tx.lock(Lock::Release(release)).await?;
            }
        }
        let before = tx.retro(id).await?.ok_or_else(|| StoreError::not_found(format!("retro {id}")))?;
        if before.version != edit.expected {
            return Err(StoreError::Changed {
                what: format!(
                    "retro {id} was changed since version {}: it is at version {}; read it again and change that",
                    edit.expected, before.version
                ),
            });
        }
        if before.status == RetroStatus::Closed {
            return Err(StoreError::conflict(format!("retro {id} is closed; only its actions go on")));
        }
        tx.ensure_persons(people(&edit.written)).await?;
        let owners: Vec<&PersonId> =
            edit.new_actions.iter().chain(&edit.actions).map(|action| &action.owner).collect();
        tx.ensure_persons(owners).await?;
        let mut numbers = Vec::with_capacity(edit.new_actions.len());
        for action in &edit.new_actions {
            numbers.push(tx.insert_action(action).await?);
        }
        for action in &edit.actions {
            tx.update_action(action).await?;
        }
        for learning in &edit.new_learnings {
            tx.insert_learning(learning).await?;
        }
        for learning in &edit.learnings {
            tx.update_learning(learning).await?;
        }
        for gone in &edit.gone {
            let sql = "DELETE FROM learnings WHERE id = $1 AND retro = $2";
            tx.execute(sql, values![*gone, id.as_str()]).await?;
        }
        let mut written = edit.written.clone();
        for topic in &mut written.topics {
            if let Some(place) = topic.action.filter(|number| *number < 0) {
                topic.action = usize::try_from(-1 - place).ok().and_then(|place| numbers.get(place).copied());
            }
        }
        let version = edit.expected + 1;
        let sql = "UPDATE retros SET title = $1, status = $2, visibility = $3, version = $4, document = $5, \
                   evidence = $6, closed_at = $7, closed_by = $8 WHERE id = $9";
        let values = values![
            edit.title.as_str(),
            edit.status.as_str(),
            edit.visibility.as_str(),
            version,
            json(&written)?,
            edit.evidence.clone(),
            closes.then_some(at),
            closes.then_some(by),
            id.as_str(),
        ];
        tx.execute(sql, values).await?;
        if before.releases != edit.releases {
            tx.execute("DELETE FROM retro_releases WHERE retro = $1", values![id.as_str()]).await?;
            tx.put_retro_releases(id, &edit.releases).await?;
        }
        let detail = object!({
            "version": version, "status": edit.status, "releases": edit.releases,
            "document": Digest::of(json(&written)?.as_bytes()),
        });
        if closes {
            for release in &edit.releases {
                tx.stand(release).await?;
            }
        }
        let action = if closes { "close-retro" } else { "edit-retro" };
        tx.audit(Act { action, subject: format!("retro {id}"), detail, by, at }).await?;
        tx.commit().await?;
        Ok(version)
    }

    /// Says that a release needs no retro.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody said so already.
    pub async fn waive_retro(
        &self,
        slug: &ReleaseSlug,
        by: &Actor,
        at: Timestamp,
        reason: &str,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Release(slug)).await?;
        let sql = "INSERT INTO retro_waivers (release, waived_at, waived_by, reason) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (release) DO NOTHING";
        if tx.execute(sql, values![slug.as_str(), at, by, reason]).await? == 0 {
            return Err(StoreError::conflict(format!("it was said already that {slug} needs no retro")));
        }
        tx.event(slug, at, by, "retro-waived", object!({ "reason": reason })).await?;
        let detail = object!({ "reason": Digest::of(reason.as_bytes()) });
        tx.audit(Act { action: "waive-retro", subject: format!("release {slug}"), detail, by, at }).await?;
        tx.stand(slug).await?;
        tx.commit().await
    }
}

impl Tx {
    async fn free_retro_id(&mut self, wanted: &RetroId) -> Result<RetroId> {
        for number in 1..=MOST_ALIKE {
            let text = if number == 1 { wanted.to_string() } else { format!("{wanted}-{number}") };
            let sql = "SELECT id FROM retros WHERE id = $1";
            if self.optional(sql, values![text.as_str()]).await?.is_none() {
                return text.parse().map_err(|_| {
                    StoreError::conflict(format!("{text} is no id of a retro; give it one of its own"))
                });
            }
        }
        Err(StoreError::conflict(format!(
            "there are too many retros called {wanted}; give it an id of its own"
        )))
    }

    async fn put_retro_releases(&mut self, id: &RetroId, releases: &[ReleaseSlug]) -> Result<()> {
        for (position, release) in releases.iter().enumerate() {
            let sql = "INSERT INTO retro_releases (release, retro, position) VALUES ($1, $2, $3)";
            self.execute(sql, values![release.as_str(), id.as_str(), position as i64]).await?;
        }
        Ok(())
    }

    async fn retro(&mut self, id: &RetroId) -> Result<Option<Retro>> {
        let row =
            self.optional(AssertSqlSafe(format!("{RETRO} WHERE t.id = $1")), values![id.as_str()]).await?;
        match row {
            Some(row) => self.retro_of(&row).await.map(Some),
            None => Ok(None),
        }
    }

    async fn retro_of(&mut self, row: &Row) -> Result<Retro> {
        let id: RetroId = row.parse("id")?;
        let sql = "SELECT release FROM retro_releases WHERE retro = $1 ORDER BY position";
        let releases = self.all(sql, values![id.as_str()]).await?;
        let closed = row.maybe_parse("closed_by")?.zip(row.maybe_instant("closed_at")?);
        Ok(Retro {
            team: row.parse("team")?,
            visibility: visibility(row)?,
            status: row.parse("status")?,
            title: row.get("title")?,
            version: row.count("version")?,
            releases: releases.iter().map(|row| row.parse("release")).collect::<Result<_>>()?,
            written: row.json("document", &format!("retro {id}"))?,
            evidence: row.get("evidence")?,
            opened: Signed { by: row.parse("opened_by")?, at: row.instant("opened_at")? },
            closed: closed.map(|(by, at)| Signed { by, at }),
            id,
        })
    }
}

/// People that a retro names.
fn people(written: &Written) -> Vec<&PersonId> {
    written.attendees.iter().chain(&written.facilitator).collect()
}

fn visibility(row: &Row) -> Result<Visibility> {
    match row.get::<String>("visibility")?.as_str() {
        "company" => Ok(Visibility::Company),
        "team" => Ok(Visibility::Team),
        other => Err(StoreError::corrupt(format!("a retro's visibility is {other:?}"))),
    }
}

/// The statement of a page of retros. Only what is filtered by is in it, so that each finds its index.
fn list(filter: &RetroFilter, before: Option<&(Timestamp, RetroId)>, limit: u32) -> (String, Vec<Value>) {
    let (at, id) = before.map_or((i64::MAX, ""), |(at, id)| (at.as_millisecond(), id.as_str()));
    let mut sql = format!("{RETRO} WHERE (t.opened_at, t.id) < ($1, $2)");
    let mut values = values![at, id];
    if let Some(team) = &filter.team {
        values.push(team.as_str().into());
        sql += &format!(" AND t.team = ${}", values.len());
    }
    if let Some(release) = &filter.release {
        values.push(release.as_str().into());
        sql += &format!(
            " AND t.id IN (SELECT q.retro FROM retro_releases q WHERE q.release = ${})",
            values.len()
        );
    }
    if let Some(status) = filter.status {
        values.push(status.as_str().into());
        sql += &format!(" AND t.status = ${}", values.len());
    }
    sql += &filter.sees.retro_condition(&mut values);
    values.push((i64::from(limit) + 1).into());
    sql += &format!(" ORDER BY t.opened_at DESC, t.id DESC LIMIT ${}", values.len());
    (sql, values)
}
