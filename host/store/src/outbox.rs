//! Events: written with their causes, and asked to be delivered in the same transaction.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;
use yardstick_domain::event::{Event, EventKind, NewEvent};
use yardstick_domain::ids::{PersonId, ReleaseSlug, SinkName, TeamKey};
use yardstick_domain::job::{JobKind, NewJob, Priority};
use yardstick_domain::people::Actor;
use yardstick_domain::sink::Sink;
use yardstick_domain::time::zone;

use crate::audit::Act;
use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::page::Page;
use crate::releases::Sees;
use crate::rows::{Row, Value, json, values};

const EVENT: &str =
    "SELECT id, kind, key, at, team, release, verdict, urgent, says, advice, persons FROM outbox";

/// Which events to list. The default: all.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// Of this kind.
    pub kind: Option<EventKind>,
    /// That concern this team.
    pub team: Option<TeamKey>,
    /// About this release.
    pub release: Option<ReleaseSlug>,
    /// About releases that whoever asks may see, or none.
    pub sees: Sees,
}

impl Store {
    /// Writes events down that were not, and has them delivered: how many were new.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_events(&self, events: &[NewEvent]) -> Result<u32> {
        // Most are known, and whoever looks every few minutes must not keep others from writing.
        let mut news = Vec::new();
        {
            let mut tx = self.read().await?;
            for event in events {
                let sql = "SELECT id FROM outbox WHERE kind = $1 AND key = $2";
                let values = values![event.kind.as_str(), event.key.as_str()];
                if tx.optional(sql, values).await?.is_none() {
                    news.push(event);
                }
            }
        }
        if news.is_empty() {
            return Ok(0);
        }
        let mut tx = self.write().await?;
        let mut made = 0;
        for event in news {
            made += u32::from(tx.put_event(event, None).await?.is_some());
        }
        tx.commit().await?;
        Ok(made)
    }

    /// Sends a sink an event that says nothing but that it was sent, whatever it takes otherwise.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the one before is still on its way.
    pub async fn try_sink(&self, event: &NewEvent, sink: &Sink, by: &Actor) -> Result<i64> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Register).await?;
        let name = &sink.name;
        let sql = "SELECT o.id FROM outbox o WHERE o.kind = 'test' AND o.key LIKE $1 AND EXISTS (SELECT 1 FROM jobs j \
                   WHERE j.kind = 'deliver' AND j.key = CAST(o.id AS TEXT) || $2 AND j.state IN ('waiting', 'running'))";
        let open = tx.optional(sql, values![format!("{name} %"), format!("/{name}")]).await?;
        if let Some(row) = open {
            let id: i64 = row.get("id")?;
            return Err(StoreError::conflict(format!(
                "{name} is being tried already: see yardstick sink deliveries --event {id}"
            )));
        }
        let id = tx.insert_event(event).await?;
        let id = id.ok_or_else(|| StoreError::conflict(format!("{name} was tried a moment ago")))?;
        tx.put_job(&delivery(id, event, sink, event.at), event.at).await?;
        let (subject, detail) = (format!("sink {name}"), serde_json::json!({ "event": id }));
        tx.audit(Act { action: "try-sink", subject, detail, by, at: event.at }).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// When an event of this kind and key happened; `None`: there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn event_at(&self, kind: EventKind, key: &str) -> Result<Option<Timestamp>> {
        let sql = "SELECT at FROM outbox WHERE kind = $1 AND key = $2";
        self.optional(sql, values![kind.as_str(), key]).await?.map(|row| row.instant("at")).transpose()
    }

    /// An event; `None`: there is none of this number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn event(&self, id: i64) -> Result<Option<Event>> {
        let row = self.optional(AssertSqlSafe(format!("{EVENT} WHERE id = $1")), values![id]).await?;
        row.as_ref().map(event).transpose()
    }

    /// Events, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn events(
        &self,
        filter: &EventFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<Event, i64>> {
        let mut sql = format!("{EVENT} WHERE id < $1");
        let mut values: Vec<Value> = values![before.unwrap_or(i64::MAX)];
        if let Some(kind) = filter.kind {
            values.push(kind.as_str().into());
            sql += &format!(" AND kind = ${}", values.len());
        }
        if let Some(team) = &filter.team {
            values.push(team.as_str().into());
            sql += &format!(" AND team = ${}", values.len());
        }
        if let Some(release) = &filter.release {
            values.push(release.as_str().into());
            sql += &format!(" AND release = ${}", values.len());
        }
        if filter.sees != Sees::Everything {
            // What tells of a sink is for those who look after it, what a request asks for its team.
            let theirs = filter.sees.own_teams(&mut values);
            sql += &format!(
                " AND (kind NOT IN ('test', 'nudge.undelivered', 'nudge.request-asks') OR team IN ({theirs}))"
            );
            let condition = filter.sees.condition(&mut values);
            sql += &format!(
                " AND (release IS NULL OR EXISTS (SELECT 1 FROM releases r WHERE r.slug = outbox.release{condition}))"
            );
        }
        values.push((i64::from(limit) + 1).into());
        sql += &format!(" ORDER BY id DESC LIMIT ${}", values.len());
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let items = rows.iter().map(event).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, limit, |event| event.id))
    }
}

