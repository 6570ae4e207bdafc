//! Lists of metrics.

use sqlx::AssertSqlSafe;
use yardstick_domain::ids::{MetricKey, PersonId, TeamKey};
use yardstick_domain::metric::{Kind, Metric};

use crate::database::Store;
use crate::error::Result;
use crate::page::Page;
use crate::release_list::containing;
use crate::rows::{Row, Value, values};

/// Which metrics to list. The default: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MetricFilter {
    /// Of this team.
    pub team: Option<TeamKey>,
    /// That this person answers for.
    pub owner: Option<PersonId>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// Whose key or title has this text in it; letters from A to Z without regard to case.
    pub text: Option<String>,
}

impl Store {
    /// Metrics as defined now, by key, a page of at most `limit` at a time, those after `after`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn metrics_page(
        &self,
        filter: &MetricFilter,
        after: Option<&MetricKey>,
        limit: u32,
    ) -> Result<Page<Metric, MetricKey>> {
        let mut sql = "SELECT key, document FROM metrics WHERE key > $1".to_owned();
        let mut values: Vec<Value> = values![after.map_or("", MetricKey::as_str)];
        let mut with = |column: &str, value: &str| {
            values.push(value.into());
            sql += &format!(" AND {column} = ${}", values.len());
        };
        if let Some(team) = &filter.team {
            with("team", team.as_str());
        }
        if let Some(owner) = &filter.owner {
            with("owner", owner.as_str());
        }
        if let Some(kind) = filter.kind {
            with("kind", kind.as_str());
        }
        if let Some(text) = &filter.text {
            // A space is in no key, so that no text is found over the end of one.
            sql += &containing("(key || ' ' || title)", text, &mut values);
        }
        values.push((i64::from(limit) + 1).into());
        sql += &format!(" ORDER BY key LIMIT ${}", values.len());
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let read = |row: &Row| row.json("document", &format!("metric {}", row.get::<String>("key")?));
        let items = rows.iter().map(read).collect::<Result<Vec<Metric>>>()?;
        Ok(Page::of(items, limit, |last| last.key.clone()))
    }
}
