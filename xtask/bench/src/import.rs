//! Importing a million points from CSV, beside a bare loop over one prepared statement.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use jiff::{Timestamp, ToSpan as _};
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use yardstick_store::{OnSchema, Store};
use yardstick_tests::postgres::{Postgres, postgres};

use crate::report::{Figure, Section};
use crate::rounds::{self, Candidate};
use crate::samples::nanos;
use crate::{Places, Setting, watched};

const SQLITE: &str = "SQLite, import from CSV";
const SQLITE_LOOP: &str = "SQLite, bare loop";
const POSTGRES: &str = "PostgreSQL, import from CSV";
const POSTGRES_LOOP: &str = "PostgreSQL, bare loop";

/// Series of the file; each day has a row for each of them.
const SERIES: usize = 200;
const INSERT: &str = "INSERT INTO points (batch, series, bucket, sum) VALUES ($1, $2, $3, $4)";

/// The file, what declares its metric, and how many points of it a loop inserts.
struct Job {
    folder: TempDir,
    csv: PathBuf,
    rows: usize,
    /// A loop waits for an answer to every row, so it gets fewer rows where the answer comes from a server.
    looped: usize,
}

/// Measures both databases.
pub(crate) fn measure(places: &Places, setting: &Setting, runtime: &Runtime) -> Result<Section> {
    let rows = if setting.quick { 100_000 } else { 1_000_000 };
    let job = Job::new(rows)?;
    let mut peak = 0;
    let (mut in_sqlite, mut in_postgres) = (Vec::new(), Vec::new());
    let mut candidates = vec![
        Candidate::new(SQLITE, 1, |_| {
            let url = job.file_url()?;
            per_row(&job, imported(places, &job, &url, &mut in_sqlite)?)
        }),
        Candidate::new(SQLITE_LOOP, 1, |_| runtime.block_on(loop_sqlite(&job))),
    ];
    let server = postgres();
    if let Some(server) = server {
        candidates.push(Candidate::new(POSTGRES, 1, |_| {
            per_row(&job, imported(places, &job, &server.database(), &mut in_postgres)?)
        }));
        candidates.push(Candidate::new(POSTGRES_LOOP, 1, |_| runtime.block_on(loop_postgres(&job, server))));
    }
    let measured = rounds::run(candidates, if setting.quick { 1 } else { 3 })?;
    let mut section = Section {
        title: "Importing 1,000,000 points",
        about: ABOUT.to_owned(),
        rows: measured,
        figures: Vec::new(),
        notes: Vec::new(),
    };
    for kib in in_sqlite.into_iter().chain(in_postgres) {
        peak = peak.max(kib);
    }
    if server.is_none() {
        section.notes.push("PostgreSQL was left out: no server is installed.".to_owned());
    }
    section.figures = figures(&section, peak);
    Ok(section)
}

const ABOUT: &str = "\
Time per point. A CSV file of 200 series and 5,000 days is imported into an empty database by the command \
`yardstick import`, its start included: parsed, checked, compared with what is there, hashed, written, with \
the batch's record, all or nothing. The bare loop binds and inserts rows that are in memory already, one \
prepared statement each, in one transaction, into the same table of a database of the same schema and \
settings, by the driver that the store uses; on PostgreSQL it inserts the first fifth only. PostgreSQL runs \
on the same machine, over a socket, without flushing to the disk. SQLite flushes.";

fn figures(section: &Section, peak: u64) -> Vec<Figure> {
    let rate = |what, ours, bare| {
        let ratio =
            section.median(ours).zip(section.median(bare)).map(|(ours, bare): (f64, f64)| bare / ours);
        Figure {
            what,
            wanted: "≥ 0.5 ×",
            measured: ratio.map(|ratio| format!("{ratio:.2} ×")),
            reached: ratio.is_some_and(|ratio| ratio >= 0.5),
        }
    };
    vec![
        rate("import, rate to that of a bare insert loop, SQLite", SQLITE, SQLITE_LOOP),
        rate("import, rate to that of a bare insert loop, PostgreSQL", POSTGRES, POSTGRES_LOOP),
        Figure {
            what: "import of 1,000,000 points, most memory",
            wanted: "< 100 MiB",
            measured: Some(format!("{} MiB", peak >> 10)),
            reached: peak < 100 << 10,
        },
    ]
}

