//! Verdicts with their findings. Rows never change.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::criteria::{Terms, canonical};
use yardstick_domain::digest::Digest;
use yardstick_domain::event;
use yardstick_domain::finding::{Outcome, Reason};
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::people::Actor;
use yardstick_domain::plugin::Run;
use yardstick_domain::verdict::{Judgement, Standing, Verdict, VerdictNumber, VerdictRef};

use crate::audit::Act;
use crate::changes::moved;
use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::page::Page;
use crate::rows::{Row, json, places, values};
use crate::verdict_list::{VerdictFilter, list};

/// Verdicts `v` of releases `r`, without their findings.
pub(crate) const SUMMARY: &str = "SELECT v.id, v.release, v.standing, v.checkpoint, v.number, v.is_final, v.outcome, v.reason, \
    v.code, v.headline, v.as_of, v.judged_at, v.judged_by, r.name AS release_name \
    FROM verdicts v JOIN releases r ON r.slug = v.release";

/// Findings that one statement takes.
const FINDINGS_AT_ONCE: usize = 8;

/// A verdict in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictSummary {
    /// Where it is found.
    pub at: VerdictRef,
    /// The release's name as registered now.
    pub release_name: String,
    /// Whether it counts.
    pub standing: Standing,
    /// Whether the checkpoint is the release's last.
    pub is_final: bool,
    /// What it comes to.
    pub outcome: Outcome,
    /// One sentence.
    pub headline: String,
    /// The instant it speaks of.
    pub as_of: Timestamp,
    /// When it was judged.
    pub judged_at: Timestamp,
    /// Who asked for it.
    pub judged_by: Actor,
}

impl Store {
    /// Keeps a verdict with the frames and terms it was judged from and what its plugins used and wrote, and gives
    /// it its address: the next revision of the checkpoint's official one, or the next look; `verdict.at.number` is
    /// ignored. An official verdict from the same inputs as the newest revision is that revision: judging twice, as
    /// after a crash, changes nothing but the record of runs.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when an official verdict speaks of a launch that no longer stands, or of a checkpoint that is
    /// none any more.
    pub async fn save_verdict(
        &self,
        verdict: &Verdict,
        frames: Vec<(Digest, Vec<u8>)>,
        terms: &[u8],
        runs: &[Run],
    ) -> Result<VerdictRef> {
        let inputs = inputs(verdict)?;
        let mut at = verdict.at.clone();
        let (slug, days, standing) = (&verdict.at.release, at.checkpoint.days(), verdict.standing.as_str());
        let mut tx = self.write().await?;
        tx.lock(Lock::Release(slug)).await?;
        let facts = tx.require_release(slug).await?;
        let launched = facts.launch.as_ref().filter(|_| facts.cancelled.is_none()).map(|launch| launch.at);
        let stands = launched.is_some_and(|at| at.as_millisecond() == verdict.launch.as_millisecond());
        // An extension may have been withdrawn while it was judged.
        let is_there = || {
            let agreed: Option<Terms> = serde_json::from_slice(terms).ok();
            facts.extensions.iter().any(|extension| extension.to == at.checkpoint)
                || agreed.is_none_or(|terms| terms.checkpoints.contains(&at.checkpoint))
        };
        if verdict.standing == Standing::Official && !(stands && is_there()) {
            return Err(moved(slug));
        }
        let sql = "SELECT id, number, inputs FROM verdicts \
                   WHERE release = $1 AND standing = $2 AND checkpoint = $3 \
                   ORDER BY number DESC LIMIT 1";
        let newest = tx.optional(sql, values![slug.as_str(), standing, days]).await?;
        let last: u32 = newest.as_ref().map_or(Ok(0), |row| row.count("number"))?;
        if let Some(row) = newest.filter(|_| verdict.standing == Standing::Official)
            && row.parse::<Digest>("inputs")? == inputs
        {
            // The verdict stands; that its judges ran again, and what shadows found, is told all the same.
            for run in runs {
                tx.insert_run(row.get("id")?, run).await?;
            }
            tx.commit().await?;
            at.number = VerdictNumber::Revision(last);
            return Ok(at);
        }
        at.number = nth(verdict.standing, last + 1);
        let before = tx.verdict_before(&at).await?;
        tx.put_terms(verdict.terms, terms).await?;
        tx.put_frames(frames).await?;
        let id = tx.insert_verdict(verdict, &at, last + 1, inputs).await?;
        tx.insert_findings(id, &verdict.judgements).await?;
        for run in runs {
            tx.insert_run(id, run).await?;
        }
        let detail = serde_json::json!({
            "standing": standing, "outcome": verdict.outcome.as_str(), "record": verdict.seen,
        });
        let (subject, by, when) =
            (format!("verdict {}", at.numbered()), &verdict.judged_by, verdict.judged_at);
        tx.audit(Act { action: "judge", subject, detail, by, at: when }).await?;
        if verdict.is_final && verdict.standing == Standing::Official {
            tx.stand(slug).await?;
        }
        let numbered = Verdict { at: at.clone(), ..verdict.clone() };
        if let Some(event) = event::of_verdict(&facts, &numbered, before.as_ref()) {
            tx.put_event(&event, None).await?;
        }
        tx.commit().await?;
        Ok(at)
    }

