//! Built-in judge: the days after a launch against the days before it, weekday by weekday.
//!
//! A day is one observation: the daily level of a gauge, the daily total of a sum, the daily share in a
//! pooled mean or ratio. The level after the launch is compared with the level before it over the same
//! mixture of weekdays; the error comes from how days differ once their weekdays are taken out, and from how
//! much they resemble the day before ([`yardstick_sdk::stats::before_after`] says how, and how well that
//! holds).
//!
//! The change is an improvement to reach (`better_by_at_least`) or a worsening not to exceed
//! (`worse_by_at_most`), as a part of the baseline or in the metric's unit. It decides by its whole interval
//! ([`yardstick_sdk::bounds`]).
//!
//! A complete count has no sampling error, but two periods of complete counts still differ by chance: no two
//! weeks are alike. So `sampled: false` changes nothing here, and a count, too, is judged by its interval.

mod answer;
mod baselines;
mod data;
mod request;

use yardstick_sdk::stats::before_after::Spread;
use yardstick_sdk::stats::format;
use yardstick_sdk::{Criterion, Expected, Finding, Frames, Judge, Query, Value};

use answer::{Measured, Trouble};
use data::Data;
use request::{Params, Request};

/// The judge.
#[derive(Debug)]
pub struct BeforeAfter;

yardstick_sdk::export!(BeforeAfter);

/// The criterion's only metric.
const METRIC: &str = "metric";
const AFTER: &str = "after";
const BEFORE: &str = "before";
/// Days from which on a period's own spread is believed.
const WEEK: u64 = 7;

impl Judge for BeforeAfter {
    type Params = Params;

    const SUMMARY: &'static str = "The days after a launch against the days before it, weekday by weekday";
    const METRICS: &'static [Expected] = &[Expected::metric(METRIC, "what is compared")];

    fn plan(criterion: &Criterion, params: &Params) -> Result<Vec<Query>, String> {
        let request = Request::new(criterion, params)?;
        Ok(vec![
            Query::series(AFTER, METRIC, criterion.window),
            Query::series(BEFORE, METRIC, request.baseline),
        ])
    }

    fn evaluate(criterion: &Criterion, params: &Params, frames: &Frames) -> Result<Finding, String> {
        let request = Request::new(criterion, params)?;
        let data = Data::read(&request, criterion, frames.get(AFTER)?, frames.get(BEFORE)?)?;
        let measured = match data.check(&request) {
            Err(trouble) => Err(trouble.finding(&request)),
            Ok(()) => measure(&request, &data)
                .map_err(|trouble| baselines::moved(trouble.finding(&request), &request, &data)),
        };
        let finding = match measured {
            Ok(measured) => {
                let finding = measured.finding(&request, &data);
                let finding = baselines::compared(finding, &request, &data, &measured);
                warnings(&request, &data, &measured).into_iter().fold(finding, Finding::warn)
            }
            Err(finding) => finding,
        };
        Ok(data.warnings(&request).into_iter().fold(finding, Finding::warn))
    }
}

fn measure(request: &Request<'_>, data: &Data) -> Result<Measured, Trouble> {
    let trouble = |why| Trouble::of(why, request, data);
    let comparison =
        request.compare(data.after(), data.before(0, data.before.days.len())).map_err(trouble)?;
    let change = request.change(&comparison).map_err(trouble)?;
    Ok(Measured { comparison, change, call: request.bounds.call(change.interval) })
}

/// What a reader must know of the comparison itself.
fn warnings(request: &Request<'_>, data: &Data, measured: &Measured) -> Vec<String> {
    let mut warnings = Vec::new();
    if measured.comparison.spread == Spread::Shared {
        let few = |days: u64| days < WEEK;
        let (after, before) = (data.after.count(), data.before.count());
        let mut sides = Vec::new();
        if few(after) {
            sides.push(format!("{} after the launch", format::counted(after, "days")));
        }
        if few(before) {
            sides.push(format!("{} of the baseline", format::counted(before, "days")));
        }
        warnings.push(format!(
            "{} cannot show how much days differ there; all days together stand in, or these few where they \
             differ more",
            sides.join(" and ")
        ));
    }
    match request.metric.fact("covers-days").and_then(Value::as_integer) {
        Some(covers) if covers > 1 => {
            // The value of day N after the launch covers that day and the `covers - 1` before it, so it holds
            // the launch day for as long as N is below `covers`.
            let mixed = (covers.unsigned_abs() - 1).min(data.after.days.len() as u64);
            warnings.push(format!(
                "each value looks back {}, so those of the first {} after the launch still hold it or days \
                 before it",
                format::counted(covers.unsigned_abs(), "days"),
                format::counted(mixed, "days")
            ));
        }
        _ => {}
    }
    warnings
}