impl Job {
    fn new(rows: usize) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("bench.yaml"), declarations())?;
        let csv = folder.path().join("points.csv");
        let mut file = BufWriter::new(File::create(&csv)?);
        writeln!(file, "day,part,value")?;
        let job = Self { folder, csv, rows, looped: rows / 5 };
        for (series, at, value) in job.points(rows) {
            writeln!(file, "{},{},{value}", at.strftime("%F"), part(series))?;
        }
        file.into_inner()?.sync_all()?;
        Ok(job)
    }

    /// Series, day and value of the first points of the file.
    fn points(&self, count: usize) -> impl Iterator<Item = (usize, Timestamp, f64)> {
        (0..count).map(|row| {
            let day = i64::try_from(row / SERIES).unwrap_or(i64::MAX);
            // Whole days since the epoch; jiff knows no day longer than another in UTC.
            let at = Timestamp::UNIX_EPOCH + (24 * (day + 14_000)).hours();
            (row % SERIES, at, (row % 7_919) as f64 * 0.25)
        })
    }

    /// A database file that does not exist yet.
    fn file_url(&self) -> Result<String> {
        let path = self.folder.path().join("bench.db");
        for suffix in ["", "-wal", "-shm"] {
            let file = self.folder.path().join(format!("bench.db{suffix}"));
            if file.exists() {
                fs::remove_file(file)?;
            }
        }
        Ok(format!("sqlite:{}", path.display()))
    }
}

fn part(series: usize) -> String {
    format!("part-{series:03}")
}

/// A metric with a dimension of as many values as there are series, and whom it needs.
fn declarations() -> String {
    let parts: Vec<String> = (0..SERIES).map(part).collect();
    format!(
        "\
organisation: Bench
time_zone: Etc/UTC
---
person: bench@example.com
name: Bench
---
team: bench
name: Bench
time_zone: Etc/UTC
members: {{ bench@example.com: maintainer }}
---
metric: bench.points
title: Points
owner: bench@example.com
team: bench
definition: Points of the benchmark.
definition_version: 1
kind: sum
unit: points
better: higher
grain: day
time_zone: Etc/UTC
missing: gap
fresh_within: 36h
dimensions: {{ part: [{}] }}
source: points
import: {{ time: day, value: value, dimensions: {{ part: part }} }}
",
        parts.join(", ")
    )
}

/// One import by the command, in a new database; the most memory it had goes into `peaks`, in KiB.
fn imported(places: &Places, job: &Job, url: &str, peaks: &mut Vec<u64>) -> Result<Duration> {
    let yardstick = || {
        let mut command = Command::new(&places.yardstick);
        command.args(["--database", url, "--data"]).arg(job.folder.path().join("data"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    ensure!(yardstick().arg("migrate").status()?.success(), "{url} cannot be made");
    let applied = yardstick().arg("apply").arg("-f").arg(job.folder.path().join("bench.yaml")).status()?;
    ensure!(applied.success(), "the benchmark's metric cannot be declared in {url}");
    let mut import = yardstick();
    import.arg("import").arg(&job.csv).args(["--metric", "bench.points"]);
    let watched = watched::run(&mut import, &format!("the import into {url}"))?;
    peaks.push(watched.peak);
    Ok(watched.elapsed)
}

async fn loop_sqlite(job: &Job) -> Result<Vec<u64>> {
    let url = job.file_url()?;
    drop(Store::open(&url, OnSchema::Migrate).await?);
    let path = url.strip_prefix("sqlite:").context("a path")?;
    // The store's own settings.
    let options = SqliteConnectOptions::new()
        .filename(path)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("cache_size", "-16384");
    let mut connection = options.connect().await?;
    let start = Instant::now();
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    for (series, at, value) in job.points(job.rows) {
        let insert = sqlx::query(INSERT).bind(1_i64).bind(series as i64);
        insert.bind(at.as_millisecond()).bind(value).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    let each = nanos(start.elapsed()) / job.rows as u64;
    connection.close().await?;
    Ok(vec![each])
}

async fn loop_postgres(job: &Job, server: &Postgres) -> Result<Vec<u64>> {
    let url = server.database();
    drop(Store::open(&url, OnSchema::Migrate).await?);
    let mut connection = PgConnection::connect(&url).await?;
    let start = Instant::now();
    let mut tx = connection.begin().await?;
    for (series, at, value) in job.points(job.looped) {
        let insert = sqlx::query(INSERT).bind(1_i64).bind(series as i64);
        insert.bind(at.as_millisecond()).bind(value).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    let each = nanos(start.elapsed()) / job.looped as u64;
    connection.close().await?;
    Ok(vec![each])
}

fn per_row(job: &Job, elapsed: Duration) -> Result<Vec<u64>> {
    Ok(vec![nanos(elapsed) / job.rows as u64])
}
