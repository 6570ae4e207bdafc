//! Roadmaps as CSV: whichever columns a list has, those of a release are found by their names, as GitHub Projects and
//! spreadsheets write them.

use jiff::civil::Date;
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::intake::template;
use yardstick_domain::level::Level;

use crate::import::RowProblem;

/// The most rows of a roadmap.
pub const MOST_ROWS: usize = 10_000;
/// The longest name or key, in characters.
const MOST_NAME: usize = 200;
/// The longest address of an issue, in bytes.
const MOST_ISSUE: usize = 2_000;
/// Columns that are named in a message.
const SHOWN_COLUMNS: usize = 20;

/// A row as it is written; names of teams and people are for others to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoadmapRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Its name, on one line.
    pub name: String,
    /// Its own key.
    pub key: Option<String>,
    /// The team's key, in small letters.
    pub team: Option<String>,
    /// How big the launch is.
    pub level: Option<Level>,
    /// The planned day.
    pub planned: Option<Date>,
    /// Who answers for it.
    pub owner: Option<OwnerCell>,
    /// Address of the tracking issue, without a slash at its end.
    pub issue: Option<String>,
    /// The release's slug.
    pub release: Option<ReleaseSlug>,
}

/// Who answers for a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnerCell {
    /// One person, who must be known: a mail address or a GitHub login.
    One(String),
    /// GitHub logins of those who work on it; the first that is known counts.
    Assignees(Vec<String>),
}

/// The columns of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Name,
    Key,
    Team,
    Level,
    Planned,
    Owner,
    Assignees,
    Issue,
    Release,
}

impl Field {
    /// The field of a column of this name, in whichever case and with whichever blanks; `None`: none of ours.
    fn named(column: &str) -> Option<Self> {
        let name: String = column.chars().filter(|c| c.is_alphanumeric()).collect();
        Some(match name.to_lowercase().as_str() {
            "name" | "title" => Self::Name,
            "key" | "id" => Self::Key,
            "team" => Self::Team,
            "level" | "launchlevel" => Self::Level,
            "planned" | "planneddate" | "plannedday" | "targetdate" | "launchdate" | "enddate" | "date" => {
                Self::Planned
            }
            "owner" => Self::Owner,
            "assignees" | "assignee" => Self::Assignees,
            "issue" | "url" | "issueurl" => Self::Issue,
            "release" | "slug" => Self::Release,
            _ => return None,
        })
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Key => "key",
            Self::Team => "team",
            Self::Level => "level",
            Self::Planned => "planned",
            Self::Owner => "owner",
            Self::Assignees => "assignees",
            Self::Issue => "issue",
            Self::Release => "release",
        }
    }
}

/// The rows of a roadmap, or everything that is wrong with it.
///
/// # Errors
/// Each problem with its line and column.
pub fn read(bytes: &[u8]) -> Result<Vec<RoadmapRow>, Vec<RowProblem>> {
    let whole = |message: String| vec![problem(1, "", message)];
    let text = std::str::from_utf8(bytes).map_err(|_| whole("the file is not UTF-8".to_owned()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let head = text.lines().next().unwrap_or_default();
    // GitHub Projects separates by tabs.
    let delimiter = if head.contains('\t') && !head.contains(',') { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| whole(format!("the header cannot be read: {error}")))?;
    let columns = columns(header).map_err(|problem| vec![problem])?;
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                problems.push(problem(line, "", sentence(&error)));
                continue;
            }
        };
        if rows.len() == MOST_ROWS {
            problems.push(problem(1, "", format!("the file has more than {MOST_ROWS} rows")));
            break;
        }
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            rows.extend(row(&record, line_of(text, &record), &columns, &mut problems));
        }
    }
    if problems.is_empty() { Ok(rows) } else { Err(problems) }
}

