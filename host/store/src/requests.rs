//! Requests, and the deliveries that brought them.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;
use yardstick_domain::digest::Digest;
use yardstick_domain::event::NewEvent;
use yardstick_domain::ids::{ReleaseSlug, Repository, TeamKey};
use yardstick_domain::intake::{KeptRequest, Request, RequestState};
use yardstick_domain::people::Actor;

use crate::audit::Act;
use crate::changes::{Changes, same_issue};
use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::page::Page;
use crate::releases::Sees;
use crate::rows::{Row, Value, json, values};

const REQUEST: &str = "SELECT q.id, q.revision, q.received_at, q.document FROM requests q";

/// Which requests to list. The default: all.
#[derive(Debug, Clone, Default)]
pub struct RequestFilter {
    /// Of this team.
    pub team: Option<TeamKey>,
    /// Standing here.
    pub state: Option<RequestState>,
    /// That whoever asks may see.
    pub sees: Sees,
}

/// A request to write, with everything that is written with it or not at all.
#[derive(Debug, Clone)]
pub struct RequestChange {
    /// What was done, such as `take-request`.
    pub action: &'static str,
    /// The request as it shall be.
    pub request: Request,
    /// Its number and revision as the caller saw them; `None`: it was not there.
    pub expected: Option<(i64, u32)>,
    /// What becomes of its release.
    pub changes: Changes,
    /// What somebody should hear of it.
    pub event: Option<NewEvent>,
    /// The delivery that brought it; `None`: somebody did it by hand.
    pub delivery: Option<NewRequestDelivery>,
}

/// A delivery to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRequestDelivery {
    /// As GitHub numbers it.
    pub id: String,
    /// The hash of its body.
    pub hash: Digest,
    /// What is answered, a sentence.
    pub says: String,
}

/// A delivery that changed something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestDelivery {
    /// The number of the request it changed.
    pub request: i64,
    /// What was answered.
    pub says: String,
}

impl Store {
    /// Writes a request, its release, what is told of it and the delivery that brought it: all of it or nothing. Gives the
    /// request's number.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the request or the release is no longer as the caller saw it, or the delivery is
    /// known by now.
    pub async fn put_request(&self, change: &RequestChange, by: &Actor, at: Timestamp) -> Result<i64> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Register).await?;
        if let Actor::Person(person) = by {
            tx.ensure_persons([person]).await?;
        }
        if !change.changes.is_empty() {
            tx.apply(&change.changes, by, at).await?;
        }
        let id = tx.write_request(&change.request, change.expected, at).await?;
        if let Some(delivery) = &change.delivery {
            tx.put_delivery(&change.request, id, delivery, at).await?;
        }
        if let Some(event) = &change.event {
            tx.put_event(event, None).await?;
        }
        let request = &change.request;
        let detail = serde_json::json!({
            "team": request.team, "state": request.state(), "release": request.release,
            "delivery": change.delivery.as_ref().map(|delivery| delivery.hash),
        });
        tx.audit(Act { action: change.action, subject: format!("request {id}"), detail, by, at }).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// What a delivery changed: one of this number, or of this body, which alone is signed. `None`: nothing yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn request_delivery(
        &self,
        (repository, team): (&Repository, &TeamKey),
        id: &str,
        hash: Digest,
    ) -> Result<Option<RequestDelivery>> {
        let by_id = "SELECT request, says FROM intake_deliveries WHERE repository = $1 AND team = $2 AND delivery = $3";
        let by_hash =
            "SELECT request, says FROM intake_deliveries WHERE repository = $1 AND team = $2 AND hash = $3";
        for (sql, what) in [(by_id, id.to_owned()), (by_hash, hash.to_string())] {
            let row = self.optional(sql, values![repository.as_str(), team.as_str(), what]).await?;
            if let Some(row) = row {
                return Ok(Some(RequestDelivery { request: row.get("request")?, says: row.get("says")? }));
            }
        }
        Ok(None)
    }

    /// A request that is seen; `None`: there is none of this number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn request(&self, id: i64, sees: &Sees) -> Result<Option<KeptRequest>> {
        let mut values: Vec<Value> = values![id];
        let condition = seen(sees, &mut values);
        let row =
            self.optional(AssertSqlSafe(format!("{REQUEST} WHERE q.id = $1{condition}")), values).await?;
        row.as_ref().map(kept).transpose()
    }

    /// A team's request of an issue; `None`: there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn request_of(&self, team: &TeamKey, issue: &str) -> Result<Option<KeptRequest>> {
        let sql = format!("{REQUEST} WHERE q.team = $1 AND q.issue = $2");
        let row = self.optional(AssertSqlSafe(sql), values![team.as_str(), issue]).await?;
        row.as_ref().map(kept).transpose()
    }

    /// Requests, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page before
    /// gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn requests(
        &self,
        filter: &RequestFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<KeptRequest, i64>> {
        let mut sql = format!("{REQUEST} WHERE q.id < $1");
        let mut values: Vec<Value> = values![before.unwrap_or(i64::MAX)];
        if let Some(team) = &filter.team {
            values.push(team.as_str().into());
            sql += &format!(" AND q.team = ${}", values.len());
        }
        if let Some(state) = filter.state {
            values.push(state.as_str().into());
            sql += &format!(" AND q.state = ${}", values.len());
        }
        sql += &seen(&filter.sees, &mut values);
        values.push((i64::from(limit) + 1).into());
        sql += &format!(" ORDER BY q.id DESC LIMIT ${}", values.len());
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let items = rows.iter().map(kept).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, limit, |request| request.id))
    }

    /// The team's release whose tracking issue this is, of several the one that is planned last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_of_issue(&self, team: &TeamKey, issue: &str) -> Result<Option<ReleaseSlug>> {
        let sql =
            "SELECT slug FROM releases WHERE issue = $1 AND team = $2 ORDER BY planned DESC, slug LIMIT 1";
        let row = self.optional(sql, values![same_issue(issue), team.as_str()]).await?;
        row.map(|row| row.parse("slug")).transpose()
    }
}