impl Tx {
    /// Writes an event down and has it delivered to every sink that takes it, but `except`; `None`: it was there.
    pub(crate) async fn put_event(
        &mut self,
        event: &NewEvent,
        except: Option<&SinkName>,
    ) -> Result<Option<i64>> {
        let Some(id) = self.insert_event(event).await? else { return Ok(None) };
        let is_private = event.kind.is_the_teams() || self.is_private(event.release.as_ref()).await?;
        let sinks = self.sinks().await?;
        let takes = |sink: &&Sink| {
            sink.takes(event.kind, event.team.as_ref(), is_private) && Some(&sink.name) != except
        };
        let sinks: Vec<_> = sinks.iter().filter(takes).collect();
        if sinks.is_empty() {
            return Ok(Some(id));
        }
        let due_at = if event.kind.is_nudge() && !event.urgent {
            self.working_from(event.at, event.team.as_ref()).await?
        } else {
            event.at
        };
        for sink in sinks {
            self.put_job(&delivery(id, event, sink, due_at), event.at).await?;
        }
        Ok(Some(id))
    }

    async fn insert_event(&mut self, event: &NewEvent) -> Result<Option<i64>> {
        let sql = "INSERT INTO outbox (kind, key, at, team, release, verdict, urgent, says, advice, persons) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (kind, key) DO NOTHING RETURNING id";
        let values = values![
            event.kind.as_str(),
            event.key.as_str(),
            event.at,
            event.team.as_ref().map(TeamKey::as_str),
            event.release.as_ref().map(ReleaseSlug::as_str),
            event.verdict.as_ref().map(yardstick_domain::verdict::VerdictRef::numbered),
            event.urgent,
            event.says.as_str(),
            event.advice.as_deref(),
            json(&event.to)?,
        ];
        self.optional(sql, values).await?.map(|row| row.get("id")).transpose()
    }

    async fn is_private(&mut self, release: Option<&ReleaseSlug>) -> Result<bool> {
        let Some(release) = release else { return Ok(false) };
        let sql = "SELECT visibility FROM releases WHERE slug = $1";
        let row = self.one(sql, values![release.as_str()]).await?;
        Ok(row.get::<String>("visibility")? != "company")
    }

    /// When people of a team work next, or of the organisation, by their clocks.
    async fn working_from(&mut self, at: Timestamp, team: Option<&TeamKey>) -> Result<Timestamp> {
        let company = self.organisation().await?.unwrap_or_default();
        let team = match team {
            Some(key) => self.team(key).await?,
            None => None,
        };
        let name = team.map_or(company.time_zone.clone(), |team| team.time_zone);
        Ok(company.working_from(at, &zone(&name)))
    }
}

/// The job that takes an event to a sink. It takes the turn of the sink's team: one that is everybody's, and slow, holds
/// up nobody's own.
fn delivery(id: i64, event: &NewEvent, sink: &Sink, due_at: Timestamp) -> NewJob {
    NewJob {
        kind: JobKind::Deliver,
        key: format!("{id}/{}", sink.name),
        team: sink.team.clone(),
        release: event.release.clone(),
        priority: if event.urgent { Priority::URGENT } else { Priority::DUE },
        due_at,
    }
}

fn event(row: &Row) -> Result<Event> {
    let id: i64 = row.get("id")?;
    let corrupt = |error: &dyn std::fmt::Display| StoreError::corrupt(format!("event {id}: {error}"));
    let to: Vec<PersonId> = row.json("persons", &format!("event {id}"))?;
    Ok(Event {
        id,
        event: NewEvent {
            kind: row.get::<String>("kind")?.parse().map_err(|error| corrupt(&error))?,
            key: row.get("key")?,
            at: row.instant("at")?,
            team: row.maybe_parse("team")?,
            release: row.maybe_parse("release")?,
            verdict: row.maybe_parse("verdict")?,
            urgent: row.get("urgent")?,
            says: row.get("says")?,
            advice: row.get("advice")?,
            to,
        },
    })
}
