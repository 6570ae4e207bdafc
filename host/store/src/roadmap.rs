//! Releases that are expected: imported lists, and which of their rows became releases.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::AssertSqlSafe;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::{ListName, PersonId, ReleaseSlug, TeamKey};
use yardstick_domain::level::Level;
use yardstick_domain::metric::Visibility;
use yardstick_domain::people::Actor;
use yardstick_domain::release::Release;
use yardstick_domain::roadmap::{Expected, ExpectedRelease};

use crate::audit::Act;
use crate::changes::same_issue;
use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::page::Page;
use crate::releases::Sees;
use crate::rows::{Row, Value, values};

const ROW: &str = "SELECT e.id, e.list, e.key, e.name, e.team, e.level, e.planned, e.owner, e.issue, e.named, \
                   e.release, e.imported_at, e.imported_by, e.withdrawn_at FROM expected_releases e";
/// What stands for no planned day: it comes after every day there is.
const NO_DAY: &str = "~";

/// Which expected releases to list or count. The default: all that are on a list.
#[derive(Debug, Clone, Default)]
pub struct ExpectedFilter {
    /// On this list.
    pub list: Option<ListName>,
    /// Of this team.
    pub team: Option<TeamKey>,
    /// Of one of these levels; empty: of any, and of none.
    pub levels: Vec<Level>,
    /// Planned from the first of these days on, and up to the other; with either, only what has a planned day.
    pub planned: (Option<Date>, Option<Date>),
    /// Whether somebody has registered them.
    pub registered: Option<bool>,
    /// What became a private release is there only for whoever sees that.
    pub sees: Sees,
}

/// How many expected releases of a team and level nobody has registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unregistered {
    /// The team; `None`: nobody has said.
    pub team: Option<TeamKey>,
    /// The level; `None`: nobody has said.
    pub level: Option<Level>,
    /// How many.
    pub count: u64,
}

/// A list to import.
#[derive(Debug, Clone)]
pub struct RoadmapImport {
    /// Its name.
    pub list: ListName,
    /// Its rows, each key once.
    pub rows: Vec<Expected>,
    /// The teams whose rows may be changed or withdrawn; `None`: all, and those of no team.
    pub own: Option<BTreeSet<TeamKey>>,
    /// The hash of the file.
    pub hash: Digest,
    /// Only look.
    pub dry_run: bool,
}

/// What importing a list came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RoadmapImported {
    /// Rows that were not on it.
    pub new: u64,
    /// Rows that differ.
    pub changed: u64,
    /// Rows that are as they were.
    pub unchanged: u64,
    /// Rows that are no longer on it.
    pub withdrawn: u64,
    /// Rows of the file that became releases.
    pub registered: u64,
    /// Rows of others' that would be changed or withdrawn: if there are any, nothing was written.
    pub foreign: u64,
}

impl Store {
    /// Imports a list: all of it, or nothing. What is no longer on it is withdrawn, and what is as it was is left alone.
    /// A row's release is the one it names, else the one whose tracking issue is the row's: one that is open to the
    /// company or the row's own team's.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an unknown team.
    pub async fn import_roadmap(
        &self,
        import: &RoadmapImport,
        by: &Actor,
        at: Timestamp,
    ) -> Result<RoadmapImported> {
        let RoadmapImport { list, rows, own, hash, dry_run } = import;
        let mut tx = self.write().await?;
        tx.lock(Lock::Register).await?;
        let mut before = tx.on_list(list).await?;
        let mut came = RoadmapImported::default();
        let is_own = |team: Option<&TeamKey>| match own {
            None => true,
            Some(own) => team.is_some_and(|team| own.contains(team)),
        };
        for row in rows {
            let release = tx.became(row).await?;
            came.registered += u64::from(release.is_some());
            let known = before.remove(&row.key);
            let stands = known.as_ref().filter(|(_, withdrawn)| !withdrawn).map(|(known, _)| known);
            match stands {
                Some(known) if known.expected == *row && known.release == release => {
                    came.unchanged += 1;
                    continue;
                }
                Some(known) => {
                    came.changed += 1;
                    came.foreign += u64::from(!is_own(known.expected.team.as_ref()));
                }
                None => came.new += 1,
            }
            if let Some(team) = &row.team {
                tx.require_team(team, &format!("the list {list}")).await?;
            }
            tx.put_expected(list, row, release.as_ref(), by, at).await?;
        }
        for (known, _) in before.values().filter(|(_, withdrawn)| !withdrawn) {
            came.withdrawn += 1;
            came.foreign += u64::from(!is_own(known.expected.team.as_ref()));
            let sql = "UPDATE expected_releases SET withdrawn_at = $1 WHERE id = $2";
            tx.execute(sql, values![at, known.id]).await?;
        }
        let writes = came.new + came.changed + came.withdrawn > 0;
        if *dry_run || came.foreign > 0 || !writes {
            tx.rollback().await?;
            return Ok(came);
        }
        let detail = serde_json::json!({
            "file": hash, "new": came.new, "changed": came.changed, "withdrawn": came.withdrawn,
        });
        tx.audit(Act { action: "import-roadmap", subject: format!("roadmap {list}"), detail, by, at })
            .await?;
        tx.commit().await?;
        Ok(came)
    }

