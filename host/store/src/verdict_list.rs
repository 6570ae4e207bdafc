//! Lists of verdicts: which.

use jiff::Timestamp;
use yardstick_domain::finding::Reason;
use yardstick_domain::ids::{ReleaseSlug, TeamKey};
use yardstick_domain::level::Level;
use yardstick_domain::verdict::Standing;

use crate::release_list::of_levels;
use crate::releases::Sees;
use crate::rows::{Value, values};
use crate::verdicts::SUMMARY;

/// Which verdicts to list. The default: all.
#[derive(Debug, Clone, Default)]
pub struct VerdictFilter {
    /// Of this release.
    pub release: Option<ReleaseSlug>,
    /// Of this team's releases.
    pub team: Option<TeamKey>,
    /// Official ones or looks.
    pub standing: Option<Standing>,
    /// Only those of final checkpoints, or of others.
    pub is_final: Option<bool>,
    /// Of releases of one of these levels as registered now; empty: of any.
    pub levels: Vec<Level>,
    /// That come to this: `pass`, `marginal`, `fail` or `undecided`.
    pub outcome: Option<String>,
    /// Undecided for this reason.
    pub reason: Option<Reason>,
    /// Undecided with this code.
    pub code: Option<String>,
    /// Judged at this instant or later.
    pub judged_since: Option<Timestamp>,
    /// Judged before this instant.
    pub judged_until: Option<Timestamp>,
    /// Of releases that whoever asks may see.
    pub sees: Sees,
}

/// The statement of a page of verdicts. Only what is filtered by is in it, so that each finds its index.
pub(crate) fn list(filter: &VerdictFilter, before: Option<i64>, limit: u32) -> (String, Vec<Value>) {
    let mut sql = format!("{SUMMARY} WHERE v.id < $1");
    let mut values = values![before.unwrap_or(i64::MAX)];
    if let Some(release) = &filter.release {
        values.push(release.as_str().into());
        sql += &format!(" AND v.release = ${}", values.len());
    }
    if let Some(team) = &filter.team {
        values.push(team.as_str().into());
        sql += &format!(" AND r.team = ${}", values.len());
    }
    if let Some(wanted) = filter.standing {
        values.push(wanted.as_str().into());
        sql += &format!(" AND v.standing = ${}", values.len());
    }
    if let Some(is_final) = filter.is_final {
        sql += &format!(" AND v.is_final = {}", if is_final { "TRUE" } else { "FALSE" });
    }
    if !filter.levels.is_empty() {
        sql += &format!(" AND r.level IN ({})", of_levels(&filter.levels, &mut values));
    }
    let mut with = |condition: &str, value: Value| {
        values.push(value);
        sql += &format!(" AND {condition} ${}", values.len());
    };
    if let Some(outcome) = &filter.outcome {
        with("v.outcome =", outcome.as_str().into());
    }
    if let Some(reason) = filter.reason {
        with("v.reason =", reason.as_str().into());
    }
    if let Some(code) = &filter.code {
        with("v.code =", code.as_str().into());
    }
    if let Some(at) = filter.judged_since {
        with("v.judged_at >=", at.into());
    }
    if let Some(at) = filter.judged_until {
        with("v.judged_at <", at.into());
    }
    sql += &filter.sees.condition(&mut values);
    values.push((i64::from(limit) + 1).into());
    sql += &format!(" ORDER BY v.id DESC LIMIT ${}", values.len());
    (sql, values)
}
