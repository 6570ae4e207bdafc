//! Opening a database: created, recognised, or refused with a sentence.

use sqlx::{Connection as _, PgConnection, SqliteConnection};
use yardstick_store::{MetricFilter, OnSchema, Store, StoreError};

use super::samples::{register, release};
use super::{block_on, both};

/// Runs a statement behind the store's back.
/// What makes a SQLite file of this version of the schema: the steps up to it, as they were released.
fn version(newest: usize) -> String {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/sqlite");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut script =
        "CREATE TABLE schema_versions (version BIGINT PRIMARY KEY, hash TEXT NOT NULL);".to_owned();
    for (version, file) in (1..).zip(&files[..newest]) {
        let step = std::fs::read_to_string(file).unwrap();
        let hash = yardstick_domain::digest::Digest::of(step.as_bytes());
        script +=
            &format!("{step}\nINSERT INTO schema_versions (version, hash) VALUES ({version}, '{hash}');");
    }
    script
}

async fn tamper(url: &str, sql: &'static str) {
    if url.starts_with("sqlite") {
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}

both! {
    async fn what_was_written_is_there_when_opened_again(database: Database) {
        register(&database.store).await;
        database.store.close().await;
        for on_schema in [OnSchema::Migrate, OnSchema::Refuse] {
            let store = Store::open(&database.url, on_schema).await.unwrap();
            assert_eq!(store.teams().await.unwrap().len(), 1);
        }
    }

    async fn a_newer_schema_is_refused(database: Database) {
        tamper(&database.url, "INSERT INTO schema_versions (version, hash) VALUES (4000, 'sha256:')").await;
        for on_schema in [OnSchema::Migrate, OnSchema::Refuse] {
            let error = Store::open(&database.url, on_schema).await.unwrap_err();
            assert!(matches!(error, StoreError::Newer { found: 4000, .. }), "{error}");
            assert!(error.to_string().contains("has schema version 4000"), "{error}");
        }
    }

    async fn a_schema_somebody_changed_is_refused(database: Database) {
        let hash = "UPDATE schema_versions SET hash = \
            'sha256:0000000000000000000000000000000000000000000000000000000000000000'";
        tamper(&database.url, hash).await;
        let error = Store::open(&database.url, OnSchema::Migrate).await.unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
    }

    async fn a_schema_that_would_need_migration_is_refused_when_asked_to(database: Database) {
        tamper(&database.url, "DELETE FROM schema_versions").await;
        let error = Store::open(&database.url, OnSchema::Refuse).await.unwrap_err();
        assert!(matches!(error, StoreError::Older { found: 0, .. }), "{error}");
    }

    async fn what_this_build_does_not_know_is_not_left_behind_by_a_copy(database: Database) {
        tamper(&database.url, "CREATE TABLE notes (id BIGINT PRIMARY KEY)").await;
        let target = Store::open("sqlite::memory:", OnSchema::Migrate).await.unwrap();
        let refused = database.store.copy_to(&target, &mut |_, _| {}).await.unwrap_err().to_string();
        assert!(refused.contains("has a table notes, which this build does not know"), "{refused}");
    }

    async fn unreadable_content_is_named(database: Database) {
        register(&database.store).await;
        tamper(&database.url, "UPDATE releases SET document = '{}'").await;
        let error = database.store.release(&"ga".parse().unwrap()).await.unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
        assert!(error.to_string().contains("the document of release ga"), "{error}");
    }
}

#[test]
fn a_file_is_copied_before_its_schema_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    std::fs::File::create(&path).unwrap();
    let url = format!("sqlite:{}", path.display());
    block_on(async {
        // As the build wrote it that had no outbox.
        let script = Box::leak(version(6).into_boxed_str());
        tamper(&url, script).await;
        let mut old = release("ga");
        old.issue = Some("https://example.com/issues/1/".to_owned());
        let rows = format!(
            r#"INSERT INTO teams (key, document, changed_at, changed_by) VALUES ('growth',
               '{{"key":"growth","name":"Growth","time_zone":"UTC","members":{{}},"digest":null,"urgent":[]}}', 0, 'host');
               INSERT INTO persons (id, document) VALUES ('ana@example.com', '{{}}');
               INSERT INTO releases (slug, team, owner, name, level, planned, version, document, registered_at,
               registered_by, changed_at, changed_by) VALUES ('ga', 'growth', 'ana@example.com', 'GA', 'L2',
               '2026-03-02', 1, '{}', 0, 'host', 0, 'host');"#,
            serde_json::to_string(&old).unwrap()
        );
        tamper(&url, Box::leak(rows.into_boxed_str())).await;
        let store = Store::open(&url, OnSchema::Migrate).await.unwrap();
        assert_eq!(store.teams().await.unwrap().len(), 1);
        assert_eq!(store.sinks().await.unwrap(), []);
        // Releases from before stand as they would.
        let waits = store.waits_of(&["ga".parse().unwrap()]).await.unwrap();
        assert_eq!(waits.len(), 1, "{waits:?}");
        // What a later step keeps beside the document is there for what was written before it.
        let team = "growth".parse().unwrap();
        let found = store.release_of_issue(&team, "https://example.com/issues/1").await.unwrap();
        assert_eq!(found, Some("ga".parse().unwrap()));
        let metrics = store.metrics_page(&MetricFilter::default(), None, 10).await.unwrap();
        assert_eq!(metrics.items.len(), 0);
        store.close().await;
    });
    let copy = folder.path().join("old.db.before-version-7");
    assert!(copy.exists(), "{:?}", std::fs::read_dir(folder.path()).unwrap().collect::<Vec<_>>());
    block_on(async {
        // It is whole, and of the version it had.
        let error = Store::open(&format!("sqlite:{}", copy.display()), OnSchema::Refuse).await.unwrap_err();
        assert!(matches!(error, StoreError::Older { found: 6, .. }), "{error}");
        assert!(error.to_string().ends_with("bring it up to date first: yardstick migrate"), "{error}");
    });
}

