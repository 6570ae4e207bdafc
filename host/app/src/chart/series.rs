//! Daily values of a metric, read the way its judge asked for them.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::Date;
use yardstick_client::chart::LinePart;
use yardstick_domain::frame::{Attrs, Column, Frame, Shape};
use yardstick_domain::metric::Kind;
use yardstick_domain::question::{Bucket, Query};
use yardstick_domain::time::{Window, day_of, days_between};
use yardstick_domain::verdict::Judgement;
use yardstick_stats::CompensatedSum;

use super::MOST_DAYS;
use crate::error::Result;
use crate::fetch::Fetcher;
use crate::question::{Measured, Moment};

/// The most values of a split that are read.
const MOST_SPLITS: u64 = 50;

/// Days of an axis, the first one by its date.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    pub(super) first: Date,
    pub(super) days: usize,
}

/// Lines, and what else their rows say.
#[derive(Default)]
pub(super) struct Drawn {
    pub(super) lines: Vec<LinePart>,
    /// What each line was made of, in the lines' order.
    pub(super) parts: Vec<Parts>,
    /// Whether the judge looked at parts of the metric beside each other.
    pub(super) compares_variants: bool,
    /// Why there are no values.
    pub(super) trouble: Vec<String>,
}

/// What the days of a line were made of; NaN where there is nothing.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    /// The amount, or the numerator.
    sum: Vec<f64>,
    /// The denominator, or 1 where days count alike.
    n: Vec<f64>,
}

impl Parts {
    fn empty(days: usize) -> Self {
        Self { sum: vec![f64::NAN; days], n: vec![f64::NAN; days] }
    }

    /// The level of these days: the sum of their amounts over the sum of their denominators, so that a mean of
    /// daily ratios is never taken. `None`: no day has a value.
    pub(super) fn level(&self, days: Range<usize>) -> Option<f64> {
        let (mut sum, mut n) = (CompensatedSum::default(), CompensatedSum::default());
        let days = days.start.min(self.sum.len())..days.end.min(self.sum.len());
        for day in days.filter(|day| self.sum[*day].is_finite() && self.n[*day].is_finite()) {
            sum.add(self.sum[day]);
            n.add(self.n[day]);
        }
        Some(sum.value() / n.value()).filter(|level| level.is_finite())
    }

    fn values(&self) -> Vec<Option<f64>> {
        let one = |(sum, n): (&f64, &f64)| Some(sum / n).filter(|value| value.is_finite());
        self.sum.iter().zip(&self.n).map(one).collect()
    }
}

/// Reads a metric over `span`, days of the team.
pub(super) async fn read(
    judgement: &Judgement,
    panel: &Measured,
    moment: &Moment,
    span: Window,
    axis: Axis,
    fetcher: &mut Fetcher<'_>,
) -> Result<Drawn> {
    let views = views(judgement, &panel.name);
    let mut drawn = Drawn {
        compares_variants: views.len() > 1 || views.iter().any(|view| !view.splits.is_empty()),
        ..Drawn::default()
    };
    let several = views.len() > 1;
    for view in views {
        let query = Query {
            key: "chart".to_owned(),
            metric: panel.name.clone(),
            shape: Shape::Series,
            window: span,
            bucket: Some(Bucket::Day),
            filters: view.filters,
            splits: view.splits,
            max_rows: u64::from(MOST_DAYS) * MOST_SPLITS,
            more: Attrs::new(),
        };
        match fetcher.frame(&query, std::slice::from_ref(panel), moment).await? {
            Ok(frame) => {
                for (label, parts) in rows(&frame, &query, panel, axis, several) {
                    drawn.lines.push(LinePart { label, values: parts.values() });
                    drawn.parts.push(parts);
                }
            }
            Err(none) => drawn.trouble.push(none.message),
        }
    }
    Ok(drawn)
}

/// One line over another, day by day, where both have the same label.
pub(super) fn quotient(over: Drawn, under: &Drawn) -> Drawn {
    let mut drawn = Drawn {
        compares_variants: over.compares_variants || under.compares_variants,
        trouble: over.trouble,
        ..Drawn::default()
    };
    drawn.trouble.extend(under.trouble.iter().cloned());
    for (line, above) in over.lines.into_iter().zip(over.parts) {
        let Some(index) = under.lines.iter().position(|other| other.label == line.label) else { continue };
        // A day that only one of them has must not count in either sum.
        let below = under.parts[index].values();
        let parts = Parts {
            sum: above.values().into_iter().map(|value| value.unwrap_or(f64::NAN)).collect(),
            n: below.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect(),
        };
        drawn.lines.push(LinePart { label: line.label, values: parts.values() });
        drawn.parts.push(parts);
    }
    drawn
}

/// A part of a metric that a judge asked for.
#[derive(Debug, Clone, Default, PartialEq)]
struct View {
    filters: Vec<(String, String)>,
    splits: Vec<String>,
}

/// The different parts of a metric that were asked for; all of it where nothing was asked.
fn views(judgement: &Judgement, metric: &str) -> Vec<View> {
    let mut views: Vec<View> = Vec::new();
    for query in judgement.queries.iter().filter(|query| query.metric == metric) {
        let view = View { filters: query.filters.clone(), splits: query.splits.clone() };
        if !views.contains(&view) {
            views.push(view);
        }
    }
    // A total asked for beside its parts says nothing that the parts do not.
    if views.iter().any(|view| !view.splits.is_empty()) {
        views.retain(|view| *view != View::default());
    }
    if views.is_empty() { vec![View::default()] } else { views }
}

/// The rows of a series by their labels, in the labels' order.
fn rows(
    frame: &Frame,
    query: &Query,
    panel: &Measured,
    axis: Axis,
    several: bool,
) -> BTreeMap<Option<String>, Parts> {
    let mut lines: BTreeMap<Option<String>, Parts> = BTreeMap::new();
    let Some(Column::S64(times)) = frame.column("time") else { return lines };
    let numbers = |name: &str| frame.f64s(name).unwrap_or_default();
    let (values, sums, ns) = (numbers("value"), numbers("sum"), numbers("n"));
    for (row, time) in times.iter().enumerate() {
        let day = Timestamp::from_millisecond(*time).ok().map(|start| day_of(start, &panel.zone));
        let index = day.and_then(|day| usize::try_from(days_between(axis.first, day)).ok());
        let Some(index) = index.filter(|index| *index < axis.days) else { continue };
        let parts = lines.entry(label(frame, query, row, several)).or_insert_with(|| Parts::empty(axis.days));
        let at = |column: &[f64]| column.get(row).copied().unwrap_or(f64::NAN);
        (parts.sum[index], parts.n[index]) = match panel.metric.kind {
            Kind::Gauge | Kind::Sum => (at(values), 1.0),
            Kind::Mean | Kind::Ratio => (at(sums), at(ns)),
        };
    }
    lines
}

/// What tells a row's line from the others: its splits, and its filters where there are several.
fn label(frame: &Frame, query: &Query, row: usize, several: bool) -> Option<String> {
    let filters = query.filters.iter().filter(|_| several).map(|(_, value)| value.clone());
    let splits = query.splits.iter().filter_map(|split| match frame.column(split) {
        Some(Column::Codes { codes, labels }) => labels.get(*codes.get(row)? as usize).cloned(),
        _ => None,
    });
    let words: Vec<String> = filters.chain(splits).collect();
    (!words.is_empty()).then(|| words.join(" · "))
}
