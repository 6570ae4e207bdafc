//! `frames`: data of one query, read in chunks or summed up by the host.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use wasmtime::Result;
use wasmtime::component::{Linker, Resource};
use yardstick_domain::frame::{Column, Frame};
use yardstick_stats::{Moments, moments, quantile_type7};

use super::{Call, function, resource};
use crate::contract::v1::yardstick::judge::frames as wit;
use crate::contract::v1::yardstick::judge::types as wit_types;
use crate::limits;
use crate::lower;
use crate::state::State;
use crate::stop::Stop;

/// A frame that a guest holds, with what has been computed of it: each is computed once, so that asking
/// again cannot make the host work again.
#[allow(unreachable_pub, reason = "generated bindings re-export it")]
pub struct OpenFrame {
    key: String,
    frame: Arc<Frame>,
    moments: BTreeMap<u32, Moments>,
    sorted: BTreeMap<u32, Arc<[f64]>>,
}

type Handle = Resource<OpenFrame>;

impl OpenFrame {
    /// The frame that answers the query of this key.
    pub(crate) fn new(key: String, frame: Arc<Frame>) -> Self {
        Self { key, frame, moments: BTreeMap::new(), sorted: BTreeMap::new() }
    }

    fn misuse(&self, what: impl fmt::Display) -> wasmtime::Error {
        Stop::Frame(format!("frame {:?}: {what}", self.key)).into()
    }

    fn column(&self, index: u32) -> Result<(&str, &Column)> {
        let columns = self.frame.columns();
        columns.get(index as usize).map(|(name, column)| (name.as_str(), column)).ok_or_else(|| {
            self.misuse(format_args!(
                "column {index} was read, and there are {} columns (the first is 0)",
                columns.len()
            ))
        })
    }

    fn numbers(&self, index: u32) -> Result<&[f64]> {
        match self.column(index)? {
            (_, Column::F64(values)) => Ok(values),
            (name, other) => Err(self.wrong_type(index, name, "f64", other)),
        }
    }

    fn wrong_type(&self, index: u32, name: &str, wanted: &str, found: &Column) -> wasmtime::Error {
        let found = match found {
            Column::F64(_) => "numbers (f64s)",
            Column::S64(_) => "whole numbers (s64s)",
            Column::Codes { .. } => "texts (codes and labels)",
        };
        self.misuse(format_args!("column {index} ({name:?}) was read as {wanted}, and holds {found}"))
    }

    /// The part of a column that a read of `max` rows from `offset` answers.
    fn chunk<'a, T>(&self, values: &'a [T], offset: u64, max: u32) -> Result<&'a [T]> {
        if max > limits::CHUNK {
            let most = limits::CHUNK;
            return Err(self.misuse(format_args!("{max} values were asked for at once, {most} are allowed")));
        }
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(values.len());
        let end = start.saturating_add(max as usize).min(values.len());
        Ok(&values[start..end])
    }
}

/// Defines `yardstick:judge/frames`.
pub(super) fn define(linker: &mut Linker<State>) -> Result<()> {
    let frames = &mut linker.instance("yardstick:judge/frames@1.0.0")?;
    resource::<OpenFrame>(frames, "frame")?;
    function(frames, "[method]frame.shape", |call, (frame,): (Handle,)| {
        Ok(lower::shape(open(call, &frame)?.frame.shape()))
    })?;
    function(frames, "[method]frame.rows", |call, (frame,): (Handle,)| {
        Ok(open(call, &frame)?.frame.rows() as u64)
    })?;
    function(frames, "[method]frame.columns", |call, (frame,): (Handle,)| columns(call, &frame))?;
    function(frames, "[method]frame.f64s", |call, (frame, column, offset, max): (Handle, u32, u64, u32)| {
        let open = open(call, &frame)?;
        let values = open.chunk(open.numbers(column)?, offset, max)?.to_vec();
        call.charge_values(values.len())?;
        Ok(values)
    })?;
    function(frames, "[method]frame.s64s", |call, (frame, column, offset, max): (Handle, u32, u64, u32)| {
        let open = open(call, &frame)?;
        let values = match open.column(column)? {
            (_, Column::S64(values)) => open.chunk(values, offset, max)?.to_vec(),
            (name, other) => return Err(open.wrong_type(column, name, "s64", other)),
        };
        call.charge_values(values.len())?;
        Ok(values)
    })?;
    function(
        frames,
        "[method]frame.codes",
        |call, (frame, column, offset, max): (Handle, u32, u64, u32)| {
            let open = open(call, &frame)?;
            let values = match open.column(column)? {
                (_, Column::Codes { codes, .. }) => open.chunk(codes, offset, max)?.to_vec(),
                (name, other) => return Err(open.wrong_type(column, name, "codes", other)),
            };
            call.charge_values(values.len())?;
            Ok(values)
        },
    )?;
    function(frames, "[method]frame.labels", |call, (frame, column): (Handle, u32)| {
        labels(call, &frame, column)
    })?;
    function(frames, "[method]frame.moments", |call, (frame, column): (Handle, u32)| {
        column_moments(call, &frame, column)
    })?;
    function(frames, "[method]frame.quantiles", |call, (frame, column, qs): (Handle, u32, Vec<f64>)| {
        quantiles(call, &frame, column, &qs)
    })?;
    function(frames, "[method]frame.about", |call, (frame,): (Handle,)| about(call, &frame))
}

