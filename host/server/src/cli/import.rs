//! `yardstick import`

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use yardstick_app::{FileRefused, ImportRequest, Imported};
use yardstick_domain::ids::MetricKey;
use yardstick_domain::metric::ImportColumns;
use yardstick_domain::point::Batch;
use yardstick_metrics::import::Mapping;
use yardstick_stats::format::{count, counted};

use super::context::{Context, Failure, parsed};
use super::output::{Format, fields, json, put, say, table};

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
        #[arg(long, value_parser = parsed::<MetricKey>)]
        metric: Option<MetricKey>,
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
    /// A CSV file with a header; a day is a day in the metric's zone, an empty cell is missing, never zero.
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// The metric the values belong to.
    #[arg(long, required = true, value_parser = parsed::<MetricKey>)]
    metric: Option<MetricKey>,
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
    dimension: Vec<(String, String)>,
    /// The text that marks a dimension's total, such as deployment=all.
    #[arg(long, value_name = "DIMENSION=TEXT", value_parser = pair)]
    total: Vec<(String, String)>,
    /// Only rows in which a column holds a text: a long file of several metrics.
    #[arg(long, value_name = "COLUMN=TEXT", value_parser = pair)]
    only: Vec<(String, String)>,
    /// A dimension whose values are columns of their own: a wide file.
    #[arg(long, value_name = "DIMENSION")]
    wide: Option<String>,
    /// Values are complete up to the end of this day; default: the day before the newest row.
    #[arg(long, value_name = "DAY", value_parser = parsed::<Date>)]
    complete_through: Option<Date>,
    /// Withdraw known values of these days that the file no longer has.
    #[arg(long, value_name = "FROM..TO", value_parser = days)]
    replace: Option<(Date, Date)>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) =
        text.split_once('=').ok_or_else(|| format!("{text:?} has no =; expected NAME=VALUE"))?;
    Ok((name.to_owned(), value.to_owned()))
}

fn days(text: &str) -> Result<(Date, Date), String> {
    let bad = || format!("{text:?} are no days; expected such as 2026-03-01..2026-03-07");
    let (from, to) = text.split_once("..").ok_or_else(bad)?;
    Ok((from.parse().map_err(|_| bad())?, to.parse().map_err(|_| bad())?))
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> Result<ExitCode, Failure> {
    match arguments.command {
        None => import(context, arguments.file).await,
        Some(Command::List { metric }) => {
            let (app, _) = context.open().await?;
            list(context.output, &app.imports(metric.as_ref(), 100).await?)
        }
        Some(Command::Show { id }) => {
            let (app, _) = context.open().await?;
            show(context.output, &app.import_of(id).await?)
        }
        Some(Command::Undo { id }) => {
            let (app, caller) = context.open().await?;
            let batch = app.undo_import(&caller, id).await?;
            match context.output {
                Format::Json => json(&batch)?,
                Format::Text | Format::Markdown => put(&format!(
                    "import {id} of {} undone: {} no longer count. Verdicts already given stay as they are.\n",
                    batch.metric,
                    counted(batch.new + batch.corrected + batch.withdrawn, "rows")
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
    let cannot = |error: std::io::Error| Failure::could(format!("cannot read {}: {error}", path.display()));
    let file = File::open(&path).map_err(cannot)?;
    let size = file.metadata().map_err(cannot)?.len();
    let (app, caller) = context.open().await?;
    let origin = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let request = ImportRequest {
        mapping: Mapping {
            columns: ImportColumns {
                time: arguments.time,
                value: arguments.value,
                numerator: arguments.numerator,
                denominator: arguments.denominator,
                n: arguments.n,
                sum: arguments.sum,
                sum_sq: arguments.sum_sq,
                dimensions: arguments.dimension.into_iter().collect(),
                total: arguments.total.into_iter().collect(),
            },
            only: arguments.only.into_iter().collect::<BTreeMap<_, _>>(),
            wide: arguments.wide,
        },
        complete_through: arguments.complete_through,
        replace: arguments.replace,
        ..ImportRequest::new(metric, origin)
    };
    let bar = ProgressBar::new(size);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes} · {eta} left") {
        bar.set_style(style);
    }
    let imported = app.import(&caller, &request, file, &mut |read| bar.set_position(read)).await;
    bar.finish_and_clear();
    match imported? {
        Ok(imported) => {
            done(context.output, &imported)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(refused) => Err(bad_rows(&path.display().to_string(), &refused)),
    }
}

fn done(format: Format, imported: &Imported) -> Result<(), Failure> {
    let batch = &imported.batch;
    if format == Format::Json {
        return json(batch);
    }
    let span = imported.days.map_or("no rows".to_owned(), |(first, last)| format!("{first} to {last}"));
    put(&format!("import {} · {} · {span}\n{}\n", batch.id, batch.metric, counts(batch)));
    match batch.complete_through {
        Some(instant) => put(&format!("complete through {instant} (exclusive)\n")),
        None => put("no watermark: name one with --complete-through DAY\n"),
    }
    Ok(())
}

fn counts(batch: &Batch) -> String {
    let parts = [
        (batch.new, "new"),
        (batch.unchanged, "unchanged"),
        (batch.corrected, "corrected"),
        (batch.withdrawn, "withdrawn"),
    ];
    parts.map(|(number, word)| format!("{} {word}", count(number))).join(" · ")
}

fn bad_rows(file: &str, refused: &FileRefused) -> Failure {
    for row in &refused.rows {
        say(&format!("{file}: {row}"));
    }
    let shown = refused.rows.len() as u64;
    if refused.count > shown {
        say(&format!("… and {} more", count(refused.count - shown)));
    }
    let what = if refused.rows.iter().all(|row| row.line <= 1) {
        "the file cannot be imported as it is".to_owned()
    } else {
        format!("{} cannot be imported", counted(refused.count, "rows"))
    };
    Failure::could(format!("{what}; nothing was written"))
}

fn list(format: Format, batches: &[Batch]) -> Result<ExitCode, Failure> {
    if format == Format::Json {
        json(&batches)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<Vec<String>> = batches
        .iter()
        .map(|batch| {
            vec![
                batch.id.to_string(),
                batch.metric.to_string(),
                batch.origin.clone(),
                counts(batch),
                batch.received_at.to_string(),
                if batch.undone_at.is_some() { "undone".to_owned() } else { String::new() },
            ]
        })
        .collect();
    table(format, &["import", "metric", "from", "rows", "received", ""], &rows, "No imports yet.");
    Ok(ExitCode::SUCCESS)
}

fn show(format: Format, batch: &Batch) -> Result<ExitCode, Failure> {
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
