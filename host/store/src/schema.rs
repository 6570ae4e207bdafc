//! The schema and its versions.

use yardstick_domain::digest::Digest;

use crate::database::{Lock, Pool, Store, Tx};
use crate::error::{Result, StoreError};
use crate::open::OnSchema;
use crate::rows::values;

/// One step of the schema, the same step for both databases.
struct Migration {
    version: i64,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migration {
    ($version:literal, $file:literal) => {
        Migration {
            version: $version,
            sqlite: include_str!(concat!("../../../migrations/sqlite/", $file)),
            postgres: include_str!(concat!("../../../migrations/postgres/", $file)),
        }
    };
}

/// Ascending. A released one never changes: the next change is the next pair of files.
const MIGRATIONS: &[Migration] = &[
    migration!(1, "0001_spine.sql"),
    migration!(2, "0002_import_keys.sql"),
    migration!(3, "0003_plugins.sql"),
    migration!(4, "0004_jobs.sql"),
    migration!(5, "0005_access.sql"),
    migration!(6, "0006_audit.sql"),
    migration!(7, "0007_outbox.sql"),
    migration!(8, "0008_decisions.sql"),
    migration!(9, "0009_retros.sql"),
    migration!(10, "0010_standings.sql"),
    migration!(11, "0011_intake.sql"),
    migration!(12, "0012_roadmap.sql"),
    migration!(13, "0013_interface.sql"),
    migration!(14, "0014_final.sql"),
];

/// The version from which on the row of every release that says how it stands says all of it.
const STANDINGS: i64 = 14;

/// Which migrations a database has had; the hash tells a file that was changed afterwards.
const VERSIONS: &str = "CREATE TABLE IF NOT EXISTS schema_versions \
    (version BIGINT PRIMARY KEY, hash TEXT NOT NULL)";

impl Migration {
    fn sql(&self, tx: &Tx) -> &'static str {
        match tx {
            Tx::Sqlite { .. } => self.sqlite,
            Tx::Postgres(_) => self.postgres,
        }
    }
}

impl Store {
    /// Brings the schema to this build's version, all steps in one transaction, or refuses.
    pub(crate) async fn bring_up_to_date(&self, on_schema: OnSchema) -> Result<()> {
        let known = MIGRATIONS.last().map_or(0, |migration| migration.version);
        // Reading alone, the usual case does not wait for somebody who is writing.
        let found = self.schema_version(&mut self.read().await?).await?;
        if found == known {
            return Ok(());
        }
        if on_schema == OnSchema::Refuse {
            return Err(StoreError::Older { name: self.name().to_owned(), found, known });
        }
        if found > 0 {
            self.keep_copy(found).await?;
        }
        let mut tx = self.write().await?;
        tx.lock(Lock::Register).await?;
        // Another process may just have done it.
        let found = self.schema_version(&mut tx).await?;
        tx.execute(VERSIONS, values![]).await?;
        for migration in MIGRATIONS.iter().filter(|migration| migration.version > found) {
            let sql = migration.sql(&tx);
            tx.script(sql).await?;
            let values = values![migration.version, Digest::of(sql.as_bytes())];
            tx.execute("INSERT INTO schema_versions (version, hash) VALUES ($1, $2)", values).await?;
        }
        // Releases from before there were such rows have them from here on.
        if found > 0 && found < STANDINGS {
            tx.stand_all().await?;
        }
        tx.commit().await
    }

    /// The version of the schema that this build works with.
    #[must_use]
    pub fn known_schema() -> i64 {
        MIGRATIONS.last().map_or(0, |migration| migration.version)
    }

    /// Keeps a copy of a SQLite file as it is before its schema is changed, beside it, under the version it has:
    /// whoever has to go back to the older build needs it. One that is there already is left as it is.
    async fn keep_copy(&self, version: i64) -> Result<()> {
        let Pool::Sqlite { pool, .. } = &self.pool else { return Ok(()) };
        let path = self.name().strip_prefix("sqlite:").unwrap_or(self.name());
        if path == ":memory:" {
            return Ok(());
        }
        let copy = format!("{path}.before-version-{}", version + 1);
        if std::path::Path::new(&copy).exists() {
            return Ok(());
        }
        match sqlx::query("VACUUM INTO $1").bind(&copy).execute(pool).await {
            Ok(_) => Ok(()),
            // Another process was as quick.
            Err(_) if std::path::Path::new(&copy).exists() => Ok(()),
            Err(error) => Err(StoreError::Open {
                name: self.name().to_owned(),
                why: format!("no copy can be kept in {copy} before its schema is changed: {error}"),
            }),
        }
    }

    /// The version of the schema; 0: there is none.
    async fn schema_version(&self, tx: &mut Tx) -> Result<i64> {
        let exists = match tx {
            Tx::Sqlite { .. } => {
                "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'schema_versions') AS it"
            }
            Tx::Postgres(_) => "SELECT to_regclass('schema_versions') IS NOT NULL AS it",
        };
        if !tx.one(exists, values![]).await?.get::<bool>("it")? {
            return Ok(0);
        }
        let mut found = 0;
        for row in tx.all("SELECT version, hash FROM schema_versions ORDER BY version", values![]).await? {
            found = row.get("version")?;
            let Some(migration) = MIGRATIONS.iter().find(|migration| migration.version == found) else {
                let known = MIGRATIONS.last().map_or(0, |migration| migration.version);
                return Err(StoreError::Newer { name: self.name().to_owned(), found, known });
            };
            if row.parse::<Digest>("hash")? != Digest::of(migration.sql(tx).as_bytes()) {
                let what = format!("its schema version {found} is not the one this build knows");
                return Err(StoreError::corrupt(what));
            }
        }
        Ok(found)
    }
}
