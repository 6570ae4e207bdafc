//! `yardstick import`

use std::fs::File;
use std::io::{self, Seek};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use yardstick_client::api::{ImportDocument, ImportRequest, ImportedDocument, ImportsRequest, Page};
use yardstick_domain::ids::{IdempotencyKey, MetricKey};
use yardstick_metrics::import::{Format as Rows, named_gzip};
use yardstick_stats::format::{count, counted};

use super::context::{Context, Failure, checked};
use super::output::{Format, fields, json, put, table};
use crate::operations;
use crate::operations::imports::Upload;

/// How standard input is named.
const STANDARD_INPUT: &str = "-";
/// Imports that are listed.
const LISTED: u32 = 100;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    file: FileArguments,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List imports, the newest first.
    List {
        /// Only of this metric.
        #[arg(long, value_parser = checked::<MetricKey>)]
        metric: Option<String>,
    },
    /// Show one import.
    Show {
        /// Its number.
        id: i64,
    },
    /// Take an import back: its rows stay on record and no longer count.
    Undo {
        /// Its number.
        id: i64,
    },
}

#[derive(Debug, clap::Args)]
struct FileArguments {
    /// A CSV file with a header, or one JSON object a line; either may be gzipped. `-`: standard input.
    /// A day is a day in the metric's zone; an empty cell, or null, is missing, never zero.
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// The metric the values belong to.
    #[arg(long, required = true, value_parser = checked::<MetricKey>)]
    metric: Option<String>,
    /// How rows are written, csv or ndjson; default: as the name ends, .csv, .ndjson or .jsonl, also .gz.
    #[arg(long, value_name = "FORMAT", value_parser = super::context::parsed::<Rows>)]
    format: Option<Rows>,
    /// Import it once under this key of your own, however often the same import is asked for.
    #[arg(long, value_name = "KEY", value_parser = checked::<IdempotencyKey>)]
    idempotency_key: Option<String>,
    /// Column with the day.
    #[arg(long, value_name = "COLUMN")]
    time: Option<String>,
    /// Column with the value of a gauge or sum.
    #[arg(long, value_name = "COLUMN")]
    value: Option<String>,
    /// Column with the numerator of a ratio.
    #[arg(long, value_name = "COLUMN")]
    numerator: Option<String>,
    /// Column with the denominator of a ratio.
    #[arg(long, value_name = "COLUMN")]
    denominator: Option<String>,
    /// Column with the units of a mean.
    #[arg(long, value_name = "COLUMN")]
    n: Option<String>,
    /// Column with the sum of a mean.
    #[arg(long, value_name = "COLUMN")]
    sum: Option<String>,
    /// Column with the sum of squares of a mean.
    #[arg(long, value_name = "COLUMN")]
    sum_sq: Option<String>,
    /// Column of a dimension, such as deployment=deploy_type.
    #[arg(long, value_name = "DIMENSION=COLUMN", value_parser = pair)]
    dimension: Vec<String>,
    /// The text that marks a dimension's total, such as deployment=all.
    #[arg(long, value_name = "DIMENSION=TEXT", value_parser = pair)]
    total: Vec<String>,
    /// Only rows in which a column holds a text: a long file of several metrics.
    #[arg(long, value_name = "COLUMN=TEXT", value_parser = pair)]
    only: Vec<String>,
    /// A dimension whose values are columns of their own: a wide file.
    #[arg(long, value_name = "DIMENSION")]
    wide: Option<String>,
    /// Values are complete up to the end of this day; default: the day before the newest row.
    #[arg(long, value_name = "DAY", value_parser = day)]
    complete_through: Option<String>,
    /// Withdraw known values of these days that the file no longer has.
    #[arg(long, value_name = "FROM..TO", value_parser = days)]
    replace: Option<String>,
}

fn pair(text: &str) -> Result<String, String> {
    operations::pair(text).map(|_| text.to_owned())
}

fn day(text: &str) -> Result<String, String> {
    operations::day(text).map(|_| text.to_owned())
}

