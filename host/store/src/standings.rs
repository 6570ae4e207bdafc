//! How releases stand, written with whatever changes it; what the portfolio is added up from, and what waits for whom.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::criteria::Terms;
use yardstick_domain::decision::{Settled, Stance};
use yardstick_domain::digest::Digest;
use yardstick_domain::finding::Outcome;
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::release::ReleaseFacts;
use yardstick_domain::standing::{FinalVerdict, Known, Sealing, Standing, WaitsFor, expectation, standing};
use yardstick_domain::verdict::Judgement;

use crate::database::{Store, Tx};
use crate::decisions::{DECISION, decision};
use crate::error::Result;
use crate::rows::{Value, values};
use crate::verdicts::outcome;

impl Store {
    /// What releases wait for, each with the instant from which on it does.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waits_of(
        &self,
        releases: &[ReleaseSlug],
    ) -> Result<Vec<(ReleaseSlug, WaitsFor, Option<Timestamp>)>> {
        if releases.is_empty() {
            return Ok(Vec::new());
        }
        let mut values: Vec<Value> = Vec::new();
        let mut places = Vec::with_capacity(releases.len());
        for slug in releases {
            values.push(slug.as_str().into());
            places.push(format!("${}", values.len()));
        }
        let sql = format!("SELECT release, what, since FROM waits WHERE release IN ({})", places.join(", "));
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        rows.iter()
            .map(|row| {
                let since = row.maybe_instant("since")?.filter(|at| at.as_millisecond() != 0);
                Ok((row.parse("release")?, row.parse("what")?, since))
            })
            .collect()
    }
}

impl Tx {
    /// Writes down how every release stands, for a database from before that was done.
    pub(crate) async fn stand_all(&mut self) -> Result<()> {
        for row in self.all("SELECT slug FROM releases ORDER BY slug", values![]).await? {
            self.stand(&row.parse("slug")?).await?;
        }
        Ok(())
    }

    /// Writes down how a release stands, at the end of whatever changed it.
    pub(crate) async fn stand(&mut self, slug: &ReleaseSlug) -> Result<()> {
        let facts = self.require_release(slug).await?;
        let terms = self.terms_of(facts.counts()).await?;
        let seal = facts.seal.as_ref().map(|seal| seal.hash);
        let sealed = if seal == facts.counts() { terms.clone() } else { self.terms_of(seal).await? };
        let mut metrics = Vec::new();
        for key in terms.iter().flat_map(|terms| terms.metrics.keys()) {
            let sql = "SELECT document FROM metrics WHERE key = $1";
            if let Some(row) = self.optional(sql, values![key.as_str()]).await? {
                metrics.push(row.json("document", &format!("metric {key}"))?);
            }
        }
        let team = self.team(&facts.release.team).await?;
        let last = terms.as_ref().and_then(|terms| facts.last_checkpoint(terms));
        let found = self.final_verdict_of(slug, last).await?;
        let known = Known {
            facts: &facts,
            terms: terms.as_ref(),
            sealed: sealed.as_ref(),
            metrics: &metrics,
            team_zone: team.as_ref().map_or("UTC", |team| &team.time_zone),
            verdict: found.as_ref().map(|(_, verdict)| verdict),
        };
        let now = standing(known);
        let verdict = found.map(|(id, _)| id);
        self.put_standing(&facts, &now, verdict).await?;
        self.put_waits(&facts, &now).await?;
        self.put_expectations(&facts, &now, verdict).await
    }