    /// Expected releases, the earliest planned day first and those without one last, a page of at most `limit` at a time.
    /// `after` is the cursor that the page before gave: a planned day and a number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn expected_releases(
        &self,
        filter: &ExpectedFilter,
        after: Option<(Option<Date>, i64)>,
        limit: u32,
    ) -> Result<Page<ExpectedRelease, (Option<Date>, i64)>> {
        let (day, id) = match after {
            Some((day, id)) => (written(day), id),
            None => (String::new(), 0),
        };
        let mut values: Vec<Value> = values![day, id];
        let mut sql = format!(
            "{ROW} WHERE e.withdrawn_at IS NULL AND (e.planned, e.id) > ($1, $2){}",
            condition(filter, &mut values)
        );
        values.push((i64::from(limit) + 1).into());
        sql += &format!(" ORDER BY e.planned, e.id LIMIT ${}", values.len());
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let items = rows.iter().map(expected).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, limit, |last| (last.expected.planned, last.id)))
    }

    /// How many expected releases nobody has registered, by team and level. `registered` of the filter is ignored. They are
    /// everybody's to see.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unregistered(&self, filter: &ExpectedFilter) -> Result<Vec<Unregistered>> {
        let filter = ExpectedFilter { registered: Some(false), sees: Sees::Everything, ..filter.clone() };
        let mut values: Vec<Value> = Vec::new();
        let sql = format!(
            "SELECT e.team, e.level, COUNT(*) AS n FROM expected_releases e WHERE e.withdrawn_at IS NULL{} \
             GROUP BY e.team, e.level ORDER BY e.team, e.level",
            condition(&filter, &mut values)
        );
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let counted = |row: &Row| {
            Ok(Unregistered { team: row.maybe_parse("team")?, level: level(row)?, count: row.count("n")? })
        };
        rows.iter().map(counted).collect()
    }
}

/// The condition on expected releases `e` as SQL that begins with AND. Only what is filtered by is in it, so that each
/// finds its index.
fn condition(filter: &ExpectedFilter, values: &mut Vec<Value>) -> String {
    let mut sql = String::new();
    for (column, text) in [
        ("list", filter.list.as_ref().map(ListName::as_str)),
        ("team", filter.team.as_ref().map(TeamKey::as_str)),
    ] {
        if let Some(text) = text {
            values.push(text.into());
            sql += &format!(" AND e.{column} = ${}", values.len());
        }
    }
    if !filter.levels.is_empty() {
        let mut places = Vec::with_capacity(filter.levels.len());
        for level in &filter.levels {
            values.push(level.as_str().into());
            places.push(format!("${}", values.len()));
        }
        sql += &format!(" AND e.level IN ({})", places.join(", "));
    }
    let (since, until) = filter.planned;
    // What has no planned day is in no span of days.
    let until = until.map(|day| written(Some(day)));
    for (day, sign) in [(since.map(|day| written(Some(day))), ">="), (until, "<=")] {
        if let Some(day) = day {
            values.push(day.into());
            sql += &format!(" AND e.planned {sign} ${}", values.len());
        }
    }
    if since.is_some() {
        sql += &format!(" AND e.planned < '{NO_DAY}'");
    }
    match filter.registered {
        Some(true) => sql += " AND e.release IS NOT NULL",
        Some(false) => sql += " AND e.release IS NULL",
        None => {}
    }
    if filter.registered != Some(false) && filter.sees != Sees::Everything {
        let condition = filter.sees.condition(values);
        sql += &format!(
            " AND (e.release IS NULL OR EXISTS (SELECT 1 FROM releases r WHERE r.slug = e.release{condition}))"
        );
    }
    sql
}

impl Tx {
    /// The rows that are or were on a list, by key, and whether each was withdrawn.
    async fn on_list(&mut self, list: &ListName) -> Result<BTreeMap<String, (ExpectedRelease, bool)>> {
        let sql = format!("{ROW} WHERE e.list = $1");
        let rows = self.all(AssertSqlSafe(sql), values![list.as_str()]).await?;
        let by_key = |row: &Row| {
            let found = expected(row)?;
            let withdrawn = row.get::<Option<i64>>("withdrawn_at")?.is_some();
            Ok((found.expected.key.clone(), (found, withdrawn)))
        };
        rows.iter().map(by_key).collect()
    }

