//! Releases as they stand, and the versions their criteria have had.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::AssertSqlSafe;
use yardstick_domain::criteria::Criteria;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::{ReleaseSlug, TeamKey};
use yardstick_domain::level::Level;
use yardstick_domain::metric::Visibility;
use yardstick_domain::people::Actor;
use yardstick_domain::release::{Amendment, Cancelled, Launch, Release, ReleaseFacts, Seal, SealedWhen};

use crate::database::{Store, Tx};
use crate::error::{Result, StoreError};
use crate::page::Page;
use crate::release_list::{ReleaseCursor, ReleaseCursorAt, ReleaseFilter, ReleaseOrder, list};
use crate::rows::{Row, Value, values};

/// Which private things somebody may see, beside all that are open to the company.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Sees {
    /// All of them.
    #[default]
    Everything,
    /// Those of these teams.
    OfTeams(Vec<TeamKey>),
}

impl Sees {
    /// Whether what is private to this team is seen.
    #[must_use]
    pub fn of_team(&self, team: &TeamKey) -> bool {
        match self {
            Self::Everything => true,
            Self::OfTeams(own) => own.contains(team),
        }
    }

    /// Whether a release is seen: [`Sees::condition`] of one that was read.
    #[must_use]
    pub fn shows(&self, release: &Release) -> bool {
        release.visibility == Visibility::Company || self.of_team(&release.team)
    }

    /// The teams as places of a list, their keys put behind the values that are there; of none and of everything NULL.
    pub(crate) fn own_teams(&self, values: &mut Vec<Value>) -> String {
        match self {
            Self::OfTeams(own) if !own.is_empty() => places(own, values),
            _ => "NULL".to_owned(),
        }
    }

    /// The condition on releases `r` as SQL that begins with AND, its values put behind those that are there.
    pub(crate) fn condition(&self, values: &mut Vec<Value>) -> String {
        let Self::OfTeams(own) = self else { return String::new() };
        if own.is_empty() {
            return " AND r.visibility = 'company'".to_owned();
        }
        format!(" AND (r.visibility = 'company' OR r.team IN ({}))", places(own, values))
    }

    /// As [`Sees::condition`], for retros `t`: of those that are seen, all releases are.
    pub(crate) fn retro_condition(&self, values: &mut Vec<Value>) -> String {
        let Self::OfTeams(own) = self else { return String::new() };
        let own = if own.is_empty() { "NULL".to_owned() } else { places(own, values) };
        format!(
            " AND (t.visibility = 'company' OR t.team IN ({own})) AND NOT EXISTS (SELECT 1 FROM retro_releases q \
             JOIN releases r ON r.slug = q.release WHERE q.retro = t.id AND r.visibility <> 'company' \
             AND (r.team IN ({own})) IS NOT TRUE)"
        )
    }

    /// As [`Sees::condition`], for what belongs to the releases' teams even where the releases are open.
    pub(crate) fn own_condition(&self, values: &mut Vec<Value>) -> String {
        let Self::OfTeams(own) = self else { return String::new() };
        if own.is_empty() {
            return " AND FALSE".to_owned();
        }
        format!(" AND r.team IN ({})", places(own, values))
    }
}

/// Places for these teams, their keys put behind the values that are there.
fn places<'a>(teams: impl IntoIterator<Item = &'a TeamKey>, values: &mut Vec<Value>) -> String {
    let mut places = Vec::new();
    for team in teams {
        values.push(team.as_str().into());
        places.push(format!("${}", values.len()));
    }
    places.join(", ")
}

/// A version of a release's criteria.
#[derive(Debug, Clone, PartialEq)]
pub struct CriteriaVersion {
    /// Its number, from 1.
    pub version: u32,
    /// The criteria.
    pub criteria: Criteria,
    /// The level then.
    pub level: Level,
    /// The planned day then.
    pub planned: Date,
    /// When it was registered.
    pub created_at: Timestamp,
    /// Who registered it.
    pub created_by: Actor,
    /// Why, where a reason was asked for.
    pub reason: Option<String>,
    /// Hash of the terms it was last sealed with; `None`: no seal that counts is of this version.
    pub seal: Option<Digest>,
    /// Hash of the terms that it amends, of a change after the launch that stands.
    pub amendment: Option<Digest>,
}

/// A version of a release's criteria, and what was taken over it. A seal or an amendment that belongs to a launch
/// counts only while that launch stands.
const VERSIONS: &str = "SELECT c.version, c.criteria, c.level, c.planned, c.created_at, c.created_by, c.reason, \
    (SELECT s.hash FROM seals s WHERE s.id = (SELECT max(x.id) FROM seals x WHERE x.release = c.release \
        AND x.version = c.version AND (x.launch IS NULL OR x.launch = l.id))) AS seal, \
    (SELECT max(a.hash) FROM amendments a WHERE a.release = c.release AND a.version = c.version \
        AND a.launch = l.id) AS amendment \
    FROM criteria_versions c LEFT JOIN launches l ON l.release = c.release AND l.undone_at IS NULL";

