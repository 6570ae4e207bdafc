//! `yardstick metric`

use std::process::ExitCode;

use yardstick_client::api::{
    CoveragePart, MOST_ITEMS, MetricDocument, MetricSummary, MetricsRequest, Page, PageRequest,
    PointDocument, PointsRequest,
};
use yardstick_domain::ids::{MetricKey, PersonId, TeamKey};
use yardstick_stats::format::{chosen_short, count};

use super::backend::Backend;
use super::context::{Context, Failure, checked};
use super::output::{Format, fields, json, put, table};
use super::people::all as all_pages;
use crate::operations;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List metrics and how far their data go.
    List {
        /// Only of this team.
        #[arg(long, value_parser = checked::<TeamKey>)]
        team: Option<String>,
        /// Only those that this person answers for, by mail address.
        #[arg(long, value_parser = checked::<PersonId>)]
        owner: Option<String>,
        /// Only of this kind.
        #[arg(long, value_name = "gauge|sum|mean|ratio")]
        kind: Option<String>,
        /// Only those whose key or title has this text in it.
        #[arg(long)]
        text: Option<String>,
    },
    /// Show a metric: definition, data, imports.
    Show {
        /// Its key.
        #[arg(value_parser = checked::<MetricKey>)]
        key: String,
    },
    /// List a metric's values by series and day, and what they were before they were corrected.
    Points {
        /// Its key.
        #[arg(value_parser = checked::<MetricKey>)]
        key: String,
        /// From this day on, in the metric's zone.
        #[arg(long, value_name = "DAY", value_parser = day)]
        from: Option<String>,
        /// Until this day, itself too.
        #[arg(long, value_name = "DAY", value_parser = day)]
        until: Option<String>,
        /// Only of this value of a dimension; several times for several dimensions.
        #[arg(long, value_name = "DIMENSION=VALUE", value_parser = pair)]
        dimension: Vec<String>,
        /// As known then: an instant, or a day in the metric's zone, which stands for its end.
        #[arg(long, value_name = "INSTANT")]
        known_at: Option<String>,
    },
}

fn day(text: &str) -> Result<String, String> {
    operations::day(text).map(|_| text.to_owned())
}

fn pair(text: &str) -> Result<String, String> {
    operations::pair(text).map(|_| text.to_owned())
}

pub(super) async fn run(context: &Context, command: &Command) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    match command {
        Command::List { team, owner, kind, text } => {
            let request = MetricsRequest {
                team: team.clone(),
                owner: owner.clone(),
                kind: kind.clone(),
                text: text.clone(),
                limit: Some(MOST_ITEMS),
                cursor: None,
            };
            let all = all(&backend, request).await?;
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
        Command::Points { key, from, until, dimension, known_at } => {
            let request = PointsRequest {
                from: from.clone(),
                until: until.clone(),
                dimension: dimension.clone(),
                known_at: known_at.clone(),
                ..PointsRequest::default()
            };
            let found = all_pages(async |page: PageRequest| {
                let request = PointsRequest { limit: page.limit, cursor: page.cursor, ..request.clone() };
                backend.metric_points(key, &request).await
            });
            let found = found.await?;
            if context.output == Format::Json {
                json(&found)?;
            } else {
                let rows: Vec<Vec<String>> = found.items.iter().map(point).collect();
                let headers = ["series", "day", "value", "import", "before"];
                table(context.output, &headers, &rows, "No values.");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// All pages as one.
async fn all(backend: &Backend, mut request: MetricsRequest) -> Result<Page<MetricSummary>, Failure> {
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

fn point(point: &PointDocument) -> Vec<String> {
    let value = |value: Option<f64>| value.map_or("none".to_owned(), |value| chosen_short(value, ""));
    let series = point.dimensions.iter().map(|(name, value)| format!("{name}={value}"));
    let series = series.collect::<Vec<_>>().join(" ");
    let earlier = point.earlier.iter().map(|earlier| value(earlier.value));
    let mut earlier = earlier.collect::<Vec<_>>().join(", ");
    let more = point.corrections.saturating_sub(point.earlier.len() as u64);
    if more > 0 {
        earlier.push_str(&format!(" and {} more", count(more)));
    }
    vec![
        if series.is_empty() { "total".to_owned() } else { series },
        point.day.to_string(),
        value(point.now.value),
        point.now.import.to_string(),
        earlier,
    ]
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