    /// A verdict; [`VerdictNumber::Newest`] is the official one's newest revision. Bit for bit as it was
    /// saved, with its number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verdict(&self, at: &VerdictRef) -> Result<Option<Verdict>> {
        let (standing, number) = match at.number {
            VerdictNumber::Newest => ("official", None),
            VerdictNumber::Revision(number) => ("official", Some(number)),
            VerdictNumber::Look(number) => ("ad-hoc", Some(number)),
        };
        let sql = "SELECT id, number, outcome, document FROM verdicts \
                   WHERE release = $1 AND standing = $2 AND checkpoint = $3 \
                   AND ($4 IS NULL OR number = $4) ORDER BY number DESC LIMIT 1";
        let mut tx = self.read().await?;
        let values = values![at.release.as_str(), standing, at.checkpoint.days(), number];
        let Some(row) = tx.optional(sql, values).await? else { return Ok(None) };
        let what = format!("verdict {at}");
        let mut verdict: Verdict = row.json("document", &what)?;
        if row.get::<String>("outcome")? != verdict.outcome.as_str() {
            return Err(StoreError::corrupt(format!("{what} is listed with another outcome than it has")));
        }
        // The text of an address does not tell the first revision from the newest.
        verdict.at.number = nth(verdict.standing, row.count("number")?);
        let sql = "SELECT judgement FROM findings WHERE verdict = $1 ORDER BY position";
        let findings = tx.all(sql, values![row.get::<i64>("id")?]).await?;
        verdict.judgements =
            findings.iter().map(|row| row.json("judgement", &what)).collect::<Result<_>>()?;
        Ok(Some(verdict))
    }

    /// The newest revision of a checkpoint's official verdict; `None`: there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest_revision(
        &self,
        release: &ReleaseSlug,
        checkpoint: Checkpoint,
    ) -> Result<Option<u32>> {
        let sql = "SELECT MAX(number) AS number FROM verdicts \
                   WHERE release = $1 AND standing = 'official' AND checkpoint = $2";
        let row = self.one(sql, values![release.as_str(), checkpoint.days()]).await?;
        let number: Option<i64> = row.get("number")?;
        number
            .map(|number| u32::try_from(number).map_err(|error| StoreError::corrupt(error.to_string())))
            .transpose()
    }

    /// The newest revision of the latest checkpoint of a release whose official verdict was final when it was given; `None`:
    /// there is none yet. Another checkpoint may have become the last one since.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn latest_final_verdict(&self, release: &ReleaseSlug) -> Result<Option<VerdictSummary>> {
        let sql = format!(
            "{SUMMARY} WHERE v.release = $1 AND v.standing = 'official' AND v.is_final = TRUE \
             ORDER BY v.checkpoint DESC, v.number DESC LIMIT 1"
        );
        let row = self.optional(AssertSqlSafe(sql), values![release.as_str()]).await?;
        row.as_ref().map(summary).transpose()
    }

    /// The newest official verdict of the latest checkpoint that has one; `None`: there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn latest_verdict(&self, release: &ReleaseSlug) -> Result<Option<VerdictSummary>> {
        let sql = format!(
            "{SUMMARY} WHERE v.release = $1 AND v.standing = 'official' \
             ORDER BY v.checkpoint DESC, v.number DESC LIMIT 1"
        );
        let row = self.optional(AssertSqlSafe(sql), values![release.as_str()]).await?;
        row.as_ref().map(summary).transpose()
    }

    /// A verdict without its findings, as [`Store::verdict`] finds it; `None`: there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verdict_summary(&self, at: &VerdictRef) -> Result<Option<VerdictSummary>> {
        let (standing, number) = match at.number {
            VerdictNumber::Newest => ("official", None),
            VerdictNumber::Revision(number) => ("official", Some(number)),
            VerdictNumber::Look(number) => ("ad-hoc", Some(number)),
        };
        let sql = format!(
            "{SUMMARY} WHERE v.release = $1 AND v.standing = $2 AND v.checkpoint = $3 \
             AND ($4 IS NULL OR v.number = $4) ORDER BY v.number DESC LIMIT 1"
        );
        let values = values![at.release.as_str(), standing, at.checkpoint.days(), number];
        self.optional(AssertSqlSafe(sql), values).await?.as_ref().map(summary).transpose()
    }

    /// Whether there is a look at a checkpoint under these terms, given at an instant or since.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn looked_since(
        &self,
        release: &ReleaseSlug,
        checkpoint: Checkpoint,
        terms: Digest,
        since: Timestamp,
    ) -> Result<bool> {
        let sql = "SELECT id FROM verdicts WHERE release = $1 AND standing = 'ad-hoc' AND checkpoint = $2 \
                   AND terms = $3 AND judged_at >= $4 LIMIT 1";
        let values = values![release.as_str(), checkpoint.days(), terms, since];
        Ok(self.optional(sql, values).await?.is_some())
    }

    /// Verdicts, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page
    /// before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verdicts(
        &self,
        filter: &VerdictFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<VerdictSummary, i64>> {
        let (sql, values) = list(filter, before, limit);
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let items = rows.iter().map(|row| Ok((row.get("id")?, summary(row)?))).collect::<Result<Vec<_>>>()?;
        let page = Page::of(items, limit, |(id, _)| *id);
        Ok(Page { items: page.items.into_iter().map(|(_, summary)| summary).collect(), next: page.next })
    }
}