/// Where the columns of a release are.
fn columns(header: &csv::StringRecord) -> Result<Vec<(Field, usize)>, RowProblem> {
    let mut found: Vec<(Field, usize)> = Vec::new();
    for (index, column) in header.iter().enumerate() {
        let Some(field) = Field::named(column) else { continue };
        if let Some((_, other)) = found.iter().find(|(known, _)| *known == field) {
            let message = format!(
                "{:?} and {:?} both give the {}; keep one",
                template::line(&header[*other], 40),
                template::line(column, 40),
                field.as_str()
            );
            return Err(problem(1, field.as_str(), message));
        }
        found.push((field, index));
    }
    if found.iter().any(|(field, _)| *field == Field::Name) {
        return Ok(found);
    }
    let known: Vec<String> =
        header.iter().take(SHOWN_COLUMNS).map(|column| template::line(column, 40)).collect();
    let message = format!(
        "no column is called name or title; there are {}",
        if known.is_empty() { "none".to_owned() } else { known.join(", ") }
    );
    Err(problem(1, "name", message))
}

/// A row, or its problems.
fn row(
    record: &csv::StringRecord,
    line: u64,
    columns: &[(Field, usize)],
    problems: &mut Vec<RowProblem>,
) -> Option<RoadmapRow> {
    let cell = |wanted: Field| {
        let index = columns.iter().find(|(field, _)| *field == wanted).map(|(_, index)| *index)?;
        record.get(index).map(str::trim).filter(|text| !text.is_empty())
    };
    let before = problems.len();
    let mut wrong = |field: Field, message: String| problems.push(problem(line, field.as_str(), message));
    let mut short = |field: Field| {
        let text = cell(field).map(|text| template::line(text, MOST_NAME + 1))?;
        if text.chars().count() > MOST_NAME {
            wrong(field, format!("has more than {MOST_NAME} characters"));
        }
        Some(text).filter(|text| !text.is_empty())
    };
    let (name, key) = (short(Field::Name), short(Field::Key));
    if name.is_none() {
        wrong(Field::Name, "is empty; every release has a name".to_owned());
    }
    let level = cell(Field::Level).map(template::level);
    let level = level.and_then(|read| read.map_err(|message| wrong(Field::Level, message)).ok());
    let planned = cell(Field::Planned).map(day);
    let planned = planned.and_then(|read| read.map_err(|message| wrong(Field::Planned, message)).ok());
    let issue = cell(Field::Issue).map(issue);
    let issue = issue.and_then(|read| read.map_err(|message| wrong(Field::Issue, message)).ok());
    let release = cell(Field::Release).map(str::parse::<ReleaseSlug>);
    let release =
        release.and_then(|read| read.map_err(|error| wrong(Field::Release, error.to_string())).ok());
    let owner = cell(Field::Owner).map(|text| OwnerCell::One(text.to_owned())).or_else(|| {
        let logins = cell(Field::Assignees)?.split([',', ' ', ';']).filter(|login| !login.is_empty());
        Some(OwnerCell::Assignees(logins.take(SHOWN_COLUMNS).map(str::to_owned).collect()))
    });
    let team = cell(Field::Team).map(str::to_lowercase);
    if problems.len() > before {
        return None;
    }
    Some(RoadmapRow { line, name: name?, key, team, level, planned, owner, issue, release })
}

/// The line a record begins in, from 1: blank lines before it are passed over, and are lines all the same.
fn line_of(text: &str, record: &csv::StringRecord) -> u64 {
    let Some(position) = record.position() else { return 1 };
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
    position.line() + blank.filter(|byte| **byte == b'\n').count() as u64
}

/// A day such as `2026-03-03`, or as GitHub Projects writes it, `Mar 3, 2026`.
fn day(text: &str) -> Result<Date, String> {
    template::planned(text).or_else(|message| {
        let written = Date::strptime("%b %d, %Y", text).ok();
        written.filter(|day| (2000..=2200).contains(&day.year())).ok_or(message)
    })
}

fn issue(text: &str) -> Result<String, String> {
    let text = text.trim_end_matches('/');
    let good = (text.starts_with("https://") || text.starts_with("http://"))
        && text.len() <= MOST_ISSUE
        && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    if good {
        Ok(text.to_owned())
    } else {
        Err(format!("{:?} is no address; expected https://…", template::line(text, 80)))
    }
}

