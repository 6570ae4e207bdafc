//! What plugins used and wrote when they were asked.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::PluginName;
use yardstick_domain::log::Log;
use yardstick_domain::plugin::{RecordedRun, Run, Shadow};
use yardstick_domain::verdict::{Standing, VerdictRef};

use crate::database::{Store, Tx};
use crate::error::{Result, StoreError};
use crate::page::Page;
use crate::releases::Sees;
use crate::rows::{Row, Value, json, values};
use crate::verdicts::nth;

/// Which runs to list. The default: all of the plugin.
#[derive(Debug, Clone, Default)]
pub struct RunFilter {
    /// Of this component.
    pub digest: Option<Digest>,
    /// Only those that failed.
    pub failed: bool,
    /// Only those of shadows.
    pub shadow: bool,
    /// Only of releases that are seen.
    pub sees: Sees,
}

impl Store {
    /// Runs of a plugin, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page
    /// before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plugin_runs(
        &self,
        plugin: &PluginName,
        filter: &RunFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<RecordedRun, i64>> {
        let mut sql = "SELECT u.id, u.plugin, u.version, u.digest, u.criterion, u.at, u.shadow, u.cost, u.code, \
                       u.message, u.log, v.release, v.checkpoint, v.standing, v.number, r.team \
                       FROM plugin_runs u JOIN verdicts v ON v.id = u.verdict JOIN releases r ON r.slug = v.release \
                       WHERE u.plugin = $1"
            .to_owned();
        let mut values: Vec<Value> = values![plugin.as_str()];
        if let Some(before) = before {
            values.push(before.into());
            sql.push_str(&format!(" AND u.id < ${}", values.len()));
        }
        if let Some(digest) = filter.digest {
            values.push(digest.into());
            sql.push_str(&format!(" AND u.digest = ${}", values.len()));
        }
        if filter.failed {
            sql.push_str(" AND u.code IS NOT NULL");
        }
        if filter.shadow {
            sql.push_str(" AND u.shadow IS NOT NULL");
        }
        sql.push_str(&filter.sees.condition(&mut values));
        values.push((i64::from(limit) + 1).into());
        sql.push_str(&format!(" ORDER BY u.id DESC LIMIT ${}", values.len()));
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let runs = rows.iter().map(run_of).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(runs, limit, |run| run.id))
    }
}

impl Store {
    /// Official verdicts, the newest revision of each checkpoint, whose terms name any version of a plugin; the newest first, at most `limit`. `since`: only those judged then or later; `sees`: only
    /// those of the teams whose private things are seen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verdicts_by_plugin(
        &self,
        plugin: &PluginName,
        since: Option<Timestamp>,
        sees: &Sees,
        limit: u32,
    ) -> Result<Vec<VerdictRef>> {
        let since = since.map_or(i64::MIN, Timestamp::as_millisecond);
        let mut values: Vec<Value> = values![plugin.as_str(), since, limit];
        let own = sees.own_condition(&mut values);
        let sql = format!(
            "SELECT DISTINCT v.id, v.release, v.checkpoint, v.number \
                   FROM plugins p JOIN terms_plugins t ON t.digest = p.digest \
                   JOIN verdicts v ON v.terms = t.terms JOIN releases r ON r.slug = v.release \
                   WHERE p.name = $1 AND v.standing = 'official' AND v.judged_at >= $2 \
                   AND v.number = (SELECT max(x.number) FROM verdicts x WHERE x.release = v.release \
                       AND x.standing = v.standing AND x.checkpoint = v.checkpoint){own} \
                   ORDER BY v.id DESC LIMIT $3"
        );
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        rows.iter().map(|row| address(row, Standing::Official)).collect()
    }
}

/// The address in the columns `release`, `checkpoint` and `number`.
fn address(row: &Row, standing: Standing) -> Result<VerdictRef> {
    let checkpoint: u32 = row.count("checkpoint")?;
    Ok(VerdictRef {
        release: row.parse("release")?,
        checkpoint: Checkpoint::new(checkpoint).map_err(|error| StoreError::corrupt(error.to_string()))?,
        number: nth(standing, row.count("number")?),
    })
}

impl Tx {
    pub(crate) async fn insert_run(&mut self, verdict: i64, run: &Run) -> Result<()> {
        let sql = "INSERT INTO plugin_runs (verdict, criterion, plugin, version, digest, at, shadow, cost, code, \
                   message, log) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let (code, message) = run.failure.clone().unzip();
        let log = (!run.log.is_empty()).then(|| json(&run.log)).transpose()?;
        let values = values![
            verdict,
            run.criterion.as_str(),
            run.plugin.as_str(),
            run.version.to_string(),
            run.digest,
            run.at,
            run.shadow.as_ref().map(json).transpose()?,
            json(&run.cost)?,
            code,
            message,
            log,
        ];
        self.execute(sql, values).await?;
        Ok(())
    }
}

fn run_of(row: &Row) -> Result<RecordedRun> {
    let id: i64 = row.get("id")?;
    let what = format!("run {id}");
    let unreadable = |error| StoreError::corrupt(format!("{what}: {error}"));
    let shadow: Option<String> = row.get("shadow")?;
    let log: Option<String> = row.get("log")?;
    let standing = match row.get::<String>("standing")?.as_str() {
        "official" => Standing::Official,
        _ => Standing::AdHoc,
    };
    let code: Option<String> = row.get("code")?;
    let run = Run {
        plugin: row.parse("plugin")?,
        version: row.parse("version")?,
        digest: row.parse("digest")?,
        criterion: row.parse("criterion")?,
        at: row.instant("at")?,
        shadow: shadow.map(|text| serde_json::from_str::<Shadow>(&text).map_err(unreadable)).transpose()?,
        cost: row.json("cost", &what)?,
        failure: code.zip(row.get("message")?),
        log: log.map_or(Ok(Log::default()), |text| serde_json::from_str(&text).map_err(unreadable))?,
    };
    Ok(RecordedRun { id, verdict: address(row, standing)?, team: row.parse("team")?, run })
}
