//! All of a database, copied into another one of either kind, and compared with it row by row.

use futures_util::TryStreamExt as _;
use sqlx::AssertSqlSafe;

use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::rows::{Row, Value, values};

/// Every table, those before others that refer to them. A new table is added here; what is not here is not copied, and
/// copying refuses.
const TABLES: [&str; 53] = [
    "organisation",
    "teams",
    "persons",
    "metrics",
    "metric_definitions",
    "batches",
    "series",
    "points",
    "releases",
    "criteria_versions",
    "terms",
    "launches",
    "seals",
    "amendments",
    "cancellations",
    "release_events",
    "plugin_bytes",
    "plugins",
    "frames",
    "verdicts",
    "findings",
    "import_keys",
    "decisions",
    "comments",
    "reviews",
    "retros",
    "retro_releases",
    "retro_waivers",
    "actions",
    "learnings",
    "standings",
    "waits",
    "expectations",
    "plugin_events",
    "terms_plugins",
    "plugin_grants",
    "plugin_health",
    "plugin_runs",
    "jobs",
    "job_turns",
    "terms_metrics",
    "service_accounts",
    "tokens",
    "audit_names",
    "audit_events",
    "outbox",
    "sinks",
    "deliveries",
    "intakes",
    "requests",
    "intake_deliveries",
    "expected_releases",
    "answers",
];

/// Values of one statement of PostgreSQL, at most: fewer than it allows.
const MOST_VALUES: usize = 16_000;
/// Values of one statement of SQLite, at most: it looks each of them up among all others.
const MOST_VALUES_SQLITE: usize = 600;
/// Bytes of rows that wait to be written, about.
const MOST_BYTES: usize = 4 << 20;

/// What was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// Tables, those without rows too.
    pub tables: usize,
    /// Rows of all of them.
    pub rows: u64,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Real,
    Boolean,
    Bytes,
}

struct Column {
    name: String,
    kind: Kind,
}

struct Table {
    name: &'static str,
    columns: Vec<Column>,
    /// The columns of its primary key, in order.
    key: Vec<String>,
    /// How many rows there are in the source.
    rows: u64,
}

impl Store {
    /// Copies everything into another database, which must have this build's schema and no rows. All of it is there
    /// afterwards, every row compared with the source's as it is by then, or nothing is. `progress` is told how many
    /// rows of how many were copied or compared; each counts twice.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the target has rows, or somebody wrote to the source meanwhile.
    pub async fn copy_to(
        &self,
        target: &Self,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<Copied> {
        let mut source = self.read().await?;
        let mut into = target.write().await?;
        into.lock(Lock::Register).await?;
        let mut tables = Vec::with_capacity(TABLES.len());
        for (database, tx) in [(self, &mut source), (target, &mut into)] {
            database.only_known_tables(tx).await?;
        }
        for name in TABLES {
            if into.rows_of(name).await? > 0 {
                return Err(StoreError::conflict(format!(
                    "{} is not empty: there are rows in {name}; copy into a new database",
                    target.name()
                )));
            }
            tables.push(Table::of(name, &mut source, &mut into).await?);
        }
        let rows: u64 = tables.iter().map(|table| table.rows).sum();
        let mut done = 0;
        let mut step = |rows_done: u64| {
            done += rows_done;
            progress(done, 2 * rows);
        };
        for table in &tables {
            table.copy(&mut source, &mut into, &mut step).await?;
        }
        into.continue_ids(&tables).await?;
        source.rollback().await?;
        // As it is by now: what was written meanwhile is found.
        let mut source = self.read().await?;
        for table in &tables {
            if let Some(what) = table.difference(&mut source, &mut into, &mut step).await? {
                return Err(StoreError::conflict(format!(
                    "{what}: somebody writes to {}. Nothing was copied; stop what uses it, and copy again",
                    self.name()
                )));
            }
        }
        into.commit().await?;
        Ok(Copied { tables: tables.len(), rows })
    }

    async fn only_known_tables(&self, tx: &mut Tx) -> Result<()> {
        let sql = match tx {
            Tx::Sqlite { .. } => {
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
                 AND name NOT LIKE 'learnings_found%'"
            }
            Tx::Postgres(_) => {
                "SELECT relname::text AS name FROM pg_class \
                 WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace"
            }
        };
        for row in tx.all(sql, values![]).await? {
            let name: String = row.get("name")?;
            if name != "schema_versions" && !TABLES.contains(&name.as_str()) {
                return Err(StoreError::conflict(format!(
                    "{} has a table {name}, which this build does not know; nothing was copied",
                    self.name()
                )));
            }
        }
        Ok(())
    }
}

impl Table {
    async fn of(name: &'static str, source: &mut Tx, into: &mut Tx) -> Result<Self> {
        let (from, to) = (source.columns_of(name).await?, into.columns_of(name).await?);
        let mut columns = Vec::with_capacity(from.len());
        for column in &from {
            let other = to.iter().find(|other| other.name == column.name);
            // SQLite keeps truth as a number.
            let kind = match other.map(|other| (column.kind, other.kind)) {
                Some((Kind::Boolean, Kind::Integer) | (Kind::Integer, Kind::Boolean)) => Kind::Boolean,
                Some((one, other)) if one == other => one,
                _ => {
                    return Err(StoreError::corrupt(format!(
                        "the column {} of {name} is not the same in both databases",
                        column.name
                    )));
                }
            };
            columns.push(Column { name: column.name.clone(), kind });
        }
        if columns.is_empty() || to.len() != from.len() {
            return Err(StoreError::corrupt(format!("the table {name} is not the same in both databases")));
        }
        Ok(Self { name, columns, key: source.key_of(name).await?, rows: source.rows_of(name).await? })
    }