impl Tx {
    /// The checkpoints of a release that have an official verdict.
    pub(crate) async fn judged_checkpoints(&mut self, release: &ReleaseSlug) -> Result<Vec<Checkpoint>> {
        let sql = "SELECT DISTINCT checkpoint FROM verdicts WHERE release = $1 AND standing = 'official' \
                   ORDER BY checkpoint";
        let rows = self.all(sql, values![release.as_str()]).await?;
        let checkpoint = |row: &Row| {
            Checkpoint::new(row.count("checkpoint")?).map_err(|error| StoreError::corrupt(error.to_string()))
        };
        rows.iter().map(checkpoint).collect()
    }

    async fn insert_verdict(
        &mut self,
        verdict: &Verdict,
        at: &VerdictRef,
        number: u32,
        inputs: Digest,
    ) -> Result<i64> {
        // The judgements are in findings, once.
        let mut document = Verdict { judgements: Vec::new(), ..verdict.clone() };
        document.at = at.clone();
        let sql = "INSERT INTO verdicts \
                   (release, standing, checkpoint, number, is_final, outcome, reason, code, headline, \
                   as_of, judged_at, judged_by, terms, rules, inputs, document) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
                   RETURNING id";
        let values = values![
            at.release.as_str(),
            verdict.standing.as_str(),
            at.checkpoint.days(),
            number,
            verdict.is_final,
            verdict.outcome.as_str(),
            verdict.outcome.reason().map(Reason::as_str),
            verdict.outcome.code(),
            verdict.headline.as_str(),
            verdict.as_of,
            verdict.judged_at,
            &verdict.judged_by,
            verdict.terms,
            verdict.rules,
            inputs,
            json(&document)?,
        ];
        self.one(sql, values).await?.get("id")
    }