    /// The release that a row became.
    async fn became(&mut self, row: &Expected) -> Result<Option<ReleaseSlug>> {
        let (column, wanted) = match (&row.named, &row.issue) {
            (Some(named), _) => ("slug", named.as_str()),
            (None, Some(issue)) => ("issue", same_issue(issue)),
            (None, None) => return Ok(None),
        };
        let mut sql = format!("SELECT r.slug FROM releases r WHERE r.{column} = $1");
        let mut values: Vec<Value> = values![wanted];
        // Whoever names another team's private release must not learn that there is one.
        if let Some(team) = &row.team {
            values.push(team.as_str().into());
            sql += " AND (r.visibility = 'company' OR r.team = $2)";
        }
        sql += " ORDER BY r.planned DESC, r.slug LIMIT 1";
        self.optional(AssertSqlSafe(sql), values).await?.map(|row| row.parse("slug")).transpose()
    }

    async fn put_expected(
        &mut self,
        list: &ListName,
        row: &Expected,
        release: Option<&ReleaseSlug>,
        by: &Actor,
        at: Timestamp,
    ) -> Result<()> {
        let sql = "INSERT INTO expected_releases (list, key, name, team, level, planned, owner, issue, named, release, \
                   imported_at, imported_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
                   ON CONFLICT (list, key) DO UPDATE SET name = excluded.name, team = excluded.team, \
                   level = excluded.level, planned = excluded.planned, owner = excluded.owner, issue = excluded.issue, \
                   named = excluded.named, release = excluded.release, imported_at = excluded.imported_at, \
                   imported_by = excluded.imported_by, withdrawn_at = NULL";
        let values = values![
            list.as_str(),
            row.key.as_str(),
            row.name.as_str(),
            row.team.as_ref().map(TeamKey::as_str),
            row.level.map(Level::as_str),
            written(row.planned),
            row.owner.as_ref().map(PersonId::as_str),
            row.issue.as_deref(),
            row.named.as_ref().map(ReleaseSlug::as_str),
            release.map(ReleaseSlug::as_str),
            at,
            by,
        ];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// A release was registered or changed: what was expected of its name or issue is it.
    pub(crate) async fn was_expected(&mut self, release: &Release) -> Result<()> {
        let open = release.visibility == Visibility::Company;
        let whose = if open { "" } else { " AND (team IS NULL OR team = $3)" };
        let by_name = format!(
            "UPDATE expected_releases SET release = $1 WHERE withdrawn_at IS NULL AND release IS NULL \
             AND named = $2{whose}"
        );
        let by_issue = format!(
            "UPDATE expected_releases SET release = $1 WHERE withdrawn_at IS NULL AND release IS NULL \
             AND issue = $2 AND named IS NULL{whose}"
        );
        let slug = release.slug.as_str();
        let issue = release.issue.as_deref().map(same_issue);
        for (sql, wanted) in [(by_name, Some(slug)), (by_issue, issue)] {
            let Some(wanted) = wanted else { continue };
            let mut values: Vec<Value> = values![slug, wanted];
            if !open {
                values.push(release.team.as_str().into());
            }
            self.execute(AssertSqlSafe(sql), values).await?;
        }
        Ok(())
    }
}

fn written(day: Option<Date>) -> String {
    day.map_or_else(|| NO_DAY.to_owned(), |day| day.to_string())
}

fn level(row: &Row) -> Result<Option<Level>> {
    let Some(text) = row.get::<Option<String>>("level")? else { return Ok(None) };
    let level = serde_json::from_value(text.clone().into());
    level.map(Some).map_err(|_| StoreError::corrupt(format!("an expected release has level {text:?}")))
}

fn expected(row: &Row) -> Result<ExpectedRelease> {
    let planned: String = row.get("planned")?;
    let planned = if planned == NO_DAY { None } else { Some(row.parse("planned")?) };
    Ok(ExpectedRelease {
        id: row.get("id")?,
        list: row.parse("list")?,
        expected: Expected {
            key: row.get("key")?,
            name: row.get("name")?,
            team: row.maybe_parse("team")?,
            level: level(row)?,
            planned,
            owner: row.maybe_parse("owner")?,
            issue: row.get("issue")?,
            named: row.maybe_parse("named")?,
        },
        release: row.maybe_parse("release")?,
        imported_at: row.instant("imported_at")?,
        imported_by: row.parse("imported_by")?,
    })
}