fn problem(line: u64, column: &str, message: String) -> RowProblem {
    RowProblem { line, column: column.to_owned(), message }
}

fn sentence(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} cells, and the header has {expected_len}")
        }
        _ => "cannot be read as CSV".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused(text: &str) -> Vec<String> {
        read(text.as_bytes()).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_list_of_ours_is_read() {
        let rows = read(
            "key,name,team,level,planned,owner,issue,release\n\
             r1,Faster sign-up,Growth,L2,2026-03-03,ana@example.com,https://example.com/1/,faster\n\n,Größe,,,,,,\n"
                .as_bytes(),
        )
        .unwrap();
        let whole = RoadmapRow {
            line: 2,
            name: "Faster sign-up".to_owned(),
            key: Some("r1".to_owned()),
            team: Some("growth".to_owned()),
            level: Some(Level::L2),
            planned: Some("2026-03-03".parse().unwrap()),
            owner: Some(OwnerCell::One("ana@example.com".to_owned())),
            issue: Some("https://example.com/1".to_owned()),
            release: Some("faster".parse().unwrap()),
        };
        assert_eq!(rows[0], whole);
        assert_eq!((rows[1].line, rows[1].name.as_str(), rows[1].planned), (4, "Größe", None));
        assert_eq!(rows.len(), 2);
    }

    #[test]
    fn a_list_of_github_projects_is_read() {
        let text = "\u{feff}Title\tURL\tAssignees\tStatus\tTarget date\tLaunch Level\n\
                    Faster, sign-up\thttps://github.com/example/product/issues/1\tana-l, ben-o\tTodo\tMar 3, 2026\tMedium\n";
        let rows = read(text.as_bytes()).unwrap();
        assert_eq!(rows[0].name, "Faster, sign-up");
        assert_eq!(rows[0].owner, Some(OwnerCell::Assignees(vec!["ana-l".to_owned(), "ben-o".to_owned()])));
        assert_eq!((rows[0].planned, rows[0].level), (Some("2026-03-03".parse().unwrap()), Some(Level::L2)));
    }

    #[test]
    fn everything_that_is_wrong_is_told_by_line() {
        assert_eq!(
            refused("name,level,planned,issue,release\n,L9,soon,example.com,No Slug\nok,,,,\nshort\n"),
            [
                "line 2, name: is empty; every release has a name",
                "line 2, level: level: \"L9\" is none of L1 (the largest), L2 and L3",
                "line 2, planned: planned date: \"soon\" is no day; expected year-month-day, such as 2026-03-03",
                "line 2, issue: \"example.com\" is no address; expected https://…",
                "line 2, release: \"No Slug\" is no release slug; expected 1 to 80 of a-z 0-9 -, first a letter or digit",
                "line 4: has 1 cells, and the header has 5",
            ]
        );
        assert_eq!(
            refused("a,b\n1,2\n"),
            ["line 1, name: no column is called name or title; there are a, b"]
        );
        assert_eq!(
            refused("name,Title\n1,2\n"),
            ["line 1, name: \"name\" and \"Title\" both give the name; keep one"]
        );
        assert_eq!(refused(""), ["line 1, name: no column is called name or title; there are none"]);
        assert!(read(b"name\n\xff\n").unwrap_err()[0].message.contains("not UTF-8"));
        let many = format!("name\n{}", "x\n".repeat(MOST_ROWS + 1));
        assert_eq!(refused(&many), ["line 1: the file has more than 10000 rows"]);
        assert_eq!(
            refused(&format!("name\n{}\n", "x".repeat(201))),
            ["line 2, name: has more than 200 characters"]
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300), rest in "[,\"\\PC\n\t]{0,200}") {
            let _ = read(&bytes);
            let text = format!("name,planned,owner,issue\n{rest}");
            if let Ok(rows) = read(text.as_bytes()) {
                prop_assert!(rows.iter().all(|row| !row.name.is_empty() && !row.name.contains('\0')));
            }
        }
    }
}