fn open<'a>(call: &'a mut Call<'_>, frame: &Handle) -> Result<&'a mut OpenFrame> {
    call.state().handles.get(frame)
}

fn columns(call: &mut Call<'_>, frame: &Handle) -> Result<Vec<String>> {
    let names: Vec<String> =
        open(call, frame)?.frame.columns().iter().map(|(name, _)| name.clone()).collect();
    call.charge_bytes(names.iter().map(String::len).sum())?;
    Ok(names)
}

fn labels(call: &mut Call<'_>, frame: &Handle, column: u32) -> Result<Vec<String>> {
    let data = Arc::clone(&open(call, frame)?.frame);
    let open = open(call, frame)?;
    if let (name, other @ (Column::F64(_) | Column::S64(_))) = open.column(column)? {
        return Err(open.wrong_type(column, name, "labels", other));
    }
    let Some((_, Column::Codes { labels, .. })) = data.columns().get(column as usize) else {
        return Ok(Vec::new());
    };
    // Paid before they are copied.
    call.charge_bytes(labels.iter().map(|label| label.len() + 8).sum())?;
    Ok(labels.clone())
}

fn column_moments(call: &mut Call<'_>, frame: &Handle, column: u32) -> Result<wit::Moments> {
    let opened = open(call, frame)?;
    let known = opened.moments.get(&column).copied();
    let found = if let Some(found) = known {
        found
    } else {
        let rows = opened.numbers(column)?.len();
        // Two passes over the values.
        call.charge_values(2 * rows)?;
        let opened = open(call, frame)?;
        let found = moments(opened.numbers(column)?);
        opened.moments.insert(column, found);
        found
    };
    let Moments { n, nulls, sum, mean, m2, min, max } = found;
    Ok(wit::Moments { n, nulls, sum, mean, m2, min, max })
}

fn quantiles(call: &mut Call<'_>, frame: &Handle, column: u32, qs: &[f64]) -> Result<Vec<f64>> {
    let opened = open(call, frame)?;
    if qs.len() > limits::QUANTILES {
        let (found, most) = (qs.len(), limits::QUANTILES);
        return Err(
            opened.misuse(format_args!("{found} quantiles were asked for at once, {most} are allowed"))
        );
    }
    if let Some(q) = qs.iter().find(|q| !(0.0..=1.0).contains(*q)) {
        return Err(opened.misuse(format_args!("the quantile {q} was asked for, and each must be in 0..=1")));
    }
    let sorted = sorted(call, frame, column)?;
    Ok(qs.iter().map(|q| quantile_type7(&sorted, *q).unwrap_or(f64::NAN)).collect())
}

/// The finite values of a column in order.
fn sorted(call: &mut Call<'_>, frame: &Handle, column: u32) -> Result<Arc<[f64]>> {
    let opened = open(call, frame)?;
    if let Some(sorted) = opened.sorted.get(&column) {
        return Ok(Arc::clone(sorted));
    }
    let rows = opened.numbers(column)?.len();
    // Sorting takes n log n comparisons.
    call.charge_values(rows.saturating_mul(rows.max(2).ilog2() as usize + 1))?;
    let opened = open(call, frame)?;
    let mut values: Vec<f64> =
        opened.numbers(column)?.iter().copied().filter(|value| value.is_finite()).collect();
    values.sort_unstable_by(f64::total_cmp);
    let sorted: Arc<[f64]> = values.into();
    opened.sorted.insert(column, Arc::clone(&sorted));
    Ok(sorted)
}

fn about(call: &mut Call<'_>, frame: &Handle) -> Result<Vec<(String, wit_types::Value)>> {
    let facts = lower::attrs(open(call, frame)?.frame.about());
    call.charge_values(8 * facts.len())?;
    Ok(facts)
}
