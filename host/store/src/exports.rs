//! Verdicts and findings for exports: in the order they were written, a page at a time, so that none of it is ever in memory
//! together.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::AssertSqlSafe;
use yardstick_domain::ids::TeamKey;
use yardstick_domain::level::Level;
use yardstick_domain::verdict::{Judgement, Standing, Verdict};

use crate::database::Store;
use crate::error::{Result, StoreError};
use crate::page::Page;
use crate::releases::Sees;
use crate::rows::{Row, Value, values};
use crate::verdicts::nth;

/// A verdict with what its release is now, and whether a later revision took its place.
const VERDICT: &str = "v.id, v.release, v.number, v.document, r.name, r.team, r.level, r.planned, r.feature, \
    EXISTS (SELECT 1 FROM verdicts n WHERE n.release = v.release AND n.standing = v.standing \
        AND n.checkpoint = v.checkpoint AND n.number > v.number) AS superseded, \
    EXISTS (SELECT 1 FROM standings s WHERE s.release = v.release AND s.verdict = v.id) AS counts";

/// What to export. The default: every official verdict.
#[derive(Debug, Clone, Default)]
pub struct ExportFilter {
    /// Of this team's releases.
    pub team: Option<TeamKey>,
    /// Of releases that are of one of these levels now; empty: of any.
    pub levels: Vec<Level>,
    /// Judged at this instant or later.
    pub since: Option<Timestamp>,
    /// Judged before this instant.
    pub until: Option<Timestamp>,
    /// Looks too.
    pub looks: bool,
    /// Of releases that whoever asks may see.
    pub sees: Sees,
}

/// A verdict, with what its release is now.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportedVerdict {
    /// Its number; later ones are higher.
    pub id: i64,
    /// The verdict, without its findings.
    pub verdict: Verdict,
    /// Whether it is the revision of its checkpoint that counts; of a look, never.
    pub newest: bool,
    /// Whether it is the final one of its release: official, of the checkpoint that is the last one now, the newest revision.
    pub counts: bool,
    /// The release's name.
    pub name: String,
    /// The release's team.
    pub team: TeamKey,
    /// The release's level.
    pub level: Level,
    /// The release's planned day.
    pub planned: Date,
    /// What joins the releases of one feature.
    pub feature: Option<String>,
}

/// A finding, with its verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportedFinding {
    /// Its verdict.
    pub verdict: ExportedVerdict,
    /// Its place in the verdict, from 0.
    pub position: u32,
    /// What was judged, and what came of it.
    pub judgement: Judgement,
}

impl Store {
    /// Verdicts, the oldest first, a page of at most `limit` at a time. `after` is the cursor that the page before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn export_verdicts(
        &self,
        filter: &ExportFilter,
        after: Option<i64>,
        limit: u32,
    ) -> Result<Page<ExportedVerdict, i64>> {
        let mut values: Vec<Value> = values![after.unwrap_or(0)];
        let mut sql = format!(
            "SELECT {VERDICT} FROM verdicts v JOIN releases r ON r.slug = v.release WHERE v.id > $1{}",
            condition(filter, &mut values)
        );
        values.push((i64::from(limit) + 1).into());
        sql += &format!(" ORDER BY v.id LIMIT ${}", values.len());
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let items = rows.iter().map(verdict).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, limit, |last| last.id))
    }

    /// Findings, those of the oldest verdict first, a page of at most `limit` at a time. `after` is the cursor that the
    /// page before gave: the number of a verdict, and a finding's place in it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn export_findings(
        &self,
        filter: &ExportFilter,
        after: Option<(i64, u32)>,
        limit: u32,
    ) -> Result<Page<ExportedFinding, (i64, u32)>> {
        let (id, position) = after.map_or((0, 0), |(id, position)| (id, i64::from(position)));
        let mut values: Vec<Value> = values![id, position];
        let mut sql = format!(
            "SELECT {VERDICT}, f.position, f.judgement FROM findings f JOIN verdicts v ON v.id = f.verdict \
             JOIN releases r ON r.slug = v.release WHERE (f.verdict, f.position) > ($1, $2){}",
            condition(filter, &mut values)
        );
        values.push((i64::from(limit) + 1).into());
        sql += &format!(" ORDER BY f.verdict, f.position LIMIT ${}", values.len());
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let items = rows.iter().map(finding).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, limit, |last| (last.verdict.id, last.position)))
    }
}

/// The condition on verdicts `v` of releases `r` as SQL that begins with AND.
fn condition(filter: &ExportFilter, values: &mut Vec<Value>) -> String {
    let mut sql = String::new();
    if !filter.looks {
        sql += " AND v.standing = 'official'";
    }
    if let Some(team) = &filter.team {
        values.push(team.as_str().into());
        sql += &format!(" AND r.team = ${}", values.len());
    }
    if !filter.levels.is_empty() {
        let mut places = Vec::with_capacity(filter.levels.len());
        for level in &filter.levels {
            values.push(level.as_str().into());
            places.push(format!("${}", values.len()));
        }
        sql += &format!(" AND r.level IN ({})", places.join(", "));
    }
    for (instant, sign) in [(filter.since, ">="), (filter.until, "<")] {
        if let Some(instant) = instant {
            values.push(instant.into());
            sql += &format!(" AND v.judged_at {sign} ${}", values.len());
        }
    }
    sql + &filter.sees.condition(values)
}

fn verdict(row: &Row) -> Result<ExportedVerdict> {
    let id: i64 = row.get("id")?;
    let what = format!("verdict {id} of release {}", row.get::<String>("release")?);
    let mut verdict: Verdict = row.json("document", &what)?;
    let number = row.count("number")?;
    verdict.at.number = nth(verdict.standing, number);
    let level: String = row.get("level")?;
    let official = verdict.standing == Standing::Official;
    Ok(ExportedVerdict {
        id,
        newest: official && !row.get::<bool>("superseded")?,
        counts: row.get("counts")?,
        verdict,
        name: row.get("name")?,
        team: row.parse("team")?,
        level: serde_json::from_value(level.clone().into())
            .map_err(|_| StoreError::corrupt(format!("{what} has level {level:?}")))?,
        planned: row.parse("planned")?,
        feature: row.get("feature")?,
    })
}

fn finding(row: &Row) -> Result<ExportedFinding> {
    let verdict = verdict(row)?;
    let what = format!("a finding of verdict {}", verdict.verdict.at);
    Ok(ExportedFinding {
        position: row.count("position")?,
        judgement: row.json("judgement", &what)?,
        verdict,
    })
}