fn days(text: &str) -> Result<String, String> {
    operations::days(text).map(|_| text.to_owned())
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> Result<ExitCode, Failure> {
    match arguments.command {
        None => import(context, arguments.file).await,
        Some(Command::List { metric }) => {
            let request = ImportsRequest { metric, limit: Some(LISTED), cursor: None };
            list(context.output, &context.open().await?.imports(&request).await?)
        }
        Some(Command::Show { id }) => show(context.output, &context.open().await?.import_of(id).await?),
        Some(Command::Undo { id }) => {
            let import = context.open().await?.undo_import(id).await?;
            match context.output {
                Format::Json => json(&import)?,
                Format::Text | Format::Markdown | Format::Html => put(&format!(
                    "import {id} of {} undone: {} no longer count. Verdicts already given stay as they are.\n",
                    import.metric,
                    counted(import.new + import.corrected + import.withdrawn, "rows")
                )),
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn import(context: &Context, arguments: FileArguments) -> Result<ExitCode, Failure> {
    let (Some(path), Some(metric)) = (arguments.file, arguments.metric) else {
        return Err(Failure::usage("name a FILE and its --metric"));
    };
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let format = arguments.format.or_else(|| Rows::of_name(&name)).ok_or_else(|| {
        let say = "its name does not tell how rows are written; say --format csv or --format ndjson";
        Failure::usage(format!("{}: {say}", path.display()))
    })?;
    let cannot = |error: io::Error| Failure::could(format!("cannot read {}: {error}", path.display()));
    let file = opened(&path).map_err(cannot)?;
    let size = file.metadata().map_err(cannot)?.len();
    let backend = context.open().await?;
    let upload =
        Upload { file, format: Some(format), gzip: named_gzip(&name), key: arguments.idempotency_key };
    let request = ImportRequest {
        origin: Some(if name == STANDARD_INPUT { "standard input".to_owned() } else { name }),
        time: arguments.time,
        value: arguments.value,
        numerator: arguments.numerator,
        denominator: arguments.denominator,
        n: arguments.n,
        sum: arguments.sum,
        sum_sq: arguments.sum_sq,
        dimension: arguments.dimension,
        total: arguments.total,
        only: arguments.only,
        wide: arguments.wide,
        complete_through: arguments.complete_through,
        replace: arguments.replace,
    };
    let bar = ProgressBar::new(size);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes} · {eta} left") {
        bar.set_style(style);
    }
    let imported = backend.import(&metric, &request, upload, &mut |read| bar.set_position(read)).await;
    bar.finish_and_clear();
    done(context.output, &imported.map_err(|failure| with_path(failure, &path))?)?;
    Ok(ExitCode::SUCCESS)
}

/// The file to read. What is still being written (standard input, a pipe) is first copied to a temporary file,
/// because nobody else can write to the database while a file is imported.
fn opened(path: &Path) -> io::Result<File> {
    let spooled = |mut reader: &mut dyn io::Read| {
        let mut file = tempfile::tempfile()?;
        io::copy(&mut reader, &mut file)?;
        file.rewind()?;
        Ok(file)
    };
    if path.as_os_str() == STANDARD_INPUT {
        return spooled(&mut io::stdin().lock());
    }
    let mut file = File::open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { spooled(&mut file) }
}

/// Rows are told by the path that was typed, not by the file's name alone.
fn with_path(failure: Failure, path: &Path) -> Failure {
    let Failure::Problem(mut problem) = failure else { return failure };
    for error in problem.errors.iter_mut().filter(|error| error.file.is_some()) {
        error.file = Some(path.display().to_string());
    }
    Failure::Problem(problem)
}

fn done(format: Format, imported: &ImportedDocument) -> Result<(), Failure> {
    if format == Format::Json {
        return json(imported);
    }
    let import = &imported.import;
    let span = match (imported.first_day, imported.last_day) {
        (Some(first), Some(last)) => format!("{first} to {last}"),
        _ => "no rows".to_owned(),
    };
    put(&format!("import {} · {} · {span}\n{}\n", import.id, import.metric, counts(import)));
    if imported.replayed {
        put("done before under this key; nothing was written\n");
        if let Some(at) = import.undone_at {
            put(&format!("it was undone at {at}; to import it again, use another key\n"));
        }
        return Ok(());
    }
    match import.complete_through {
        Some(instant) => put(&format!("complete through {instant} (exclusive)\n")),
        None => put("no watermark: name one with --complete-through DAY\n"),
    }
    Ok(())
}

fn counts(batch: &ImportDocument) -> String {
    let parts = [
        (batch.new, "new"),
        (batch.unchanged, "unchanged"),
        (batch.corrected, "corrected"),
        (batch.withdrawn, "withdrawn"),
    ];
    parts.map(|(number, word)| format!("{} {word}", count(number))).join(" · ")
}

fn list(format: Format, page: &Page<ImportDocument>) -> Result<ExitCode, Failure> {
    if format == Format::Json {
        json(page)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<Vec<String>> = page
        .items
        .iter()
        .map(|batch| {
            vec![
                batch.id.to_string(),
                batch.metric.to_string(),
                batch.origin.clone(),
                counts(batch),
                format!("{:.0}", batch.received_at),
                if batch.undone_at.is_some() { "undone".to_owned() } else { String::new() },
            ]
        })
        .collect();
    table(format, &["import", "metric", "from", "rows", "received", ""], &rows, "No imports yet.");
    Ok(ExitCode::SUCCESS)
}

fn show(format: Format, batch: &ImportDocument) -> Result<ExitCode, Failure> {
    if format == Format::Json {
        json(batch)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut rows = vec![
        ("import", batch.id.to_string()),
        ("metric", batch.metric.to_string()),
        ("from", batch.origin.clone()),
        ("hash", batch.hash.to_string()),
        ("by", batch.by.to_string()),
        ("received", batch.received_at.to_string()),
        ("rows", counts(batch)),
        (
            "complete through",
            batch.complete_through.map_or("not said".to_owned(), |instant| format!("{instant} (exclusive)")),
        ),
    ];
    if let (Some(at), Some(by)) = (batch.undone_at, &batch.undone_by) {
        rows.push(("undone", format!("{at} by {by}")));
    }
    fields(format, &rows);
    Ok(ExitCode::SUCCESS)
}
