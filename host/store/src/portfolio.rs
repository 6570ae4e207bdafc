//! The portfolio: added up by the database, by team.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::AssertSqlSafe;
use yardstick_domain::ids::{ReleaseSlug, TeamKey};
use yardstick_domain::portfolio::{Expectations, Figures, Portfolio};

use crate::database::Store;
use crate::error::Result;
use crate::releases::Sees;
use crate::rows::{Row, Value, values};

/// What is due at the instant $3, and has a final verdict that was decided.
const MEASURED: &str = "(s.due_at <= $3 AND s.outcome IN ('pass', 'marginal', 'fail'))";
/// What people hold at the instant $3, or else the verdict.
const AFTER: &str =
    "CASE WHEN s.stance = 'override' AND s.override_until > $3 THEN s.override_to ELSE s.outcome END";

/// The team as what is added up by, and as nothing that an index is chosen for: SQLite would go through all there are of
/// every team, to have them in that order.
const TEAM: &str = "(s.team || '')";

/// Which releases a portfolio is of: those that must be measured and launched within a span of days.
#[derive(Debug, Clone)]
pub struct PortfolioFilter {
    /// From this day on.
    pub from: Date,
    /// Until this day, which is not in it.
    pub until: Date,
    /// Of these teams only; `None`: of all.
    pub only: Option<Vec<TeamKey>>,
    /// Of none of these teams.
    pub but: Vec<TeamKey>,
    /// Private ones too that whoever asks may see; `None`: only what is open to the company, so that the figures are the
    /// same for everybody.
    pub private: Option<Sees>,
    /// The instant at which something is due or not.
    pub now: Timestamp,
    /// Days after the planned one that still count as on time.
    pub tolerance_days: u32,
}

/// A release that is due and was not measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmeasured {
    /// The release.
    pub release: ReleaseSlug,
    /// Its name.
    pub name: String,
    /// Its team.
    pub team: TeamKey,
    /// Its owner, by mail address.
    pub owner: String,
    /// The code of its final verdict; `None`: there is no verdict.
    pub code: Option<String>,
}

impl PortfolioFilter {
    /// The condition on rows `s`, of which $1 to $3 are there already.
    fn condition(&self, values: &mut Vec<Value>) -> String {
        let mut sql = "s.launch_day >= $1 AND s.launch_day < $2 AND s.level IN ('L1', 'L2')".to_owned();
        let among = |teams: &[TeamKey], values: &mut Vec<Value>| {
            let mut places = Vec::with_capacity(teams.len());
            for team in teams {
                values.push(team.as_str().into());
                places.push(format!("${}", values.len()));
            }
            if places.is_empty() { "NULL".to_owned() } else { places.join(", ") }
        };
        if let Some(only) = &self.only {
            sql += &format!(" AND s.team IN ({})", among(only, values));
        }
        if !self.but.is_empty() {
            sql += &format!(" AND s.team NOT IN ({})", among(&self.but, values));
        }
        match &self.private {
            Some(Sees::Everything) => {}
            Some(Sees::OfTeams(own)) => {
                sql += &format!(" AND (s.visibility = 'company' OR s.team IN ({}))", among(own, values));
            }
            None => sql += " AND s.visibility = 'company'",
        }
        sql
    }

    fn values(&self) -> Vec<Value> {
        values![self.from.to_string(), self.until.to_string(), self.now]
    }
}

