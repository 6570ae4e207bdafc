//! `yardstick metric`

use std::process::ExitCode;

use yardstick_client::api::{CoveragePart, MOST_ITEMS, MetricDocument, MetricSummary, MetricsRequest, Page};
use yardstick_domain::ids::MetricKey;
use yardstick_stats::format::count;

use super::backend::Backend;
use super::context::{Context, Failure, checked};
use super::output::{Format, fields, json, put, table};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List metrics and how far their data go.
    List,
    /// Show a metric: definition, data, imports.
    Show {
        /// Its key.
        #[arg(value_parser = checked::<MetricKey>)]
        key: String,
    },
}

pub(super) async fn run(context: &Context, command: &Command) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    match command {
        Command::List => {
            let all = all(&backend).await?;
            if context.output == Format::Json {
                json(&all)?;
                return Ok(ExitCode::SUCCESS);
            }
            let rows: Vec<Vec<String>> = all.items.iter().map(row).collect();
            table(
                context.output,
                &["metric", "kind", "unit", "owner", "days", "complete through"],
                &rows,
                "No metrics yet. Start one: yardstick new metric NAME",
            );
        }
        Command::Show { key } => {
            let metric = backend.metric(key).await?;
            if context.output == Format::Json {
                json(&metric)?;
            } else {
                show(context.output, &metric);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// All pages as one.
async fn all(backend: &Backend) -> Result<Page<MetricSummary>, Failure> {
    let mut request = MetricsRequest { limit: Some(MOST_ITEMS), cursor: None };
    let mut all = Page { items: Vec::new(), next: None };
    loop {
        let page = backend.metrics(&request).await?;
        all.items.extend(page.items);
        match page.next {
            Some(next) => request.cursor = Some(next),
            None => return Ok(all),
        }
    }
}

fn row(metric: &MetricSummary) -> Vec<String> {
    vec![
        metric.key.clone(),
        metric.kind.to_string(),
        metric.unit.clone(),
        metric.owner.clone(),
        count(metric.coverage.buckets),
        complete(&metric.coverage),
    ]
}

/// The last complete day in the metric's zone.
fn complete(coverage: &CoveragePart) -> String {
    coverage.last_complete_day.map_or("no data".to_owned(), |day| day.to_string())
}

fn show(format: Format, metric: &MetricDocument) {
    let row = |name: &'static str, value: String| (name, value);
    let mut rows = vec![
        row("metric", metric.key.clone()),
        row("title", metric.title.clone()),
        row("definition", metric.definition.clone()),
        row("version", format!("{} ({})", metric.definition_version, metric.hash)),
        row("owner", format!("{}, team {}", metric.owner, metric.team)),
        row(
            "kind",
            format!("{}, {}", metric.kind, if metric.sampled { "sampled" } else { "complete count" }),
        ),
        row("unit", metric.unit.clone()),
        row("days of", metric.time_zone.clone()),
        row("promise", format!("{} h after a day's end", metric.fresh_within_minutes / 60)),
        row("data", format!("{} days", count(metric.coverage.buckets))),
        row("complete through", complete(&metric.coverage)),
    ];
    for (name, values) in &metric.dimensions {
        rows.push(row("dimension", format!("{name}: {}", values.join(", "))));
    }
    fields(format, &rows);
    put("\n");
    let imports: Vec<Vec<String>> = metric
        .imports
        .iter()
        .map(|batch| {
            let undone = if batch.undone_at.is_some() { "undone" } else { "" };
            vec![
                batch.id.to_string(),
                batch.origin.clone(),
                format!("{} new, {} corrected", count(batch.new), count(batch.corrected)),
                format!("{:.0}", batch.received_at),
                undone.to_owned(),
            ]
        })
        .collect();
    let empty = format!("No imports yet: yardstick import FILE --metric {}", metric.key);
    table(format, &["import", "from", "rows", "received", ""], &imports, &empty);
}
