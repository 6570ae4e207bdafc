//! Candidates measured in turns, so that whatever else the machine does hits all of them.

use anyhow::{Context as _, Result};

use crate::report::Row;
use crate::samples::Summary;

/// Takes this many samples, in nanoseconds.
type Take<'a> = Box<dyn FnMut(usize) -> Result<Vec<u64>> + 'a>;

/// One of those that are compared.
pub(crate) struct Candidate<'a> {
    /// What it is, as the table says it.
    what: String,
    /// Samples of each round: as many as take about as long as the others' do.
    each: usize,
    take: Take<'a>,
    samples: Vec<u64>,
}

impl<'a> Candidate<'a> {
    pub(crate) fn new(what: &str, each: usize, take: impl FnMut(usize) -> Result<Vec<u64>> + 'a) -> Self {
        Self { what: what.to_owned(), each, take: Box::new(take), samples: Vec::new() }
    }
}

/// Takes samples of every candidate in this many rounds, after one round that does not count. Each round
/// starts with another candidate.
pub(crate) fn run(mut candidates: Vec<Candidate<'_>>, rounds: usize) -> Result<Vec<Row>> {
    let count = candidates.len();
    for round in 0..=rounds {
        for turn in 0..count {
            let candidate = &mut candidates[(turn + round) % count];
            let taken = (candidate.take)(candidate.each).with_context(|| candidate.what.clone())?;
            if round > 0 {
                candidate.samples.extend(taken);
            }
        }
    }
    let row = |candidate: Candidate<'_>| {
        let summary = Summary::of(&candidate.samples).with_context(|| candidate.what.clone())?;
        Ok(Row { what: candidate.what, summary })
    };
    candidates.into_iter().map(row).collect()
}