impl Store {
    /// Figures by team.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn figures(&self, filter: &PortfolioFilter) -> Result<BTreeMap<TeamKey, Figures>> {
        let mut values = filter.values();
        let condition = filter.condition(&mut values);
        values.push(i64::from(filter.tolerance_days).into());
        let on_time = format!("s.days_late <= ${}", values.len());
        let count =
            |condition: &str, name: &str| format!("SUM(CASE WHEN {condition} THEN 1 ELSE 0 END) AS {name}");
        let columns = [
            "s.team".to_owned(),
            "COUNT(*) AS launched".to_owned(),
            count("s.due_at <= $3", "due"),
            count("s.due_at <= $3 AND s.outcome = 'pass'", "passed"),
            count("s.due_at <= $3 AND s.outcome = 'marginal'", "marginal"),
            count("s.due_at <= $3 AND s.outcome = 'fail'", "failed"),
            count("s.due_at <= $3 AND s.outcome = 'undecided'", "undecided"),
            count("s.due_at <= $3 AND s.outcome IS NULL", "missing"),
            count("s.due_at <= $3 AND (s.judged_at IS NULL OR s.judged_at > s.due_at)", "late_verdicts"),
            count("NOT s.has_goal", "without_criteria"),
            count("s.seal = 'by'", "sealed_by_launch"),
            count("s.seal = 'after'", "sealed_late"),
            count("s.amendments > 0", "amended"),
            count("s.amended", "amended_counting"),
            count("s.due_at <= $3 AND s.stance = 'override' AND s.override_until > $3", "overridden"),
            count(&format!("s.due_at <= $3 AND {AFTER} = 'pass'"), "passed_after"),
            count(&format!("s.due_at <= $3 AND {AFTER} = 'marginal'"), "marginal_after"),
            count(&format!("s.due_at <= $3 AND {AFTER} = 'fail'"), "failed_after"),
            count(&format!("{MEASURED} AND {on_time} AND s.outcome = 'pass'"), "on_time_passed"),
            count(&format!("{MEASURED} AND {on_time} AND s.outcome <> 'pass'"), "on_time_not"),
            count(&format!("{MEASURED} AND NOT {on_time} AND s.outcome = 'pass'"), "late_passed"),
            count(&format!("{MEASURED} AND NOT {on_time} AND s.outcome <> 'pass'"), "late_not"),
            count("s.due_at <= $3 AND s.stance = 'accept'", "accepted"),
            count("s.due_at <= $3 AND s.stance = 'override'", "disagreed"),
            count(&format!("{MEASURED} AND s.confidence IS NOT NULL"), "sure"),
            count(&format!("{MEASURED} AND s.confidence IS NOT NULL AND s.outcome = 'pass'"), "sure_passed"),
            format!(
                "SUM(CASE WHEN {MEASURED} AND s.confidence IS NOT NULL THEN s.confidence ELSE 0.0 END) AS sure_sum"
            ),
            format!(
                "SUM(CASE WHEN {MEASURED} AND s.confidence IS NOT NULL THEN \
                 (s.confidence - CASE WHEN s.outcome = 'pass' THEN 1.0 ELSE 0.0 END) \
                 * (s.confidence - CASE WHEN s.outcome = 'pass' THEN 1.0 ELSE 0.0 END) ELSE 0.0 END) AS sure_squares"
            ),
        ];
        let sql = format!("SELECT {} FROM standings s WHERE {condition} GROUP BY s.team", columns.join(", "));
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        rows.iter().map(|row| Ok((row.parse("team")?, figures(row)?))).collect()
    }

    /// Figures of all teams together, in short: how many launched, are due, measured by what they came to, pending, and passed
    /// on time. All others are 0.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn figures_in_short(&self, filter: &PortfolioFilter) -> Result<Figures> {
        let mut values = filter.values();
        let condition = filter.condition(&mut values);
        values.push(i64::from(filter.tolerance_days).into());
        let place = values.len();
        let count = |condition: &str, name: &str| {
            format!("COALESCE(SUM(CASE WHEN s.due_at <= $3 AND {condition} THEN 1 ELSE 0 END), 0) AS {name}")
        };
        let columns = [
            "COUNT(*) AS launched".to_owned(),
            count("TRUE", "due"),
            count("s.outcome = 'pass'", "passed"),
            count("s.outcome = 'marginal'", "marginal"),
            count("s.outcome = 'fail'", "failed"),
            count(&format!("s.outcome = 'pass' AND s.days_late <= ${place}"), "on_time_passed"),
        ];
        let sql = format!("SELECT {} FROM standings s WHERE {condition}", columns.join(", "));
        in_short(&self.one(AssertSqlSafe(sql), values).await?)
    }

    /// Figures by team, and what is undecided by code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn portfolio(&self, filter: &PortfolioFilter) -> Result<Portfolio<TeamKey>> {
        let teams = self.figures(filter).await?;
        let mut values = filter.values();
        let condition = filter.condition(&mut values);
        let sql = format!(
            "SELECT s.code, COUNT(*) AS n FROM standings s WHERE {condition} AND s.due_at <= $3 \
             AND s.outcome = 'undecided' GROUP BY s.code"
        );
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        let undecided =
            rows.iter().map(|row| Ok((row.get("code")?, row.count("n")?))).collect::<Result<_>>()?;
        Ok(Portfolio { teams, undecided })
    }

    /// What was expected of goals and what was observed, by team.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn expectations(&self, filter: &PortfolioFilter) -> Result<BTreeMap<TeamKey, Expectations>> {
        let mut values = filter.values();
        let condition = filter.condition(&mut values);
        let sql = format!(
            "SELECT {TEAM} AS team, COUNT(*) AS goals, SUM(CASE WHEN e.met THEN 1 ELSE 0 END) AS met, \
             SUM(CASE WHEN e.expected <> 0.0 THEN 1 ELSE 0 END) AS compared, \
             SUM(CASE WHEN e.expected <> 0.0 THEN (e.observed - e.expected) / ABS(e.expected) ELSE 0.0 END) AS deviations \
             FROM standings s JOIN expectations e ON e.release = s.release \
             WHERE {condition} AND s.due_at <= $3 GROUP BY {TEAM}"
        );
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        rows.iter()
            .map(|row| {
                let expectations = Expectations {
                    goals: row.count("goals")?,
                    met: row.count("met")?,
                    deviations: row.get("deviations")?,
                    compared: row.count("compared")?,
                };
                Ok((row.parse("team")?, expectations))
            })
            .collect()
    }

    /// How many releases peers objected to the verdicts of, and how many open disputes there are, by team.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn disagreement(&self, filter: &PortfolioFilter) -> Result<BTreeMap<TeamKey, (u64, u64)>> {
        let mut by_team = BTreeMap::new();
        let [objections, disputes] = [
            "JOIN reviews x ON x.release = s.release AND x.verdict IS NOT NULL AND NOT x.agrees",
            "JOIN comments x ON x.release = s.release AND x.kind = 'dispute' AND x.is_open",
        ];
        for (join, is_objection) in [(objections, true), (disputes, false)] {
            let mut values = filter.values();
            let condition = filter.condition(&mut values);
            let sql = format!(
                "SELECT {TEAM} AS team, COUNT(DISTINCT s.release) AS n FROM standings s {join} \
                 WHERE {condition} AND s.due_at <= $3 GROUP BY {TEAM}"
            );
            for row in self.all(AssertSqlSafe(sql), values).await? {
                let of_team: &mut (u64, u64) = by_team.entry(row.parse("team")?).or_default();
                let n = row.count("n")?;
                if is_objection { of_team.0 = n } else { of_team.1 = n }
            }
        }
        Ok(by_team)
    }

    /// Releases that are due and were not measured, by slug, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unmeasured(&self, filter: &PortfolioFilter, limit: u32) -> Result<Vec<Unmeasured>> {
        let mut values = filter.values();
        let condition = filter.condition(&mut values);
        values.push(limit.into());
        let sql = format!(
            "SELECT u.release, u.team, u.code, r.name, r.owner FROM (SELECT s.release, s.team, s.code FROM standings s \
             WHERE {condition} AND s.due_at <= $3 AND (s.outcome IS NULL OR s.outcome = 'undecided') \
             ORDER BY s.release LIMIT ${}) u JOIN releases r ON r.slug = u.release ORDER BY u.release",
            values.len()
        );
        let rows = self.all(AssertSqlSafe(sql), values).await?;
        rows.iter()
            .map(|row| {
                Ok(Unmeasured {
                    release: row.parse("release")?,
                    name: row.get("name")?,
                    team: row.parse("team")?,
                    owner: row.get("owner")?,
                    code: row.get("code")?,
                })
            })
            .collect()
    }
}