    /// Terms by their hash. What cannot be read is found where it is judged; nothing is due by it.
    async fn terms_of(&mut self, hash: Option<Digest>) -> Result<Option<Terms>> {
        let Some(hash) = hash else { return Ok(None) };
        let row = self.optional("SELECT bytes FROM terms WHERE hash = $1", values![hash]).await?;
        let bytes: Option<Vec<u8>> = row.map(|row| row.get("bytes")).transpose()?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// The newest final official verdict of the checkpoint that is a release's last one now; where that is not known, of the
    /// latest one.
    async fn final_verdict_of(
        &mut self,
        slug: &ReleaseSlug,
        last: Option<Checkpoint>,
    ) -> Result<Option<(i64, FinalVerdict)>> {
        let sql = "SELECT v.id, v.outcome, v.reason, v.code, \
                   (SELECT f.judged_at FROM verdicts f WHERE f.release = v.release AND f.standing = 'official' \
                   AND f.checkpoint = v.checkpoint AND f.number = 1) AS first_judged_at \
                   FROM verdicts v WHERE v.release = $1 AND v.standing = 'official' AND v.is_final = TRUE \
                   AND ($2 = 0 OR v.checkpoint = $2) ORDER BY v.checkpoint DESC, v.number DESC LIMIT 1";
        let last = last.map_or(0, Checkpoint::days);
        let Some(row) = self.optional(sql, values![slug.as_str(), last]).await? else {
            return Ok(None);
        };
        let id: i64 = row.get("id")?;
        let sql = format!(
            "{DECISION} WHERE d.release = $1 AND d.verdict = $2 AND d.withdrawn_at IS NULL ORDER BY d.id DESC"
        );
        let decisions = self.all(AssertSqlSafe(sql), values![slug.as_str(), id]).await?;
        let verdict = FinalVerdict {
            outcome: outcome(&row, &format!("the final verdict of {slug}"))?,
            first_judged_at: row.instant("first_judged_at")?,
            decisions: decisions.iter().map(decision).collect::<Result<_>>()?,
        };
        Ok(Some((id, verdict)))
    }

    async fn put_standing(
        &mut self,
        facts: &ReleaseFacts,
        now: &Standing,
        verdict: Option<i64>,
    ) -> Result<()> {
        let release = &facts.release;
        let (to, until) = now.stance.and_then(Stance::overrides).unzip();
        let sealing = now.sealing.map(|sealing| match sealing {
            Sealing::Before => "before",
            Sealing::By => "by",
            Sealing::After => "after",
        });
        let sql = "INSERT INTO standings (release, team, level, visibility, launch_day, due_at, days_late, seal, has_goal, \
                   amendments, amended, outcome, code, judged_at, stance, override_to, override_until, confidence, verdict) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) \
                   ON CONFLICT (release) DO UPDATE SET team = excluded.team, level = excluded.level, \
                   visibility = excluded.visibility, launch_day = excluded.launch_day, due_at = excluded.due_at, \
                   days_late = excluded.days_late, seal = excluded.seal, has_goal = excluded.has_goal, \
                   amendments = excluded.amendments, amended = excluded.amended, outcome = excluded.outcome, \
                   code = excluded.code, judged_at = excluded.judged_at, stance = excluded.stance, \
                   override_to = excluded.override_to, override_until = excluded.override_until, \
                   confidence = excluded.confidence, verdict = excluded.verdict";
        let values = values![
            release.slug.as_str(),
            release.team.as_str(),
            now.level.as_str(),
            release.visibility.as_str(),
            now.launch_day.map(|day| day.to_string()),
            now.due_at,
            now.days_late.map(i64::from),
            sealing,
            now.has_goal,
            now.amendments,
            now.amended,
            now.outcome.as_ref().map(Outcome::as_str),
            now.outcome.as_ref().and_then(Outcome::code),
            now.judged_at,
            now.stance.map(Stance::as_str),
            to.map(Settled::as_str),
            until,
            now.confidence,
            verdict,
        ];
        self.execute(sql, values).await?;
        Ok(())
    }

    async fn put_waits(&mut self, facts: &ReleaseFacts, now: &Standing) -> Result<()> {
        let slug = facts.release.slug.as_str();
        self.execute("DELETE FROM waits WHERE release = $1", values![slug]).await?;
        for (what, since) in &now.waits {
            let sql = "INSERT INTO waits (what, planned, release, since) VALUES ($1, $2, $3, $4)";
            let since = since.map_or(0, Timestamp::as_millisecond);
            self.execute(sql, values![what.as_str(), facts.release.planned.to_string(), slug, since]).await?;
        }
        Ok(())
    }

    async fn put_expectations(
        &mut self,
        facts: &ReleaseFacts,
        now: &Standing,
        verdict: Option<i64>,
    ) -> Result<()> {
        let release = &facts.release;
        self.execute("DELETE FROM expectations WHERE release = $1", values![release.slug.as_str()]).await?;
        let (Some(day), Some(verdict)) = (now.launch_day, verdict) else { return Ok(()) };
        let sql = "SELECT judgement FROM findings WHERE verdict = $1 AND role = 'goal' ORDER BY position";
        for row in self.all(sql, values![verdict]).await? {
            let judgement: Judgement = row.json("judgement", &format!("a finding of {}", release.slug))?;
            let Some((expected, observed, met)) = expectation(&judgement) else { continue };
            let sql = "INSERT INTO expectations (release, criterion, team, visibility, launch_day, expected, observed, met) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
            let values = values![
                release.slug.as_str(),
                judgement.criterion.id.as_str(),
                release.team.as_str(),
                release.visibility.as_str(),
                day.to_string(),
                Some(expected),
                Some(observed),
                met,
            ];
            self.execute(sql, values).await?;
        }
        Ok(())
    }
}