/// A release with everything its lifecycle is computed from. A seal taken by or after a launch counts only
/// while that launch stands; the newest one that counts does.
pub(crate) const FACTS: &str = "SELECT r.slug, r.planned, r.version, r.document, r.changed_at, \
    s.version AS seal_version, s.hash AS seal_hash, s.sealed_at, s.actor AS sealed_by, \
    s.sealed_when, s.days, \
    l.id AS launch, l.launched_at, l.recorded_at, l.actor AS launched_by, l.confidence, \
    c.cancelled_at, c.actor AS cancelled_by, c.reason AS cancelled_reason, \
    EXISTS (SELECT 1 FROM verdicts v WHERE v.release = r.slug AND v.standing = 'official') AS judged, \
    EXISTS (SELECT 1 FROM standings g WHERE g.release = r.slug AND g.verdict IS NOT NULL) AS judged_finally, \
    EXISTS (SELECT 1 FROM amendments a WHERE a.release = r.slug) AS is_amended, \
    EXISTS (SELECT 1 FROM decisions d WHERE d.release = r.slug AND d.extend_to IS NOT NULL) AS is_extended, \
    (EXISTS (SELECT 1 FROM retro_releases q JOIN retros t ON t.id = q.retro \
        WHERE q.release = r.slug AND t.status = 'closed') \
        OR EXISTS (SELECT 1 FROM retro_waivers w WHERE w.release = r.slug)) AS looked_back_on \
    FROM releases r \
    LEFT JOIN launches l ON l.release = r.slug AND l.undone_at IS NULL \
    LEFT JOIN seals s ON s.id = (SELECT max(x.id) FROM seals x \
        WHERE x.release = r.slug AND (x.launch IS NULL OR x.launch = l.id)) \
    LEFT JOIN cancellations c ON c.release = r.slug";

/// A release is judged in the end.
pub(crate) const FINAL: &str =
    "EXISTS (SELECT 1 FROM standings g WHERE g.release = r.slug AND g.verdict IS NOT NULL)";

/// A release was looked back on.
pub(crate) const CLOSED: &str = "(EXISTS (SELECT 1 FROM retro_releases q JOIN retros t ON t.id = q.retro \
    WHERE q.release = r.slug AND t.status = 'closed') \
    OR EXISTS (SELECT 1 FROM retro_waivers w WHERE w.release = r.slug))";

impl Store {
    /// A release and where it stands.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release(&self, slug: &ReleaseSlug) -> Result<Option<ReleaseFacts>> {
        self.read().await?.release(slug).await
    }

    /// Releases in the order that the filter says, a page of at most `limit` at a time. `after` is the cursor
    /// that the page before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn releases(
        &self,
        filter: &ReleaseFilter,
        after: Option<&ReleaseCursor>,
        limit: u32,
    ) -> Result<Page<ReleaseFacts, ReleaseCursor>> {
        let mut tx = self.read().await?;
        let (sql, values) = list(filter, after, limit);
        let rows = tx.all(AssertSqlSafe(sql), values).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            found.push((tx.facts(row).await?, row.instant("changed_at")?));
        }
        let page = Page::of(found, limit, |(facts, changed)| {
            let at = match filter.order {
                ReleaseOrder::LatestPlanned | ReleaseOrder::EarliestPlanned => {
                    ReleaseCursorAt::Planned(facts.release.planned)
                }
                ReleaseOrder::Name | ReleaseOrder::NameBackwards => {
                    ReleaseCursorAt::Name(facts.release.name.clone())
                }
                ReleaseOrder::LatestChanged | ReleaseOrder::EarliestChanged => {
                    ReleaseCursorAt::Changed(*changed)
                }
            };
            ReleaseCursor { at, slug: facts.release.slug.clone() }
        });
        Ok(Page { items: page.items.into_iter().map(|(facts, _)| facts).collect(), next: page.next })
    }

    /// All versions of a release's criteria, oldest first; none: there is no such release.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn criteria_versions(&self, slug: &ReleaseSlug) -> Result<Vec<CriteriaVersion>> {
        let sql = format!("{VERSIONS} WHERE c.release = $1 ORDER BY c.version");
        let rows = self.all(AssertSqlSafe(sql), values![slug.as_str()]).await?;
        rows.iter().map(|row| criteria_version(row, slug)).collect()
    }

    /// Versions of a release's criteria, the newest first, a page of at most `limit` at a time, those before `before`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn criteria_page(
        &self,
        slug: &ReleaseSlug,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Page<CriteriaVersion, u32>> {
        let sql =
            format!("{VERSIONS} WHERE c.release = $1 AND c.version < $2 ORDER BY c.version DESC LIMIT $3");
        let before = before.map_or(i64::MAX, i64::from);
        let values = values![slug.as_str(), before, i64::from(limit) + 1];
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let items = rows.iter().map(|row| criteria_version(row, slug)).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, limit, |last| last.version))
    }

    /// One version of a release's criteria.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn criteria_version(
        &self,
        slug: &ReleaseSlug,
        version: u32,
    ) -> Result<Option<CriteriaVersion>> {
        let sql = format!("{VERSIONS} WHERE c.release = $1 AND c.version = $2");
        let row = self.optional(AssertSqlSafe(sql), values![slug.as_str(), version]).await?;
        row.map(|row| criteria_version(&row, slug)).transpose()
    }
}