    async fn insert_findings(&mut self, verdict: i64, judgements: &[Judgement]) -> Result<()> {
        for (chunk, some) in judgements.chunks(FINDINGS_AT_ONCE).enumerate() {
            let mut sql = "INSERT INTO findings (verdict, position, criterion, role, outcome, reason, code, \
                           headline, judgement) VALUES "
                .to_owned();
            let mut values = Vec::new();
            for (position, judgement) in (chunk * FINDINGS_AT_ONCE..).zip(some) {
                let outcome = &judgement.finding.outcome;
                places(&mut sql, values.len(), 9);
                values.extend(values![
                    verdict,
                    position as i64,
                    judgement.criterion.id.as_str(),
                    judgement.criterion.role.as_str(),
                    outcome.as_str(),
                    outcome.reason().map(Reason::as_str),
                    outcome.code(),
                    judgement.finding.headline.as_str(),
                    json(judgement)?,
                ]);
            }
            self.execute(AssertSqlSafe(sql), values).await?;
        }
        Ok(())
    }
}

/// The hash of what a verdict was concluded from and came to. Who asked, and when, is no part of it.
fn inputs(verdict: &Verdict) -> Result<Digest> {
    // What is not due shows counts that grow by the day; the verdict is no other for it.
    let due = verdict.judgements.iter().filter(|judgement| judgement.decided.is_none());
    let seen = due.map(|Judgement { seen, .. }| (&seen.question, &seen.queries, &seen.frames, &seen.finding));
    canonical(&(verdict.terms, verdict.launch, verdict.rules, &verdict.outcome, seen.collect::<Vec<_>>()))
        .map(|bytes| Digest::of(&bytes))
        .map_err(|error| StoreError::conflict(error.to_string()))
}

/// The statement of a page of verdicts. Only what is filtered by is in it, so that each finds its index.
fn summary(row: &Row) -> Result<VerdictSummary> {
    let (release, standing): (String, String) = (row.get("release")?, row.get("standing")?);
    let what = format!("a verdict of release {release}");
    let standing = match standing.as_str() {
        "official" => Standing::Official,
        "ad-hoc" => Standing::AdHoc,
        other => return Err(StoreError::corrupt(format!("{what}: standing {other:?}"))),
    };
    Ok(VerdictSummary {
        at: VerdictRef {
            release: row.parse("release")?,
            checkpoint: format!("d{}", row.get::<i64>("checkpoint")?)
                .parse()
                .map_err(|error| StoreError::corrupt(format!("{what}: {error}")))?,
            number: nth(standing, row.count("number")?),
        },
        release_name: row.get("release_name")?,
        standing,
        is_final: row.get("is_final")?,
        outcome: outcome(row, &what)?,
        headline: row.get("headline")?,
        as_of: row.instant("as_of")?,
        judged_at: row.instant("judged_at")?,
        judged_by: row.parse("judged_by")?,
    })
}

pub(crate) fn checkpoint(row: &Row) -> Result<Checkpoint> {
    Checkpoint::new(row.count("checkpoint")?).map_err(|error| StoreError::corrupt(error.to_string()))
}

pub(crate) fn outcome(row: &Row, what: &str) -> Result<Outcome> {
    let text: String = row.get("outcome")?;
    Ok(match text.as_str() {
        "pass" => Outcome::Pass,
        "marginal" => Outcome::Marginal,
        "fail" => Outcome::Fail,
        _ => {
            let reason: Option<String> = row.get("reason")?;
            let reason = Reason::ALL.into_iter().find(|known| Some(known.as_str()) == reason.as_deref());
            let code: Option<String> = row.get("code")?;
            match (text.as_str(), reason, code) {
                ("undecided", Some(reason), Some(code)) => Outcome::Undecided { reason, code },
                _ => return Err(StoreError::corrupt(format!("{what}: outcome {text:?}"))),
            }
        }
    })
}

pub(crate) fn nth(standing: Standing, number: u32) -> VerdictNumber {
    match standing {
        Standing::Official => VerdictNumber::Revision(number),
        Standing::AdHoc => VerdictNumber::Look(number),
    }
}
