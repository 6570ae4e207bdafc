//! All variants against the control, with Holm's adjustment.
//!
//! Holm's procedure by intervals, once for passing and once for failing: while `m` variants are left, each is
//! compared with an interval that has the error rate divided by `m`; those that pass (or fail) are done, the
//! others share the error rate among fewer, until a round adds none. Each of the two keeps its half of the
//! error rate over all variants, so that the chance that any variant whose difference is exactly the bound is
//! told apart from it is at most the error rate. A variant that fails never helps another to pass: better
//! data of one variant never worsen the outcome.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use yardstick_sdk::bounds::Call;
use yardstick_sdk::stats::holm_log10;

use crate::answer::Trouble;
use crate::arms::{Arm, Checked};
use crate::compare::{Against, Compared, log10_p};
use crate::request::Request;
use crate::rule::{Asked, together};

/// One variant that decides.
pub(crate) struct Standing<'a> {
    pub(crate) arm: &'a Arm,
    pub(crate) compared: Compared,
    /// Share of the error rate that its interval had.
    pub(crate) error: f64,
    /// As tested by itself.
    pub(crate) log10_p: Option<f64>,
    /// Adjusted for the other variants that decide.
    pub(crate) adjusted: Option<f64>,
}

/// What the variants come to.
pub(crate) struct Decided<'a> {
    pub(crate) call: Call,
    /// By name; at least one.
    pub(crate) standings: Vec<Standing<'a>>,
    /// Position of the variant that the outcome rests on.
    pub(crate) first: usize,
}

impl<'a> Decided<'a> {
    pub(crate) fn first(&self) -> &Standing<'a> {
        &self.standings[self.first]
    }
}

pub(crate) fn decide<'a>(request: &Request<'_>, checked: &Checked<'a>) -> Result<Decided<'a>, Trouble> {
    let arms = &checked.deciding;
    let mut rounds = Rounds { request, checked, found: BTreeMap::new() };
    let passed = rounds.step_down(Call::Pass)?;
    let failed = rounds.step_down(Call::Fail)?;
    // Decided: the interval that did. Else the widest that did not, which contains the bound for both.
    let left = passed.left.max(failed.left);
    let mut found = Vec::new();
    for index in 0..arms.len() {
        let of = passed.of[index].or(failed.of[index]).unwrap_or(left);
        found.push((rounds.at(of)?[index], request.error / of as f64));
    }
    let p: Vec<Option<f64>> = arms.iter().map(|arm| log10_p(request, arm, checked.control)).collect();
    let adjusted = holm_log10(&p.iter().map(|p| p.unwrap_or(0.0)).collect::<Vec<f64>>());
    let standings: Vec<Standing<'a>> = arms
        .iter()
        .zip(found)
        .zip(p.iter().zip(adjusted))
        .map(|((arm, (compared, error)), (&log10_p, adjusted))| {
            let adjusted = log10_p.map(|_| adjusted);
            Standing { arm, compared, error, log10_p, adjusted }
        })
        .collect();
    let call = together(request.bound.asked, standings.iter().map(|standing| standing.compared.call));
    let first = first(request, &standings, call);
    Ok(Decided { call, standings, first })
}

/// Comparisons by the number of variants that share the error rate; each is made once.
struct Rounds<'a, 'b> {
    request: &'a Request<'a>,
    checked: &'a Checked<'b>,
    found: BTreeMap<usize, Vec<Compared>>,
}

/// Who was done in which round.
struct Done {
    /// By how many the error rate was divided when the variant was done; `None`: never.
    of: Vec<Option<usize>>,
    /// Variants that shared the error rate in the last round.
    left: usize,
}

impl Rounds<'_, '_> {
    /// All variants, the error rate shared by this many.
    fn at(&mut self, sharing: usize) -> Result<&[Compared], Trouble> {
        let found = match self.found.entry(sharing) {
            Entry::Occupied(found) => found.into_mut(),
            Entry::Vacant(place) => {
                let control = self.checked.control;
                let against = Against::new(self.request, control, self.request.error / sharing as f64)
                    .map_err(|why| Trouble::of(self.request, why, Some(control)))?;
                let compare = |arm: &&Arm| {
                    against.compare(arm).map_err(|why| Trouble::of(self.request, why, Some(arm)))
                };
                place.insert(self.checked.deciding.iter().map(compare).collect::<Result<_, _>>()?)
            }
        };
        Ok(found)
    }

    fn step_down(&mut self, call: Call) -> Result<Done, Trouble> {
        let mut of = vec![None; self.checked.deciding.len()];
        loop {
            let left = of.iter().filter(|done| done.is_none()).count();
            let sharing = left.max(1);
            let found = self.at(sharing)?;
            for (done, compared) in of.iter_mut().zip(found) {
                if done.is_none() && compared.call == call {
                    *done = Some(sharing);
                }
            }
            if left == of.iter().filter(|done| done.is_none()).count() {
                return Ok(Done { of, left: sharing });
            }
        }
    }
}

/// The variant to speak of: of those that are called like all together, the best where one suffices, the
/// worst where all must do; by name where they are equal.
fn first(request: &Request<'_>, standings: &[Standing<'_>], call: Call) -> usize {
    let sign = if request.improves_upwards() { 1.0 } else { -1.0 };
    let wanted = match request.bound.asked {
        Asked::BetterByAtLeast => sign,
        Asked::WorseByAtMost => -sign,
    };
    let alike = standings.iter().enumerate().filter(|(_, standing)| standing.compared.call == call);
    let mut best = (0, f64::NEG_INFINITY);
    for (index, standing) in alike {
        let gain = wanted * standing.compared.value;
        if gain > best.1 {
            best = (index, gain);
        }
    }
    best.0
}