impl Tx {
    pub(crate) async fn release(&mut self, slug: &ReleaseSlug) -> Result<Option<ReleaseFacts>> {
        let row = self
            .optional(AssertSqlSafe(format!("{FACTS} WHERE r.slug = $1")), values![slug.as_str()])
            .await?;
        match row {
            Some(row) => self.facts(&row).await.map(Some),
            None => Ok(None),
        }
    }

    /// The release, or an error that it is not there.
    pub(crate) async fn require_release(&mut self, slug: &ReleaseSlug) -> Result<ReleaseFacts> {
        self.release(slug).await?.ok_or_else(|| StoreError::not_found(format!("release {slug}")))
    }

    async fn facts(&mut self, row: &Row) -> Result<ReleaseFacts> {
        let what = format!("release {}", row.get::<String>("slug")?);
        let launched: Option<i64> = row.get("launch")?;
        // Most releases have neither, and lists are long.
        let amendments = match launched.filter(|_| matches!(row.get("is_amended"), Ok(true))) {
            Some(launch) => self.amendments(&row.parse("slug")?, launch).await?,
            None => Vec::new(),
        };
        let extensions = match launched.filter(|_| matches!(row.get("is_extended"), Ok(true))) {
            Some(launch) => self.extensions(&row.parse("slug")?, launch).await?,
            None => Vec::new(),
        };
        let release: Release = row.json("document", &what)?;
        let confidence = if launched.is_some() { row.get("confidence")? } else { release.confidence };
        Ok(ReleaseFacts {
            release,
            confidence,
            version: row.count("version")?,
            seal: seal(row)?,
            amendments,
            launch: launch(row)?,
            extensions,
            cancelled: cancelled(row)?,
            judged: row.get("judged")?,
            judged_finally: row.get("judged_finally")?,
            looked_back_on: row.get("looked_back_on")?,
        })
    }

    async fn amendments(&mut self, slug: &ReleaseSlug, launch: i64) -> Result<Vec<Amendment>> {
        let sql = "SELECT hash, version, amended_at, actor, reason, approved_by FROM amendments \
                   WHERE release = $1 AND launch = $2 ORDER BY id";
        let rows = self.all(sql, values![slug.as_str(), launch]).await?;
        rows.iter()
            .map(|row| {
                Ok(Amendment {
                    hash: row.parse("hash")?,
                    version: row.count("version")?,
                    at: row.instant("amended_at")?,
                    by: row.parse("actor")?,
                    reason: row.get("reason")?,
                    approved_by: row.maybe_parse("approved_by")?,
                })
            })
            .collect()
    }

    /// The id of the launch that stands.
    pub(crate) async fn standing_launch(&mut self, slug: &ReleaseSlug) -> Result<Option<i64>> {
        let sql = "SELECT id FROM launches WHERE release = $1 AND undone_at IS NULL";
        self.optional(sql, values![slug.as_str()]).await?.map(|row| row.get("id")).transpose()
    }
}

fn seal(row: &Row) -> Result<Option<Seal>> {
    let Some(hash) = row.maybe_parse("seal_hash")? else { return Ok(None) };
    let when = match row.get::<String>("sealed_when")?.as_str() {
        "before-launch" => SealedWhen::BeforeLaunch,
        "by-launch" => SealedWhen::ByLaunch,
        "after-launch" => SealedWhen::AfterLaunch { days: row.count("days")? },
        other => return Err(StoreError::corrupt(format!("a seal taken {other:?}"))),
    };
    let version = row.count("seal_version")?;
    Ok(Some(Seal { hash, version, at: row.instant("sealed_at")?, by: row.parse("sealed_by")?, when }))
}

fn launch(row: &Row) -> Result<Option<Launch>> {
    let Some(at) = row.maybe_instant("launched_at")? else { return Ok(None) };
    Ok(Some(Launch { at, recorded_at: row.instant("recorded_at")?, by: row.parse("launched_by")? }))
}

fn cancelled(row: &Row) -> Result<Option<Cancelled>> {
    let Some(at) = row.maybe_instant("cancelled_at")? else { return Ok(None) };
    Ok(Some(Cancelled { at, by: row.parse("cancelled_by")?, reason: row.get("cancelled_reason")? }))
}

fn criteria_version(row: &Row, slug: &ReleaseSlug) -> Result<CriteriaVersion> {
    let level = row.get::<String>("level")?;
    Ok(CriteriaVersion {
        version: row.count("version")?,
        criteria: row.json("criteria", &format!("release {slug}"))?,
        level: serde_json::from_value(level.clone().into())
            .map_err(|_| StoreError::corrupt(format!("release {slug} has level {level:?}")))?,
        planned: row.parse("planned")?,
        created_at: row.instant("created_at")?,
        created_by: row.parse("created_by")?,
        reason: row.get("reason")?,
        seal: row.maybe_parse("seal")?,
        amendment: row.maybe_parse("amendment")?,
    })
}