    /// The names of the columns, as SQL has them.
    fn names(&self) -> String {
        let names: Vec<String> = self.columns.iter().map(|column| quoted(&column.name)).collect();
        names.join(", ")
    }

    /// All rows, in the order of the key.
    fn select(&self) -> String {
        let key: Vec<String> = self.key.iter().map(|name| quoted(name)).collect();
        format!("SELECT {} FROM {} ORDER BY {}", self.names(), self.name, key.join(", "))
    }

    async fn copy(&self, source: &mut Tx, into: &mut Tx, step: &mut impl FnMut(u64)) -> Result<()> {
        let values = match into {
            Tx::Sqlite { .. } => MOST_VALUES_SQLITE,
            Tx::Postgres(_) => MOST_VALUES,
        };
        let most = (values / self.columns.len()).max(1);
        let (mut waiting, mut bytes, mut count) = (Vec::new(), 0, 0);
        let mut rows = source.stream(AssertSqlSafe(self.select()), values![]);
        while let Some(row) = rows.try_next().await? {
            for value in self.values(&row)? {
                bytes += size(&value);
                waiting.push(value);
            }
            count += 1;
            if count == most || bytes >= MOST_BYTES {
                self.insert(into, count, std::mem::take(&mut waiting)).await?;
                step(count as u64);
                (bytes, count) = (0, 0);
            }
        }
        if count > 0 {
            self.insert(into, count, waiting).await?;
            step(count as u64);
        }
        Ok(())
    }

    async fn insert(&self, into: &mut Tx, rows: usize, values: Vec<Value>) -> Result<()> {
        let keeps_ids = match into {
            Tx::Sqlite { .. } => "",
            Tx::Postgres(_) => " OVERRIDING SYSTEM VALUE",
        };
        let mut sql = format!("INSERT INTO {} ({}){keeps_ids} VALUES ", self.name, self.names());
        let width = self.columns.len();
        for row in 0..rows {
            let places: Vec<String> =
                (1..=width).map(|column| format!("${}", row * width + column)).collect();
            sql += &format!("{}({})", if row == 0 { "" } else { ", " }, places.join(", "));
        }
        into.execute(AssertSqlSafe(sql), values).await?;
        Ok(())
    }

    fn values(&self, row: &Row) -> Result<Vec<Value>> {
        let value = |column: &Column| {
            let name = column.name.as_str();
            Ok(match column.kind {
                Kind::Text => Value::Text(row.get(name)?),
                Kind::Integer => Value::Integer(row.get(name)?),
                Kind::Real => Value::Real(row.get(name)?),
                Kind::Boolean => Value::Boolean(row.get(name)?),
                Kind::Bytes => Value::Bytes(row.get(name)?),
            })
        };
        self.columns.iter().map(value).collect()
    }