/// What is told in short; all others are 0.
fn in_short(row: &Row) -> Result<Figures> {
    let (launched, due): (u64, u64) = (row.count("launched")?, row.count("due")?);
    Ok(Figures {
        launched,
        due,
        pending: launched.saturating_sub(due),
        passed: row.count("passed")?,
        marginal: row.count("marginal")?,
        failed: row.count("failed")?,
        on_time_passed: row.count("on_time_passed")?,
        ..Figures::default()
    })
}

fn figures(row: &Row) -> Result<Figures> {
    Ok(Figures {
        undecided: row.count("undecided")?,
        missing: row.count("missing")?,
        late_verdicts: row.count("late_verdicts")?,
        without_criteria: row.count("without_criteria")?,
        sealed_by_launch: row.count("sealed_by_launch")?,
        sealed_late: row.count("sealed_late")?,
        amended: row.count("amended")?,
        amended_counting: row.count("amended_counting")?,
        overridden: row.count("overridden")?,
        passed_after: row.count("passed_after")?,
        marginal_after: row.count("marginal_after")?,
        failed_after: row.count("failed_after")?,
        on_time_not: row.count("on_time_not")?,
        late_passed: row.count("late_passed")?,
        late_not: row.count("late_not")?,
        accepted: row.count("accepted")?,
        disagreed: row.count("disagreed")?,
        sure: row.count("sure")?,
        sure_sum: row.get("sure_sum")?,
        sure_passed: row.count("sure_passed")?,
        sure_squares: row.get("sure_squares")?,
        ..in_short(row)?
    })
}
