//! A replay names the recorded input that was changed.

use sqlx::{Connection, PgConnection, SqliteConnection};

use yardstick_tests::databases::Database;

use super::{World, both, march};

/// Runs a statement behind the store's back.
pub(crate) async fn behind(database: &Database, sql: &'static str) {
    let changed = if database.url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(&database.url).await.unwrap();
        sqlx::query(sql).execute(&mut connection).await.unwrap().rows_affected()
    } else {
        let mut connection = PgConnection::connect(&database.url).await.unwrap();
        sqlx::query(sql).execute(&mut connection).await.unwrap().rows_affected()
    };
    assert!(changed > 0, "{sql}");
}

/// The number that a statement counts.
pub(crate) async fn count(database: &Database, sql: &'static str) -> i64 {
    if database.url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(&database.url).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
    } else {
        let mut connection = PgConnection::connect(&database.url).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
    }
}

/// The only text in a column of a table.
async fn text(database: &Database, table: &str, column: &str) -> String {
    let sql = sqlx::AssertSqlSafe(format!("SELECT {column} FROM {table}"));
    if database.url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(&database.url).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
    } else {
        let mut connection = PgConnection::connect(&database.url).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
    }
}

async fn restore(database: &Database, table: &str, column: &str, value: &str) {
    let sql = sqlx::AssertSqlSafe(format!("UPDATE {table} SET {column} = $1"));
    if database.url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(&database.url).await.unwrap();
        sqlx::query(sql).bind(value).execute(&mut connection).await.unwrap();
    } else {
        let mut connection = PgConnection::connect(&database.url).await.unwrap();
        sqlx::query(sql).bind(value).execute(&mut connection).await.unwrap();
    }
}

async fn judged(database: &Database) -> World {
    let world = World::launched(database).await;
    world.at("2026-03-11T12:00:00Z");
    world.import("app.uses", &march(1, 10, "9")).await.unwrap();
    world.judge("quick-start", None).await.unwrap();
    world
}

async fn named(world: &World) -> Vec<(Option<String>, String)> {
    let replay = world.app.replay(&world.caller(), &"quick-start/d7".parse().unwrap()).await.unwrap();
    replay.differences.into_iter().map(|difference| (difference.criterion, difference.part)).collect()
}

fn of_uses(part: &str) -> Vec<(Option<String>, String)> {
    vec![(Some("uses".into()), part.into())]
}

both! {
    async fn a_changed_frame_is_named(database: Database) {
        let world = judged(&database).await;
        let sql = if database.url.starts_with("sqlite:") {
            "UPDATE frames SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || x'07' AS BLOB)"
        } else {
            "UPDATE frames SET bytes = substring(bytes for length(bytes) - 1) || '\\x07'::bytea"
        };
        behind(&database, sql).await;
        let named = named(&world).await;
        assert!(!named.is_empty() && named.iter().all(|(_, part)| part.starts_with("frame ")), "{named:?}");
    }

    async fn a_changed_question_is_named(database: Database) {
        let world = judged(&database).await;
        behind(&database, "UPDATE findings SET judgement = replace(judgement, '\"looks\":[', '\"looks\":[1,')").await;
        assert_eq!(named(&world).await, of_uses("question"));
    }

    async fn a_changed_finding_is_named(database: Database) {
        let world = judged(&database).await;
        behind(&database, "UPDATE findings SET judgement = replace(judgement, '\"value\":63.0', '\"value\":64.0')").await;
        assert_eq!(named(&world).await, of_uses("finding"));
    }

    async fn a_changed_criterion_is_named(database: Database) {
        let world = judged(&database).await;
        behind(&database, "UPDATE findings SET judgement = replace(judgement, 'at least 60 times', 'at least 6 times')").await;
        assert_eq!(named(&world).await, of_uses("criterion"));
    }

    async fn changed_terms_are_named(database: Database) {
        let world = judged(&database).await;
        let sql = if database.url.starts_with("sqlite:") {
            "UPDATE terms SET bytes = CAST(replace(CAST(bytes AS TEXT), '60', '61') AS BLOB)"
        } else {
            "UPDATE terms SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'), '60', '61'), 'UTF8')"
        };
        behind(&database, sql).await;
        assert_eq!(named(&world).await, [(None, "terms".to_owned())]);
    }

    async fn a_changed_outcome_is_named(database: Database) {
        let world = judged(&database).await;
        behind(&database, "UPDATE verdicts SET document = replace(document, '\"outcome\":\"pass\"', '\"outcome\":\"fail\"')").await;
        assert_eq!(named(&world).await, [(None, "record".to_owned())], "listed otherwise than recorded");
        behind(&database, "UPDATE verdicts SET outcome = 'fail'").await;
        assert_eq!(named(&world).await, [(None, "outcome".to_owned())]);
    }

    async fn changes_of_the_record_are_named(database: Database) {
        let table = [
            ("UPDATE findings SET judgement = replace(judgement, '\"replayable\":true', '\"replayable\":false')", Some("uses"), "run"),
            ("UPDATE findings SET judgement = replace(judgement, '\"key\":\"totals\",\"digest\"', '\"key\":\"other\",\"digest\"')", Some("uses"), "frames"),
            ("UPDATE verdicts SET document = replace(document, 'All goals are met', 'All went well')", None, "headline"),
            ("UPDATE verdicts SET document = replace(document, '\"is_final\":true', '\"is_final\":false')", None, "record"),
            ("UPDATE verdicts SET document = replace(document, '\"launch\":\"2026-03-02T10', '\"launch\":\"2026-03-02T11')", None, "record"),
            ("DELETE FROM findings", Some("uses"), "finding"),
        ];
        let world = judged(&database).await;
        let verdict = world.app.verdicts(&world.caller(), &Default::default(), None, 10).await.unwrap();
        assert_eq!(verdict.items.len(), 1);
        for (sql, criterion, part) in table {
            let mut keep = Vec::new();
            for (table, column) in [("verdicts", "document"), ("findings", "judgement")] {
                keep.push((table, column, text(&database, table, column).await));
            }
            behind(&database, sql).await;
            let named = named(&world).await;
            assert!(named.contains(&(criterion.map(str::to_owned), part.to_owned())), "{sql}: {named:?}");
            if sql.starts_with("UPDATE") {
                for (table, column, value) in keep {
                    restore(&database, table, column, &value).await;
                }
                assert_eq!(self::named(&world).await, [], "{sql}");
            }
        }
    }
}
