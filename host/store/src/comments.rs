//! Comments on verdicts and criteria, and sign-offs.

use jiff::Timestamp;
use serde_json::json as object;
use sqlx::AssertSqlSafe;
use yardstick_domain::decision::{Comment, Review, Reviewed, Signed};
use yardstick_domain::digest::Digest;
use yardstick_domain::event::NewEvent;
use yardstick_domain::ids::{PersonId, ReleaseSlug, TeamKey};
use yardstick_domain::people::Actor;

use crate::audit::Act;
use crate::database::{Lock, Store};
use crate::decisions::verdict_of;
use crate::error::{Result, StoreError};
use crate::page::Page;
use crate::releases::Sees;
use crate::rows::{Row, Value, json, values};

/// Comments `c` of releases `r`.
const COMMENT: &str = "SELECT c.id, c.release, c.criterion, c.kind, c.text, c.persons, c.made_at, c.made_by, \
    c.is_open, c.answer, c.answered_at, c.answered_by, v.standing AS verdict_standing, v.checkpoint, v.number \
    FROM comments c JOIN releases r ON r.slug = c.release LEFT JOIN verdicts v ON v.id = c.verdict";
/// Reviews `c` of releases `r`.
const REVIEW: &str = "SELECT c.id, c.release, c.version, c.person, c.agrees, c.text, c.made_at, \
    v.standing AS verdict_standing, v.checkpoint, v.number \
    FROM reviews c JOIN releases r ON r.slug = c.release LEFT JOIN verdicts v ON v.id = c.verdict";

/// Which comments or reviews to list. The default: all.
#[derive(Debug, Clone, Default)]
pub struct CommentFilter {
    /// About this release.
    pub release: Option<ReleaseSlug>,
    /// About this team's releases.
    pub team: Option<TeamKey>,
    /// Only comments that wait for an answer.
    pub only_open: bool,
    /// Only comments that ask this person.
    pub to: Option<PersonId>,
    /// About releases that whoever asks may see.
    pub sees: Sees,
}

impl Store {
    /// Records a comment, whose number is ignored, and has those told of it that `event` of its number names: its
    /// number.
    ///
    /// # Errors
    /// When the database fails; [`StoreError::NotFound`] when its verdict is not there.
    pub async fn put_comment(
        &self,
        comment: &Comment,
        event: impl Fn(i64) -> NewEvent + Send + Sync,
    ) -> Result<i64> {
        let slug = &comment.release;
        let mut tx = self.write().await?;
        tx.lock(Lock::Release(slug)).await?;
        let verdict = match &comment.verdict {
            Some(at) => Some(tx.newest_of(at).await?),
            None => None,
        };
        let sql = "INSERT INTO comments (release, verdict, criterion, kind, text, persons, made_at, made_by, is_open) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id";
        let values = values![
            slug.as_str(),
            verdict,
            comment.criterion.as_ref().map(AsRef::<str>::as_ref),
            comment.kind.as_str(),
            comment.text.as_str(),
            json(&comment.to)?,
            comment.made.at,
            &comment.made.by,
            comment.is_open,
        ];
        let id: i64 = tx.one(sql, values).await?.get("id")?;
        let detail = object!({
            "release": slug, "kind": comment.kind, "text": Digest::of(comment.text.as_bytes()),
        });
        let (subject, by, at) = (format!("comment {id}"), &comment.made.by, comment.made.at);
        tx.audit(Act { action: "comment", subject, detail, by, at }).await?;
        if comment.is_open {
            tx.put_event(&event(id), None).await?;
        }
        tx.commit().await?;
        Ok(id)
    }

