//! Built-in judge: variants of a randomised experiment against their control.
//!
//! | metric | how a variant is compared with the control |
//! |---|---|
//! | ratio of unit `share`, whole numbers | difference by Newcombe's interval, ratio by its like |
//! | mean | difference by Welch's interval, ratio by Fieller's |
//!
//! Each unit counts once, in the variant it was assigned to. How intervals decide is in [`rule`], what makes
//! data unfit for any comparison in `arms`. The method, its sources and its limits:
//! `docs/judges/experiment.md`.

mod answer;
mod arms;
mod compare;
mod decide;
mod flip;
mod request;
pub mod rule;
mod words;

use yardstick_sdk::{Criterion, Expected, Finding, Frames, Judge, Query};

use arms::Arms;
use request::{Params, Request};

/// The judge.
#[derive(Debug)]
pub struct Experiment;

yardstick_sdk::export!(Experiment);

/// The criterion's only metric.
const METRIC: &str = "metric";
const TOTALS: &str = "totals";
/// The most values of the split that are read; an experiment has far fewer.
const MOST_ROWS: u64 = 1_000;

impl Judge for Experiment {
    type Params = Params;

    const SUMMARY: &'static str = "Variants of a randomised experiment against their control";
    const METRICS: &'static [Expected] =
        &[Expected::metric(METRIC, "what is compared, with its variants in a dimension")
            .of(&["ratio", "mean"])];

    fn plan(criterion: &Criterion, params: &Params) -> Result<Vec<Query>, String> {
        let request = Request::new(criterion, params)?;
        let totals = Query::totals(TOTALS, METRIC, criterion.window);
        Ok(vec![totals.split_by(request.split_by).at_most_rows(MOST_ROWS)])
    }

    fn evaluate(criterion: &Criterion, params: &Params, frames: &Frames) -> Result<Finding, String> {
        let request = Request::new(criterion, params)?;
        let arms = Arms::read(&request, criterion, frames.get(TOTALS)?)?;
        let judged = arms.check(&request).and_then(|checked| {
            let decided = decide::decide(&request, &checked)?;
            Ok(answer::finding(&request, &checked, &decided))
        });
        Ok(judged.unwrap_or_else(|trouble| trouble.finding(&request, &arms)))
    }
}