/// The condition on requests `q` as SQL that begins with AND: one is seen where it is open or its team's, and where its
/// release is seen.
fn seen(sees: &Sees, values: &mut Vec<Value>) -> String {
    if *sees == Sees::Everything {
        return String::new();
    }
    let own = sees.own_teams(values);
    let condition = sees.condition(values);
    format!(
        " AND (q.visibility = 'company' OR q.team IN ({own})) \
         AND (q.release IS NULL OR EXISTS (SELECT 1 FROM releases r WHERE r.slug = q.release{condition}))"
    )
}

impl Tx {
    async fn write_request(
        &mut self,
        request: &Request,
        expected: Option<(i64, u32)>,
        at: Timestamp,
    ) -> Result<i64> {
        let moved = || {
            let what = "was changed by somebody else meanwhile; look at it and try again";
            StoreError::conflict(format!("the request of {} {what}", request.issue))
        };
        let (state, visibility) = (request.state().as_str(), request.visibility.as_str());
        let release = request.release.as_ref().map(ReleaseSlug::as_str);
        let Some((id, revision)) = expected else {
            let sql = "INSERT INTO requests (team, issue, state, visibility, release, revision, received_at, document) \
                       VALUES ($1, $2, $3, $4, $5, 1, $6, $7) ON CONFLICT (team, issue) DO NOTHING RETURNING id";
            let (team, issue) = (request.team.as_str(), request.issue.as_str());
            let values = values![team, issue, state, visibility, release, at, json(request)?];
            return self.optional(sql, values).await?.ok_or_else(moved)?.get("id");
        };
        let sql = "UPDATE requests SET state = $1, visibility = $2, release = $3, revision = revision + 1, \
                   document = $4 WHERE id = $5 AND revision = $6";
        let values = values![state, visibility, release, json(request)?, id, revision];
        if self.execute(sql, values).await? == 0 { Err(moved()) } else { Ok(id) }
    }

    async fn put_delivery(
        &mut self,
        request: &Request,
        id: i64,
        delivery: &NewRequestDelivery,
        at: Timestamp,
    ) -> Result<()> {
        let sql = "INSERT INTO intake_deliveries (repository, team, delivery, hash, received_at, request, says) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
        let values = values![
            request.repository.as_str(),
            request.team.as_str(),
            delivery.id.as_str(),
            delivery.hash,
            at,
            id,
            delivery.says.as_str(),
        ];
        match self.execute(sql, values).await? {
            0 => Err(StoreError::conflict("the same delivery came twice at the same time; try again")),
            _ => Ok(()),
        }
    }
}

fn kept(row: &Row) -> Result<KeptRequest> {
    let id: i64 = row.get("id")?;
    Ok(KeptRequest {
        id,
        revision: row.count("revision")?,
        received_at: row.instant("received_at")?,
        request: row.json("document", &format!("request {id}"))?,
    })
}
