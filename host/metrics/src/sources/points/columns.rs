//! Rows as the columns of a frame, and what is said about them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use yardstick_domain::frame::{Attrs, Column, Shape, Value};
use yardstick_domain::metric::{Kind, Missing};
use yardstick_domain::question::Query;

use super::{Ask, Row, Table};

/// The most missing days that a frame names.
const NAMED_GAPS: usize = 10;

pub(super) fn columns(query: &Query, kind: Kind, rows: &[Row]) -> Vec<(String, Column)> {
    let numbers =
        |name: &str, of: fn(&Row) -> f64| (name.to_owned(), Column::F64(rows.iter().map(of).collect()));
    let mut columns = Vec::new();
    if query.shape == Shape::Series {
        let times = rows.iter().filter_map(|row| row.time).map(Timestamp::as_millisecond).collect();
        columns.push(("time".to_owned(), Column::S64(times)));
    }
    columns.push(numbers("value", |row| row.value));
    if query.shape != Shape::Samples {
        columns.push(numbers("n", |row| row.n));
        // A level has no sum: leaving it null keeps a plugin from adding levels up.
        columns.push(match kind {
            Kind::Gauge => numbers("sum", |_| f64::NAN),
            Kind::Sum | Kind::Mean | Kind::Ratio => numbers("sum", |row| row.sum),
        });
        columns.push(numbers("sum_sq", |row| row.sum_sq));
    }
    if query.shape == Shape::Totals {
        columns.push(numbers("buckets", |row| row.buckets));
        columns.push(numbers("expected", |row| row.expected));
    }
    for (index, split) in query.splits.iter().enumerate() {
        let labels: BTreeSet<&String> = rows.iter().map(|row| &row.labels[index]).collect();
        let labels: Vec<String> = labels.into_iter().cloned().collect();
        let code = |row: &Row| labels.binary_search(&row.labels[index]).unwrap_or_default();
        // Labels of at most max_rows rows.
        let codes = rows.iter().map(|row| code(row) as u32).collect();
        columns.push((split.clone(), Column::Codes { codes, labels }));
    }
    columns
}

pub(super) fn about(ask: &Ask<'_>, days: &[Date], table: &Table<'_>) -> Attrs {
    let splits = table.splits();
    let gap = |day: &&Date| {
        ask.metric.missing == Missing::Gap && !splits.iter().any(|labels| table.on(**day, labels).is_some())
    };
    let missing: Vec<String> = days.iter().filter(gap).map(ToString::to_string).collect();
    let count = |number: usize| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    let mut about = vec![
        ("source".to_owned(), Value::Text(ask.metric.source.clone())),
        ("unit".to_owned(), Value::Text(ask.metric.unit.clone())),
        ("grain".to_owned(), Value::Text("day".to_owned())),
        ("buckets-expected".to_owned(), count(days.len())),
        ("buckets-present".to_owned(), count(days.len() - missing.len())),
        ("window-start".to_owned(), Value::Integer(ask.window.start.as_millisecond())),
        ("window-end".to_owned(), Value::Integer(ask.window.end.as_millisecond())),
        ("corrections".to_owned(), Value::Integer(table.corrections)),
        ("late".to_owned(), Value::Integer(table.late)),
    ];
    if let Some(last) = days.last() {
        about.push(("last-day".to_owned(), Value::Text(last.to_string())));
    }
    // Beyond the window's end it would change with every import, and say nothing more.
    if let Some(complete) = ask.complete_through.map(|complete| complete.min(ask.window.end)) {
        about.push(("complete-through".to_owned(), Value::Integer(complete.as_millisecond())));
    }
    if !missing.is_empty() {
        let named = missing.len().min(NAMED_GAPS);
        let rest = if missing.len() > named {
            format!(" and {} more", missing.len() - named)
        } else {
            String::new()
        };
        about
            .push(("missing-days".to_owned(), Value::Text(format!("{}{rest}", missing[..named].join(", ")))));
    }
    about
}