    /// A comment; `None`: there is none of this number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn comment(&self, id: i64) -> Result<Option<Comment>> {
        let row = self.optional(AssertSqlSafe(format!("{COMMENT} WHERE c.id = $1")), values![id]).await?;
        row.as_ref().map(comment).transpose()
    }

    /// Answers a comment, which closes it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when nobody waits for an answer.
    pub async fn answer_comment(&self, id: i64, answer: &str, by: &Actor, at: Timestamp) -> Result<()> {
        let mut tx = self.write().await?;
        let sql = "UPDATE comments SET answer = $1, answered_at = $2, answered_by = $3, is_open = FALSE \
                   WHERE id = $4 AND is_open = TRUE";
        if tx.execute(sql, values![answer, at, by, id]).await? == 0 {
            return Err(StoreError::conflict(format!(
                "comment {id} waits for no answer; say more in another one"
            )));
        }
        let (subject, detail) =
            (format!("comment {id}"), object!({ "answer": Digest::of(answer.as_bytes()) }));
        tx.audit(Act { action: "answer-comment", subject, detail, by, at }).await?;
        tx.commit().await
    }

    /// Comments, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page before
    /// gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn comments(
        &self,
        filter: &CommentFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<Comment, i64>> {
        let (sql, values) = list(COMMENT, filter, before, limit);
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let items = rows.iter().map(comment).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, limit, |comment| comment.id))
    }

    /// Records a sign-off, whose number is ignored: its number.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the criteria or the verdict are no longer what was looked at.
    pub async fn put_review(&self, review: &Review) -> Result<i64> {
        let slug = &review.release;
        let mut tx = self.write().await?;
        tx.lock(Lock::Release(slug)).await?;
        let (version, verdict) = match &review.of {
            Reviewed::Criteria(version) => {
                if tx.require_release(slug).await?.version != *version {
                    return Err(crate::changes::moved(slug));
                }
                (Some(*version), None)
            }
            Reviewed::Verdict(at) => (None, Some(tx.newest_of(at).await?)),
        };
        let (person, at) = (&review.made.by, review.made.at);
        tx.ensure_persons([person]).await?;
        let sql = "INSERT INTO reviews (release, version, verdict, person, agrees, text, made_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
        let values =
            values![slug.as_str(), version, verdict, person.as_str(), review.agrees, review.text.clone(), at];
        let id: i64 = tx.one(sql, values).await?.get("id")?;
        let detail = object!({ "release": slug, "version": version, "agrees": review.agrees });
        let (subject, by) = (format!("review {id}"), &Actor::Person(person.clone()));
        tx.audit(Act { action: "review", subject, detail, by, at }).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Sign-offs, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page before
    /// gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reviews(
        &self,
        filter: &CommentFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<Review, i64>> {
        let filter = CommentFilter { only_open: false, to: None, ..filter.clone() };
        let (sql, values) = list(REVIEW, &filter, before, limit);
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let items = rows.iter().map(review).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, limit, |review| review.id))
    }
}

/// The statement of a page. Only what is filtered by is in it, so that each finds its index.
fn list(from: &str, filter: &CommentFilter, before: Option<i64>, limit: u32) -> (String, Vec<Value>) {
    let mut sql = format!("{from} WHERE c.id < $1");
    let mut values = values![before.unwrap_or(i64::MAX)];
    if let Some(release) = &filter.release {
        values.push(release.as_str().into());
        sql += &format!(" AND c.release = ${}", values.len());
    }
    if let Some(team) = &filter.team {
        values.push(team.as_str().into());
        sql += &format!(" AND r.team = ${}", values.len());
    }
    if filter.only_open {
        sql += " AND c.is_open = TRUE";
    }
    if let Some(person) = &filter.to {
        // A JSON list of addresses, none of which has a quote: the quotes make it a whole one.
        values.push(format!("%{}%", like(&format!("\"{person}\""))).into());
        sql += &format!(" AND c.persons LIKE ${} ESCAPE '!'", values.len());
    }
    sql += &filter.sees.condition(&mut values);
    values.push((i64::from(limit) + 1).into());
    sql += &format!(" ORDER BY c.id DESC LIMIT ${}", values.len());
    (sql, values)
}

/// A text as LIKE has it with the escape `!`.
fn like(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

fn comment(row: &Row) -> Result<Comment> {
    let id: i64 = row.get("id")?;
    let answered = row.maybe_parse("answered_by")?.zip(row.maybe_instant("answered_at")?);
    let answer: Option<String> = row.get("answer")?;
    Ok(Comment {
        id,
        release: row.parse("release")?,
        verdict: verdict_of(row)?,
        criterion: row.maybe_parse("criterion")?,
        kind: row.parse("kind")?,
        text: row.get("text")?,
        to: row.json("persons", &format!("comment {id}"))?,
        made: Signed { by: row.parse("made_by")?, at: row.instant("made_at")? },
        is_open: row.get("is_open")?,
        answer: answered.zip(answer).map(|((by, at), answer)| (Signed { by, at }, answer)),
    })
}

fn review(row: &Row) -> Result<Review> {
    let id: i64 = row.get("id")?;
    let of = match verdict_of(row)? {
        Some(at) => Reviewed::Verdict(at),
        None => Reviewed::Criteria(row.count("version")?),
    };
    Ok(Review {
        id,
        release: row.parse("release")?,
        of,
        made: Signed { by: row.parse("person")?, at: row.instant("made_at")? },
        agrees: row.get("agrees")?,
        text: row.get("text")?,
    })
}
