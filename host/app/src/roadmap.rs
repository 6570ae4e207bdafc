//! Roadmaps: imported by those whose rows they have, seen by everybody.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::{ListName, PersonId, TeamKey};
use yardstick_domain::nearest;
use yardstick_domain::people::{Person, Team};
use yardstick_domain::roadmap::{Expected, ExpectedRelease};
use yardstick_metrics::import::RowProblem;
use yardstick_metrics::roadmap::{OwnerCell, RoadmapRow, read};
use yardstick_store::{ExpectedFilter, Page, RoadmapImport, RoadmapImported};

use crate::error::{AppError, Result};
use crate::import::FileRefused;
use crate::{App, Caller};

/// Problems that are listed.
const MOST_PROBLEMS: usize = 100;

impl App {
    /// Imports a list of expected releases: all of it, or nothing. An operator any, a maintainer rows of their teams, into
    /// a list without rows of others'. What is no longer on it is withdrawn. `dry_run`: only look.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for rows of others'; the inner error lists rows that cannot be imported.
    pub async fn import_roadmap(
        &self,
        caller: &Caller,
        list: &ListName,
        file: &[u8],
        dry_run: bool,
    ) -> Result<std::result::Result<RoadmapImported, FileRefused>> {
        let written = match read(file) {
            Ok(rows) => rows,
            Err(problems) => return Ok(Err(refused(problems))),
        };
        let (rows, problems) = self.understood(written).await?;
        if !problems.is_empty() {
            return Ok(Err(refused(problems)));
        }
        let own = self.may_expect(caller, &rows).await?;
        let hash = Digest::of(file);
        let import = RoadmapImport { list: list.clone(), rows, own, hash, dry_run };
        let came = self.store.import_roadmap(&import, &caller.actor, caller.now).await?;
        if came.foreign > 0 {
            self.refused(caller, "import rows of others' into", &format!("roadmap {list}")).await?;
            return Err(AppError::Forbidden(format!(
                "the list {list} has rows of others', which this would change or withdraw; import a list of your own \
                 name, or ask an operator"
            )));
        }
        Ok(Ok(came))
    }

    /// Expected releases, the earliest planned day first, a page of at most `limit` at a time. What became a private
    /// release is not there for others, neither as registered nor as expected.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn expected_releases(
        &self,
        caller: &Caller,
        filter: &ExpectedFilter,
        after: Option<(Option<Date>, i64)>,
        limit: u32,
    ) -> Result<Page<ExpectedRelease, (Option<Date>, i64)>> {
        let filter = ExpectedFilter { sees: self.sees(caller).await?, ..filter.clone() };
        Ok(self.store.expected_releases(&filter, after, limit).await?)
    }

    /// Whose rows whoever asks may change; refuses rows that are not theirs. `None`: everybody's.
    async fn may_expect(&self, caller: &Caller, rows: &[Expected]) -> Result<Option<BTreeSet<TeamKey>>> {
        if self.is_operator(caller).await? {
            return Ok(None);
        }
        if rows.is_empty() || rows.iter().any(|row| row.team.is_none()) {
            self.require_operator(caller, "import rows of a roadmap that have no team").await?;
        }
        let teams: BTreeSet<TeamKey> = rows.iter().filter_map(|row| row.team.clone()).collect();
        for team in &teams {
            self.require_maintainer(caller, team, "import a roadmap for").await?;
        }
        Ok(Some(teams))
    }

    /// Rows with the teams and people they name, and what is wrong with them.
    async fn understood(&self, rows: Vec<RoadmapRow>) -> Result<(Vec<Expected>, Vec<RowProblem>)> {
        let (teams, persons) = (self.store.teams().await?, self.store.persons().await?);
        let (mut understood, mut problems) = (Vec::with_capacity(rows.len()), Vec::new());
        let mut lines: BTreeMap<String, u64> = BTreeMap::new();
        for row in rows {
            let line = row.line;
            let wrong = |column: &str, message| RowProblem { line, column: column.to_owned(), message };
            let team = known_team(row.team.as_deref(), &teams).map_err(|why| wrong("team", why));
            let owner = known_owner(row.owner.as_ref(), &persons).map_err(|why| wrong("owner", why));
            let key = Expected::identity(row.key.as_deref(), row.issue.as_deref(), &row.name, row.planned);
            if let Some(other) = lines.insert(key.clone(), line) {
                let message = format!("the same release as in line {other}; keep one, or give each a key");
                problems.push(wrong("key", message));
            }
            match (team, owner) {
                (Ok(team), Ok(owner)) => understood.push(Expected {
                    key,
                    name: row.name,
                    team,
                    level: row.level,
                    planned: row.planned,
                    owner,
                    issue: row.issue,
                    named: row.release,
                }),
                (team, owner) => problems.extend(team.err().into_iter().chain(owner.err())),
            }
        }
        Ok((understood, problems))
    }
}

/// A team that is registered.
fn known_team(text: Option<&str>, teams: &[Team]) -> std::result::Result<Option<TeamKey>, String> {
    let Some(text) = text else { return Ok(None) };
    let found = teams.iter().find(|team| team.key.as_str() == text || team.name.to_lowercase() == *text);
    let hint = || nearest::hint(text, teams.iter().map(|team| team.key.as_str()));
    let shown: String = text.chars().take(80).collect();
    found.map(|team| Some(team.key.clone())).ok_or_else(|| format!("there is no team {shown:?}{}", hint()))
}

/// Who answers for a row: a mail address as it is, a login by `handles.github`.
fn known_owner(
    cell: Option<&OwnerCell>,
    persons: &[Person],
) -> std::result::Result<Option<PersonId>, String> {
    let by_login = |login: &str| {
        let login = login.trim_start_matches('@');
        let is_theirs = |handle: &String| handle.trim_start_matches('@').eq_ignore_ascii_case(login);
        persons.iter().find(|person| person.handles.get("github").is_some_and(is_theirs))
    };
    match cell {
        None => Ok(None),
        // Whoever works on it need not be known here.
        Some(OwnerCell::Assignees(logins)) => {
            Ok(logins.iter().find_map(|login| by_login(login)).map(|person| person.id.clone()))
        }
        Some(OwnerCell::One(text)) => match text.to_lowercase().parse::<PersonId>() {
            Ok(person) if !text.starts_with('@') => Ok(Some(person)),
            _ => {
                let shown: String = text.chars().take(80).collect();
                let known = by_login(text).map(|person| Some(person.id.clone()));
                known.ok_or_else(|| {
                    format!("{shown:?} is neither a mail address nor the handles.github of a person")
                })
            }
        },
    }
}

fn refused(mut rows: Vec<RowProblem>) -> FileRefused {
    rows.sort();
    let count = rows.len() as u64;
    rows.truncate(MOST_PROBLEMS);
    FileRefused { rows, count }
}
