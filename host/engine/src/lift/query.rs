//! A plan, checked so that it can be carried out.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use yardstick_domain::frame::Shape;
use yardstick_domain::nearest;
use yardstick_domain::question::{Bucket, Query, Question};
use yardstick_domain::time::Window;

use super::{Field, Flaw, Lifted, Reader, at_most, instant};
use crate::contract::v1::exports::yardstick::judge::guest as wit;
use crate::contract::v1::yardstick::judge::types::Shape as WitShape;
use crate::{limits, text};

/// The queries that a guest answered to this question.
///
/// # Errors
/// For the first field that breaks a rule of the contract or a limit.
pub(crate) fn plan(found: Vec<wit::Query>, question: &Question) -> Lifted<Vec<Query>> {
    at_most("queries", found.len(), limits::QUERIES)?;
    let reader = &mut Reader::new();
    let mut keys = BTreeSet::new();
    let mut queries = Vec::with_capacity(found.len());
    for (index, found) in found.into_iter().enumerate() {
        let query = query(reader, format_args!("queries[{index}]"), found, question)?;
        if !keys.insert(query.key.clone()) {
            return Err(Flaw::plan(
                format_args!("queries[{index}].key"),
                format_args!("{:?} is the key of another query too", query.key),
            ));
        }
        queries.push(query);
    }
    Ok(queries)
}

fn query(reader: &mut Reader, field: impl Field, found: wit::Query, question: &Question) -> Lifted<Query> {
    let key = reader.words(format_args!("{field}.key"), &found.key, limits::NAME)?;
    let field = format_args!("{field} ({key})");
    let shape = match found.shape {
        WitShape::Series => Shape::Series,
        WitShape::Totals => Shape::Totals,
        WitShape::Samples => Shape::Samples,
    };
    Ok(Query {
        metric: metric(field, &found.metric, question)?,
        shape,
        window: window(field, &found.window)?,
        bucket: bucket(field, shape, found.bucket.as_deref())?,
        filters: filters(reader, field, &found.filters)?,
        splits: splits(reader, field, &found.splits)?,
        max_rows: max_rows(field, found.max_rows)?,
        more: reader.attrs(format_args!("{field}.more"), found.more)?,
        key,
    })
}

fn metric(field: impl Field, name: &str, question: &Question) -> Lifted<String> {
    if question.metrics.iter().any(|metric| metric.name == name) {
        return Ok(name.to_owned());
    }
    let known: Vec<&str> = question.metrics.iter().map(|metric| metric.name.as_str()).collect();
    let shown = text::excerpt(name, limits::NAME);
    let hint = nearest::hint(name, known.iter().copied());
    Err(Flaw::plan(
        format_args!("{field}.metric"),
        format_args!("{shown:?} is none of the criterion's metrics ({}){hint}", known.join(", ")),
    ))
}

fn window(field: impl Field, found: &wit::Window) -> Lifted<Window> {
    let field = format_args!("{field}.window");
    let (Some(start), Some(end)) = (instant(found.start), instant(found.end)) else {
        return Err(Flaw::plan(
            field,
            format_args!("{}..{} is no span of unix milliseconds", found.start, found.end),
        ));
    };
    let window = Window { start, end };
    if window.is_empty() {
        return Err(Flaw::plan(
            field,
            format_args!("it starts at {start} and ends at {end}, so it is empty"),
        ));
    }
    if end.duration_since(start) > SignedDuration::from_hours(24 * limits::WINDOW_DAYS) {
        let most = limits::WINDOW_DAYS;
        return Err(Flaw::plan(field, format_args!("{start} to {end} is longer than {most} days")));
    }
    Ok(window)
}

fn bucket(field: impl Field, shape: Shape, found: Option<&str>) -> Lifted<Option<Bucket>> {
    let field = format_args!("{field}.bucket");
    match (shape, found) {
        (Shape::Series, Some("day")) => Ok(Some(Bucket::Day)),
        (Shape::Series, Some("week")) => Ok(Some(Bucket::Week)),
        (Shape::Series, Some(other)) => {
            let shown = text::excerpt(other, limits::NAME);
            Err(Flaw::plan(field, format_args!("{shown:?}, and buckets are \"day\" or \"week\"")))
        }
        (Shape::Series, None) => Err(Flaw::plan(field, "a series needs one, \"day\" or \"week\"")),
        (Shape::Totals | Shape::Samples, None) => Ok(None),
        (Shape::Totals | Shape::Samples, Some(_)) => Err(Flaw::plan(field, "only a series has buckets")),
    }
}

fn filters(
    reader: &mut Reader,
    field: impl Field,
    found: &[(String, String)],
) -> Lifted<Vec<(String, String)>> {
    let field = format_args!("{field}.filters");
    at_most(field, found.len(), limits::FILTERS)?;
    let mut filters = Vec::with_capacity(found.len());
    for (index, (dimension, value)) in found.iter().enumerate() {
        let dimension = reader.words(format_args!("{field}[{index}]"), dimension, limits::NAME)?;
        let value = reader.text(format_args!("{field}[{index}] ({dimension})"), value, limits::TITLE)?;
        filters.push((dimension, value));
    }
    Ok(filters)
}

fn splits(reader: &mut Reader, field: impl Field, found: &[String]) -> Lifted<Vec<String>> {
    let field = format_args!("{field}.splits");
    at_most(field, found.len(), limits::SPLITS)?;
    let mut splits = Vec::with_capacity(found.len());
    for dimension in found {
        let dimension = reader.words(field, dimension, limits::NAME)?;
        if splits.contains(&dimension) {
            return Err(Flaw::plan(field, format_args!("{dimension:?} is named twice")));
        }
        splits.push(dimension);
    }
    Ok(splits)
}

/// The guest's own bound, or the host's where that is smaller.
fn max_rows(field: impl Field, found: u64) -> Lifted<u64> {
    if found == 0 {
        return Err(Flaw::plan(format_args!("{field}.max-rows"), "0, so no answer could be used"));
    }
    Ok(found.min(limits::FRAME_ROWS as u64))
}
