//! What earlier versions ask their databases is there in the newest schema: their services go on while it is brought up to
//! date. `cargo xtask statements` keeps the statements of a version.

use std::collections::BTreeSet;
use std::path::Path;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};
use yardstick_tests::databases::{on_postgres, on_sqlite};

/// Statements of all versions that are kept, by file.
fn kept(kind: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/statements");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(&format!(".{kind}.sql")) {
            let text = std::fs::read_to_string(&path).unwrap();
            all.extend(text.lines().map(|line| (name.clone(), line.to_owned())));
        }
    }
    assert!(all.len() > 150, "{} statements are kept", all.len());
    all
}

/// The table and the columns that a statement inserts into.
fn inserted(statement: &str) -> Option<(&str, BTreeSet<&str>)> {
    let rest = statement.strip_prefix("INSERT INTO ")?;
    let (table, rest) = rest.split_once(" (")?;
    Some((table, rest.split_once(')')?.0.split(", ").collect()))
}

/// Plans a statement, so that what a conflict is looked for by must be there too, and does not run it.
async fn planned(connection: &mut PgConnection, statement: &str) -> Result<(), String> {
    let mut types = vec!["unknown"; places(statement)];
    loop {
        let list =
            |words: &[&str]| if words.is_empty() { String::new() } else { format!("({})", words.join(", ")) };
        let nulls = list(&vec!["NULL"; types.len()]);
        let script = format!(
            "PREPARE kept {} AS {statement}; EXPLAIN EXECUTE kept{nulls}; DEALLOCATE kept",
            list(&types)
        );
        let explained = sqlx::raw_sql(AssertSqlSafe(script)).execute(&mut *connection).await;
        let Err(error) = explained else { return Ok(()) };
        // The store says what it binds; where the text alone does not tell, it is a number.
        let text = error.to_string();
        let place = text.split("could not determine data type of parameter $").nth(1);
        let place: Option<usize> = place.and_then(|rest| rest.split(' ').next()?.parse().ok());
        match place {
            Some(place) if types[place - 1] == "unknown" => types[place - 1] = "bigint",
            _ => return Err(text),
        }
    }
}

/// How many places a statement has.
fn places(statement: &str) -> usize {
    let numbers = statement.split('$').skip(1);
    let number = |text: &str| {
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(0)
    };
    numbers.map(number).max().unwrap_or(0)
}

#[test]
fn statements_of_earlier_versions_run_on_the_newest_schema_of_sqlite() {
    on_sqlite(async |database| {
        let mut connection = SqliteConnection::connect(&database.url).await.unwrap();
        for (file, statement) in kept("sqlite") {
            let explained =
                sqlx::query(AssertSqlSafe(format!("EXPLAIN {statement}"))).fetch_all(&mut connection).await;
            assert!(explained.is_ok(), "{file}: {statement}\n{}", explained.unwrap_err());
            let Some((table, columns)) = inserted(&statement) else { continue };
            let asked = format!(
                "SELECT name FROM pragma_table_info('{table}') WHERE \"notnull\" AND dflt_value IS NULL AND NOT pk"
            );
            for row in sqlx::query(AssertSqlSafe(asked)).fetch_all(&mut connection).await.unwrap() {
                let needed: String = row.get("name");
                assert!(columns.contains(needed.as_str()), "{file}: {statement}\ndoes not give {needed}");
            }
        }
    });
}

#[test]
fn statements_of_earlier_versions_run_on_the_newest_schema_of_postgresql() {
    on_postgres(async |database| {
        let mut connection = PgConnection::connect(&database.url).await.unwrap();
        for (file, statement) in kept("postgres") {
            let planned = planned(&mut connection, &statement).await;
            assert!(planned.is_ok(), "{file}: {statement}\n{}", planned.unwrap_err());
            let Some((table, columns)) = inserted(&statement) else { continue };
            let asked = format!(
                "SELECT column_name::text AS name FROM information_schema.columns WHERE table_name = '{table}' \
                 AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'"
            );
            for row in sqlx::query(AssertSqlSafe(asked)).fetch_all(&mut connection).await.unwrap() {
                let needed: String = row.get("name");
                assert!(columns.contains(needed.as_str()), "{file}: {statement}\ndoes not give {needed}");
            }
        }
    });
}

#[test]
fn what_a_statement_gives_is_read_from_it() {
    let statement = "INSERT INTO jobs (kind, key) VALUES ($1, $12) ON CONFLICT DO NOTHING";
    assert_eq!(inserted(statement), Some(("jobs", BTreeSet::from(["kind", "key"]))));
    assert_eq!((places(statement), places("SELECT 1")), (12, 0));
    assert_eq!(inserted("UPDATE jobs SET key = $1"), None);
}