    /// The first row that is not the same in both, in words.
    async fn difference(
        &self,
        source: &mut Tx,
        into: &mut Tx,
        step: &mut impl FnMut(u64),
    ) -> Result<Option<String>> {
        let mut from = source.stream(AssertSqlSafe(self.select()), values![]);
        let mut to = into.stream(AssertSqlSafe(self.select()), values![]);
        loop {
            let (one, other) = (from.try_next().await?, to.try_next().await?);
            let (one, other) = match (one, other) {
                (None, None) => return Ok(None),
                (Some(one), Some(other)) => (one, other),
                _ => return Ok(Some(format!("{} has another number of rows by now", self.name))),
            };
            let (one, other) = (self.values(&one)?, self.values(&other)?);
            if let Some(index) = one.iter().zip(&other).position(|(one, other)| !same(one, other)) {
                let column = self.columns.get(index).map_or("", |column| column.name.as_str());
                return Ok(Some(format!("{}, {}: {column} differs", self.name, self.named(&one))));
            }
            step(1);
        }
    }

    /// A row by its key.
    fn named(&self, row: &[Value]) -> String {
        let part = |name: &String| {
            let index = self.columns.iter().position(|column| column.name == *name)?;
            Some(match row.get(index)? {
                Value::Text(text) => format!("{name} {}", text.as_deref().unwrap_or_default()),
                Value::Integer(number) => format!("{name} {}", number.unwrap_or_default()),
                Value::Real(_) | Value::Boolean(_) | Value::Bytes(_) => return None,
            })
        };
        self.key.iter().filter_map(part).collect::<Vec<_>>().join(", ")
    }
}

impl Tx {
    async fn rows_of(&mut self, table: &'static str) -> Result<u64> {
        self.one(AssertSqlSafe(format!("SELECT COUNT(*) AS n FROM {table}")), values![]).await?.count("n")
    }

    async fn columns_of(&mut self, table: &'static str) -> Result<Vec<Column>> {
        let sql = match self {
            Self::Sqlite { .. } => "SELECT name, type FROM pragma_table_info($1) ORDER BY cid",
            Self::Postgres(_) => {
                "SELECT attname::text AS name, format_type(atttypid, NULL) AS type FROM pg_attribute \
                 WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
            }
        };
        let rows = self.all(sql, values![table]).await?;
        let column = |row: &Row| {
            let (name, kind): (String, String) = (row.get("name")?, row.get("type")?);
            let kind = match kind.to_ascii_lowercase().as_str() {
                "text" => Kind::Text,
                "integer" | "bigint" => Kind::Integer,
                "real" | "double precision" => Kind::Real,
                "boolean" => Kind::Boolean,
                "blob" | "bytea" => Kind::Bytes,
                other => {
                    return Err(StoreError::corrupt(format!("the column {name} of {table} holds {other}")));
                }
            };
            Ok(Column { name, kind })
        };
        rows.iter().map(column).collect()
    }

    async fn key_of(&mut self, table: &'static str) -> Result<Vec<String>> {
        let sql = match self {
            Self::Sqlite { .. } => "SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk",
            Self::Postgres(_) => {
                "SELECT a.attname::text AS name FROM pg_index i \
                 JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) \
                 WHERE i.indrelid = to_regclass($1) AND i.indisprimary \
                 ORDER BY array_position(i.indkey::int2[], a.attnum)"
            }
        };
        let rows = self.all(sql, values![table]).await?;
        rows.iter().map(|row| row.get("name")).collect()
    }

    /// Has PostgreSQL count on from the highest number of each table. SQLite does so by itself.
    async fn continue_ids(&mut self, tables: &[Table]) -> Result<()> {
        let Self::Postgres(_) = self else { return Ok(()) };
        for table in tables {
            let own = "SELECT attname::text AS name FROM pg_attribute \
                       WHERE attrelid = to_regclass($1) AND attidentity <> ''";
            let Some(row) = self.optional(own, values![table.name]).await? else { continue };
            let id: String = row.get("name")?;
            let sql = format!(
                "SELECT setval(pg_get_serial_sequence($1, $2), MAX({id})) AS n FROM {table} HAVING MAX({id}) > 0",
                id = quoted(&id),
                table = table.name
            );
            self.all(AssertSqlSafe(sql), values![table.name, id]).await?;
        }
        Ok(())
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.as_ref().map_or(0, String::len),
        Value::Bytes(bytes) => bytes.len(),
        Value::Integer(_) | Value::Real(_) | Value::Boolean(_) => 8,
    }
}

/// Whether two values are the same to the last bit.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Text(one), Value::Text(other)) => one == other,
        (Value::Integer(one), Value::Integer(other)) => one == other,
        (Value::Real(one), Value::Real(other)) => one.map(f64::to_bits) == other.map(f64::to_bits),
        (Value::Boolean(one), Value::Boolean(other)) => one == other,
        (Value::Bytes(one), Value::Bytes(other)) => one == other,
        _ => false,
    }
}