#[test]
fn a_server_is_spoken_to_by_tls_where_its_address_says_so() {
    let Some(server) = yardstick_tests::postgres::postgres() else { return };
    let name = server.database();
    let name = name.split('?').next().unwrap().rsplit('/').next().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let port = server.speak_tls(&made.cert.pem(), &made.signing_key.serialize_pem());
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root.pem");
    std::fs::write(&root, made.cert.pem()).unwrap();
    let url = |mode: &str| format!("postgres://postgres@localhost:{port}/{name}?sslmode={mode}");
    let rooted = format!("{}&sslrootcert={}", url("verify-full"), root.display());
    block_on(async {
        for (url, expected) in [(url("disable"), false), (url("require"), true), (rooted, true)] {
            let store = Store::open(&url, OnSchema::Migrate).await.unwrap();
            assert_eq!(store.teams().await.unwrap(), []);
            let mut connection = PgConnection::connect(&url).await.unwrap();
            let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
            let is_secret: bool = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
            assert_eq!(is_secret, expected, "{url}");
        }
        // A certificate that nobody vouches for is not taken where it has to be checked.
        let refused = Store::open(&url("verify-full"), OnSchema::Migrate).await.unwrap_err();
        assert!(refused.to_string().contains("certificate"), "{refused}");
    });
}

#[test]
fn an_empty_database_opened_by_many_at_once_is_migrated_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut urls = vec![format!("sqlite:{}", folder.path().join("new.db").display())];
    urls.extend(yardstick_tests::postgres::postgres().map(yardstick_tests::postgres::Postgres::database));
    block_on(async {
        for url in &urls {
            let open = || Store::open(url, OnSchema::Migrate);
            let (one, other, third) = tokio::join!(open(), open(), open());
            for store in [one.unwrap(), other.unwrap(), third.unwrap()] {
                assert_eq!(store.metrics().await.unwrap(), []);
            }
        }
    });
}

#[test]
fn a_database_in_memory_works_for_tests() {
    block_on(async {
        let store = Store::open("sqlite::memory:", OnSchema::Migrate).await.unwrap();
        register(&store).await;
        assert_eq!(store.teams().await.unwrap().len(), 1);
        assert_eq!(store.name(), "sqlite::memory:");
    });
}

#[test]
fn what_cannot_be_opened_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| folder.path().join(path).display().to_string();
    std::fs::write(at("text.db"), "This is a text and no database, and it is long enough to be looked at.")
        .unwrap();
    let cases = [
        (format!("sqlite:{}", at("no/such.db")), "the folder", "does not exist; create it first"),
        (format!("sqlite:{}", at("text.db")), "cannot open the database sqlite:", "not a database"),
        ("sqlite:".to_owned(), "expected a path", "yardstick.db"),
        ("mysql://root:secret@localhost/x".to_owned(), "cannot open the database mysql", "postgres://"),
        ("yardstick.db".to_owned(), "cannot open the database yardstick.db", "sqlite:PATH"),
        (
            format!("postgres://ana:secret@localhost/x?host={}", folder.path().display()),
            "cannot open the database postgres://ana@",
            "",
        ),
    ];
    for (url, first, second) in cases {
        let error = block_on(Store::open(&url, OnSchema::Migrate)).unwrap_err().to_string();
        assert!(error.contains(first) && error.contains(second), "{url}: {error}");
        assert!(!error.contains("secret"), "{error}");
    }
    let missing = format!("sqlite:{}", at("missing.db"));
    let error = block_on(Store::open(&missing, OnSchema::Refuse)).unwrap_err();
    assert!(error.to_string().ends_with("the file does not exist"), "{error}");
    assert!(!folder.path().join("missing.db").exists());
}
