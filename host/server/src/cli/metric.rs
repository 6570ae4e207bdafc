//! `yardstick metric`

use std::process::ExitCode;

use yardstick_app::MetricDetail;
use yardstick_domain::ids::MetricKey;
use yardstick_domain::time::{day_of, plus_days};
use yardstick_stats::format::count;

use super::context::{Context, Failure, parsed};
use super::output::{Format, fields, json, put, table};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List metrics and how far their data go.
    List,
    /// Show a metric: definition, data, imports.
    Show {
        /// Its key.
        #[arg(value_parser = parsed::<MetricKey>)]
        key: MetricKey,
    },
}

pub(super) async fn run(context: &Context, command: &Command) -> Result<ExitCode, Failure> {
    let (app, _) = context.open().await?;
    match command {
        Command::List => {
            let metrics = app.metrics().await?;
            if context.output == Format::Json {
                let all: Vec<_> = metrics
                    .iter()
                    .map(|(metric, coverage)| serde_json::json!({ "metric": metric, "coverage": coverage }))
                    .collect();
                json(&all)?;
                return Ok(ExitCode::SUCCESS);
            }
            let rows: Vec<Vec<String>> = metrics
                .iter()
                .map(|(metric, coverage)| {
                    vec![
                        metric.key.to_string(),
                        metric.kind.to_string(),
                        metric.unit.clone(),
                        metric.owner.to_string(),
                        count(coverage.buckets),
                        complete(&metric.time_zone, coverage.complete_through),
                    ]
                })
                .collect();
            table(
                context.output,
                &["metric", "kind", "unit", "owner", "days", "complete through"],
                &rows,
                "No metrics yet. Start one: yardstick new metric NAME",
            );
        }
        Command::Show { key } => {
            let detail = app.metric_detail(key).await?;
            if context.output == Format::Json {
                json(&detail)?;
            } else {
                show(context.output, &detail);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The last complete day in the metric's zone.
fn complete(zone: &str, instant: Option<jiff::Timestamp>) -> String {
    let zone = yardstick_domain::time::zone(zone);
    instant.map_or("no data".to_owned(), |instant| plus_days(day_of(instant, &zone), -1).to_string())
}

fn show(format: Format, detail: &MetricDetail) {
    let metric = &detail.metric;
    let row = |name: &'static str, value: String| (name, value);
    let mut rows = vec![
        row("metric", metric.key.to_string()),
        row("title", metric.title.clone()),
        row("definition", metric.definition.clone()),
        row("version", format!("{} ({})", metric.definition_version, detail.hash)),
        row("owner", format!("{}, team {}", metric.owner, metric.team)),
        row(
            "kind",
            format!("{}, {}", metric.kind, if metric.sampled { "sampled" } else { "complete count" }),
        ),
        row("unit", metric.unit.clone()),
        row("days of", metric.time_zone.clone()),
        row("promise", format!("{} h after a day's end", metric.fresh_within.as_hours())),
        row("data", format!("{} days", count(detail.coverage.buckets))),
        row("complete through", complete(&metric.time_zone, detail.coverage.complete_through)),
    ];
    for (name, values) in &metric.dimensions {
        rows.push(row("dimension", format!("{name}: {}", values.join(", "))));
    }
    fields(format, &rows);
    put("\n");
    let imports: Vec<Vec<String>> = detail
        .imports
        .iter()
        .map(|batch| {
            let undone = if batch.undone_at.is_some() { "undone" } else { "" };
            vec![
                batch.id.to_string(),
                batch.origin.clone(),
                format!("{} new, {} corrected", count(batch.new), count(batch.corrected)),
                batch.received_at.to_string(),
                undone.to_owned(),
            ]
        })
        .collect();
    let empty = format!("No imports yet: yardstick import FILE --metric {}", metric.key);
    table(format, &["import", "from", "rows", "received", ""], &imports, &empty);
}
